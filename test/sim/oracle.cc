#include "test/sim/oracle.h"

#include <algorithm>
#include <set>

namespace sim::test {

namespace {

constexpr int objects_max = 3;
constexpr int threads_max = 4;

// What a step was, as far as its order with others matters.
struct performed {
    int thread;
    int index;
    table_kind kind;
    int object;
    bool reads_only;
    int alternative;
};

struct world {
    int word[objects_max] = {};
    int owner[objects_max] = {};  // of mutexes, thread + 1
    int writer[objects_max] = {};
    int readers[objects_max] = {};
    int semaphore[objects_max] = {};
    unsigned waiting[objects_max] = {};  // in a condition wait
    int at[threads_max] = {};
    int steps[threads_max] = {};
    bool got[threads_max] = {};
    bool resumes[threads_max] = {};  // enqueued in a wait; its next step is to take the mutex again
    bool signalled[threads_max] = {};
};

bool on_word(table_kind k) {
    return k == table_kind::load || k == table_kind::store || k == table_kind::add ||
           k == table_kind::cas || k == table_kind::await;
}
bool on_mutex(table_kind k) {
    return k == table_kind::lock || k == table_kind::unlock || k == table_kind::unlock_if ||
           k == table_kind::trylock || k == table_kind::wait || k == table_kind::resume;
}
bool on_condition(table_kind k) {
    return k == table_kind::wait || k == table_kind::signal || k == table_kind::broadcast;
}
bool on_rwlock(table_kind k) {
    return k == table_kind::rdlock || k == table_kind::wrlock || k == table_kind::rwunlock;
}
bool on_semaphore(table_kind k) {
    return k == table_kind::post || k == table_kind::sem_take;
}

bool conflict(const performed& a, const performed& b) {
    if (a.object != b.object) {
        return false;
    }
    if (on_word(a.kind) && on_word(b.kind)) {
        return !(a.reads_only && b.reads_only);
    }
    if (on_rwlock(a.kind) && on_rwlock(b.kind)) {
        return !(a.reads_only && b.reads_only);
    }
    return (on_mutex(a.kind) && on_mutex(b.kind)) ||
           (on_condition(a.kind) && on_condition(b.kind)) ||
           (on_semaphore(a.kind) && on_semaphore(b.kind));
}

class enumerator {
  public:
    enumerator(const table_program& p, uint64_t max) : program_(p), left_(max) {}

    oracle_count run() {
        go(world{}, -1, 0);
        oracle_count c;
        for (const auto& [key, preemptions] : traces_) {
            (key.back() == 'd' ? c.deadlocked : c.finished) += 1;
            ++c.with_preemptions[preemptions];
        }
        c.too_many = left_ == 0;
        return c;
    }

    delay_count run_delays(uint32_t delays_max) {
        go_round(world{}, -1, 0, delays_max);
        delay_count c;
        uint64_t schedules = 0;
        uint64_t traces = 0;
        for (uint32_t d = 0; d <= delays_max; ++d) {
            schedules += schedules_[d];
            c.schedules.push_back(schedules);
            for (const auto& [key, delays] : traces_) {
                traces += delays == static_cast<int>(d) ? 1 : 0;
            }
            c.traces.push_back(traces);
        }
        return c;
    }

  private:
    // The entry a thread is at, past those that do nothing.
    const table_entry* next(world& w, int t) const {
        const auto& list = program_[static_cast<size_t>(t)];
        auto& at = w.at[t];
        while (at < static_cast<int>(list.size())) {
            const table_entry& e = list[static_cast<size_t>(at)];
            const bool skipped =
                e.kind == table_kind::none || (e.kind == table_kind::unlock_if && !w.got[t]);
            if (!skipped) {
                return &e;
            }
            ++at;
        }
        return nullptr;
    }

    static bool possible(const world& w, int t, const table_entry& e) {
        const int o = e.object;
        if (w.resumes[t]) {
            return w.signalled[t] && w.owner[o] == 0;
        }
        switch (e.kind) {
            case table_kind::lock:
                return w.owner[o] == 0;
            case table_kind::await:
                return w.word[o] == e.value;
            case table_kind::rdlock:
                return w.writer[o] == 0;
            case table_kind::wrlock:
                return w.writer[o] == 0 && w.readers[o] == 0;
            case table_kind::sem_take:
                return w.semaphore[o] > 0;
            default:
                return true;
        }
    }

    static int alternatives(const world& w, const table_entry& e) {
        if (e.kind == table_kind::choose) {
            return std::max(1, e.value);
        }
        if (e.kind == table_kind::signal) {
            return std::max(1, __builtin_popcount(w.waiting[e.object]));
        }
        return 1;
    }

    static void wake(world& w, int object, int nth) {
        for (int t = 0; t < threads_max; ++t) {
            if ((w.waiting[object] >> t & 1) != 0 && nth-- == 0) {
                w.waiting[object] &= ~(1U << t);
                w.signalled[t] = true;
                return;
            }
        }
    }

    // Whether it was one of the readers.
    static bool leave_rwlock(world& w, int t, int object) {
        if (w.writer[object] == t + 1) {
            w.writer[object] = 0;
            return false;
        }
        --w.readers[object];
        return true;
    }

    // Whether it only read.
    static bool perform(world& w, int t, const table_entry& e, int alternative) {
        const int o = e.object;
        ++w.at[t];
        if (w.resumes[t]) {
            w.resumes[t] = w.signalled[t] = false;
            w.owner[o] = t + 1;
            return false;
        }
        switch (e.kind) {
            case table_kind::load:
            case table_kind::await:
                return true;
            case table_kind::store:
                w.word[o] = e.value;
                return false;
            case table_kind::add:
                w.word[o] += e.value;
                return false;
            case table_kind::cas:
                if (w.word[o] != e.value) {
                    return true;
                }
                w.word[o] = e.value2;
                return false;
            case table_kind::lock:
                w.owner[o] = t + 1;
                return false;
            case table_kind::unlock:
            case table_kind::unlock_if:
                w.owner[o] = 0;
                w.got[t] = false;
                return false;
            case table_kind::trylock:
                w.got[t] = w.owner[o] == 0;
                w.owner[o] = w.got[t] ? t + 1 : w.owner[o];
                return false;
            case table_kind::wait:
                w.waiting[o] |= 1U << t;
                w.owner[o] = 0;
                w.resumes[t] = true;
                --w.at[t];  // the same entry once more, to resume
                return false;
            case table_kind::signal:
                wake(w, o, alternative);
                return false;
            case table_kind::broadcast:
                while (w.waiting[o] != 0) {
                    wake(w, o, 0);
                }
                return false;
            case table_kind::rdlock:
                ++w.readers[o];
                return true;
            case table_kind::wrlock:
                w.writer[o] = t + 1;
                return false;
            case table_kind::rwunlock:
                return leave_rwlock(w, t, o);
            case table_kind::post:
                ++w.semaphore[o];
                return false;
            case table_kind::sem_take:
                --w.semaphore[o];
                return false;
            default:
                return true;
        }
    }

    // As go, but under a scheduler that has so many delays left.
    void go_round(const world& was, int last, uint32_t delays, uint32_t delays_max) {
        world w = was;
        const auto threads = static_cast<int>(program_.size());
        std::vector<int> order;
        bool any = false;
        for (int i = 0; i < threads; ++i) {
            const int t = (std::max(last, 0) + i) % threads;
            const table_entry* e = next(w, t);
            any |= e != nullptr;
            if (e != nullptr && possible(w, t, *e)) {
                order.push_back(t);
            }
        }
        if (order.empty()) {
            ++schedules_[delays];
            keep(any, static_cast<int>(delays));
            return;
        }
        for (size_t i = 0; i < order.size() && delays + i <= delays_max; ++i) {
            const int t = order[i];
            const table_entry e = *next(w, t);
            const int n = w.resumes[t] ? 1 : alternatives(w, e);
            for (int alternative = 0; alternative < n; ++alternative) {
                world after = w;
                const table_kind kind = w.resumes[t] ? table_kind::resume : e.kind;
                const bool reads = perform(after, t, e, alternative);
                done_.push_back({t, after.steps[t]++, kind, e.object, reads, alternative});
                go_round(after, t, delays + static_cast<uint32_t>(i), delays_max);
                done_.pop_back();
            }
        }
    }

    void go(world w, int last, int preemptions) {
        if (left_ == 0) {
            return;
        }
        const table_entry* entries[threads_max] = {};
        unsigned enabled = 0;
        bool any = false;
        for (int t = 0; t < static_cast<int>(program_.size()); ++t) {
            entries[t] = next(w, t);
            any |= entries[t] != nullptr;
            if (entries[t] != nullptr && possible(w, t, *entries[t])) {
                enabled |= 1U << t;
            }
        }
        if (enabled == 0) {
            --left_;
            keep(any, preemptions);
            return;
        }
        for (int t = 0; t < static_cast<int>(program_.size()); ++t) {
            if ((enabled >> t & 1) == 0) {
                continue;
            }
            const bool preempts = last >= 0 && last != t && (enabled >> last & 1) != 0;
            const int n = w.resumes[t] ? 1 : alternatives(w, *entries[t]);
            for (int alternative = 0; alternative < n; ++alternative) {
                world after = w;
                const table_kind kind = w.resumes[t] ? table_kind::resume : entries[t]->kind;
                const bool reads = perform(after, t, *entries[t], alternative);
                done_.push_back(
                    {t, after.steps[t]++, kind, entries[t]->object, reads, alternative});
                go(after, t, preemptions + (preempts ? 1 : 0));
                done_.pop_back();
            }
        }
    }

    // Two interleavings are the same trace if in both each event comes after the same others.
    void keep(bool deadlocked, int preemptions) {
        std::vector<std::vector<int>> clock(done_.size(), std::vector<int>(threads_max, 0));
        std::vector<std::string> texts(threads_max);
        for (size_t i = 0; i < done_.size(); ++i) {
            for (size_t k = 0; k < i; ++k) {
                if (done_[k].thread == done_[i].thread || conflict(done_[k], done_[i])) {
                    for (int t = 0; t < threads_max; ++t) {
                        clock[i][static_cast<size_t>(t)] = std::max(
                            clock[i][static_cast<size_t>(t)], clock[k][static_cast<size_t>(t)]);
                    }
                }
            }
            clock[i][static_cast<size_t>(done_[i].thread)] = done_[i].index + 1;
            std::string& text = texts[static_cast<size_t>(done_[i].thread)];
            for (int c : clock[i]) {
                text += static_cast<char>('A' + c);
            }
            text += static_cast<char>('0' + done_[i].alternative);
        }
        std::string key;
        for (const std::string& text : texts) {
            key += text + "/";
        }
        key += deadlocked ? 'd' : 'f';
        auto [at, fresh] = traces_.try_emplace(key, preemptions);
        at->second = fresh ? preemptions : std::min(at->second, preemptions);
    }

    const table_program& program_;
    uint64_t left_;
    std::vector<performed> done_;
    std::map<std::string, int> traces_;
    std::map<uint32_t, uint64_t> schedules_;  // by their delays
};

class generator {
  public:
    explicit generator(uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15ULL + 1) {}
    int below(int n) {
        state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
        return static_cast<int>((state_ >> 33) % static_cast<uint64_t>(n));
    }
    table_entry plain() {
        const table_kind kinds[] = {table_kind::load, table_kind::store, table_kind::add,
                                    table_kind::cas,  table_kind::load,  table_kind::store};
        return {kinds[below(6)], below(2), below(2), 1 + below(2)};
    }
    // One to four entries that belong together.
    void block(std::vector<table_entry>& list, int flavour) {
        const int o = below(2);
        switch (below(flavour)) {
            case 0:
            case 1:
                list.push_back(plain());
                break;
            case 2:
                list.push_back({table_kind::lock, o, 0, 0});
                list.push_back(plain());
                list.push_back({table_kind::unlock, o, 0, 0});
                break;
            case 3:
                list.push_back({table_kind::trylock, o, 0, 0});
                list.push_back({table_kind::unlock_if, o, 0, 0});
                break;
            case 4:
                list.push_back({table_kind::lock, 0, 0, 0});
                list.push_back({table_kind::wait, 0, 0, 0});
                list.push_back({table_kind::unlock, 0, 0, 0});
                break;
            case 5:
                list.push_back({table_kind::signal, 0, 0, 0});
                break;
            case 6:
                list.push_back({table_kind::broadcast, 0, 0, 0});
                break;
            case 7:
                list.push_back({table_kind::await, below(2), below(2), 0});
                break;
            case 8:
                list.push_back({table_kind::rdlock, 0, 0, 0});
                list.push_back({table_kind::rwunlock, 0, 0, 0});
                break;
            case 9:
                list.push_back({table_kind::wrlock, 0, 0, 0});
                list.push_back({table_kind::rwunlock, 0, 0, 0});
                break;
            case 10:
                list.push_back({table_kind::post, 0, 0, 0});
                break;
            case 11:
                list.push_back({table_kind::sem_take, 0, 0, 0});
                break;
            case 12:
                list.push_back({table_kind::choose, 0, 2, 0});
                break;
            default:
                list.push_back({table_kind::lock, 0, 0, 0});
                list.push_back({table_kind::lock, 1, 0, 0});
                list.push_back({table_kind::unlock, 1, 0, 0});
                list.push_back({table_kind::unlock, 0, 0, 0});
        }
    }

  private:
    uint64_t state_;
};

}  // namespace

oracle_count count_traces(const table_program& program, uint64_t interleavings_max) {
    return enumerator(program, interleavings_max).run();
}

delay_count count_delays(const table_program& program, uint32_t delays_max) {
    return enumerator(program, ~0ULL).run_delays(delays_max);
}

table_program random_program(uint64_t seed) {
    generator g(seed);
    table_program p(static_cast<size_t>(2 + g.below(2)));
    const size_t length = p.size() == 2 ? 5 : 3;
    for (std::vector<table_entry>& list : p) {
        while (list.size() < length) {
            g.block(list, 14);
        }
    }
    return p;
}

std::string text_of(const table_program& program) {
    static const char* const names[] = {"none",     "load",      "store",    "add",       "cas",
                                        "lock",     "unlock",    "trylock",  "unlock_if", "wait",
                                        "signal",   "broadcast", "await",    "rdlock",    "wrlock",
                                        "rwunlock", "post",      "sem_take", "choose"};
    std::string text;
    for (const auto& list : program) {
        for (const table_entry& e : list) {
            text += std::string(names[static_cast<int>(e.kind)]) + " " + std::to_string(e.object) +
                    " " + std::to_string(e.value) + " " + std::to_string(e.value2) + "; ";
        }
        text += "\n";
    }
    return text;
}

}  // namespace sim::test

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
    bool failed = false;  // tried, and not possible
    int cpu = 0;          // taken, or given up
};

// Where a thread that chose a CPU stands.
enum class standing { comes, runs, gives_up, waits, left };

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
    int holder[threads_max + 1] = {};  // of CPUs, thread + 1
    int level[threads_max] = {};       // to which each raises its CPU while it has it
    standing stands[threads_max] = {};
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

bool changes_level(table_kind k) {
    return k == table_kind::raise_to || k == table_kind::lower_to;
}

bool may_wait(table_kind k) {
    return k == table_kind::lock || k == table_kind::await || k == table_kind::rdlock ||
           k == table_kind::wrlock || k == table_kind::sem_take;
}

bool conflict(const performed& a, const performed& b) {
    if (a.cpu != 0 && a.cpu == b.cpu) {
        return true;
    }
    if (a.object != b.object || (a.failed && b.failed)) {
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
    enumerator(const table_program& p, uint64_t max, const table_cpus& cpus = {},
               const table_levels& levels = {})
        : program_(p), left_(max), cpus_(cpus), levels_(levels) {
        cpus_.resize(p.size());
        levels_.resize(p.size());
    }

    oracle_count run() {
        go(world{}, -1, 0);
        oracle_count c;
        for (const auto& [key, preemptions] : traces_) {
            (key.back() == 'd' ? c.deadlocked : c.finished) += 1;
            ++c.with_preemptions[preemptions];
        }
        c.too_many = left_ == 0;
        c.host_deadlock = host_deadlock_;
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
    [[nodiscard]] int level_of(int t) const { return levels_[static_cast<size_t>(t)]; }
    [[nodiscard]] int cpu_of(int t) const { return cpus_[static_cast<size_t>(t)]; }
    [[nodiscard]] int lowered(int t, const table_entry& e) const {
        return std::max(e.value, level_of(t));
    }
    // Some interrupt comes to the CPU of the thread.
    [[nodiscard]] bool may_be_interrupted(int t) const {
        bool may = false;
        for (int other = 0; other < static_cast<int>(program_.size()); ++other) {
            may |= cpu_of(t) != 0 && level_of(other) != 0 && cpu_of(other) == cpu_of(t);
        }
        return may;
    }
    // An interrupt of a higher level runs there.
    [[nodiscard]] bool interrupted(const world& w, int t) const {
        bool is = false;
        for (int other = 0; other < static_cast<int>(program_.size()); ++other) {
            is |= level_of(other) > level_of(t) && cpu_of(other) == cpu_of(t) &&
                  w.stands[other] == standing::runs;
        }
        return is;
    }
    [[nodiscard]] int level_of_cpu(const world& w, int cpu) const {
        int level = w.holder[cpu] != 0 ? w.level[w.holder[cpu] - 1] : 0;
        for (int t = 0; t < static_cast<int>(program_.size()); ++t) {
            const bool runs = level_of(t) != 0 && cpu_of(t) == cpu && w.stands[t] == standing::runs;
            level = runs ? std::max(level, w.level[t]) : level;
        }
        return level;
    }

    // The entry a thread is at, past those that do nothing.
    const table_entry* next(world& w, int t) const {
        const auto& list = program_[static_cast<size_t>(t)];
        auto& at = w.at[t];
        while (at < static_cast<int>(list.size())) {
            const table_entry& e = list[static_cast<size_t>(at)];
            const bool skipped = e.kind == table_kind::none ||
                                 (e.kind == table_kind::unlock_if && !w.got[t]) ||
                                 (e.kind == table_kind::raise_to && e.value <= w.level[t]) ||
                                 (e.kind == table_kind::lower_to && lowered(t, e) >= w.level[t]);
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
                w.level[t] = changes_level(e.kind) ? e.value : w.level[t];
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

    // What a thread is about to do.
    struct pending {
        const table_entry* entry = nullptr;
        bool any = false;
        bool possible = false;
        bool fails = false;     // is tried in vain
        bool dispatch = false;  // takes its CPU, and no more
        bool gives_up = false;
        bool takes_cpu = false;
    };

    pending pending_of(world& w, int t) const {
        pending p;
        p.entry = next(w, t);
        p.any = p.entry != nullptr;
        p.possible = p.any && possible(w, t, *p.entry);
        const int cpu = cpu_of(t);
        if (cpu == 0) {
            return p;
        }
        p.any = w.stands[t] != standing::left;
        if (level_of(t) != 0) {
            return pending_of_interrupt(w, t, p);
        }
        switch (w.stands[t]) {
            case standing::comes:
                p.dispatch = true;
                p.possible = w.holder[cpu] == 0;
                break;
            case standing::runs:
                p.gives_up = p.entry == nullptr || w.resumes[t];
                p.fails = !p.gives_up && !p.possible && may_wait(p.entry->kind);
                p.possible = true;
                break;
            case standing::gives_up:
                p.gives_up = p.possible = true;
                break;
            case standing::waits:
                p.takes_cpu = true;
                p.possible = p.possible && w.holder[cpu] == 0;
                break;
            case standing::left:
                p.possible = false;
        }
        p.possible = p.possible && !interrupted(w, t);
        return p;
    }

    // Begins and ends in a step each; never gives its CPU up.
    pending pending_of_interrupt(const world& w, int t, pending p) const {
        if (w.stands[t] == standing::comes) {
            p.dispatch = true;
            p.possible = level_of_cpu(w, cpu_of(t)) < level_of(t);
            return p;
        }
        p.gives_up = p.any && p.entry == nullptr;
        p.possible = p.any && (p.possible || p.gives_up) && !interrupted(w, t);
        return p;
    }

    performed perform_interrupt(world& w, int t, const pending& p, int index,
                                int alternative) const {
        const int cpu = cpu_of(t);
        if (p.dispatch || p.gives_up) {
            w.stands[t] = p.dispatch ? standing::runs : standing::left;
            w.level[t] = p.dispatch ? level_of(t) : 0;
            return {t, index, table_kind::none, -1, false, 0, false, cpu};
        }
        const table_kind kind = w.resumes[t] ? table_kind::resume : p.entry->kind;
        table_entry e = *p.entry;
        e.value = kind == table_kind::lower_to ? lowered(t, e) : e.value;
        const bool reads = perform(w, t, e, alternative);
        return {t, index, kind, e.object, reads, alternative, false, cpu};
    }

    // Waits for a mutex of somebody whom it keeps from going on.
    [[nodiscard]] bool waits_for_host(world& w) const {
        bool waits = false;
        for (int t = 0; t < static_cast<int>(program_.size()); ++t) {
            const table_entry* e =
                level_of(t) != 0 && w.stands[t] == standing::runs ? next(w, t) : nullptr;
            if (e == nullptr || e->kind != table_kind::lock || w.owner[e->object] == 0) {
                continue;
            }
            const int owner = w.owner[e->object] - 1;
            waits |= cpu_of(owner) == cpu_of(t) && level_of(owner) < level_of(t);
        }
        return waits;
    }

    performed perform_pending(world& w, int t, const pending& p, int alternative) const {
        const int cpu = cpu_of(t);
        const int index = w.steps[t]++;
        if (level_of(t) != 0) {
            return perform_interrupt(w, t, p, index, alternative);
        }
        const bool on_cpu = may_be_interrupted(t);
        if (p.dispatch || p.gives_up) {
            w.holder[cpu] = p.dispatch ? t + 1 : 0;
            w.stands[t] = p.dispatch           ? standing::runs
                          : p.entry == nullptr ? standing::left
                                               : standing::waits;
            return {t, index, table_kind::none, -1, false, 0, false, cpu};
        }
        const table_kind kind = w.resumes[t] ? table_kind::resume : p.entry->kind;
        if (p.fails) {
            w.stands[t] = standing::gives_up;
            const bool reads = kind == table_kind::rdlock || kind == table_kind::await;
            return {t, index, kind, p.entry->object, reads, 0, true, on_cpu ? cpu : 0};
        }
        if (p.takes_cpu) {
            w.holder[cpu] = t + 1;
            w.stands[t] = standing::runs;
        }
        const int object = p.entry->object;
        const bool reads = perform(w, t, *p.entry, alternative);
        return {t, index, kind, object, reads, alternative, false, p.takes_cpu || on_cpu ? cpu : 0};
    }

    void go(world w, int last, int preemptions) {
        if (left_ == 0) {
            return;
        }
        if (waits_for_host(w)) {
            host_deadlock_ = true;
            return;
        }
        pending all[threads_max];
        unsigned enabled = 0;
        bool any = false;
        for (int t = 0; t < static_cast<int>(program_.size()); ++t) {
            all[t] = pending_of(w, t);
            any |= all[t].any;
            enabled |= all[t].possible ? 1U << t : 0;
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
            const bool chooses =
                all[t].entry != nullptr && !w.resumes[t] && !all[t].dispatch && !all[t].gives_up;
            const int n = chooses ? alternatives(w, *all[t].entry) : 1;
            for (int alternative = 0; alternative < n; ++alternative) {
                world after = w;
                done_.push_back(perform_pending(after, t, all[t], alternative));
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
    table_cpus cpus_;
    table_levels levels_;
    bool host_deadlock_ = false;
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

oracle_count count_traces(const table_program& program, uint64_t interleavings_max,
                          const table_cpus& cpus, const table_levels& levels) {
    return enumerator(program, interleavings_max, cpus, levels).run();
}

delay_count count_delays(const table_program& program, uint32_t delays_max) {
    return enumerator(program, ~0ULL).run_delays(delays_max);
}

table_program random_program(uint64_t seed, size_t shorter) {
    generator g(seed);
    table_program p(static_cast<size_t>(2 + g.below(2)));
    const size_t length = (p.size() == 2 ? 5 : 3) - shorter;
    for (std::vector<table_entry>& list : p) {
        while (list.size() < length) {
            g.block(list, 14);
        }
    }
    return p;
}

table_cpus random_cpus(uint64_t seed, size_t threads) {
    generator g(seed + 77);
    table_cpus cpus(threads, 1);
    if (threads > 2) {
        cpus[static_cast<size_t>(g.below(3))] = g.below(3);
    }
    return cpus;
}

table_levels add_interrupts(uint64_t seed, table_program& program, table_cpus& cpus) {
    generator g(seed + 99);
    cpus.assign(program.size(), 1);
    table_levels levels(program.size(), 0);
    levels.back() = 1 + g.below(7);
    if (program.size() > 2) {
        switch (g.below(3)) {
            case 0:
                cpus[1] = 0;  // beside them
                break;
            case 1:
                levels[1] = 1 + g.below(7);
                break;
            default:
                break;  // shares the CPU of the first
        }
    }
    for (size_t t = 0; t < program.size(); ++t) {
        std::vector<table_entry>& list = program[t];
        if (cpus[t] == 0 || list.size() > 6 || g.below(4) == 0) {  // of 8 at most
            continue;
        }
        const int level = 1 + g.below(7);
        const int from = g.below(static_cast<int>(list.size()));
        const int to = from + 1 + g.below(static_cast<int>(list.size()) - from);
        list.insert(list.begin() + to, {table_kind::lower_to, 0, 0, 0});
        list.insert(list.begin() + from, {table_kind::raise_to, 0, level, 0});
    }
    return levels;
}

std::string text_of(const table_program& program) {
    static const char* const names[] = {
        "none",    "load",      "store", "add",      "cas",       "lock",     "unlock",
        "trylock", "unlock_if", "wait",  "signal",   "broadcast", "await",    "rdlock",
        "wrlock",  "rwunlock",  "post",  "sem_take", "choose",    "raise_to", "lower_to"};
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

#include "test/memory/random_litmus.h"

#include <algorithm>
#include <array>

namespace sim::test {

namespace {

constexpr size_t writes_max = 4;         // to one location
constexpr size_t candidates_max = 8000;  // graphs that the enumerator has to look at

// At most so many graphs: what each read can take, times the orders of the writes.
size_t candidates(const litmus_program& program) {
    std::array<size_t, litmus_words_max> writes = {};
    std::array<size_t, litmus_words_max> reads = {};
    for (const litmus_thread& thread : program) {
        for (const litmus_op& op : thread) {
            if (is_lock(op)) {
                continue;
            }
            const auto at = static_cast<size_t>(op.location);
            writes[at] += op.kind == litmus_kind::store || is_update(op) ? 1 : 0;
            reads[at] += is_read(op) || op.kind == litmus_kind::await ? 1 : 0;
        }
    }
    size_t n = 1;
    for (size_t at = 0; at < litmus_words_max; ++at) {
        for (size_t i = 0; i < reads[at]; ++i) {
            n *= 1 + writes[at];
        }
        for (size_t i = 2; i <= writes[at]; ++i) {
            n *= i;
        }
    }
    return n;
}

class generator {
  public:
    explicit generator(uint64_t seed) : state_(seed) {
        locations_ = below(5) == 0 ? 1 : 2 + below(4) / 3;
        mood_ = below(5);
    }

    litmus_program program() {
        litmus_program p(static_cast<size_t>(2 + below(5) % 3));
        const int length = p.size() == 2 ? 4 : p.size() == 3 ? 3 : 2;
        for (litmus_thread& thread : p) {
            const int wanted = std::max(1, length - below(3) / 2);
            while (static_cast<int>(thread.size()) < wanted) {
                thread.push_back(op(thread, wanted));
            }
        }
        if (below(4) == 0) {
            for (litmus_thread& thread : p) {
                if (below(4) != 0) {
                    add_section(thread, litmus_words_max + (below(4) == 0 ? 1 : 0));
                }
                if (p.size() < 4 && below(4) == 0) {
                    add_section(thread, litmus_words_max + static_cast<size_t>(below(2)));
                }
            }
        }
        return p;
    }

  private:
    int below(int n) {
        state_ += 0x9e3779b97f4a7c15ULL;  // splitmix64
        uint64_t z = state_;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
        z ^= z >> 31;
        return static_cast<int>((z >> 32) * static_cast<uint64_t>(n) >> 32);
    }

    // Of the orders that this kind of operation can have, one as the program's mood wants it.
    litmus_order order(bool reads, bool writes) {
        std::vector<litmus_order> orders = {litmus_order::relaxed};
        if (reads) {
            orders.push_back(litmus_order::acquire);
        }
        if (writes) {
            orders.push_back(litmus_order::release);
        }
        if (reads && writes) {
            orders.push_back(litmus_order::acq_rel);
        }
        orders.push_back(litmus_order::seq_cst);
        switch (mood_) {
            case 0:  // relaxed accesses, and what fences make of them
                return litmus_order::relaxed;
            case 1:  // no seq_cst
                orders.pop_back();
                break;
            case 2:  // relaxed beside seq_cst
                return below(2) == 0 ? litmus_order::relaxed : litmus_order::seq_cst;
            default:
                break;
        }
        return orders[static_cast<size_t>(below(static_cast<int>(orders.size())))];
    }

    litmus_op fence() {
        constexpr std::array orders = {litmus_order::acquire, litmus_order::release,
                                       litmus_order::acq_rel, litmus_order::seq_cst,
                                       litmus_order::seq_cst};
        litmus_op o;
        o.kind = litmus_kind::fence;
        o.order = orders[static_cast<size_t>(below(static_cast<int>(orders.size())))];
        return o;
    }

    litmus_op op(const litmus_thread& before, int wanted) {
        const int what = below(mood_ == 4 ? 14 : 10);
        // The last operation of a thread is no fence: it would do nothing.
        const int left = wanted - static_cast<int>(before.size());
        if (what == 9 && left > 1) {
            return fence();
        }
        litmus_op o;
        const int read = a_read(before);
        if (left > 1 && read >= 0 && below(12) == 0) {
            o.kind = litmus_kind::skip;
            o.from = read;
            o.value = below(2);
            o.desired = 1;
            return o;
        }
        o.location = below(locations_);
        if (below(16) == 0) {
            o.kind = litmus_kind::await;
            o.order = litmus_order::acquire;
            o.value = below(3);
            return o;
        }
        size_t& writes = writes_[static_cast<size_t>(o.location)];
        if (what < 4 || what == 9 || writes == writes_max) {
            o.kind = litmus_kind::load;
            o.order = order(true, false);
            return o;
        }
        ++writes;
        if (what < 8) {
            o.kind = litmus_kind::store;
            o.order = order(false, true);
            o.value = 1 + below(2);
            o.from = below(4) == 0 ? read : -1;
            return o;
        }
        update(o);
        return o;
    }

    void update(litmus_op& o) {
        o.order = order(true, true);
        o.value = 1 + below(2);
        switch (below(4)) {
            case 0:
                o.kind = litmus_kind::exchange;
                break;
            case 1:
                o.kind = litmus_kind::cas;
                o.value = below(3);
                o.desired = 1 + below(2);
                o.failure = failure_of(o.order);
                break;
            default:
                o.kind = litmus_kind::add;
                break;
        }
    }

    litmus_order failure_of(litmus_order success) {
        const bool strong = below(2) == 0;
        if (success == litmus_order::seq_cst) {
            return strong          ? litmus_order::seq_cst
                   : below(2) == 0 ? litmus_order::acquire
                                   : litmus_order::relaxed;
        }
        return strong && acquires(success) ? litmus_order::acquire : litmus_order::relaxed;
    }

    // Takes a mutex around some of the operations, unless the thread does so already, or skips something.
    void add_section(litmus_thread& thread, size_t mutex) {
        const auto in_the_way = [&](const litmus_op& o) {
            return o.kind == litmus_kind::skip ||
                   (is_lock(o) && o.location == static_cast<int>(mutex));
        };
        if (thread.size() + 2 > litmus_ops_max ||
            std::any_of(thread.begin(), thread.end(), in_the_way)) {
            return;
        }
        const int size = static_cast<int>(thread.size());
        const int first = below(size);
        const int last = first + 1 + below(size - first);
        insert(thread, last, mutex, litmus_kind::unlock);
        insert(thread, first, mutex, litmus_kind::lock);
    }

    static void insert(litmus_thread& thread, int at, size_t mutex, litmus_kind kind) {
        for (litmus_op& o : thread) {
            o.from += o.from >= at ? 1 : 0;
        }
        litmus_op o;
        o.kind = kind;
        o.location = static_cast<int>(mutex);
        o.order = kind == litmus_kind::lock ? litmus_order::acquire : litmus_order::release;
        thread.insert(thread.begin() + at, o);
    }

    // The last operation that reads; -1: none.
    static int a_read(const litmus_thread& before) {
        for (size_t i = before.size(); i-- > 0;) {
            if (is_read(before[i])) {
                return static_cast<int>(i);
            }
        }
        return -1;
    }

    uint64_t state_;
    int locations_;
    int mood_;
    std::array<size_t, litmus_words_max> writes_ = {};
};

}  // namespace

litmus_program random_litmus(uint64_t seed) {
    for (;; seed += 0x100000000) {
        litmus_program program = generator(seed).program();
        if (candidates(program) <= candidates_max) {
            return program;
        }
    }
}

}  // namespace sim::test

#include "sim/explore/exhaustive.h"

#include <bit>

#include "sim/dependence.h"
#include "sim/explore/replay.h"
#include "sim/machine/schedule.h"

namespace sim {

exhaustive_strategy::node& exhaustive_strategy::new_node() {
    host_scope host;
    if (used_ == path_.size()) {
        path_.emplace_back();
    }
    node& n = path_[used_++];
    n.enabled = n.done = 0;
    n.alternatives = n.taken = 0;
    n.sleep.clear();
    return n;
}

bool exhaustive_strategy::begin() {
    depth_ = 0;
    if (first_) {
        first_ = false;
        return true;
    }
    // Back to the deepest node that has something left.
    while (used_ > 0) {
        node& n = path_[used_ - 1];
        if (n.alternatives != 0) {
            if (++n.taken < n.alternatives) {
                return true;
            }
        } else {
            n.done |= 1ULL << n.chosen;
            n.sleep.push_back({n.chosen, n.op});
            uint64_t left = n.enabled & ~n.done;
            for (const sleeper& s : n.sleep) {
                left &= ~(1ULL << s.context);
            }
            if (left != 0) {
                n.chosen = static_cast<uint8_t>(__builtin_ctzll(left));
                n.op = operation{};  // known when it is chosen again
                return true;
            }
        }
        --used_;
    }
    finished_ = true;
    return false;
}

uint8_t exhaustive_strategy::choose(const choice_view& view) {
    if (depth_ < used_) {
        node& n = path_[depth_++];
        HEDDLE_ASSERT(n.alternatives == 0 && n.enabled == view.enabled);
        if (n.op.kind == op_kind::none) {
            n.op =
                view.contexts[n.chosen].op;  // else its outcome is known from an earlier execution
        }
        must_be({n.op.object, n.op.kind, n.chosen}, view.contexts[n.chosen]);
        return n.chosen;
    }
    node& n = new_node();
    n.enabled = view.enabled;
    if (depth_ > 0) {
        // Whoever sleeps goes on sleeping past operations that do not concern it.
        size_t before = depth_ - 1;
        while (path_[before].alternatives != 0) {
            --before;
        }
        host_scope host;
        node& parent = path_[before];
        // It has been performed by now: whether it only read is known.
        if (!g.history.empty() && g.history.back().context == parent.chosen &&
            g.history.back().op.object == parent.op.object) {
            parent.op = g.history.back().op;
        }
        for (const sleeper& s : parent.sleep) {
            if (s.context != parent.chosen && !dependent(s.op, parent.op)) {
                n.sleep.push_back(s);
            }
        }
    }
    ++depth_;
    uint64_t awake = view.enabled;
    for (const sleeper& s : n.sleep) {
        awake &= ~(1ULL << s.context);
    }
    if (awake == 0) {
        ++blocked_;
        --used_;
        return choose_stop;
    }
    n.chosen = view.current_enabled && (awake >> view.current & 1) != 0
                   ? view.current
                   : static_cast<uint8_t>(__builtin_ctzll(awake));
    n.op = view.contexts[n.chosen].op;
    return n.chosen;
}

uint32_t exhaustive_strategy::pick(const choice_view&, uint32_t count) {
    if (depth_ < used_) {
        node& n = path_[depth_++];
        HEDDLE_ASSERT(n.alternatives == count);
        return n.taken;
    }
    node& n = new_node();
    n.alternatives = count;
    ++depth_;
    return 0;
}

void exhaustive_strategy::restart() {
    used_ = 0;
    first_ = true;
    finished_ = false;
    blocked_ = 0;
}

double exhaustive_strategy::share_done() const {
    double share = 1;
    for (size_t d = used_; d-- > 0;) {
        const node& n = path_[d];
        if (n.alternatives != 0) {
            share = (n.taken + share) / n.alternatives;
            continue;
        }
        uint64_t left = n.enabled & ~n.done & ~(1ULL << n.chosen);
        for (const sleeper& s : n.sleep) {
            left &= ~(1ULL << s.context);
        }
        const int done = std::popcount(n.done);
        share = (done + share) / (done + 1 + std::popcount(left));
    }
    return share;
}

void exhaustive_strategy::end(execution_end) {
    // Findings can end an execution before its prefix was replayed to the end only if the subject is
    // not deterministic.
    HEDDLE_ASSERT(depth_ >= used_);
}

}  // namespace sim

#include "sim/explore/bounded.h"

#include <bit>

#include "sim/dependence.h"
#include "sim/machine/cpus.h"
#include "sim/machine/fair.h"
#include "sim/machine/schedule.h"
#include "sim/machine/spin.h"

namespace sim {

bounded_strategy::node& bounded_strategy::new_node() {
    host_scope host;
    if (used_ == path_.size()) {
        path_.emplace_back();
    }
    node& n = path_[used_++];
    n.left = 0;
    n.alternatives = n.taken = n.done = 0;
    n.kind = op_kind::none;
    n.preempts = false;
    n.left_context = 0xff;
    n.sleep.clear();
    return n;
}

void bounded_strategy::forget_round() {
    used_ = 0;
    depth_ = 0;
    conflicts_grew_ = false;
}

bool bounded_strategy::next_of_round() {
    depth_ = 0;
    while (used_ > 0) {
        node& n = path_[used_ - 1];
        if (n.alternatives != 0) {
            if (++n.taken < n.alternatives) {
                return true;
            }
        } else if (n.left != 0) {
            n.chosen = static_cast<uint8_t>(__builtin_ctzll(n.left));
            n.left &= n.left - 1;
            ++n.done;
            n.kind = op_kind::none;
            n.preempts = n.left_context != 0xff && n.chosen != n.left_context;
            return true;
        }
        --used_;
    }
    if (conflicts_grew_) {
        start_round(bound());  // once more: more preemptions matter now
        return true;
    }
    return false;
}

// Who slept at the choice before, and was not concerned by the step taken there, sleeps on; so does
// who was preempted there.
void bounded_strategy::inherit_sleep(node& n) {
    if (g.history.empty()) {
        return;
    }
    size_t before = depth_;
    while (before > 0 && path_[before - 1].alternatives != 0) {
        --before;
    }
    if (before == 0) {
        return;
    }
    const node& parent = path_[before - 1];
    const operation& performed = g.history.back().op;
    host_scope host;
    for (const sleeper& s : parent.sleep) {
        if (s.context != parent.chosen && !dependent(s.op, performed)) {
            n.sleep.push_back(s);
        }
    }
    if (parent.preempts && !dependent(parent.left_op, performed)) {
        n.sleep.push_back({parent.left_op, parent.left_context});
    }
}

namespace {

// Somebody waits for what a sleeper is about to do: had it been done before the preemption, that context
// would have gone on without a second one. Who waits for a rest (fair.h) waits for everybody.
bool waited_for(uint8_t id, const operation& op, uint64_t enabled) {
    if (fair_waiting() != 0) {
        return true;
    }
    for (uint64_t rest = g.live & ~enabled; rest != 0; rest &= rest - 1) {
        const context& c = g.contexts[__builtin_ctzll(rest)];
        if (c.id != id && (spin_awaits(c, op) || dependent(op, c.op))) {
            return true;
        }
    }
    return false;
}

}  // namespace

uint8_t bounded_strategy::choose(const choice_view& view) {
    if (!g.history.empty()) {
        const step_record& last = g.history.back();
        conflicts_grew_ |= conflicts_.add(last.op, last.context);
    }
    if (depth_ < used_) {
        node& n = path_[depth_++];
        const context& c = view.contexts[n.chosen];
        if (n.kind != op_kind::none) {
            must_be({n.object, n.kind, n.chosen}, c);
        }
        n.kind = c.op.kind;
        n.object = c.op.object;
        return n.chosen;
    }
    node& n = new_node();
    n.preemptions = depth_ == 0 ? 0 : path_[depth_ - 1].preemptions + path_[depth_ - 1].preempts;
    inherit_sleep(n);
    std::erase_if(n.sleep, [&](const sleeper& s) {
        return waited_for(s.context, s.op, with_cpus(g.enabled));
    });
    ++depth_;
    uint64_t awake = view.enabled;
    for (const sleeper& s : n.sleep) {
        awake &= ~(1ULL << s.context);
    }
    if (!view.current_enabled) {
        if (awake == 0) {
            --used_;
            return choose_stop;
        }
        n.chosen = static_cast<uint8_t>(__builtin_ctzll(awake));
        n.left = awake & (awake - 1);
        return n.chosen;
    }
    // Staying costs nothing and comes first.
    n.chosen = view.current;
    uint64_t others = awake & ~(1ULL << view.current);
    const operation& pending = view.contexts[view.current].op;
    if (others != 0 && conflicts_.contains(pending)) {
        if (n.preemptions < bound()) {
            n.left = others;
            n.left_op = pending;
            n.left_context = view.current;
        } else {
            leave_out();
        }
    }
    return n.chosen;
}

uint32_t bounded_strategy::pick(const choice_view&, uint32_t count) {
    if (depth_ < used_) {
        node& n = path_[depth_++];
        HEDDLE_ASSERT(n.alternatives == count);
        return n.taken;
    }
    node& n = new_node();
    n.preemptions = depth_ == 0 ? 0 : path_[depth_ - 1].preemptions + path_[depth_ - 1].preempts;
    n.alternatives = count;
    ++depth_;
    return 0;
}

double bounded_strategy::share_done() const {
    double share = 1;
    for (size_t d = used_; d-- > 0;) {
        const node& n = path_[d];
        share = n.alternatives != 0 ? (n.taken + share) / n.alternatives
                                    : (n.done + share) / (n.done + 1 + std::popcount(n.left));
    }
    return share;
}

void bounded_strategy::end(execution_end) {
    HEDDLE_ASSERT(depth_ >= used_);
    if (!g.history.empty()) {
        conflicts_grew_ |= conflicts_.add(g.history.back().op, g.history.back().context);
    }
    // Who waits for good, or was cut off, would have used its object in another order.
    for (uint64_t rest = g.live; rest != 0; rest &= rest - 1) {
        const context& c = g.contexts[__builtin_ctzll(rest)];
        conflicts_grew_ |= conflicts_.add(c.op, c.id);
    }
}

}  // namespace sim

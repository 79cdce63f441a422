#include "sim/explore/delay.h"

#include <algorithm>

#include "sim/machine/schedule.h"

namespace sim {

namespace {

// The enabled context that comes n places behind the first of them from `turn` on, round and round.
uint8_t behind(uint64_t enabled, uint8_t turn, uint32_t n) {
    const uint64_t low = enabled & ((1ULL << turn) - 1);
    uint64_t rest = enabled & ~low;
    for (;; --n) {
        if (rest == 0) {
            rest = low;
        }
        if (n == 0) {
            return static_cast<uint8_t>(__builtin_ctzll(rest));
        }
        rest &= rest - 1;
    }
}

}  // namespace

delay_strategy::node& delay_strategy::new_node() {
    host_scope host;
    const uint32_t spent = depth_ == 0 ? 0
                                       : path_[depth_ - 1].delays +
                                             (path_[depth_ - 1].data ? 0 : path_[depth_ - 1].taken);
    if (used_ == path_.size()) {
        path_.emplace_back();
    }
    node& n = path_[used_++];
    n = node{};
    n.delays = spent;
    ++depth_;
    return n;
}

void delay_strategy::forget_round() {
    used_ = 0;
    depth_ = 0;
}

bool delay_strategy::next_of_round() {
    depth_ = 0;
    for (; used_ > 0; --used_) {
        node& n = path_[used_ - 1];
        if (++n.taken < n.count) {
            n.kind = op_kind::none;
            return true;
        }
    }
    return false;
}

uint8_t delay_strategy::choose(const choice_view& view) {
    const bool again = depth_ < used_;
    node& n = again ? path_[depth_++] : new_node();
    if (again) {
        HEDDLE_ASSERT(!n.data && n.enabled == view.enabled);
    } else {
        n.enabled = view.enabled;
        n.turn = view.current < contexts_max ? view.current : 0;
        const auto ways = static_cast<uint32_t>(__builtin_popcountll(view.enabled));
        n.count = std::min(ways, bound() - n.delays + 1);
        if (n.count < ways) {
            leave_out();
        }
    }
    const uint8_t next = behind(n.enabled, n.turn, n.taken);
    const context& c = view.contexts[next];
    if (n.kind != op_kind::none) {
        must_be({n.object, n.kind, next}, c);
    }
    n.kind = c.op.kind;
    n.object = c.op.object;
    return next;
}

uint32_t delay_strategy::pick(const choice_view&, uint32_t count) {
    const bool again = depth_ < used_;
    node& n = again ? path_[depth_++] : new_node();
    HEDDLE_ASSERT(!again || (n.data && n.count == count));
    n.data = true;
    n.count = count;
    return n.taken;
}

double delay_strategy::share_done() const {
    double share = 1;
    for (size_t d = used_; d-- > 0;) {
        share = (path_[d].taken + share) / path_[d].count;
    }
    return share;
}

void delay_strategy::end(execution_end) {
    HEDDLE_ASSERT(depth_ >= used_);
}

}  // namespace sim

// The optimal strategy seen from outside, between two executions: how much of it is done, what it has just
// run in canonical order, beginning with a unit of work, giving away what is left.
#include <algorithm>

#include "sim/explore/optimal.h"
#include "sim/machine/memory.h"
#include "sim/machine/schedule.h"

namespace sim {

namespace {

// How many alternatives of a data choice there are, and how many of them come before one.
uint32_t alternatives_before(const data_choice& p, uint32_t end) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < end; ++i) {
        count += i >= 64 || (p.excluded >> i & 1) == 0 ? 1 : 0;
    }
    return count;
}

// Of a use of freed memory: what freed it is no operation, and nothing may order it before the use.
size_t event_that_freed(const finding& f, size_t events) {
    const bool freed =
        (f.kind == finding_kind::use_after_free || f.kind == finding_kind::double_free) &&
        in_heap_area(f.address);
    const block* b = freed ? find_block_or_null(f.address) : nullptr;
    const bool here = b != nullptr && b->freed && b->freed_step != 0 && b->freed_step <= events;
    return here ? b->freed_step - 1 : no_event;
}

}  // namespace

// From the last node up: of the children that a node has by now, some are done, one is done in part.
double optimal_strategy::share_done() const {
    double share = 1;
    for (size_t d = std::min(used_, log_.size()); d-- > 0;) {
        const node& n = path_[d];
        for (size_t k = log_.picks_end(d); n.picks.empty() && k-- > log_.picks_begin(d);) {
            const data_choice& p = log_.pick(k);
            share = (alternatives_before(p, p.taken) + share) / alternatives_before(p, p.count);
        }
        uint32_t branches = n.done + 1;
        for (int32_t at = n.siblings; at >= 0; at = forest_.at(at).next) {
            ++branches;
        }
        share = (n.done + share) / branches;
    }
    return share;
}

bool optimal_strategy::canonical(execution_end end, recorded_choices& choices,
                                 uint32_t& preemptions) {
    linear_order order =
        end == execution_end::fatal
            ? linearise(log_, log_.size() - 1, event_that_freed(g.findings.back(), log_.size()))
            : linearise(log_);
    choices = std::move(order.choices);
    preemptions = order.preemptions;
    return true;
}

linear_order optimal_strategy::canonical_past(size_t step) const {
    HEDDLE_ASSERT(step < log_.analysed());
    return linearise(log_, step);
}

void optimal_strategy::begin_unit(work_unit unit) {
    forget();
    unit_ = std::move(unit);
    shared_ = unit_.kind == unit_kind::everything ? 0 : unit_.path.size() + 1;
    // Of other alternatives of a step, the step itself has been seen.
    first_new_ = unit_.kind == unit_kind::branch ? unit_.path.size() : shared_;
    following_ = shared_ != 0;
    sent_up_.clear();
}

// The steps of the path, and then the first of the unit's own.
uint8_t optimal_strategy::along_path(const choice_view& view) {
    const size_t depth = log_.size();
    const bool own = depth == unit_.path.size();
    const uint8_t chosen = own ? unit_.branch.context : unit_.path[depth].context;
    const operation& op = own ? unit_.branch.op : unit_.path[depth].op;
    must_be({op.object, op.kind, chosen}, view.contexts[chosen]);
    HEDDLE_ASSERT((view.enabled >> chosen & 1) != 0);
    if (used_ == path_.size()) {
        path_.emplace_back();
    }
    node& n = path_[used_++];
    n = node();
    n.sleep_begin = static_cast<uint32_t>(asleep_.size());
    n.sleepers_made = static_cast<uint32_t>(sleepers_.size());
    for (const sleeper& s : unit_.sleep[depth]) {
        sleepers_.push_back(s);
        add_asleep(n, static_cast<uint32_t>(sleepers_.size() - 1));
    }
    n.chosen = chosen;
    n.planned = {op.object, op.kind, chosen};
    n.enabled = view.enabled;
    mark_late(n, view.contexts[chosen]);
    if (own && unit_.kind == unit_kind::branch) {
        n.plan = plant(forest_, unit_.branch.below);
        n.picks = unit_.branch.picks;
        n.excluded = n.picks.empty() ? sleeping(n.sleep_begin, chosen) : 0;
    }
    g.outcome = log_.append(view.contexts[chosen]);
    return chosen;
}

const data_choice* optimal_strategy::given_pick_or_null(size_t nth) const {
    const size_t depth = log_.size() - 1;
    if (!follows(depth)) {
        return nullptr;
    }
    const std::vector<data_choice>& given =
        depth < unit_.path.size() ? unit_.path[depth].picks : unit_.picks;
    return nth < given.size() ? &given[nth] : nullptr;
}

// Of the data choices of a step those that others vary come first.
size_t optimal_strategy::first_open(size_t depth) const {
    return depth + 1 == shared_ && unit_.kind == unit_kind::alternatives ? unit_.picks.size() - 1
                                                                         : 0;
}

// For a node that is not ours. Our own list of its branches keeps what was said from being said again.
void optimal_strategy::send_up(size_t depth, std::vector<alternatives> explored) {
    const wakeup_sequence whole(sequence_);
    if (!forest_.insert(path_[depth].siblings, sequence_, std::move(explored))) {
        return;
    }
    loose_sequence s;
    s.depth = static_cast<uint32_t>(depth);
    for (size_t i = 0; i < whole.size(); ++i) {
        loose_step step;
        step.event = whole.at(i);
        if (const auto picks = whole.picks(i); picks != nullptr) {
            for (uint32_t taken : picks->taken) {
                step.picks.push_back({picks->count, taken, 0});
            }
        }
        step.clock.assign(whole.clock(i), whole.clock(i) + log_.width());
        s.steps.push_back(std::move(step));
    }
    sent_up_.push_back(std::move(s));
}

open_node optimal_strategy::leave_node(size_t depth) const {
    const node& n = path_[depth];
    open_node left;
    if (depth >= shared_) {
        for (size_t i = n.sleep_begin; i < sleep_end(depth); ++i) {
            left.sleep.push_back(sleepers_[asleep_[i]]);
        }
        left.branches = copy_branches(forest_, n.siblings);
        left.explored = n.done;
    }
    const logged_event& e = log_.at(depth);
    left.step.op = e.op;
    left.step.context = e.context;
    for (size_t k = log_.picks_begin(depth); k < log_.picks_end(depth); ++k) {
        left.step.picks.push_back(log_.pick(k));
    }
    left.own = as_sleeper(depth);
    left.first_open = static_cast<uint32_t>(first_open(depth));
    left.planned = !n.picks.empty();
    return left;
}

unit_rest optimal_strategy::end_unit() {
    unit_rest rest;
    rest.id = unit_.id;
    rest.begun = started_ && !following_ && !begins_again_ && !probing();
    rest.sequences = std::move(sent_up_);
    const size_t first = shared_ == 0 ? 0 : shared_ - 1;
    for (size_t depth = first; rest.begun && depth < used_; ++depth) {
        rest.nodes.push_back(leave_node(depth));
    }
    // Where nothing is left, nothing will be: what comes to be inserted there comes from below.
    while (rest.nodes.size() > (shared_ == 0 ? 0 : 1) && rest.nodes.back().branches.empty() &&
           !rest.nodes.back().varies()) {
        rest.nodes.pop_back();
    }
    begin_unit({});
    return rest;
}

}  // namespace sim

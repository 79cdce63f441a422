#include "sim/explore/checkpoints.h"

namespace sim {

namespace {

constexpr uint64_t look_every = 64;  // executions
// What an exploration is like changes on its way: at each look a share of what was seen is forgotten.
constexpr uint64_t forget_share = 16;
// Costs in plain accesses, measured on the forward race with all checkers: a snapshot with its restore, and a
// step beside its accesses.
constexpr uint64_t snapshot_cost = 70;
constexpr uint64_t step_cost = 4;

}  // namespace

void checkpoints::branch(size_t branch) {
    branch_ = branch;
    while (!made_.empty() && made_.back().depth > branch) {
        made_.pop_back();
    }
}

void checkpoints::ended(size_t events, size_t steps_run, uint64_t accesses) {
    ++ended_;
    ++executions_;
    old_events_ += branch_;
    new_events_ += events > branch_ ? events - branch_ : 0;
    steps_run_ += steps_run;
    accesses_ += accesses;
    if (given_gap_ == automatic && ended_ % look_every == 0) {
        choose_gap();
        for (uint64_t* sum : {&executions_, &old_events_, &new_events_, &steps_run_, &accesses_}) {
            *sum -= *sum / forget_share;
        }
    }
}

// With snapshots g events apart an execution of n new events makes n / g of them and runs g / 2 events
// again: the least at g = sqrt(2 * n * what one costs in steps), and then both together cost g steps.
// Without any, all old events are run again.
void checkpoints::choose_gap() {
    const uint64_t step = step_cost + accesses_ / (steps_run_ + 1);
    const uint64_t wanted = 2 * (new_events_ / executions_ + 1) * (snapshot_cost / step + 1);
    uint64_t gap = 1;
    while (gap * gap < wanted) {
        ++gap;
    }
    gap_ = old_events_ / executions_ > gap ? gap : 0;
}

}  // namespace sim

// shrink.h - from a failing schedule to one with the fewest preemptions that fails in the same way.
// Source:  exploration.md D6; Zeller and Hildebrandt 2002 for removing by halves.
// Shapes:  the passes, each keeping the signature of the failure: the tail is cut; equivalent executions
//          with fewer preemptions, without reruns; whole contexts are left until after the failure; blocks
//          are removed by halves, quarters, ...; blocks of one context are merged; data choices become the
//          first alternative. A search below what is left then finds a shorter one, or that there is none.
//          Where it cannot, one preemption is removed and another moved. Last, preemptions move to the
//          earliest place. What a script does (packets, commands) is not changed: a token cannot say so.
// Locks:   none; host code.
// Errors:  a schedule that does not fail is said to have nothing to shrink.
#pragma once

#include <cstdint>

#include "sim/explore/failing_runs.h"

namespace sim {

struct shrink_options {
    work_limits limits;  // steps_max: of all executions together
};

struct shrink_result {
    bool fails = false;  // the schedule that was given
    finding what;        // the failure that was kept
    failure_signature signature;
    schedule_cost before;
    schedule_cost after;
    recorded_choices choices;       // of the shortest
    std::vector<trail_step> trail;  // up to the failure
    // No schedule with so many preemptions or fewer fails so; -1: not even none was shown.
    int none_below = -1;
    [[nodiscard]] bool certified() const {
        return none_below + 1 == static_cast<int>(after.preemptions);
    }
    uint64_t reruns = 0;     // candidates that were run
    uint64_t cached = 0;     // that were known
    uint64_t searched = 0;   // executions of the search below
    bool cut_short = false;  // the clock ended it: another day it may come further
};

shrink_result shrink(simulation& subject, const recorded_choices& choices,
                     const shrink_options& options);

}  // namespace sim

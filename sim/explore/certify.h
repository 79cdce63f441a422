// certify.h - is there a schedule with fewer preemptions that fails in the same way?
// Source:  exploration.md D6; bounded.h explores every interleaving within a bound.
// Shapes:  bounds are tried from 0 up, so that what is found has the fewest preemptions of all.
// Locks:   none; host code.
// Errors:  executions that do not end leave it undecided.
#pragma once

#include <cstdint>

#include "sim/explore/failing_runs.h"

namespace sim {

struct certificate {
    int complete_to = -1;  // none with at most so many preemptions, if nothing was found
    bool found = false;
    recorded_choices choices;  // then
    uint32_t preemptions = 0;
    uint64_t executions = 0;
    uint64_t steps = 0;
};

// Looks for one with at most `preemptions_max`.
certificate search_below(simulation& subject, const failure_signature& failure,
                         uint32_t preemptions_max, const work_limits& limits);

}  // namespace sim

// optimal_run.h - the exploration of a program by the optimal strategy: by one process or several, within a
//                 budget, from a checkpoint to the next.
// Source:  design section 7.
// Shapes:  the result does not depend on the number of processes nor on where it was interrupted.
// Locks:   none.
// Errors:  a checkpoint that cannot be used is the user's; a worker lost for good makes it inconclusive.
#pragma once

#include <string>
#include <vector>

#include "scenarios/runner/pace.h"
#include "scenarios/runner/race.h"
#include "sim/explore/explorer.h"
#include "sim/simulation.h"

namespace scenario {

struct optimal_run {
    sim::explore_result result;
    double share_done = 1;
    bool shared_cpus = false;        // nothing was explored: the strategy does not know them
    bool lost = false;               // workers died again and again
    std::vector<std::string> notes;  // for people
    std::string error;               // the user's
};

// `about`: what a checkpoint must agree on. `name`: of the program.
optimal_run run_optimal(sim::simulation& machine, const explore_request& request,
                        const sim::explore_limits& limits, const std::string& name,
                        const std::string& about, pace& speed, const progress_observer& observer);

}  // namespace scenario

// unit_run.h - an exploration by a strategy that can be cut into units: by one process or several, within a budget,
//              from a checkpoint to the next.
// Source:  design section 7.
// Shapes:  the result does not depend on the number of processes nor on where it was interrupted.
// Locks:   none.
// Errors:  a checkpoint that cannot be used is the user's; a worker lost for good makes it inconclusive.
#pragma once

#include <string>
#include <vector>

#include "scenarios/runner/pace.h"
#include "scenarios/runner/race.h"
#include "sim/explore/exploration.h"
#include "sim/explore/explorer.h"
#include "sim/simulation.h"

namespace scenario {

inline constexpr const char* graphs_missed =
    "execution graphs do not try every order of interrupts, nor of an await on a CPU that contexts "
    "share";

struct unit_run {
    sim::explore_result result;
    double share_done = 1;
    bool bound_mattered = false;     // of reversals
    bool lost = false;               // workers died again and again
    bool enough = false;             // the judge wanted no more
    bool out_of_reach = false;       // given up early, as the subject allows
    std::vector<std::string> notes;  // for people
    std::string error;               // the user's
};

// What is explored.
struct unit_subject {
    std::string name;    // of its checkpoint, if nothing else is asked for
    std::string about;   // what a checkpoint must agree on
    std::string option;  // that --resume needs beside itself: "--variant fixed ", or ""
    unsigned jobs = 1;
    sim::unit_style style;
    // Gives up after a small part of the executions, if there seem to be more than all of them.
    bool may_give_up = false;
    sim::execution_observer looks_on = nullptr;  // after each execution of this process
};

// Of a race, the machine must be ready for its first execution.
unit_run run_in_units(sim::simulation& machine, const explore_request& request,
                      const sim::explore_limits& limits, const unit_subject& subject, pace& speed,
                      const progress_observer& observer);

// How the options that change what is found or counted were given: a part of `about`.
std::string checked_options(const explore_request& request);

}  // namespace scenario

// workers.h - an exploration by several processes that work on units of it.
// Source:  ours.
// Shapes:  workers are forked from the process that holds the subject and its root snapshot; each does one
//          unit at a time, and what comes of it is taken in as a whole or not at all. So the result is that of
//          one process, however the units fall.
// Locks:   none: processes share nothing but their pipes.
// Errors:  a worker that is killed has its unit done again by a new one; the third on the same unit ends
//          the exploration, which is then not complete. One that ends with an internal error ends this
//          process with the same status.
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

#include "sim/explore/exploration.h"

namespace sim {

struct worker_options {
    unsigned workers = 2;
    // In a worker: to end the unit after the current execution. Workers are told by SIGTERM.
    std::function<bool()> stopping;
    // In this process, now and then: false to stop. Told who works.
    std::function<bool(const std::vector<pid_t>&)> more;
    unit_style style;
};

// What becomes of an exploration that was not completed, "" if nobody was lost for good.
std::string explore_in_workers(simulation& subject, exploration& all, const explore_limits& limits,
                               const worker_options& options);

}  // namespace sim

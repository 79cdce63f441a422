// units.h - explores in units of work, handed out and given back in a random order by one process.
// Source:  ours.
// Shapes:  what several workers do at the same time is done here one after the other: a unit that was
//          handed out knows nothing of what came back after that.
// Locks:   none.
// Errors:  none.
#pragma once

#include <cstdint>

#include "sim/explore/explorer.h"

namespace sim::test {

struct unit_order {
    uint64_t executions = 1;   // a unit is given back after so many
    size_t out = 1;            // units that are handed out at a time
    bool depth_first = false;  // else anywhere in the tree
    uint64_t seed = 1;
    bool loses = false;     // now and then a worker dies with its unit
    bool by_bytes = false;  // units, what is left of them and the whole tree pass through bytes
};

explore_result explore_in_units(simulation& machine, const unit_order& order);

}  // namespace sim::test

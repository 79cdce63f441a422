// missing_order.h - what would have had to be between two accesses that race.
// Source:  C++20 6.9.2: what a release store and an acquire load that reads it order.
// Shapes:  looks at the execution that found the race: locks that both held, and atomics that the later side read
//          from the earlier one in between.
// Locks:   none; host code, while the execution is in memory and written down.
// Errors:  none.
#pragma once

#include <string>

#include "sim/check/access_log.h"

namespace sim {

// "no lock is held by both: t1 holds m1, t2 holds none"
std::string locks_of_both(const logged_access& first, const std::vector<held_lock>& second_holds,
                          unsigned second);
// One sentence. `second` has run on to its access by now.
std::string missing_order(const logged_access& first, unsigned second);

}  // namespace sim

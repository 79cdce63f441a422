// random_litmus.h - random litmus programs, the same for the same seed.
// Source:  ours.
// Shapes:  few locations, so that accesses meet; at most nine operations; writes to one location are few
//          enough for all their orders to be tried.
// Locks:   none.
// Errors:  none.
#pragma once

#include <cstdint>

#include "test/memory/litmus.h"

namespace sim::test {

[[nodiscard]] litmus_program random_litmus(uint64_t seed);

}  // namespace sim::test

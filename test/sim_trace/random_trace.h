// random_trace.h - valid traces of any shape from a seed, for round trips.
// Shapes:  the same seed gives the same trace on every machine; every field is sometimes empty.
#pragma once

#include <cstdint>

#include "sim/trace/trace.h"

namespace test {

sim::trace random_trace(uint64_t seed);

}  // namespace test

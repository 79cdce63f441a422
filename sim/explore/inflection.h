// inflection.h - the earliest moment of a failing execution from which on nothing averts the failure.
// Source:  Lotto's inflex and SimGrid's critical transition sample the continuations; here they are
//          exhausted where there are few enough (exploration.md D6).
// Shapes:  a step number of the execution, 0: it fails whatever happens. It is found by halving, since behind
//          a moment from which on all fails all later ones are such.
// Locks:   none; host code.
// Errors:  none; `decided` is false where continuations were only sampled.
#pragma once

#include <cstdint>

#include "sim/explore/evidence_pool.h"

namespace sim {

struct inflection {
    uint32_t step = 0;           // after this step every continuation fails
    bool decided = true;         // all continuations were run; else so many were sampled
    uint64_t continuations = 0;  // run after that step
};

// `steps`: of the execution up to the failure.
inflection find_inflection(evidence_pool& pool, const recorded_choices& choices, uint32_t steps,
                           uint64_t steps_max);

}  // namespace sim

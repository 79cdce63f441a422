// align.h - two executions beside each other: which step of one is which step of the other.
// Source:  contexts are deterministic, so the n-th step of a context is the same step as long as it has read the
//          same; steps are matched per context, by what they do and where, and never by when.
// Shapes:  pairs of steps; a step without partner has none. `divergence` is where the causal pasts part: the
//          first step of each run whose past (what happens before it) is not the past of its partner.
// Locks:   none; pure function.
// Errors:  none; contexts are matched by name, one that the other run has not matches nothing.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/trace/trace.h"

namespace viz {

struct alignment {
    std::vector<uint32_t> partner_of_a;  // per step of a: the step of b, 0: none; [0] unused
    std::vector<uint32_t> partner_of_b;
    // Same step, same past, same value: whatever led to it is the same in both runs. Of each context these are the
    // first so many steps, and the same number in both.
    std::vector<bool> same_of_a;
    std::vector<bool> same_of_b;
    uint32_t divergence_a = 0;  // 0: no step of a has another past
    uint32_t divergence_b = 0;
    std::string why;  // one sentence, "" where nothing diverges
};

alignment align(const sim::trace& a, const sim::trace& b);

}  // namespace viz

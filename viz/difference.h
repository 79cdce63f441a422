// difference.h - two executions side by side, up to where they first differ and a little beyond.
// Source:  two interleavings are the same execution if each context does the same steps and each step has the same
//          steps before it: so contexts are compared by name, step by step, and never by position in the interleaving.
// Shapes:  text of at most `width` places a line; ASCII.
// Locks:   none; pure function.
// Errors:  none.
#pragma once

#include <cstdint>
#include <string>

#include "sim/trace/trace.h"
#include "viz/phrase.h"

namespace viz {

struct difference_text {
    bool same = false;
    std::string text;
};

difference_text difference(const sim::trace& a, const sim::trace& b, uint32_t width,
                           const plumbing_files& plumbing);

}  // namespace viz

// why.h - the explanation that ends every view: what was found, where, by whose doing.
// Shapes:  labelled lines; the most important first.
// Locks:   none; pure functions.
// Errors:  none; what a trace leaves out is left out.
#pragma once

#include <string>
#include <vector>

#include "sim/trace/trace.h"
#include "viz/phrase.h"

namespace viz {

struct why_line {
    std::string label;  // "at", "freed", "preempted"; "" for the first line
    std::string text;
};

// The message, the place with its callers, the evidence, and who was preempted where before it. As
// many callers are named as fit into `width` places, but the place itself in any case.
std::vector<why_line> why(const sim::trace& t, const sim::trace_finding& finding,
                          const plumbing_files& plumbing, size_t width);

// The command that shows this execution again.
std::string replay_command(const sim::trace& t);

}  // namespace viz

// slice.h - only what the finding depends on: the steps it names, and the edges by which they hang together.
// Shapes:  steps of the finding, of its evidence, around preemptions, and both ends of each necessary edge of order that leads to them.
// Locks:   none; pure function.
// Errors:  false and a message where there is nothing of that kind to draw.
#pragma once

#include <string>

#include "sim/trace/trace.h"
#include "viz/formats.h"

namespace viz {

[[nodiscard]] bool slice(const sim::trace& t, const format_options& options, std::string& gv,
                         std::string& error);

}  // namespace viz

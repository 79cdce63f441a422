// packet_way.h - the way of a packet through the stack, across CPUs: which functions it came through, and who changed what under it.
// Shapes:  calls of the context that has the packet, down to a depth; steps of others only where they happen in between and touch what the finding or the packet's context uses.
// Locks:   none; pure function.
// Errors:  false and a message where there is nothing of that kind to draw.
#pragma once

#include <string>

#include "sim/trace/trace.h"
#include "viz/formats.h"

namespace viz {

[[nodiscard]] bool packet_way(const sim::trace& t, const format_options& options, std::string& gv,
                              std::string& error);

}  // namespace viz

// lock_order.h - which lock is taken under which: a picture of the orders of one execution, with who did it first.
// Shapes:  laid out by Graphviz; an edge leads from the lock that was held to the one that was wanted; those of a circle are red.
// Locks:   none; pure function.
// Errors:  false and a message where there is nothing of that kind to draw.
#pragma once

#include <string>

#include "sim/trace/trace.h"
#include "viz/formats.h"

namespace viz {

[[nodiscard]] bool lock_order(const sim::trace& t, const format_options& options, std::string& gv,
                              std::string& error);

}  // namespace viz

// shiviz.h - ShiViz: a log with vector clocks, its parsing expression first.
// Source:  the log format of ShiViz: a line with the expression, a line with the delimiter of executions (none here), then
//          events; a clock counts the events of each host, the first is 1 and none is left out.
// Shapes:  every step and remark but calls is an event of its context; folding would tie knots into the clocks.
// Locks:   none; pure function.
// Errors:  none.
#pragma once

#include <string>

#include "sim/trace/trace.h"
#include "viz/formats.h"

namespace viz {

std::string shiviz(const sim::trace& t, const format_options& options);

}  // namespace viz

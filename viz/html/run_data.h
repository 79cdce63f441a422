// run_data.h - one execution as the page reads it: the trace in columns, and what was computed of it.
// Source:  data.js is the reader; the two change together.
// Shapes:  texts are numbers into `strings`, stacks numbers into `stacks` (0: empty), each of them a frame and the
//          stack of its caller. Sparse columns are lists that begin with an index.
// Locks:   none; pure function.
// Errors:  none.
#pragma once

#include "sim/trace/json_line.h"
#include "sim/trace/trace.h"
#include "viz/html/report.h"

namespace viz {

// Writes one object.
void write_run(const sim::trace& t, const report_options& options, sim::json_line& json);

}  // namespace viz

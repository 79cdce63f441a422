// perfetto.h - a trace that ui.perfetto.dev opens: CPUs, calls, waits, locks, packets, counters.
// Source:  Chrome's trace event format (JSON). Slices of a track nest; a flow is one chain, so each edge has its own.
// Shapes:  a step is a millisecond, and what belongs to it lies within that.
// Locks:   none; pure function.
// Errors:  none.
#pragma once

#include <string>

#include "sim/trace/trace.h"
#include "viz/formats.h"

namespace viz {

std::string perfetto(const sim::trace& t, const format_options& options);

}  // namespace viz

// sarif.h - findings as SARIF 2.1.0, which code reviews and editors read; an interleaving is its thread flows.
// Source:  SARIF 2.1.0: a threadFlow for each context, executionOrder puts their steps into one order.
// Shapes:  a log of one run; a result for each finding, the same one (kind, place, message) once; its properties hold the
//          token. A trace without events is a finding of no single execution: it has no thread flows.
// Locks:   none; pure function.
// Errors:  none.
#pragma once

#include <string>
#include <vector>

#include "sim/trace/trace.h"
#include "viz/formats.h"

namespace viz {

std::string sarif(const std::vector<sim::trace>& executions, const format_options& options);

}  // namespace viz

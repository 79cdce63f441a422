// main_finding.h - of several findings of one execution, which one it is about: what is shrunk and explained,
//          and what every view tells first.
// Source:  what ended an execution says what went wrong; what was noted on the way may be how it came to
//          that, or nothing to do with it.
// Shapes:  kinds by name, as in a trace; their weights are in finding_kinds.h. Among equals it is the first, since the
//          others may follow from it.
// Locks:   none; pure functions.
// Errors:  none.
#pragma once

#include <string_view>

#include "sim/trace/finding_kinds.h"
#include "sim/trace/trace.h"

namespace sim {

// Of one that is not known: as of what ends an execution.
finding_weight weight_of_finding(std::string_view kind);

// There must be one.
const trace_finding& main_finding(const trace& t);

}  // namespace sim

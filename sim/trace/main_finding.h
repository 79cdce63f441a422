// main_finding.h - of several findings of one execution, which one it is about: what is shrunk and explained,
//          and what every view tells first.
// Source:  what ended an execution says what went wrong; what was noted on the way may be how it came to
//          that, or nothing to do with it.
// Shapes:  kinds by name, as in a trace (sim/check/finding.h). A leak ranks below a data race and a wrong
//          exit status, these below an invariant that does not hold at the end or a rule that was broken, all below what ended the
//          execution. Among equals it is the first, since the others may follow from it.
// Locks:   none; pure functions.
// Errors:  none.
#pragma once

#include <string_view>

#include "sim/trace/trace.h"

namespace sim {

// 0 to 3, the highest for what ends an execution.
unsigned rank_of_finding(std::string_view kind);

// There must be one.
const trace_finding& main_finding(const trace& t);

}  // namespace sim

// sources.h - the text of the files that a trace names, as the subject had them that ran.
// Source:  the model with the patches of the token's variant; a program's files where its debug information
//          says, or beside the program.
// Shapes:  viz::source_reader.
// Locks:   none.
// Errors:  none: what is not there is "", and a report does without.
#pragma once

#include <string>

#include "scenarios/runner/race.h"
#include "sim/trace/trace.h"
#include "viz/html/report.h"

namespace scenario {

// `x` as for take_execution().
viz::source_reader sources_of(const sim::trace& t, const std::string& x,
                              const explore_request& request);

}  // namespace scenario

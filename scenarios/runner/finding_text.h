// finding_text.h - where a finding happened and what is said of it, read off a recorded execution.
// Source:  design section 4, Findings.
// Shapes:  a place is "FILE:LINE FUNCTION" of the innermost function of the subject's own text.
// Locks:   none; reads the findings of the execution that has just ended (sim::g.findings).
// Errors:  none; what cannot be known is "".
#pragma once

#include "scenarios/runner/report.h"
#include "sim/check/finding.h"
#include "sim/explore/race_label.h"
#include "sim/trace/trace.h"

namespace scenario {

// Which of the trace's findings it is. `t` was recorded in the last execution, which had the finding `what`.
size_t place_in(const sim::trace& t, const sim::finding& what);

// Fills `where` and `message`, for the same.
void describe_finding(const sim::trace& t, const sim::finding& what, finding_report& r);

// Of a data race: what its two orders lead to; of anything else nothing. Runs the subject.
std::string effect_of(sim::simulation& machine, const sim::found_case& f,
                      const std::function<void()>& before_execution);

}  // namespace scenario

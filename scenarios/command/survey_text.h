// survey_text.h - the results of several races side by side.
// Source:  ours.
// Shapes:  a row a variant; lines end in '\n'.
// Locks:   none; pure functions.
// Errors:  none.
#pragma once

#include <string>
#include <vector>

#include "scenarios/command/terminal.h"
#include "scenarios/runner/report.h"

namespace scenario {

// One race in a line without an end, once it has been explored: "ok      forward: fixed ...; 12.3 s".
std::string survey_line(const report& r, double seconds);

// Verdicts, then what each coarse lock hides: the rungs of all ladders in one table.
std::string survey_text(const std::vector<report>& reports, const look& how);

}  // namespace scenario

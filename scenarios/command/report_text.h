// report_text.h - what came out of an exploration, for people.
// Source:  design section 7; ecosystem conventions: the replay command first, next commands last.
// Shapes:  lines end in '\n' and fit `look.width`, lines that are to be pasted excepted.
// Locks:   none; pure functions.
// Errors:  none.
#pragma once

#include <string>

#include "scenarios/command/terminal.h"
#include "scenarios/runner/report.h"

namespace scenario {

struct report_view {
    look how;
    bool advice = true;
    std::string command = "heddle";  // how to call this program again
    std::string subject;             // as it was given on the command line
    bool race = false;
    std::string after;  // options that a replay needs too, and " -- ARGS" of a program; or ""
};

// A table of variants, what failed, the shortest failures, sizes, assumptions, what to type next.
std::string report_text(const report& r, const report_view& view);

// Variants as rows, regimes as columns, each cell a verdict and the number of interleavings.
std::string ladder_text(const report& r, const report_view& view);

// The command that shows a finding step by step.
std::string replay_command(const report_view& view, const std::string& token);

// The variant with the finding that tells most (report.h); null if nothing was found.
const variant_report* shortest_failure_or_null(const report& r);

}  // namespace scenario

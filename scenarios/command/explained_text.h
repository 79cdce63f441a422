// explained_text.h - why an execution fails, in a sentence or two.
// Source:  exploration.md D6: "fails iff A before B and C before D", with source lines.
// Shapes:  lines end in '\n' and fit `look.width`.
// Locks:   none; pure functions.
// Errors:  none.
#pragma once

#include <string>

#include "scenarios/command/terminal.h"
#include "scenarios/runner/explained.h"

namespace scenario {

// "fails iff t1 loads count (a.c:12, in add) before t2 stores count (a.c:13, in add)"; one line.
std::string order_sentence(const explained_report& r);

// From where on it could not be averted, the sentence, and what both are known of.
std::string explained_text(const explained_report& r, const look& how);

}  // namespace scenario

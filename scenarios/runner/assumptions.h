// assumptions.h - what a verdict assumes, whatever was explored.
// Source:  design section 4.
// Shapes:  a phrase each.
// Locks:   none.
// Errors:  none.
#pragma once

#include <string>
#include <vector>

#include "scenarios/runner/race.h"

namespace scenario {

// Of the machine, and of the checkers that were off. After the exploration, while its subject is loaded.
// Of a race's packets, before they come in.
std::string packets_assumed();
std::vector<std::string> usual_assumptions(const explore_request& request);

}  // namespace scenario

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
std::vector<std::string> usual_assumptions(const explore_request& request);
// The same of a race, of its packets and of what its script leaves out, too.
std::vector<std::string> race_assumptions(const explore_request& request, const script& s,
                                          const std::vector<std::string>& restrictions);

}  // namespace scenario

// unended.h - executions that the step bound cut: which operations they repeat, and where these stand.
// Source:  ours. A loop that is not pure (spin.h), and does not end under fair schedules (fair.h): whoever wrote it
//          wants to know which.
// Shapes:  one execution speaks for all: that of the fewest preemptions, then the first in lexicographic order.
// Locks:   none; runs the subject.
// Errors:  none.
#pragma once

#include <string>
#include <vector>

#include "sim/explore/explorer.h"

namespace sim {

// For people, a line each; none if all executions ended. Who arms points does so before.
std::vector<std::string> describe_unended(simulation& subject, const explore_result& r);

}  // namespace sim

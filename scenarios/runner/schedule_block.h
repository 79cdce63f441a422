// schedule_block.h - an execution as a `schedule NAME { }` of the language.
// Source:  design section 6: after a failure a schedule is printed, ready to paste.
// Shapes:  a clause a block: until so many steps were done, or until the context is blocked or done.
// Locks:   none; a pure function, while the contexts of the execution are still there.
// Errors:  none.
#pragma once

#include <string>
#include <vector>

#include "sim/explore/blocks.h"

namespace scenario {

std::string schedule_block(const std::string& name, const std::vector<sim::trail_step>& trail);

}  // namespace scenario

// context_rules.h - what may be done where: sleeping, waiting for others, using a bounded number of slots.
// Source:  the rules that kernels state in their manuals: mutex(9), smr_call(9), taskq(9).
// Shapes:  told by the words of annotate.h, and by waits that may sleep. A region reports one sleep.
// Locks:   none.
// Errors:  findings; none of them ends an execution.
#pragma once

#include "sim/check/checker.h"

namespace sim {

checker& context_rules();

}  // namespace sim

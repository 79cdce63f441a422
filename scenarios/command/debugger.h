// debugger.h - a replay under gdb that stops at a step, in the context that takes it.
// Source:  gdb; each recorded step calls sim::recorder::step before the context is switched to, and
//          sim::recorder::outcome in that context when the operation is done.
// Shapes:  the debugger takes the place of this process.
// Locks:   none.
// Errors:  a message, and the exit status 2: gdb is not there.
#pragma once

#include <cstdint>

#include "scenarios/command/arguments.h"

namespace scenario {

// Stops when step `step` is done and nothing after it: the innermost frames are heddle's, then come the subject's.
int replay_in_debugger(const invocation& line, uint64_t step);

}  // namespace scenario

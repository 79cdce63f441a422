// debugger.h - a replay under gdb that stops at a step, in the context that takes it.
// Source:  gdb; each recorded step calls sim::recorder::step before the context is switched to. Then it is known where
//          that context goes on: there the debugger stops, or, if it is the one that runs, right there.
// Shapes:  the debugger takes the place of this process.
// Locks:   none.
// Errors:  a message, and the exit status 2: gdb is not there.
#pragma once

#include <cstdint>

#include "scenarios/command/arguments.h"

namespace scenario {

// Stops before step `step` is carried out: the innermost frames are heddle's, then come the subject's.
int replay_in_debugger(const invocation& line, uint64_t step);

}  // namespace scenario

// shrink_passes.h - what makes a failing schedule shorter, step by step.
// Source:  shrink.h.
// Shapes:  each pass changes the best of `runs` or leaves it; true: it has become shorter.
// Locks:   none; host code.
// Errors:  none. A pass ends early when there is no work left to be done.
#pragma once

#include "sim/explore/failing_runs.h"

namespace sim {

// Equivalent executions with fewer preemptions.
bool reorder_pass(failing_runs& runs);
// Contexts that need not run before the failure.
bool leave_contexts_pass(failing_runs& runs);
// Blocks that need not be: by halves, quarters, ... then one by one, and merged backwards.
bool remove_blocks_pass(failing_runs& runs);
// Data choices that may as well be the first alternative.
bool first_alternatives_pass(failing_runs& runs);
// A preemption less, and another one elsewhere.
bool exchange_pass(failing_runs& runs);
// Each preemption at the earliest place of its context at which the failure still happens.
bool earliest_places_pass(failing_runs& runs);

}  // namespace sim

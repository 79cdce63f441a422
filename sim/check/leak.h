// leak.h - memory that is still allocated and that nothing points to.
// Source:  the idea of LeakSanitizer: a conservative search from what is reachable.
// Shapes:  runs on the state at the end of an execution.
// Locks:   none; host code.
// Errors:  each lost block made or lost in this execution is a finding.
#pragma once

namespace sim {

void check_leaks();

}  // namespace sim

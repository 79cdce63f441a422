// endless.h - a loop without any operation is noticed, watched for a while, and ended with the lines in which it
//             goes round.
// Source:  design section 1, trap 8.
// Shapes:  noticed in two ways: by too many plain accesses in one step, which is the same in every process; and
//          where there is no access either, by a clock. Then it is watched, access by access or instruction
//          by instruction. Its place is the lowest seen, not where it was when it was noticed, so that a loop
//          is one finding.
// Locks:   none. The parts for signal handlers allocate nothing until the loop is ended.
// Errors:  none. What turns out to perform an operation after all is let go.
#pragma once

#include <ucontext.h>

#include <cstdint>

namespace sim {

// The current context has used its accesses up. Returns while it is still being watched.
void endless_access(uint64_t pc);
// For the handler of a clock that saw nothing happen for long, while the subject's own code ran: from the
// instruction on to which it returns, each is looked at.
void endless_watch(ucontext_t& interrupted);
// For the handler of traps. False: it was no trap of this.
bool endless_stepped(ucontext_t& trapped);

}  // namespace sim

// system_calls.h - questions to the operating system that a program asks without libc's names.
// Source:  syscall(2); what is answered here is what the named functions answer.
// Shapes:  arguments as syscall has them; `pc` is the caller's.
// Locks:   none.
// Errors:  a call that is not answered goes to the host (unsound, sim/README.md).
#pragma once

#include <cstddef>
#include <cstdint>

namespace sim {

// True: `result` is the answer. The current context asks.
bool system_call_answered(long number, const long* arguments, uint64_t pc, long& result);

// Random bytes of the current context's own stream (random.cc).
void random_fill(void* to, size_t size, uint64_t pc);

}  // namespace sim

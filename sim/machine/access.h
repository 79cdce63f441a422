// access.h - one range of subject memory is about to be read or written by something that is not a
//            plain hook: memcpy, string functions, allocation, system calls.
// Source:  design section 1, traps 2 and 8.
// Shapes:  pc is a return address into the subject.
// Locks:   none.
// Errors:  findings of the current context; a wild write does not return.
#pragma once

#include <cstdint>

#include "sim/machine/memory.h"

namespace sim {

void access_range(const void* p, uint64_t size, bool write, uint64_t pc);
// The machine itself is about to change a synchronisation object of the subject: logged and checked,
// but no access that could race.
void machine_access(const void* p, uint64_t size, uint64_t pc);
// Memory that is not the subject's: reading it is allowed (constants of libraries), writing it is
// a finding, but for errno.
void outside_access(const void* p, uint64_t size, bool write, uint64_t pc);
// `frame` is where the stack of a function ends that calls a hook, at the hook's call.
// A function entry that is looked at, or one too many calls deep.
void entry_wants_attention(uint64_t function_pc, uint64_t frame);
// Only while g.watching_entries: a schedule or a trace looks at function entries.
void entered_function(uint64_t function_pc, uint64_t frame);
void left_function(uint64_t function_pc);

}  // namespace sim

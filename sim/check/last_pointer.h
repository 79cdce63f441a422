// last_pointer.h - where the last pointer to a block went, while an execution is written down.
// Source:  ours.
// Shapes:  of each block the last that happened to a word that pointed into it: it was overwritten, or freed, or
//          it was in a frame whose call returned. Words are looked at as check_leaks looks at them: whatever looks
//          like a pointer is one. What was only ever in a register is not seen.
// Locks:   none; host code.
// Errors:  none.
#pragma once

#include <cstdint>

#include "sim/machine/memory.h"
#include "sim/trace/trace.h"

namespace sim {

void last_pointer_begin();
// These bytes are about to be written.
void last_pointer_written(uint64_t address, uint64_t size, uint64_t pc);
// This word was, by an atomic.
void last_pointer_replaced(uint64_t word, uint64_t address, uint64_t pc);
void last_pointer_freed(const block& b, uint64_t pc);
// A number that grows with each of them.
uint64_t last_pointer_now();
// A call returns that was entered then.
void last_pointer_frame_ends(uint64_t low, uint64_t high, uint64_t function_pc, uint64_t entered);

// False: not known.
bool last_pointer_to(const block& b, trace_evidence& e);

}  // namespace sim

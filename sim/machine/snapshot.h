// snapshot.h - what the rest of the machine tells the snapshots.
// Source:  design section 4.
// Shapes:  a block's number is slot * blocks_max + index.
// Locks:   none.
// Errors:  a restore that leaves other bytes than the snapshot is our own bug: exit 4.
#pragma once

#include <cstdint>

namespace sim {

// A block that existed at the snapshot is about to be marked freed.
void log_freed_block(uint32_t number);

// Memory of a library, outside the subject's, is about to be written.
void log_outside(uint64_t address, uint64_t size);

// An exception object of the subject was made, or is about to be freed. While there is one no snapshot is to
// be made within an execution: the C++ runtime writes to it and to what belongs to it, and has no hooks.
void exception_made();
void exception_freed();
[[nodiscard]] bool snapshot_possible();

// Whether some word that held an address of the heap at the innermost snapshot holds another now.
bool heap_pointer_overwritten();

// Prints which memory a restore missed and stops.
[[noreturn]] void restore_mismatch(uint64_t address);

}  // namespace sim

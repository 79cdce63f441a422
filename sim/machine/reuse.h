// reuse.h - freed memory that is used again.
// Source:  design section 4, Reuse: fresh memory, or the last that was freed of that size. As an allocator with a
//          cache a thread does, a context gets what itself has freed: who else frees when is no matter of its own.
// Shapes:  a block keeps its number and its size; it is alive again, and who has an old pointer to it is not found
//          by its lifetime any more.
// Locks:   none.
// Errors:  none.
#pragma once

#include <cstddef>
#include <cstdint>

#include "sim/machine/memory.h"

namespace sim {

// Whether blocks may be used again at all.
inline bool reuse_possible() {
    return __builtin_expect(g.limits.faults[static_cast<size_t>(fault::reused_memory)] != 0, 0);
}
// A block that was freed by the current context, if there is one and the explorer says so.
void* reused_or_null(size_t size, size_t align, uint64_t pc);
// The block is about to change, and will be put back.
void reuse_keep(const block& b);
// It has been freed.
void reuse_freed(const block& b);

}  // namespace sim

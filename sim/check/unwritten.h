// unwritten.h - heap memory that was never written since it was allocated, and a load that reads it.
// Source:  ours.
// Shapes:  a bit a byte (memory.written), looked at only where a granule has state_unwritten: what is written
//          once costs nothing more. What was copied as a range, and what a library or the machine fills, counts
//          as written. Seen are plain loads of 1, 2, 4 or 8 bytes at a multiple of their size that read nothing
//          else.
// Locks:   none.
// Errors:  a finding, and the execution goes on: what it leads to may be told, too.
#pragma once

#include <cstdint>

#include "sim/machine/memory.h"

namespace sim {

// Bytes of one granule of a heap that has state_unwritten.
void mark_written(uint64_t offset, uint64_t size);
// Whatever they were.
void mark_written_range(uint64_t offset, uint64_t size);
// Of blocks that begin at granules.
void copy_written(uint64_t to, uint64_t from, uint64_t size);
// The granules of a usable block have state_unwritten again where bytes were not written.
void forget_unwritten(uint64_t address, uint64_t size);

inline uint64_t written_of(uint64_t line) {
    return reinterpret_cast<const uint64_t*>(memory.written)[line];
}
void restore_written_slow(uint64_t line, uint64_t bits);
inline void restore_written(uint64_t line, uint64_t bits) {
    if (__builtin_expect(written_of(line) != bits, 0)) {
        restore_written_slow(line, bits);
    }
}

void report_unwritten(uint64_t offset, uint64_t size, uint64_t pc);

// A plain load of a usable granule.
inline void check_unwritten(uint64_t offset, uint64_t size, uint64_t pc) {
    const uint8_t state = memory.state[offset >> 3];
    const auto bits = static_cast<uint8_t>(((1U << size) - 1) << (offset & 7));
    if (state < state_freed && (state & state_unwritten) != 0 &&
        (memory.written[offset >> 3] & bits) == 0) {
        report_unwritten(offset, size, pc);
    }
}

}  // namespace sim

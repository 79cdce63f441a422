#include "sim/check/unwritten.h"

#include <algorithm>
#include <cstring>

namespace sim {

namespace {

// What is usable of a granule.
uint8_t usable_bits(uint8_t state) {
    const unsigned bytes = state & 0xfU;
    return static_cast<uint8_t>((1U << bytes) - 1);
}

bool is_usable(uint8_t state) {
    return state < state_freed && (state & 0xf) != 0;
}

void set_unwritten(uint64_t granule) {
    uint8_t& state = memory.state[granule];
    if (!is_usable(state)) {
        return;
    }
    const uint8_t bits = usable_bits(state);
    const bool all = (memory.written[granule] & bits) == bits;
    state = all ? state & static_cast<uint8_t>(~state_unwritten) : state | state_unwritten;
}

}  // namespace

void mark_written(uint64_t offset, uint64_t size) {
    // The bits go back with the line: it must have been saved before.
    if ((g.checks & check_undo) != 0) {
        note_write(offset, size);
    }
    const uint64_t granule = offset >> 3;
    memory.written[granule] |= static_cast<uint8_t>(((1U << size) - 1) << (offset & 7));
    set_unwritten(granule);
}

void mark_written_range(uint64_t offset, uint64_t size) {
    for (uint64_t at = offset; at < offset + size;) {
        const uint64_t end = std::min((at | 7) + 1, offset + size);
        if (const uint8_t state = memory.state[at >> 3];
            is_usable(state) && (state & state_unwritten) != 0) {
            mark_written(at, end - at);
        }
        at = end;
    }
}

void copy_written(uint64_t to, uint64_t from, uint64_t size) {
    const uint64_t first = (to - region_base) >> 3;
    const uint64_t granules = (size + 7) >> 3;
    std::memcpy(memory.written + first, memory.written + ((from - region_base) >> 3), granules);
    for (uint64_t i = 0; i < granules; ++i) {
        set_unwritten(first + i);
    }
}

void forget_unwritten(uint64_t address, uint64_t size) {
    const uint64_t first = (address - region_base) >> 3;
    for (uint64_t granule = first; granule < first + ((size + 7) >> 3); ++granule) {
        set_unwritten(granule);
    }
}

void restore_written_slow(uint64_t line, uint64_t bits) {
    reinterpret_cast<uint64_t*>(memory.written)[line] = bits;
    const uint64_t first = line << (line_shift - 3);
    for (uint64_t granule = first; granule < first + line_size / 8; ++granule) {
        set_unwritten(granule);
    }
}

// Whoever writes without a hook is not known, but leaves something else there.
void report_unwritten(uint64_t offset, uint64_t size, uint64_t pc) {
    const auto* bytes = reinterpret_cast<const uint8_t*>(region_base + offset);
    if (!std::all_of(bytes, bytes + size, [](uint8_t b) { return b == fresh_byte; })) {
        mark_written(offset, size);
        return;
    }
    finding f;
    f.kind = finding_kind::uninitialised_read;
    f.address = region_base + offset;
    f.pc = pc;
    f.size = static_cast<uint8_t>(size);
    report(f);
}

}  // namespace sim

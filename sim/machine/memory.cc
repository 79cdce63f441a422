#include "sim/machine/memory.h"

#include <sys/mman.h>

#include <cstring>

#include "sim/check/checker.h"
#include "sim/check/last_pointer.h"
#include "sim/check/race.h"
#include "sim/check/unwritten.h"
#include "sim/machine/record.h"
#include "sim/machine/reuse.h"
#include "sim/machine/snapshot.h"
#include "sim/machine/spin.h"
#include "sim/machine/visible.h"

namespace sim {

memory_tables memory;

namespace {

constexpr uint64_t header_size = 16;
constexpr uint32_t header_magic = 0x6b636c62;

struct block_header {
    uint32_t index;
    uint32_t magic;
    uint64_t size;
};

void* map_table(uint64_t at, uint64_t size, int protection) {
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | (at != 0 ? MAP_FIXED_NOREPLACE : 0);
    void* p = mmap(reinterpret_cast<void*>(at), size, protection, flags, -1, 0);
    HEDDLE_ASSERT(p != MAP_FAILED);
    HEDDLE_ASSERT(at == 0 || p == reinterpret_cast<void*>(at));
    return p;
}

uint64_t align_up(uint64_t value, uint64_t align) {
    return (value + align - 1) & ~(align - 1);
}

unsigned current_slot() {
    return g.current != nullptr ? g.current->id : 0;
}

void set_state(uint64_t address, uint64_t size, uint8_t full) {
    uint64_t granule = (address - region_base) >> 3;
    std::memset(memory.state + granule, full, size >> 3);
    if ((size & 7) != 0) {
        memory.state[granule + (size >> 3)] =
            full < state_freed ? static_cast<uint8_t>(full - state_usable + (size & 7)) : full;
    }
}

// The header in front of p if p is the begin of a block, freed or not.
block* block_of_or_null(uint64_t p) {
    if (!in_heap_area(p) || (p & 15) != 0) {
        return nullptr;
    }
    unsigned slot = heap_slot_of(p);
    if (p < heap_slot_begin(slot) + header_size || p >= memory.top[slot]) {
        return nullptr;
    }
    const auto* header = reinterpret_cast<const block_header*>(p - header_size);
    if (header->magic != header_magic || header->index >= memory.count[slot]) {
        return nullptr;
    }
    block* b = block_at(slot, header->index);
    return b->address == p ? b : nullptr;
}

finding memory_finding(finding_kind kind, uint64_t address, uint64_t pc) {
    finding f;
    f.kind = kind;
    f.address = address;
    f.pc = pc;
    return f;
}

}  // namespace

void memory_init() {
    if (memory.state != nullptr) {
        return;
    }
    // Modules map themselves into their area; the rest is reserved here for good.
    map_table(stack_area, region_base + region_size - stack_area, PROT_NONE);
    mprotect(reinterpret_cast<void*>(heap_area), heap_slot_size * contexts_max,
             PROT_READ | PROT_WRITE);
    memory.state = static_cast<uint8_t*>(map_table(0, region_size >> 3, PROT_READ | PROT_WRITE));
    memory.written = static_cast<uint8_t*>(map_table(0, region_size >> 3, PROT_READ | PROT_WRITE));
    memory.line = static_cast<uint32_t*>(map_table(0, region_size >> 4, PROT_READ | PROT_WRITE));
    memory.blocks = static_cast<block*>(
        map_table(0, sizeof(block) * blocks_max * contexts_max, PROT_READ | PROT_WRITE));
    for (unsigned slot = 0; slot < contexts_max; ++slot) {
        memory.top[slot] = memory.base_top[slot] = heap_slot_begin(slot);
    }
}

void memory_add_module_data(uint64_t begin, uint64_t end) {
    memory.data.push_back({begin, end});
    for (uint64_t granule = (begin - region_base) >> 3; granule < (end - region_base + 7) >> 3;
         ++granule) {
        memory.state[granule] = state_usable;
    }
}

void memory_make_stack(context& c) {
    uint64_t begin = stack_slot_begin(c.id) + stack_guard_size;
    uint64_t end = stack_slot_end(c.id);
    HEDDLE_ASSERT(mprotect(reinterpret_cast<void*>(begin), end - begin, PROT_READ | PROT_WRITE) ==
                  0);
    std::memset(memory.state + ((begin - region_base) >> 3), state_usable, (end - begin) >> 3);
    c.stack_low = begin;
    // Tops at different offsets: at equal ones all stacks would fight for the same cache sets.
    c.stack_high = end - uint64_t{c.id % 16U} * 1216;
}

void memory_before_race() {
    for (unsigned slot = 0; slot < contexts_max; ++slot) {
        for (uint32_t i = 0; i < memory.count[slot]; ++i) {
            block& b = memory.blocks[slot * blocks_max + i];
            b.allocated_step = b.freed_step = 0;
        }
    }
}

void* subject_allocate(size_t size, size_t align, uint64_t pc) {
    if (reuse_possible()) {
        if (void* again = reused_or_null(size, align, pc); again != nullptr) {
            return again;
        }
    }
    unsigned slot = current_slot();
    uint64_t address = align_up(memory.top[slot] + header_size, align < 16 ? 16 : align);
    uint64_t top = align_up(address + (size == 0 ? 1 : size), 16) + redzone_size;
    if (size >= heap_slot_size || top > heap_slot_begin(slot) + heap_slot_size ||
        memory.count[slot] >= blocks_max) {
        return nullptr;
    }
    uint32_t index = memory.count[slot]++;
    auto* header = reinterpret_cast<block_header*>(address - header_size);
    *header = {index, header_magic, size};
    *block_at(slot, index) =
        block{address, size, pc, 0, g.steps, 0, record_stack(pc), 0, static_cast<uint8_t>(slot),
              0xff,    false};
    memory.top[slot] = top;
    memory.touched_heaps |= 1ULL << slot;
    if (g.current != nullptr) {
        spin_wrote(*g.current);
    }
    // What the machine allocates for itself, without a place, it writes without hooks.
    set_state(address, size, pc != 0 ? state_usable | state_unwritten : state_usable);
    std::memset(memory.written + ((address - region_base) >> 3), 0, (size + 7) >> 3);
    if (visible_any) {
        visible_mark_block(slot, index, address, size);
    }
    std::memset(reinterpret_cast<void*>(address), fresh_byte, size);
    return reinterpret_cast<void*>(address);
}

void subject_free(void* p, uint64_t pc) {
    uint64_t address = reinterpret_cast<uint64_t>(p);
    block* b = block_of_or_null(address);
    if (b == nullptr) {
        report(memory_finding(finding_kind::invalid_free, address, pc));
        return;
    }
    if (!b->freed && b->size != 0 && visible_in(address - region_base, b->size)) {
        visible_point(address - region_base, b->size, true, pc);
    }
    if (b->freed) {
        finding f = memory_finding(finding_kind::double_free, address, pc);
        f.other_pc = b->freed_pc;
        f.other_context = b->freed_by;
        report(f);
        return;
    }
    if (b->size != 0) {
        race_free(address - region_base, b->size, pc);
    }
    if (g.current != nullptr) {
        tell_checkers(&checker::freed, *g.current, address, b->size, pc);
    }
    if ((g.checks & check_written_down) != 0) {
        last_pointer_freed(*b, pc);
    }
    if (reuse_possible()) {
        reuse_keep(*b);
    } else {
        log_freed_block(static_cast<uint32_t>(b - memory.blocks));
    }
    if (g.current != nullptr) {
        spin_wrote(*g.current);
    }
    b->freed = true;
    b->freed_by = static_cast<uint8_t>(current_slot());
    b->freed_pc = pc;
    b->freed_step = g.steps;
    b->freed_stack = record_stack(pc);
    set_state(address, b->size, state_freed);
    if (reuse_possible()) {
        reuse_freed(*b);
    }
}

void* subject_reallocate(void* p, size_t size, uint64_t pc) {
    if (p == nullptr) {
        return subject_allocate(size, 16, pc);
    }
    const block* b = block_of_or_null(reinterpret_cast<uint64_t>(p));
    void* fresh = subject_allocate(size, 16, pc);
    if (b != nullptr && !b->freed && fresh != nullptr) {
        const uint64_t size_kept = b->size < size ? b->size : size;
        std::memcpy(fresh, p, size_kept);
        copy_written(reinterpret_cast<uint64_t>(fresh), b->address, size_kept);
    }
    subject_free(p, pc);
    return fresh;
}

void memory_revive(const block& b) {
    set_state(b.address, b.size, state_usable);
    forget_unwritten(b.address, b.size);
}

size_t subject_block_size(const void* p) {
    const block* b = block_of_or_null(reinterpret_cast<uint64_t>(p));
    return b != nullptr ? b->size : 0;
}

const block* find_block_or_null(uint64_t address) {
    if (!in_heap_area(address)) {
        return nullptr;
    }
    unsigned slot = heap_slot_of(address);
    uint32_t low = 0;
    uint32_t high = memory.count[slot];
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (block_at(slot, middle)->address <= address) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low == 0 ? nullptr : block_at(slot, low - 1);
}

const block* find_block_behind_or_null(uint64_t address) {
    const block* before = find_block_or_null(address);
    if (before == nullptr && !in_heap_area(address)) {
        return nullptr;
    }
    const unsigned slot = heap_slot_of(address);
    const block* next = before != nullptr ? before + 1 : block_at(slot, 0);
    const bool there = next < block_at(slot, memory.count[slot]);
    return there && next->address - address <= redzone_size ? next : nullptr;
}

void check_lifetime_slow(uint64_t offset, uint64_t size, bool write, uint64_t pc) {
    for (uint64_t at = offset; at < offset + size;) {
        const uint64_t end = (at | 7) + 1;
        const uint64_t part = (end < offset + size ? end : offset + size) - at;
        uint8_t state = memory.state[at >> 3];
        const bool unwritten = state < state_freed && (state & state_unwritten) != 0;
        if (state < state_freed) {
            state &= static_cast<uint8_t>(~(state_visible | state_unwritten));
        }
        if (state > state_usable || (at & 7) + part > state) {
            report_bad_access(region_base + at, part, write, pc);
            return;
        }
        if (unwritten && write) {
            mark_written(at, part);
        }
        at = end;
    }
}

void report_bad_access(uint64_t address, uint64_t size, bool write, uint64_t pc) {
    finding f = memory_finding(finding_kind::out_of_bounds, address, pc);
    f.size = static_cast<uint8_t>(size);
    f.write = write;
    const block* b = find_block_or_null(address);
    if (b != nullptr && b->freed && address < b->address + b->size) {
        f.kind = finding_kind::use_after_free;
        f.other_pc = b->freed_pc;
        f.other_context = b->freed_by;
    } else if (!in_heap_area(address)) {
        f.kind = finding_kind::wild_access;
    }
    report(f);
}

}  // namespace sim

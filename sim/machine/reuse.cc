#include "sim/machine/reuse.h"

#include <cstring>

#include "sim/check/journal.h"
#include "sim/check/unwritten.h"
#include "sim/machine/faults.h"
#include "sim/machine/record.h"
#include "sim/machine/spin.h"
#include "sim/machine/visible.h"

namespace sim {

namespace {

journalled_list<uint32_t> freed;  // numbers of blocks

void mark_block(const block& b) {
    const uint64_t granule = (b.address - region_base) >> 3;
    const uint8_t whole = b.freed ? state_freed : state_usable;
    std::memset(memory.state + granule, whole, b.size >> 3);
    if ((b.size & 7) != 0) {
        memory.state[granule + (b.size >> 3)] =
            b.freed ? state_freed : static_cast<uint8_t>(b.size & 7);
    }
}

void put_back(void*, size_t number, const void* before) {
    const unsigned slot = static_cast<unsigned>(number / blocks_max);
    if (number % blocks_max < memory.count[slot]) {
        std::memcpy(&memory.blocks[number], before, sizeof(block));
        mark_block(memory.blocks[number]);
        if (!memory.blocks[number].freed) {
            forget_unwritten(memory.blocks[number].address, memory.blocks[number].size);
        }
    }
}

// The place in the list; its size if there is none.
size_t last_freed(size_t size, size_t align) {
    for (size_t i = freed.size(); i-- > 0;) {
        const block& b = memory.blocks[freed[i]];
        if (b.freed_by == g.current->id && b.size == size && size != 0 &&
            b.address % (align < 16 ? 16 : align) == 0) {
            return i;
        }
    }
    return freed.size();
}

}  // namespace

void reuse_keep(const block& b) {
    host_scope host;
    journal_log(put_back, nullptr, static_cast<size_t>(&b - memory.blocks), &b, sizeof b);
}

void reuse_freed(const block& b) {
    host_scope host;
    freed.push_back(static_cast<uint32_t>(&b - memory.blocks));
}

void* reused_or_null(size_t size, size_t align, uint64_t pc) {
    if (!fault_possible(fault::reused_memory)) {
        return nullptr;
    }
    const size_t at = last_freed(size, align);
    if (at == freed.size() || !fault_chosen(fault::reused_memory, pc)) {
        return nullptr;
    }
    const uint32_t number = freed[at];
    block& b = memory.blocks[number];
    reuse_keep(b);
    {
        host_scope host;
        freed.erase(at);
    }
    note_write(b.address - region_base, b.size);
    b.freed = false;
    b.allocated_pc = pc;
    b.allocated_by = g.current->id;
    b.allocated_step = g.steps;
    b.allocated_stack = record_stack(pc);
    spin_wrote(*g.current);
    mark_block(b);
    if (visible_any) {
        visible_mark_block(number / blocks_max, number % blocks_max, b.address, b.size);
    }
    std::memset(reinterpret_cast<void*>(b.address), fresh_byte, b.size);
    return reinterpret_cast<void*>(b.address);
}

}  // namespace sim

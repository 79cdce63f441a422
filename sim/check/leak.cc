#include "sim/check/leak.h"

#include <vector>

#include "sim/machine/memory.h"
#include "sim/machine/snapshot.h"

namespace sim {

namespace {

// Marks are stamps, so that nothing has to be cleared between executions.
uint32_t mark_stamp = 0;
std::vector<uint32_t> marks[contexts_max];
std::vector<const block*> work;

bool mark(const block* b) {
    auto number = static_cast<uint64_t>(b - memory.blocks);
    std::vector<uint32_t>& m = marks[number / blocks_max];
    uint64_t index = number % blocks_max;
    if (m.size() <= index) {
        m.resize(index + 256, 0);
    }
    if (m[index] == mark_stamp) {
        return false;
    }
    m[index] = mark_stamp;
    return true;
}

bool is_marked(unsigned slot, uint32_t index) {
    return marks[slot].size() > index && marks[slot][index] == mark_stamp;
}

void scan(uint64_t begin, uint64_t end) {
    for (uint64_t at = (begin + 7) & ~7ULL; at + 8 <= end; at += 8) {
        uint64_t value = *reinterpret_cast<const uint64_t*>(at);
        if (!in_heap_area(value)) {
            continue;
        }
        const block* b = find_block_or_null(value);
        // One past the end counts: an iterator may be all that is kept.
        if (b != nullptr && !b->freed && value <= b->address + b->size && mark(b)) {
            work.push_back(b);
        }
    }
}

void scan_roots() {
    for (const module_range& r : memory.data) {
        scan(r.begin, r.end);
    }
    for (unsigned i = 0; i < g.context_count; ++i) {
        const context& c = g.contexts[i];
        if (c.state != context_state::live) {
            continue;
        }
        scan(c.scan_from != 0 ? c.scan_from : reinterpret_cast<uint64_t>(c.position), c.stack_high);
        if (c.tls != 0) {
            const block* b = find_block_or_null(c.tls);
            if (b != nullptr && mark(b)) {
                work.push_back(b);
            }
        }
    }
}

}  // namespace

void check_leaks() {
    // Blocks can be lost only if this execution made some or overwrote a pointer to one.
    const bool whole = snapshot_depth() <= 1;  // since the innermost snapshot
    if (whole && memory.touched_heaps == 0 && !heap_pointer_overwritten()) {
        return;
    }
    host_scope host;
    ++mark_stamp;
    work.clear();
    scan_roots();
    while (!work.empty()) {
        const block* b = work.back();
        work.pop_back();
        scan(b->address, b->address + b->size);
    }
    for (unsigned slot = 0; slot < contexts_max; ++slot) {
        for (uint32_t i = 0; i < memory.count[slot]; ++i) {
            const block* b = block_at(slot, i);
            if (b->freed || is_marked(slot, i) || b->allocated_pc == 0) {
                continue;
            }
            finding f;
            f.kind = finding_kind::leak;
            f.address = b->address;
            f.pc = b->allocated_pc;
            f.size = 0;
            report(f);
        }
    }
}

}  // namespace sim

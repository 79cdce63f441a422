#include "sim/machine/access.h"

#include <cerrno>

#include "sim/check/access_log.h"
#include "sim/check/frames.h"
#include "sim/check/race.h"
#include "sim/machine/fair.h"
#include "sim/machine/module.h"
#include "sim/machine/record.h"
#include "sim/machine/schedule.h"
#include "sim/machine/snapshot.h"
#include "sim/machine/visible.h"

namespace sim {

void access_range(const void* p, uint64_t size, bool write, uint64_t pc) {
    if (size == 0) {
        return;
    }
    uint64_t offset = reinterpret_cast<uint64_t>(p) - region_base;
    if (offset >= region_size || size > region_size - offset) {
        outside_access(p, size, write, pc);
        return;
    }
    if (write && (g.checks & check_undo) != 0) {
        note_write(offset, size);
    }
    if (visible_in(offset, size)) {
        visible_point(offset, size, write, pc);
    }
    if ((g.checks & check_memory) != 0) {
        check_lifetime(offset, size, write, pc);
        check_frame(offset, size, write, pc, reinterpret_cast<uint64_t>(__builtin_dwarf_cfa()));
    }
    if (g.current != nullptr) {
        if ((g.checks & check_written_down) != 0) {
            access_log_add(offset, size, write, pc);
        }
        race_range(offset, size, write, pc);
    }
}

void machine_access(const void* p, uint64_t size, uint64_t pc) {
    uint64_t offset = reinterpret_cast<uint64_t>(p) - region_base;
    note_write(offset, size);
    if ((g.checks & check_memory) != 0) {
        check_lifetime(offset, size, true, pc);
        check_frame(offset, size, true, pc, reinterpret_cast<uint64_t>(__builtin_dwarf_cfa()));
    }
}

void outside_access(const void* p, uint64_t size, bool write, uint64_t pc) {
    if (!write || g.current == nullptr || p == &errno) {
        return;
    }
    if (is_library_data(p, size)) {
        // Inline code changes what a library keeps: std::cout's flags.
        log_outside(reinterpret_cast<uint64_t>(p), size);
        return;
    }
    if ((g.checks & check_memory) == 0) {
        return;
    }
    if (reinterpret_cast<uint64_t>(p) < 65536) {
        return;  // a null pointer: the fault that follows says it better
    }
    finding f;
    f.kind = finding_kind::wild_access;
    f.address = reinterpret_cast<uint64_t>(p);
    f.size = static_cast<uint8_t>(size < 255 ? size : 255);
    f.write = true;
    f.pc = pc;
    report(f);
}

void entry_wants_attention(uint64_t function_pc, uint64_t frame) {
    const context& c = g.current != nullptr ? *g.current : g.host;
    if (depth_of(c) < call_depth_max) {
        entered_function(function_pc, frame);
        fair_blank_below();
        return;
    }
    HEDDLE_ASSERT(g.current != nullptr);
    uint64_t pc = function_pc;
    finding f;
    f.kind = finding_kind::stack_overflow;
    f.pc = pc;
    f.text = "more than 2000 calls deep";
    report(f);
    end_execution(execution_end::fatal);
}

}  // namespace sim

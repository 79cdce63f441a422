// The hooks that a compiler calls for plain accesses under -fsanitize=thread. They come before the
// access, so that a wrong one is reported before it happens.
#include "sim/check/access_log.h"
#include "sim/check/frames.h"
#include "sim/check/race.h"
#include "sim/check/unwritten.h"
#include "sim/machine/access.h"
#include "sim/machine/endless.h"
#include "sim/machine/record.h"
#include "sim/machine/schedule.h"
#include "sim/machine/visible.h"

namespace sim {

namespace {

#define HEDDLE_FRAME reinterpret_cast<uint64_t>(__builtin_dwarf_cfa())
#define HEDDLE_PC reinterpret_cast<uint64_t>(__builtin_return_address(0))

template <unsigned Size, bool Write>
inline __attribute__((always_inline)) void plain_access(void* p, uint64_t pc) {
    uint64_t offset = reinterpret_cast<uint64_t>(p) - region_base;
    if (__builtin_expect(offset >= region_size, 0)) {
        outside_access(p, Size, Write, pc);
        return;
    }
    uint32_t checks = g.checks;
    if (Write && (checks & check_undo) != 0) {
        if (__builtin_expect(memory.line[offset >> line_shift] != g.write_epoch, 0) ||
            (offset & (line_size - 1)) + Size > line_size) {
            note_write(offset, Size);
        }
    }
    if ((checks & (check_memory | check_race)) == 0) {
        return;
    }
    if ((checks & check_memory) != 0 &&
        __builtin_expect(memory.state[offset >> 3] != state_usable, 0)) {
        if (visible_in(offset, Size)) {
            visible_point(offset, Size, Write, pc);
        }
        check_lifetime_slow(offset, Size, Write, pc);
        if (!Write && (checks & check_uninitialised) != 0) {
            check_unwritten(offset, Size, pc);
        }
    }
    if (g.current == nullptr) {
        return;
    }
    if ((checks & check_memory) != 0) {
        check_frame(offset, Size, Write, pc, HEDDLE_FRAME);
    }
    if (__builtin_expect(--g.accesses_left == 0, 0)) {
        endless_access(pc);
    }
    if (__builtin_expect((checks & check_written_down) != 0, 0)) {
        access_log_add(offset, Size, Write, pc);
    }
    if ((checks & check_race) != 0) {
        race_access<Size, Write>(offset, pc);
    }
}

}  // namespace

}  // namespace sim

using sim::plain_access;

extern "C" {

void __tsan_init() {}

#define HEDDLE_PLAIN(size)                       \
    void __tsan_read##size(void* p) {            \
        plain_access<size, false>(p, HEDDLE_PC); \
    }                                            \
    void __tsan_write##size(void* p) {           \
        plain_access<size, true>(p, HEDDLE_PC);  \
    }                                            \
    void __tsan_volatile_read##size(void* p) {   \
        plain_access<size, false>(p, HEDDLE_PC); \
    }                                            \
    void __tsan_volatile_write##size(void* p) {  \
        plain_access<size, true>(p, HEDDLE_PC);  \
    }                                            \
    void __tsan_read_write##size(void* p) {      \
        plain_access<size, true>(p, HEDDLE_PC);  \
    }

HEDDLE_PLAIN(1)
HEDDLE_PLAIN(2)
HEDDLE_PLAIN(4)
HEDDLE_PLAIN(8)

#define HEDDLE_BY_RANGE(name, size)                   \
    void __tsan_##name##read##size(void* p) {         \
        sim::access_range(p, size, false, HEDDLE_PC); \
    }                                                 \
    void __tsan_##name##write##size(void* p) {        \
        sim::access_range(p, size, true, HEDDLE_PC);  \
    }                                                 \
    void __tsan_##name##read_write##size(void* p) {   \
        sim::access_range(p, size, true, HEDDLE_PC);  \
    }

HEDDLE_BY_RANGE(, 16)
HEDDLE_BY_RANGE(volatile_, 16)
HEDDLE_BY_RANGE(unaligned_, 2)
HEDDLE_BY_RANGE(unaligned_, 4)
HEDDLE_BY_RANGE(unaligned_, 8)
HEDDLE_BY_RANGE(unaligned_, 16)
HEDDLE_BY_RANGE(unaligned_volatile_, 2)
HEDDLE_BY_RANGE(unaligned_volatile_, 4)
HEDDLE_BY_RANGE(unaligned_volatile_, 8)
HEDDLE_BY_RANGE(unaligned_volatile_, 16)

void __tsan_read_range(void* p, unsigned long size) {
    sim::access_range(p, size, false, HEDDLE_PC);
}
void __tsan_write_range(void* p, unsigned long size) {
    sim::access_range(p, size, true, HEDDLE_PC);
}

void __tsan_vptr_read(void** p) {
    plain_access<8, false>(p, HEDDLE_PC);
}
// Constructors of a hierarchy store each class's table in turn; storing what is there already
// changes nothing and is no access.
void __tsan_vptr_update(void** p, void* value) {
    if (!sim::in_region(p) || *p != value) {
        plain_access<8, true>(p, HEDDLE_PC);
    }
}

void __tsan_func_entry(void* call_pc) {
    sim::call_frame* f = sim::g.frame_top;
    f->call_pc = reinterpret_cast<uint64_t>(call_pc);
    f->function_pc = HEDDLE_PC;
    sim::g.frame_top = f + 1;
    // A limit of null is passed by everybody: one comparison for both that is rare.
    if (__builtin_expect(f + 1 >= sim::g.frame_limit, 0)) {
        sim::entry_wants_attention(HEDDLE_PC, reinterpret_cast<uint64_t>(__builtin_dwarf_cfa()));
    }
}

void __tsan_func_exit() {
    sim::call_frame* f = --sim::g.frame_top;
    if (__builtin_expect(sim::g.watching_entries, 0)) {
        sim::left_function(f->function_pc);
    }
}

void __tsan_ignore_thread_begin() {}
void __tsan_ignore_thread_end() {}

}  // extern "C"

// The hooks for atomics and fences. Each is a scheduling point; the machine performs the operation.
#include <cstring>

#include "sim/check/race.h"
#include "sim/machine/access.h"
#include "sim/machine/record.h"
#include "sim/machine/schedule.h"

namespace sim {

namespace {

#define HEDDLE_PC reinterpret_cast<uint64_t>(__builtin_return_address(0))
#define HEDDLE_INLINE inline __attribute__((always_inline))

// False: outside an execution, or not the subject's memory: the plain operation is done.
template <typename T>
HEDDLE_INLINE bool atomic_point(op_kind kind, const volatile T* p, int order, uint64_t pc) {
    uint64_t address = reinterpret_cast<uint64_t>(p);
    if (g.current == nullptr || !in_region(address)) {
        if (in_region(address) && (g.checks & check_undo) != 0) {
            note_write(address - region_base, sizeof(T));
        }
        return false;
    }
    context& c = *g.current;
    c.op.kind = kind;
    c.op.size = sizeof(T);
    c.op.order = static_cast<uint8_t>(order & 7);
    c.op.only_read = false;
    c.op.has_values = false;
    c.op.object = address;
    c.op.object2 = 0;
    c.op.pc = pc;
    if (c.section_depth == 0) {
        point(c, true);
    }
    if ((g.checks & check_memory) != 0) {
        check_lifetime(address - region_base, sizeof(T), kind != op_kind::load, pc);
    }
    return true;
}

HEDDLE_INLINE void atomic_wrote(context& c, uint64_t address, uint64_t size) {
    if (g.awaiting != 0) {
        wake_awaits(address, size);
    }
    (void)c;
}

// What the operation met and left, for words of up to 8 bytes.
template <typename T>
HEDDLE_INLINE void tell_values(operation& op, T before, T after) {
    if constexpr (sizeof(T) <= 8) {
        op.has_values = true;
        op.before = static_cast<uint64_t>(before);
        op.after = static_cast<uint64_t>(after);
    }
}

HEDDLE_INLINE void finish(context& c) {
    if (g.keep_operations || g.record != nullptr) {
        operation_done(c);
    }
}

HEDDLE_INLINE void before_write(uint64_t address, uint64_t size) {
    if ((g.checks & check_undo) != 0) {
        note_write(address - region_base, size);
    }
}

template <typename T>
HEDDLE_INLINE T atomic_load(const volatile T* p, int order, uint64_t pc) {
    if (!atomic_point(op_kind::load, p, order, pc)) {
        return *p;
    }
    context& c = *g.current;
    if ((g.checks & check_race) != 0) {
        race_atomic_read(c.op.object - region_base, sizeof(T), c.op.order, pc);
    }
    T value = *p;
    tell_values(c.op, value, value);
    record_value(value);
    finish(c);
    return value;
}

template <typename T>
HEDDLE_INLINE void atomic_store(volatile T* p, T value, int order, uint64_t pc) {
    if (!atomic_point(op_kind::store, p, order, pc)) {
        *p = value;
        return;
    }
    context& c = *g.current;
    uint64_t address = c.op.object;
    if ((g.checks & check_race) != 0) {
        race_atomic_write(address - region_base, sizeof(T), c.op.order, pc);
    }
    before_write(address, sizeof(T));
    tell_values(c.op, *p, value);
    record_change(*p, value);
    *p = value;
    atomic_wrote(c, address, sizeof(T));
    finish(c);
}

// Change: old value -> new value.
template <typename T, typename Change>
HEDDLE_INLINE T atomic_update(volatile T* p, int order, uint64_t pc, Change change) {
    if (!atomic_point(op_kind::rmw, p, order, pc)) {
        T old = *p;
        *p = change(old);
        return old;
    }
    context& c = *g.current;
    uint64_t address = c.op.object;
    if ((g.checks & check_race) != 0) {
        race_atomic_update(address - region_base, sizeof(T), c.op.order, pc);
    }
    before_write(address, sizeof(T));
    T old = *p;
    T value = change(old);
    tell_values(c.op, old, value);
    record_change(old, value);
    *p = value;
    atomic_wrote(c, address, sizeof(T));
    finish(c);
    return old;
}

template <typename T>
HEDDLE_INLINE bool atomic_cas(volatile T* p, T* expected, T desired, int order, int fail_order,
                              uint64_t pc) {
    if (!atomic_point(op_kind::cas, p, order, pc)) {
        T old = *p;
        if (old == *expected) {
            *p = desired;
            return true;
        }
        *expected = old;
        return false;
    }
    context& c = *g.current;
    uint64_t address = c.op.object;
    T old = *p;
    if constexpr (sizeof(T) <= 8) {
        c.op.operand = static_cast<uint64_t>(*expected);
    }
    if (old != *expected) {
        c.op.only_read = true;
        tell_values(c.op, old, old);
        if ((g.checks & check_race) != 0) {
            race_atomic_read(address - region_base, sizeof(T), static_cast<uint8_t>(fail_order & 7),
                             pc);
        }
        record_value(old);
        finish(c);
        *expected = old;
        return false;
    }
    if ((g.checks & check_race) != 0) {
        race_atomic_update(address - region_base, sizeof(T), c.op.order, pc);
    }
    before_write(address, sizeof(T));
    tell_values(c.op, old, desired);
    record_change(old, desired);
    *p = desired;
    atomic_wrote(c, address, sizeof(T));
    finish(c);
    return true;
}

}  // namespace

}  // namespace sim

using namespace sim;

extern "C" {

typedef unsigned char heddle_a8;
typedef unsigned short heddle_a16;
typedef unsigned int heddle_a32;
typedef unsigned long heddle_a64;
__extension__ typedef unsigned __int128 heddle_a128;

#define HEDDLE_ATOMIC(n)                                                                       \
    heddle_a##n __tsan_atomic##n##_load(const volatile heddle_a##n* p, int order) {            \
        return atomic_load(p, order, HEDDLE_PC);                                               \
    }                                                                                          \
    void __tsan_atomic##n##_store(volatile heddle_a##n* p, heddle_a##n v, int order) {         \
        atomic_store(p, v, order, HEDDLE_PC);                                                  \
    }                                                                                          \
    int __tsan_atomic##n##_compare_exchange_strong(volatile heddle_a##n* p, heddle_a##n* e,    \
                                                   heddle_a##n v, int order, int fail_order) { \
        return atomic_cas(p, e, v, order, fail_order, HEDDLE_PC);                              \
    }                                                                                          \
    int __tsan_atomic##n##_compare_exchange_weak(volatile heddle_a##n* p, heddle_a##n* e,      \
                                                 heddle_a##n v, int order, int fail_order) {   \
        return atomic_cas(p, e, v, order, fail_order, HEDDLE_PC);                              \
    }                                                                                          \
    heddle_a##n __tsan_atomic##n##_compare_exchange_val(                                       \
        volatile heddle_a##n* p, heddle_a##n e, heddle_a##n v, int order, int fail_order) {    \
        heddle_a##n seen = e;                                                                  \
        atomic_cas(p, &seen, v, order, fail_order, HEDDLE_PC);                                 \
        return seen;                                                                           \
    }

#define HEDDLE_UPDATE(n, name, expression)                                                     \
    heddle_a##n __tsan_atomic##n##_##name(volatile heddle_a##n* p, heddle_a##n v, int order) { \
        return atomic_update(p, order, HEDDLE_PC, [v](heddle_a##n old) {                       \
            (void)old;                                                                         \
            return static_cast<heddle_a##n>(expression);                                       \
        });                                                                                    \
    }

#define HEDDLE_ALL(n)                    \
    HEDDLE_ATOMIC(n)                     \
    HEDDLE_UPDATE(n, exchange, v)        \
    HEDDLE_UPDATE(n, fetch_add, old + v) \
    HEDDLE_UPDATE(n, fetch_sub, old - v) \
    HEDDLE_UPDATE(n, fetch_and, old& v)  \
    HEDDLE_UPDATE(n, fetch_or, old | v)  \
    HEDDLE_UPDATE(n, fetch_xor, old ^ v) \
    HEDDLE_UPDATE(n, fetch_nand, ~(old & v))

HEDDLE_ALL(8)
HEDDLE_ALL(16)
HEDDLE_ALL(32)
HEDDLE_ALL(64)
HEDDLE_ALL(128)

void __tsan_atomic_thread_fence(int order) {
    if (g.current == nullptr) {
        return;
    }
    // Under sequential consistency a fence orders nothing that is not ordered already, so it is no
    // scheduling point; the race checker uses its order.
    if ((g.checks & check_race) != 0) {
        race_fence(static_cast<uint8_t>(order & 7));
    }
    record_remark("fence", 0, "");
}

void __tsan_atomic_signal_fence(int) {}

}  // extern "C"

// The hooks for atomics and fences. Each is a scheduling point; the machine performs the operation.
#include <cstring>

#include "sim/check/checker.h"
#include "sim/check/frames.h"
#include "sim/check/race.h"
#include "sim/dependence.h"
#include "sim/machine/access.h"
#include "sim/machine/record.h"
#include "sim/machine/schedule.h"
#include "sim/machine/spin.h"
#include "sim/machine/updates.h"
#include "sim/memory/weakened.h"
#include "sim/memory/words.h"

namespace sim {

namespace {

#define HEDDLE_PC reinterpret_cast<uint64_t>(__builtin_return_address(0))
#define HEDDLE_INLINE inline __attribute__((always_inline))

// Where a hook was called from. `registers` are given if the arrival is to be looked at (spin.h), with the
// arguments that the operation has.
struct call_site {
    uint64_t pc;
    const uint64_t* registers = nullptr;
    uint64_t argument1 = 0;
    uint64_t argument2 = 0;
};

// False: outside an execution, or not the subject's memory: the plain operation is done.
template <typename T>
HEDDLE_INLINE bool atomic_point(op_kind kind, const volatile T* p, int order,
                                const call_site& from) {
    uint64_t address = reinterpret_cast<uint64_t>(p);
    if (g.current == nullptr || !in_region(address)) {
        if (in_region(address) && (g.checks & check_undo) != 0) {
            note_write(address - region_base, sizeof(T));
        }
        return false;
    }
    context& c = *g.current;
    if (__builtin_expect(orders_matter, 0)) {
        fence_before_access(c, from.pc);
    }
    c.op.kind = kind;
    c.op.size = sizeof(T);
    c.op.order = static_cast<uint8_t>(order & 7);
    c.op.only_read = false;
    c.op.has_values = false;
    c.op.object = address;
    c.op.object2 = 0;
    c.op.pc = from.pc;
    if (from.registers != nullptr) {
        if (spin_arrived(c, from.registers, from.argument1, from.argument2)) {
            if (c.section_depth == 0) {
                point(c, true);
            }
        } else {
            point(c, false);
            spin_goes_on(c);
        }
    } else if (c.section_depth == 0) {
        point(c, true);
    }
    if ((g.checks & check_memory) != 0) {
        check_lifetime(address - region_base, sizeof(T), kind != op_kind::load, from.pc);
        check_frame(address - region_base, sizeof(T), kind != op_kind::load, from.pc,
                    reinterpret_cast<uint64_t>(__builtin_dwarf_cfa()));
    }
    return true;
}

HEDDLE_INLINE void atomic_wrote(context& c, uint64_t address, uint64_t size) {
    spin_wrote(c);
    if (g.awaiting != 0) {
        wake_awaits(address, size);
    }
}

template <typename T>
HEDDLE_INLINE void atomic_only_read(context& c, uint64_t address, T value) {
    if constexpr (sizeof(T) <= 8) {
        if (__builtin_expect(g.spin_kept, 0)) {
            spin_has_read(c, address, sizeof(T), static_cast<uint64_t>(value));
        }
    } else {
        spin_wrote(c);
    }
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

// What a read takes is to be chosen. A section is one operation: it sees what was written last.
template <typename T>
HEDDLE_INLINE bool chosen_by_graph(const context& c) {
    return sizeof(T) <= 8 && by_graph() && c.section_depth == 0;
}

template <typename T>
HEDDLE_INLINE T atomic_load(const volatile T* p, int order, const call_site& from) {
    if (!atomic_point(op_kind::load, p, order, from)) {
        return *p;
    }
    context& c = *g.current;
    T value;
    if (chosen_by_graph<T>(c)) {
        value = static_cast<T>(graph_load(c, sizeof(T), c.op.order, from.pc));
    } else {
        if ((g.checks & check_race) != 0) {
            race_atomic_read(c.op.object - region_base, sizeof(T), c.op.order, from.pc);
        }
        value = *p;
    }
    atomic_only_read(c, c.op.object, value);
    tell_values(c.op, value, value);
    record_value(value);
    finish(c);
    return value;
}

template <typename T>
HEDDLE_INLINE void atomic_store(volatile T* p, T value, int order, uint64_t pc) {
    if (!atomic_point(op_kind::store, p, order, {pc})) {
        *p = value;
        return;
    }
    context& c = *g.current;
    uint64_t address = c.op.object;
    tell_values(c.op, *p, value);
    record_change(*p, value);
    if (chosen_by_graph<T>(c)) {
        graph_store(c, sizeof(T), c.op.order, static_cast<uint64_t>(value), pc);
    } else {
        if ((g.checks & check_race) != 0) {
            race_atomic_write(address - region_base, sizeof(T), c.op.order, pc);
        }
        before_write(address, sizeof(T));
        *p = value;
    }
    atomic_wrote(c, address, sizeof(T));
    finish(c);
}

// What the subject has announced of its next update of the word. `alike` is update_plain or what the
// update commutes with if nobody looks at its result.
HEDDLE_INLINE void say_meaning(const volatile void* p, update_meaning alike) {
    context* c = g.current;
    if (c == nullptr) {
        return;
    }
    c->op.aux = update_plain;
    if (c->announced != 0 && c->announced == reinterpret_cast<uint64_t>(p)) {
        c->op.aux = c->announced_as == update_adds ? alike : c->announced_as;
        c->announced = 0;
    }
}

// Who does not look at the result learns nothing from it either, in whatever order they come.
HEDDLE_INLINE uint8_t order_known(const operation& op, bool zero) {
    const bool blind = op.aux != update_plain && !(op.aux == update_put && zero);
    return blind && dependence == dependence_mode::refined ? without_acquire(op.order) : op.order;
}

// Another result that must do as well, if what was announced is true.
template <typename T>
HEDDLE_INLINE T result_of(const operation& op, T old) {
    if (!g.wrong_results || op.aux == update_plain) {
        return old;
    }
    if (op.aux == update_put && old <= 1) {
        return old;
    }
    return static_cast<T>(old ^ (old < 4 ? 4 : 2));
}

// Change: old value -> new value.
template <typename T, typename Change>
HEDDLE_INLINE T atomic_update(volatile T* p, int order, const call_site& from, update_meaning alike,
                              Change change) {
    say_meaning(p, alike);
    if (!atomic_point(op_kind::rmw, p, order, from)) {
        T old = *p;
        *p = change(old);
        return old;
    }
    context& c = *g.current;
    uint64_t address = c.op.object;
    if (chosen_by_graph<T>(c)) {
        return update_by_graph<T>(c, from.pc, change);
    }
    T old = *p;
    T value = change(old);
    if ((g.checks & check_race) != 0) {
        race_atomic_update(address - region_base, sizeof(T), order_known(c.op, value == 0),
                           from.pc);
    }
    tell_values(c.op, old, value);
    record_change(old, value);
    if (old == value) {
        atomic_only_read(c, address, old);
    } else {
        before_write(address, sizeof(T));
        *p = value;
        atomic_wrote(c, address, sizeof(T));
    }
    if (c.op.aux == update_take || c.op.aux == update_put) {
        const reference_event e{address, c.announced_object, static_cast<uint64_t>(old), from.pc};
        tell_checkers(c.op.aux == update_take ? &checker::took : &checker::put, c, e);
    }
    finish(c);
    return result_of(c.op, old);
}

template <typename T, typename Change>
T update_by_graph(context& c, uint64_t pc, Change change) {
    const graph_update u = graph_update_takes(c, sizeof(T), c.op.order, pc);
    const T old = static_cast<T>(u.taken);
    const T value = change(old);
    graph_update_leaves(c, u, static_cast<uint64_t>(value));
    tell_values(c.op, old, value);
    record_change(old, value);
    if (old == value) {
        atomic_only_read(c, c.op.object, old);
    } else {
        atomic_wrote(c, c.op.object, sizeof(T));
    }
    if (c.op.aux == update_take || c.op.aux == update_put) {
        const reference_event e{c.op.object, c.announced_object, u.taken, pc};
        tell_checkers(c.op.aux == update_take ? &checker::took : &checker::put, c, e);
    }
    finish(c);
    return old;
}

inline bool in_stack_of(const context& c, const void* p) {
    const uint64_t address = reinterpret_cast<uint64_t>(p);
    return in_stack_area(address) && stack_slot_of(address) == c.id;
}

template <typename T>
HEDDLE_INLINE bool atomic_cas(volatile T* p, T* expected, T desired, int order, int fail_order,
                              const call_site& from) {
    if (!atomic_point(op_kind::cas, p, order, from)) {
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
    graph_update u;
    const bool by_choice = chosen_by_graph<T>(c);
    if (by_choice) {
        u = graph_cas_takes(c, sizeof(T), static_cast<uint64_t>(*expected), c.op.order,
                            static_cast<uint8_t>(fail_order & 7), from.pc);
    }
    T old = by_choice ? static_cast<T>(u.taken) : *p;
    if constexpr (sizeof(T) <= 8) {
        c.op.operand = static_cast<uint64_t>(*expected);
    }
    if (old != *expected) {
        c.op.only_read = true;
        tell_values(c.op, old, old);
        if ((g.checks & check_race) != 0 && !by_choice) {
            race_atomic_read(address - region_base, sizeof(T), static_cast<uint8_t>(fail_order & 7),
                             from.pc);
        }
        record_value(old);
        if (in_region(expected) && !in_stack_of(c, expected)) {
            before_write(reinterpret_cast<uint64_t>(expected), sizeof(T));
            spin_wrote(c);
        } else {
            atomic_only_read(c, address, old);
        }
        finish(c);
        *expected = old;
        return false;
    }
    tell_values(c.op, old, desired);
    record_change(old, desired);
    if (by_choice) {
        graph_update_leaves(c, u, static_cast<uint64_t>(desired));
    } else {
        if ((g.checks & check_race) != 0) {
            race_atomic_update(address - region_base, sizeof(T), c.op.order, from.pc);
        }
        before_write(address, sizeof(T));
        *p = desired;
    }
    atomic_wrote(c, address, sizeof(T));
    finish(c);
    return true;
}

// Arrivals that are to be looked at (spin.h). A hook leaves for one of these by a jump, with its arguments
// as they were, so that registers and stack are still those of the subject.
template <typename Result>
using looked_at = Result (*)(uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, const uint64_t*);

struct blank_below {
    ~blank_below() { spin_blank_below(); }
};

template <typename T>
T load_looked_at(uint64_t p, uint64_t order, uint64_t, uint64_t, uint64_t, const uint64_t* r) {
    const blank_below at_end;
    return atomic_load(reinterpret_cast<const volatile T*>(p), static_cast<int>(order),
                       {r[spin_return_address], r});
}

template <typename T>
int cas_looked_at(uint64_t p, uint64_t expected, uint64_t desired, uint64_t order,
                  uint64_t fail_order, const uint64_t* r) {
    const blank_below at_end;
    auto* e = reinterpret_cast<T*>(expected);
    const T v = static_cast<T>(desired);
    return atomic_cas(reinterpret_cast<volatile T*>(p), e, v, static_cast<int>(order),
                      static_cast<int>(fail_order), {r[spin_return_address], r, *e, v});
}

template <typename T>
T cas_val_looked_at(uint64_t p, uint64_t expected, uint64_t desired, uint64_t order,
                    uint64_t fail_order, const uint64_t* r) {
    const blank_below at_end;
    T e = static_cast<T>(expected);
    const T v = static_cast<T>(desired);
    atomic_cas(reinterpret_cast<volatile T*>(p), &e, v, static_cast<int>(order),
               static_cast<int>(fail_order), {r[spin_return_address], r, e, v});
    return e;
}

template <typename T, typename Operation>
T update_looked_at(uint64_t p, uint64_t operand, uint64_t order, uint64_t, uint64_t,
                   const uint64_t* r) {
    const blank_below at_end;
    const T v = static_cast<T>(operand);
    return atomic_update(reinterpret_cast<volatile T*>(p), static_cast<int>(order),
                         {r[spin_return_address], r, v}, Operation::alike,
                         [v](T old) { return Operation::apply(old, v); });
}

template <typename Result>
HEDDLE_INLINE Result look_at(looked_at<Result> then, uint64_t a, uint64_t b, uint64_t c = 0,
                             uint64_t d = 0, uint64_t e = 0) {
    using entry = Result (*)(uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, looked_at<Result>);
    return reinterpret_cast<entry>(heddle_spin_entry)(a, b, c, d, e, then);
}

HEDDLE_INLINE uint64_t word(const volatile void* p) {
    return reinterpret_cast<uint64_t>(p);
}

template <typename T>
HEDDLE_INLINE bool must_look_at(const volatile T* p, uint64_t pc) {
    return sizeof(T) <= 8 && __builtin_expect(spin_suspects(p, pc), 0);
}

template <typename T>
HEDDLE_INLINE T load_hook(const volatile T* p, int order, uint64_t pc) {
    if constexpr (sizeof(T) <= 8) {
        if (must_look_at(p, pc)) {
            return look_at<T>(load_looked_at<T>, word(p), static_cast<uint64_t>(order));
        }
    }
    return atomic_load(p, order, {pc});
}

template <typename T>
HEDDLE_INLINE int cas_hook(volatile T* p, T* e, T v, int order, int fail_order, uint64_t pc) {
    if constexpr (sizeof(T) <= 8) {
        if (must_look_at(p, pc)) {
            return look_at<int>(cas_looked_at<T>, word(p), word(e), v, static_cast<uint64_t>(order),
                                static_cast<uint64_t>(fail_order));
        }
    }
    return atomic_cas(p, e, v, order, fail_order, {pc});
}

template <typename T>
HEDDLE_INLINE T cas_val_hook(volatile T* p, T e, T v, int order, int fail_order, uint64_t pc) {
    if constexpr (sizeof(T) <= 8) {
        if (must_look_at(p, pc)) {
            return look_at<T>(cas_val_looked_at<T>, word(p), e, v, static_cast<uint64_t>(order),
                              static_cast<uint64_t>(fail_order));
        }
    }
    T seen = e;
    atomic_cas(p, &seen, v, order, fail_order, {pc});
    return seen;
}

template <typename T, typename Operation>
HEDDLE_INLINE T update_hook(volatile T* p, T v, int order, uint64_t pc) {
    if constexpr (sizeof(T) <= 8) {
        if (must_look_at(p, pc)) {
            return look_at<T>(update_looked_at<T, Operation>, word(p), v,
                              static_cast<uint64_t>(order));
        }
    }
    return atomic_update(p, order, {pc}, Operation::alike,
                         [v](T old) { return Operation::apply(old, v); });
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
        return load_hook(p, order, HEDDLE_PC);                                                 \
    }                                                                                          \
    void __tsan_atomic##n##_store(volatile heddle_a##n* p, heddle_a##n v, int order) {         \
        atomic_store(p, v, order, HEDDLE_PC);                                                  \
    }                                                                                          \
    int __tsan_atomic##n##_compare_exchange_strong(volatile heddle_a##n* p, heddle_a##n* e,    \
                                                   heddle_a##n v, int order, int fail_order) { \
        return cas_hook(p, e, v, order, fail_order, HEDDLE_PC);                                \
    }                                                                                          \
    int __tsan_atomic##n##_compare_exchange_weak(volatile heddle_a##n* p, heddle_a##n* e,      \
                                                 heddle_a##n v, int order, int fail_order) {   \
        return cas_hook(p, e, v, order, fail_order, HEDDLE_PC);                                \
    }                                                                                          \
    heddle_a##n __tsan_atomic##n##_compare_exchange_val(                                       \
        volatile heddle_a##n* p, heddle_a##n e, heddle_a##n v, int order, int fail_order) {    \
        return cas_val_hook(p, e, v, order, fail_order, HEDDLE_PC);                            \
    }

#define HEDDLE_UPDATE(n, name)                                                                 \
    heddle_a##n __tsan_atomic##n##_##name(volatile heddle_a##n* p, heddle_a##n v, int order) { \
        return update_hook<heddle_a##n, operation_##name>(p, v, order, HEDDLE_PC);             \
    }

#define HEDDLE_ALL(n)           \
    HEDDLE_ATOMIC(n)            \
    HEDDLE_UPDATE(n, exchange)  \
    HEDDLE_UPDATE(n, fetch_add) \
    HEDDLE_UPDATE(n, fetch_sub) \
    HEDDLE_UPDATE(n, fetch_and) \
    HEDDLE_UPDATE(n, fetch_or)  \
    HEDDLE_UPDATE(n, fetch_xor) \
    HEDDLE_UPDATE(n, fetch_nand)

HEDDLE_ALL(8)
HEDDLE_ALL(16)
HEDDLE_ALL(32)
HEDDLE_ALL(64)
HEDDLE_ALL(128)

}  // extern "C"

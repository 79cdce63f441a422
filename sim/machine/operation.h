// operation.h - what a context is about to do at a scheduling point.
// Source:  design: every call of a primitive is one operation on one object.
// Shapes:  `object` is the address of the object: stable by construction (layout.h), so it is the id
//          that exploration compares. Orders are those of <atomic> (0 relaxed .. 5 seq_cst).
// Locks:   none; plain values.
// Errors:  none.
#pragma once

#include <cstdint>

namespace sim {

enum class op_kind : uint8_t {
    none,
    load,
    store,
    rmw,
    cas,
    fence,
    lock,
    trylock,
    unlock,
    rdlock,
    tryrdlock,
    wrlock,
    trywrlock,
    rwunlock,
    cond_enqueue,
    cond_resume,
    signal,
    broadcast,
    sem_wait,
    sem_trywait,
    sem_post,
    barrier_arrive,
    barrier_resume,
    once,
    once_finish,
    futex_wait,
    futex_resume,
    futex_wake,
    await,
    sleep,
    yield,
    choose,
    section,
    point,
    join,
    thread_exit,
    process_exit,
    dispatch,  // takes the CPU, and that is all
    give_up,
    interrupt,  // begins
    interrupt_end,
    raise_level,
    lower_level,
    count_
};

const char* name_of(op_kind kind);

struct operation {
    op_kind kind = op_kind::none;
    uint8_t order = 5;  // plain_order: no atomic, but an access to a location that races
    // After it was performed: the operation only read (a failed compare-and-swap, try-lock, futex
    // wait that found another value). Until then false.
    bool only_read = false;
    bool has_values = false;  // `before` and `after` are known
    uint32_t size = 0;        // bytes, 0: the object as a whole
    uint32_t aux = 0;  // choose: alternatives; await: comparison; futex: count; rmw: update_meaning
    // A take or put that only its own order with zero matters for (counters.h).
    bool commutes : 1 = false;
    // Of contexts that share a CPU (cpus.h).
    bool tries : 1 = false;      // has the CPU, and only reads if it is not possible
    bool takes_cpu : 1 = false;  // waits for its CPU, too, and takes it
    bool on_cpu : 1 = false;  // interrupts may come to its CPU (interrupts.h): waits for their ends
    uint8_t cpu = 0;          // number + 1 of the one that it takes, gives up, or is on
    uint8_t level_from = 0;   // on_cpu: the level that its context raises the CPU to, before
    uint8_t level_to = 0;     // and after
    uint64_t object = 0;      // address
    uint64_t object2 = 0;     // the mutex of a condition wait
    // await: what it compares with; compare-and-swap: what it expects; of interrupts: the level of its context
    uint64_t operand = 0;
    uint64_t pc = 0;      // return address into the subject
    uint64_t before = 0;  // after it was performed: the word it met, or the state of the lock
    uint64_t after = 0;   // and the word it left
};

inline constexpr uint8_t plain_order = 6;

// Values of aux.
// What the subject says of a read-modify-write (annotate.h). Of a reference counter it looks only at
// whether it is zero; of the others nobody looks at the result, so that they commute with their like.
enum update_meaning : uint32_t {
    update_plain,
    update_take,
    update_put,
    update_adds,
    update_ors,
    update_ands,
    update_xors,
};
inline constexpr uint32_t wrlock_announces = 1;  // never waits: takes the lock or gets in line
inline constexpr uint32_t rwunlock_of_reader = 1;

}  // namespace sim

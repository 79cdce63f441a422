// annotate.h - the few words a subject may say to the machine beneath it; C and C++.
// Source:  design: names, awaits, sections, windows, invariants. Nothing here is needed to be explored.
// Shapes:  HEDDLE_SUBJECT is defined by `heddle cc`. Without it each word is the plain code or nothing.
// Locks:   none of these takes a lock; heddle_await_* may sleep, the others may be used anywhere.
// Errors:  none.
#ifndef HEDDLE_ANNOTATE_H
#define HEDDLE_ANNOTATE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// How an await compares what it reads with its operand. HEDDLE_QUIESCENT is for counters that are odd
// while their owner is inside something: the word is even, or was seen to change. It takes no operand.
enum heddle_compare {
    HEDDLE_EQUAL = 0,
    HEDDLE_NOT_EQUAL = 1,
    HEDDLE_LESS = 2,
    HEDDLE_GREATER = 3,
    HEDDLE_QUIESCENT = 4
};

#ifdef HEDDLE_SUBJECT

// Names memory for reports: "ifnet em1". The text is copied; the name ends when the memory is freed.
void heddle_name(const void* object, const char* name);
// A change of state worth a line beside the interleaving: heddle_state(ifp, "LIVE -> DYING").
void heddle_state(const void* object, const char* change);
// A remark in the trace; part of no schedule.
void heddle_note(const char* text);
// Names the calling context, and says that it serves others: blocked at the end is fine.
void heddle_context(const char* name, int service);
// Binds the calling context to a CPU. Contexts of one CPU do not preempt each other.
void heddle_cpu(unsigned cpu);
// A nondeterministic choice below n, made by the explorer.
unsigned heddle_choose(unsigned n);
// Sleeps until the 32 or 64 bit word compares as asked; reads it with acquire order. One operation,
// which the explorer lets happen only when it holds. `reason` is what a blocked context shows.
void heddle_await_u32(const void* word, enum heddle_compare how, uint32_t operand,
                      const char* reason);
void heddle_await_u64(const void* word, enum heddle_compare how, uint64_t operand,
                      const char* reason);
// Everything between begin and end is one operation on `object` (a timer wheel, a pool). The code
// in between must not block; reports list the sections that were used.
void heddle_section_begin(const void* object, const char* name);
void heddle_section_end(const void* object);
// A gap in which a lock is deliberately not held; a point that schedules can name.
void heddle_window(const char* name);
// The caller's next atomic update of the counter takes or puts a reference to the object: adds or
// subtracts one, and nothing of its result is looked at but whether that was the last. Takes and puts
// commute unless one reaches or leaves zero; only who reaches zero knows of what the others did before.
void heddle_take(const void* counter, const void* object);
void heddle_put(const void* counter, const void* object);
// Nobody looks at the result of the caller's next atomic update of the word (a statistic, a flag set):
// additions commute, and so do or, and, exclusive or, each with its like.
void heddle_unused_result(const void* word);
// Evaluated alone when an execution is over; false is a finding with this name.
void heddle_invariant(const char* name, int (*holds)(void*), void* argument);
// A check failed; ends the execution as a finding.
void heddle_fail(const char* message);

#else

static inline void heddle_name(const void* object, const char* name) {
    (void)object;
    (void)name;
}
static inline void heddle_state(const void* object, const char* change) {
    (void)object;
    (void)change;
}
static inline void heddle_note(const char* text) {
    (void)text;
}
static inline void heddle_context(const char* name, int service) {
    (void)name;
    (void)service;
}
static inline void heddle_cpu(unsigned cpu) {
    (void)cpu;
}
static inline unsigned heddle_choose(unsigned n) {
    (void)n;
    return 0;
}
static inline int heddle_holds_(uint64_t value, enum heddle_compare how, uint64_t operand) {
    switch (how) {
        case HEDDLE_EQUAL:
            return value == operand;
        case HEDDLE_NOT_EQUAL:
            return value != operand;
        case HEDDLE_LESS:
            return value < operand;
        case HEDDLE_GREATER:
            return value > operand;
        case HEDDLE_QUIESCENT:
            return value % 2 == 0;
    }
    return 0;
}
int sched_yield(void)
#ifdef __cplusplus
    noexcept
#endif
    ;
static inline void heddle_await_u32(const void* word, enum heddle_compare how, uint32_t operand,
                                    const char* reason) {
    (void)reason;
    const uint32_t first = __atomic_load_n((const uint32_t*)word, __ATOMIC_SEQ_CST);
    uint32_t now = first;
    while (!heddle_holds_(now, how, operand) && (how != HEDDLE_QUIESCENT || now == first)) {
        sched_yield();
        now = __atomic_load_n((const uint32_t*)word, __ATOMIC_ACQUIRE);
    }
}
static inline void heddle_await_u64(const void* word, enum heddle_compare how, uint64_t operand,
                                    const char* reason) {
    (void)reason;
    const uint64_t first = __atomic_load_n((const uint64_t*)word, __ATOMIC_SEQ_CST);
    uint64_t now = first;
    while (!heddle_holds_(now, how, operand) && (how != HEDDLE_QUIESCENT || now == first)) {
        sched_yield();
        now = __atomic_load_n((const uint64_t*)word, __ATOMIC_ACQUIRE);
    }
}
static inline void heddle_section_begin(const void* object, const char* name) {
    (void)object;
    (void)name;
}
static inline void heddle_section_end(const void* object) {
    (void)object;
}
static inline void heddle_window(const char* name) {
    (void)name;
}
static inline void heddle_take(const void* counter, const void* object) {
    (void)counter;
    (void)object;
}
static inline void heddle_put(const void* counter, const void* object) {
    (void)counter;
    (void)object;
}
static inline void heddle_unused_result(const void* word) {
    (void)word;
}
static inline void heddle_invariant(const char* name, int (*holds)(void*), void* argument) {
    (void)name;
    (void)holds;
    (void)argument;
}
static inline void heddle_fail(const char* message) {
    (void)message;
    __builtin_trap();
}

#endif

#ifdef __cplusplus
}
#endif

#endif

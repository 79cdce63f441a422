// annotate.h - the few words a subject may say to the machine beneath it; C and C++.
// Source:  design: names, awaits, sections, windows, invariants, rules. Nothing here is needed to be explored.
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

// Where one may not sleep, or not wait for a queue: what heddle_enter enters.
enum heddle_region {
    HEDDLE_MUTEX = 0,      // a mutex that must not be held across a sleep
    HEDDLE_INTERRUPT = 1,  // an interrupt handler
    HEDDLE_CALLBACK = 2  // a function that a queue calls; it may sleep, but not wait for that queue
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
// The calling context is an interrupt of that CPU from now on: this begins at any moment between two
// operations of who runs there, while the CPU's level is below this one's (1 to 7). Until it has ended
// nobody else runs there, but interrupts of a higher level. Interrupts do not sleep.
void heddle_interrupt(unsigned cpu, unsigned level);
// Raises the level of the caller's CPU to `level` (0 to 7) for as long as the caller has that CPU:
// interrupts of at most that level wait. The answer is what it was, for heddle_restore_level. It is
// never lowered by this.
unsigned heddle_raise_level(unsigned level);
void heddle_restore_level(unsigned level);
// A nondeterministic choice below n, made by the explorer.
unsigned heddle_choose(unsigned n);
// Sleeps until the 32 or 64 bit word compares as asked; reads it with seq_cst order. One operation,
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
// Locks of one class are taken in one order. Without it the class is the name of the lock's object without its
// numbers, or where it was allocated.
void heddle_lock_class(const void* lock, const char* class_name);
// The caller is in a region of this kind until it leaves it; regions nest. The object is the mutex or the queue,
// null for an interrupt.
void heddle_enter(enum heddle_region kind, const void* object, const char* name);
void heddle_leave(enum heddle_region kind, const void* object);
// What comes now may sleep, whether or not it does this time.
void heddle_may_sleep(const char* what);
// A read section of safe memory reclamation: who waits for the domain's grace period waits for it. `reader` is
// the word by which the section is seen, or the context's own part of the domain; said right after that word was
// written. Only the outermost section is told; nobody sleeps in it.
void heddle_read_enter(const void* domain, const void* reader, const char* name);
void heddle_read_leave(const void* domain, const void* reader);
// The caller begins to wait for the read sections of the domain; not from inside one.
void heddle_grace_wait(const void* domain);
// That wait has seen, right now, that this reader has left the section that it was in.
void heddle_quiescent(const void* domain, const void* reader);
// Readers of the domain that come from now on no longer find the object: it is to be freed when all that are
// inside have left.
void heddle_unlinked(const void* object, const void* domain);
// The caller waits until the queue has called all that is in it; not from a function that it calls.
void heddle_barrier(const void* queue);
// There are only so many slots (hazard pointers of a CPU); each is in use from slot_use to slot_release. `object`
// tells one use from another.
void heddle_slots(const void* slots, unsigned count, const char* name);
void heddle_slot_use(const void* slots, const void* object);
void heddle_slot_release(const void* slots, const void* object);
// Evaluated alone when an execution is over; false is a finding with this name.
void heddle_invariant(const char* name, int (*holds)(void*), void* argument);
// Evaluated whenever the lock is given up by who held it exclusively: `holds` reads what the lock guards, and
// nothing else. False is a finding at that release.
void heddle_invariant_of(const void* lock, const char* name, int (*holds)(void*), void* argument);
// Evaluated here, as one operation that reads these bytes: `holds` looks at nothing else.
void heddle_invariant_now(const void* object, uint64_t size, const char* name, int (*holds)(void*),
                          void* argument);
// The caller's next await is for a wake-up of this channel; and all who wait for a channel were woken, so many. Who
// waits for a wake-up that came too early is told when it came. To be said beside the operation on the channel that
// puts the caller among those who wait, or wakes them.
void heddle_waits_on(const void* channel);
void heddle_woke(const void* channel, unsigned waiters);
// The next wait of the calling service has a time limit for the sake of something that comes again and again and that
// nobody waits for: time does not pass to its end unless others wait for later, or are there already.
void heddle_housekeeping(void);
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
static inline void heddle_interrupt(unsigned cpu, unsigned level) {
    (void)cpu;
    (void)level;
}
static inline unsigned heddle_raise_level(unsigned level) {
    (void)level;
    return 0;
}
static inline void heddle_restore_level(unsigned level) {
    (void)level;
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
        now = __atomic_load_n((const uint32_t*)word, __ATOMIC_SEQ_CST);
    }
}
static inline void heddle_await_u64(const void* word, enum heddle_compare how, uint64_t operand,
                                    const char* reason) {
    (void)reason;
    const uint64_t first = __atomic_load_n((const uint64_t*)word, __ATOMIC_SEQ_CST);
    uint64_t now = first;
    while (!heddle_holds_(now, how, operand) && (how != HEDDLE_QUIESCENT || now == first)) {
        sched_yield();
        now = __atomic_load_n((const uint64_t*)word, __ATOMIC_SEQ_CST);
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
static inline void heddle_lock_class(const void* lock, const char* class_name) {
    (void)lock;
    (void)class_name;
}
static inline void heddle_enter(enum heddle_region kind, const void* object, const char* name) {
    (void)kind;
    (void)object;
    (void)name;
}
static inline void heddle_leave(enum heddle_region kind, const void* object) {
    (void)kind;
    (void)object;
}
static inline void heddle_may_sleep(const char* what) {
    (void)what;
}
static inline void heddle_read_enter(const void* domain, const void* reader, const char* name) {
    (void)domain;
    (void)reader;
    (void)name;
}
static inline void heddle_read_leave(const void* domain, const void* reader) {
    (void)domain;
    (void)reader;
}
static inline void heddle_grace_wait(const void* domain) {
    (void)domain;
}
static inline void heddle_quiescent(const void* domain, const void* reader) {
    (void)domain;
    (void)reader;
}
static inline void heddle_unlinked(const void* object, const void* domain) {
    (void)object;
    (void)domain;
}
static inline void heddle_barrier(const void* queue) {
    (void)queue;
}
static inline void heddle_slots(const void* slots, unsigned count, const char* name) {
    (void)slots;
    (void)count;
    (void)name;
}
static inline void heddle_slot_use(const void* slots, const void* object) {
    (void)slots;
    (void)object;
}
static inline void heddle_slot_release(const void* slots, const void* object) {
    (void)slots;
    (void)object;
}
static inline void heddle_invariant(const char* name, int (*holds)(void*), void* argument) {
    (void)name;
    (void)holds;
    (void)argument;
}
static inline void heddle_invariant_of(const void* lock, const char* name, int (*holds)(void*),
                                       void* argument) {
    (void)lock;
    (void)name;
    (void)holds;
    (void)argument;
}
static inline void heddle_invariant_now(const void* object, uint64_t size, const char* name,
                                        int (*holds)(void*), void* argument) {
    (void)object;
    (void)size;
    (void)name;
    (void)holds;
    (void)argument;
}
static inline void heddle_waits_on(const void* channel) {
    (void)channel;
}
static inline void heddle_woke(const void* channel, unsigned waiters) {
    (void)channel;
    (void)waiters;
}
static inline void heddle_housekeeping(void) {}
static inline void heddle_fail(const char* message) {
    (void)message;
    __builtin_trap();
}

#endif

#ifdef __cplusplus
}
#endif

#endif

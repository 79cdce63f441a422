// Synchronisation that lives in one word, where there is no room for a mask of waiters: once, the
// guards of static locals, spin locks, futexes. Who waits is found by looking at what contexts pend on.
#include <linux/futex.h>
#include <sys/syscall.h>

#include <cerrno>
#include <climits>
#include <cstdarg>
#include <ctime>

#include "sim/check/checker.h"
#include "sim/check/invariant.h"
#include "sim/check/liveness.h"
#include "sim/check/race.h"
#include "sim/machine/access.h"
#include "sim/machine/clock.h"
#include "sim/machine/cpus.h"
#include "sim/machine/faults.h"
#include "sim/machine/interpose.h"
#include "sim/machine/locks.h"
#include "sim/machine/system_calls.h"

// call_once keeps its closure in these two words of libstdc++, which are one per OS thread.
namespace std {
extern __thread void* __once_callable;
extern __thread void (*__once_call)();
}  // namespace std

namespace sim {

namespace {

// Contexts other than the current one whose pending operation is `kind` on `object`.
uint64_t pending_on(op_kind kind, uint64_t object) {
    uint64_t mask = 0;
    for (uint64_t rest = g.live; rest != 0; rest &= rest - 1) {
        const context& c = g.contexts[__builtin_ctzll(rest)];
        const operation& op = awaited_by(c);
        if (&c != g.current && op.kind == kind && op.object == object) {
            mask |= c.bit;
        }
    }
    return mask;
}

constexpr int once_running = 1;
constexpr int once_done = 2;  // the value that glibc uses, for code that ran in set-up

// A guard is 8 bytes: the first is what compiled code tests, the second says that somebody is inside.
struct guard_state {
    uint8_t done;
    uint8_t running;
};

// Those who waited may go on: they see it done, or try themselves.
void once_finish(int* control, int value, uint64_t pc) {
    context& c = *g.current;
    begin_operation(op_kind::once_finish, address_of(control), pc);
    machine_access(control, sizeof *control, pc);
    c.op.before = once_running;
    *control = value;
    race_release(address_of(control));
    g.enabled |= pending_on(op_kind::once, address_of(control));
    operation_done(c);
}

int run_once(int* control, void (*routine)(), uint64_t pc) {
    context& c = *g.current;
    void* callable = std::__once_callable;
    void (*call)() = std::__once_call;
    begin_operation(op_kind::once, address_of(control), pc, *control != once_running);
    machine_access(control, sizeof *control, pc);
    c.op.before = static_cast<uint64_t>(*control);
    if (*control == once_done) {
        c.op.only_read = true;
        race_acquire(address_of(control));
        operation_done(c);
        return 0;
    }
    *control = once_running;
    g.enabled &= ~pending_on(op_kind::once, address_of(control));
    operation_done(c);
    std::__once_callable = callable;
    std::__once_call = call;
    try {
        routine();
    } catch (...) {
        once_finish(control, 0, pc);
        throw;
    }
    once_finish(control, once_done, pc);
    return 0;
}

int guard_acquire(guard_state* guard, uint64_t pc) {
    context& c = *g.current;
    begin_operation(op_kind::once, address_of(guard), pc, guard->running == 0);
    note_write(address_of(guard) - region_base, sizeof *guard);
    int mine = guard->done == 0;
    c.op.before = guard->running;
    if (mine != 0) {
        guard->running = 1;
        g.enabled &= ~pending_on(op_kind::once, address_of(guard));
    } else {
        c.op.only_read = true;
    }
    race_acquire(address_of(guard));
    operation_done(c);
    return mine;
}

void guard_finish(guard_state* guard, bool done, uint64_t pc) {
    context& c = *g.current;
    begin_operation(op_kind::once_finish, address_of(guard), pc);
    c.op.before = once_running;
    note_write(address_of(guard) - region_base, sizeof *guard);
    guard->running = 0;
    guard->done = done ? 1 : 0;
    race_release(address_of(guard));
    g.enabled |= pending_on(op_kind::once, address_of(guard));
    operation_done(c);
}

struct futex_call {
    int* word;
    int operation;
    int value;
    const timespec* timeout;
    uint64_t pc;
};

bool is_relative(const futex_call& f) {
    return (f.operation & FUTEX_CMD_MASK) == FUTEX_WAIT;
}

uint64_t deadline_of_call(const futex_call& f, uint64_t now_ns) {
    const clockid_t clock =
        (f.operation & FUTEX_CLOCK_REALTIME) != 0 ? CLOCK_REALTIME : CLOCK_MONOTONIC;
    return is_relative(f) ? now_ns + static_cast<uint64_t>(f.timeout->tv_sec) * second_ns +
                                static_cast<uint64_t>(f.timeout->tv_nsec)
                          : deadline_of(clock, *f.timeout);
}

long futex_wait(const futex_call& f) {
    context& c = *g.current;
    const uint64_t now_ns = f.timeout != nullptr && is_relative(f) ? look_at_clock(f.pc) : g.now_ns;
    tell_may_sleep(op_kind::futex_wait, address_of(f.word), f.pc);
    begin_operation(op_kind::futex_wait, address_of(f.word), f.pc);
    machine_access(f.word, sizeof *f.word, f.pc);
    if ((g.checks & check_race) != 0) {
        race_atomic_read(address_of(f.word) - region_base, sizeof *f.word, 0, f.pc);
    }
    c.op.size = sizeof *f.word;
    c.op.operand = static_cast<uint32_t>(f.value);
    if (*f.word != f.value) {
        c.op.only_read = true;
        operation_done(c);
        errno = EAGAIN;
        return -1;
    }
    liveness_waits(address_of(f.word));
    const bool spurious = fault_in_operation(fault::spurious_wakeup);
    const bool early = !spurious && f.timeout != nullptr && fault_in_operation(fault::early_timer);
    operation_done(c);
    if (spurious) {
        return 0;
    }
    if (early) {
        errno = timed_out_early(deadline_of_call(f, now_ns), f.pc);
        return -1;
    }
    c.signalled = c.timed_out = false;
    if (f.timeout != nullptr) {
        sleep_until(c, deadline_of_call(f, now_ns));
    }
    begin_operation(op_kind::futex_resume, address_of(f.word), f.pc, false);
    stop_timer(c);
    operation_done(c);
    if (!c.signalled) {
        errno = ETIMEDOUT;
        return -1;
    }
    return 0;
}

long futex_wake(const futex_call& f) {
    context& c = *g.current;
    begin_operation(op_kind::futex_wake, address_of(f.word), f.pc);
    long woken = 0;
    for (int left = f.value; left > 0; --left) {
        uint64_t waiting = 0;
        for (uint64_t rest = pending_on(op_kind::futex_resume, address_of(f.word)); rest != 0;
             rest &= rest - 1) {
            const context& w = g.contexts[__builtin_ctzll(rest)];
            waiting |= w.signalled || w.timed_out ? 0 : w.bit;
        }
        if (waiting == 0) {
            break;
        }
        uint32_t n = static_cast<uint32_t>(__builtin_popcountll(waiting));
        // With as many wakes as waiters the order does not matter.
        uint32_t taken = static_cast<uint32_t>(left) >= n ? 0 : choose_alternative(n);
        for (; taken != 0; --taken) {
            waiting &= waiting - 1;
        }
        context& w = g.contexts[__builtin_ctzll(waiting)];
        w.signalled = true;
        w.granted_at = g.steps;
        g.enabled |= w.bit;
        ++woken;
    }
    liveness_woke(address_of(f.word), static_cast<uint64_t>(woken), woken < f.value, f.pc);
    operation_done(c);
    return woken;
}

long futex(const futex_call& f) {
    switch (f.operation & FUTEX_CMD_MASK) {
        case FUTEX_WAIT:
        case FUTEX_WAIT_BITSET:
            return futex_wait(f);
        case FUTEX_WAKE:
        case FUTEX_WAKE_BITSET:
            return futex_wake(f);
        default:
            break;
    }
    finding unknown;
    unknown.kind = finding_kind::unsupported;
    unknown.pc = f.pc;
    unknown.text = "futex operation " + std::to_string(f.operation & FUTEX_CMD_MASK);
    report(unknown);
    errno = ENOSYS;
    return -1;
}

}  // namespace

}  // namespace sim

using namespace sim;

HEDDLE_INTERPOSE(int, pthread_once, (int* control, void (*routine)())) {
    if (!simulated(control)) {
        HEDDLE_FALL_THROUGH(pthread_once, control, routine);
    }
    return run_once(control, routine, HEDDLE_CALLER);
}

// C11's flag has the same representation in glibc.
HEDDLE_INTERPOSE(void, call_once, (int* control, void (*routine)())) {
    if (!simulated(control)) {
        HEDDLE_FALL_THROUGH(call_once, control, routine);
    }
    run_once(control, routine, HEDDLE_CALLER);
}

HEDDLE_INTERPOSE(int, __cxa_guard_acquire, (void* guard)) {
    if (!simulated(guard)) {
        HEDDLE_FALL_THROUGH(__cxa_guard_acquire, guard);
    }
    return guard_acquire(static_cast<guard_state*>(guard), HEDDLE_CALLER);
}

HEDDLE_INTERPOSE(void, __cxa_guard_release, (void* guard)) {
    if (!simulated(guard)) {
        HEDDLE_FALL_THROUGH(__cxa_guard_release, guard);
    }
    guard_finish(static_cast<guard_state*>(guard), true, HEDDLE_CALLER);
}

HEDDLE_INTERPOSE(void, __cxa_guard_abort, (void* guard)) {
    if (!simulated(guard)) {
        HEDDLE_FALL_THROUGH(__cxa_guard_abort, guard);
    }
    guard_finish(static_cast<guard_state*>(guard), false, HEDDLE_CALLER);
}

// A spin lock is a lock to exploration: who spins could as well sleep. The word holds the owner's
// id + 1; 0 is unlocked.
HEDDLE_INTERPOSE(int, pthread_spin_init, (void* s, int shared)) {
    if (!in_region(s) || (g.current == nullptr && !g.in_subject)) {
        HEDDLE_FALL_THROUGH(pthread_spin_init, s, shared);
    }
    machine_access(s, sizeof(int), HEDDLE_CALLER);
    *static_cast<int*>(s) = 0;
    return 0;
}

HEDDLE_INTERPOSE(int, pthread_spin_destroy, (void* s)) {
    if (!simulated(s)) {
        HEDDLE_FALL_THROUGH(pthread_spin_destroy, s);
    }
    return 0;
}

HEDDLE_INTERPOSE(int, pthread_spin_lock, (void* s)) {
    if (!simulated(s)) {
        HEDDLE_FALL_THROUGH(pthread_spin_lock, s);
    }
    int* word = static_cast<int*>(s);
    context& c = *g.current;
    tell_checkers(&checker::wants, c, lock_event{address_of(s), HEDDLE_CALLER});
    begin_operation(op_kind::lock, address_of(s), HEDDLE_CALLER, *word == 0);
    note_write(address_of(s) - region_base, sizeof *word);
    c.op.before = 0;
    *word = c.id + 1;
    g.enabled &= ~pending_on(op_kind::lock, address_of(s));
    race_acquire(address_of(s));
    tell_checkers(&checker::acquired, c, lock_event{address_of(s), HEDDLE_CALLER});
    operation_done(c);
    return 0;
}

HEDDLE_INTERPOSE(int, pthread_spin_trylock, (void* s)) {
    if (!simulated(s)) {
        HEDDLE_FALL_THROUGH(pthread_spin_trylock, s);
    }
    int* word = static_cast<int*>(s);
    context& c = *g.current;
    begin_operation(op_kind::trylock, address_of(s), HEDDLE_CALLER);
    bool ok = *word == 0;
    c.op.before = static_cast<uint64_t>(*word);
    if (ok) {
        note_write(address_of(s) - region_base, sizeof *word);
        *word = c.id + 1;
        g.enabled &= ~pending_on(op_kind::lock, address_of(s));
        race_acquire(address_of(s));
        tell_checkers(&checker::acquired, c, lock_event{address_of(s), HEDDLE_CALLER});
    }
    c.op.only_read = !ok;
    operation_done(c);
    return ok ? 0 : EBUSY;
}

HEDDLE_INTERPOSE(int, pthread_spin_unlock, (void* s)) {
    if (!simulated(s)) {
        HEDDLE_FALL_THROUGH(pthread_spin_unlock, s);
    }
    context& c = *g.current;
    begin_operation(op_kind::unlock, address_of(s), HEDDLE_CALLER);
    note_write(address_of(s) - region_base, sizeof(int));
    c.op.before = static_cast<uint64_t>(*static_cast<int*>(s));
    lock_given_up(address_of(s), HEDDLE_CALLER);
    *static_cast<int*>(s) = 0;
    race_release(address_of(s));
    tell_checkers(&checker::released, c, lock_event{address_of(s), HEDDLE_CALLER});
    g.enabled |= pending_on(op_kind::lock, address_of(s));
    operation_done(c);
    return 0;
}

HEDDLE_INTERPOSE(long, syscall, (long number, ...)) {
    va_list arguments;
    va_start(arguments, number);
    long a[6];
    for (long& value : a) {
        value = va_arg(arguments, long);
    }
    va_end(arguments);
    if (number == SYS_futex && simulated(reinterpret_cast<void*>(a[0]))) {
        return futex({reinterpret_cast<int*>(a[0]), static_cast<int>(a[1]), static_cast<int>(a[2]),
                      reinterpret_cast<const timespec*>(a[3]), HEDDLE_CALLER});
    }
    long result = 0;
    if (simulated() && system_call_answered(number, a, HEDDLE_CALLER, result)) {
        return result;
    }
    static const auto real_entry =
        sim::real_function<long (*)(long, long, long, long, long, long, long)>("syscall");
    return real_entry(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

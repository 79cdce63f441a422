// Condition variables, semaphores, barriers. A wait is two operations: enqueue (which releases the
// mutex) and resume (which takes it again); who a signal wakes is a data choice.
#include <cerrno>
#include <ctime>

#include "sim/check/checker.h"
#include "sim/check/liveness.h"
#include "sim/check/race.h"
#include "sim/machine/clock.h"
#include "sim/machine/cpus.h"
#include "sim/machine/faults.h"
#include "sim/machine/interpose.h"
#include "sim/machine/locks.h"

namespace sim {

void condition_timed_out(context& c);

namespace {

struct condition_state {
    uint64_t waiters;
    uint64_t unused[5];
};
static_assert(sizeof(condition_state) <= 48);

struct semaphore_state {
    uint32_t value;
    uint32_t unused;
    uint64_t pending;
};
static_assert(sizeof(semaphore_state) <= 32);

struct barrier_state {
    uint32_t needed;
    uint32_t arrived;
    uint64_t waiting;
};
static_assert(sizeof(barrier_state) <= 32);

unsigned nth_bit(uint64_t mask, uint32_t n) {
    while (n-- != 0) {
        mask &= mask - 1;
    }
    return static_cast<unsigned>(__builtin_ctzll(mask));
}

void wake_waiter(condition_state& s, context& waiter) {
    s.waiters &= ~waiter.bit;
    waiter.signalled = true;
    waiter.granted_at = g.steps;
    stop_timer(waiter);
    mutex_want_after_wait(waiter);
}

void publish(context& c, op_kind kind, uint64_t object, uint64_t object2, uint64_t pc) {
    c.op = operation{};
    c.op.kind = kind;
    c.op.object = object;
    c.op.object2 = object2;
    c.op.pc = pc;
}

int condition_wait(void* condition, void* mutex, uint64_t deadline_ns, uint64_t pc) {
    context& c = *g.current;
    tell_may_sleep(op_kind::cond_enqueue, address_of(condition), pc);
    publish(c, op_kind::cond_enqueue, address_of(condition), address_of(mutex), pc);
    point(c, true);
    auto& s = object_view<condition_state>(condition, pc);
    s.waiters |= c.bit;
    liveness_waits(address_of(condition));
    c.signalled = c.timed_out = false;
    c.op.before = c.id + 1U;
    mutex_release_in_wait(mutex, pc);
    const bool spurious = fault_in_operation(fault::spurious_wakeup);
    const bool early =
        !spurious && deadline_ns != no_deadline && fault_in_operation(fault::early_timer);
    operation_done(c);
    if (deadline_ns != no_deadline && !early) {
        sleep_until(c, deadline_ns);
    }
    tell_checkers(&checker::wants, c, lock_event{address_of(mutex), pc});
    // Published whole: a signal finds the mutex and a timeout the condition in the waiting operation.
    publish(c, op_kind::cond_resume, address_of(mutex), address_of(condition), pc);
    if (spurious) {
        wake_waiter(object_view<condition_state>(condition, pc), c);
    }
    // Who signals from now on does not meet it: that the timer fires later is the same as that the signal met others.
    if (early) {
        c.timed_out = true;
        condition_timed_out(c);
    }
    point(c, (g.enabled & c.bit) != 0 && (spurious || early));
    mutex_take_after_wait(mutex, pc);
    stop_timer(c);
    operation_done(c);
    if (early) {
        timer_fires(deadline_ns, pc);
    }
    return c.signalled ? 0 : ETIMEDOUT;
}

int signal_one(void* condition, uint64_t pc) {
    context& c = *g.current;
    begin_operation(op_kind::signal, address_of(condition), pc);
    auto& s = object_view<condition_state>(condition, pc);
    liveness_woke(address_of(condition), s.waiters, false, pc);
    if (s.waiters != 0) {
        uint32_t n = static_cast<uint32_t>(__builtin_popcountll(s.waiters));
        wake_waiter(s, g.contexts[nth_bit(s.waiters, choose_alternative(n))]);
    }
    operation_done(c);
    return 0;
}

int signal_all(void* condition, uint64_t pc) {
    context& c = *g.current;
    begin_operation(op_kind::broadcast, address_of(condition), pc);
    auto& s = object_view<condition_state>(condition, pc);
    liveness_woke(address_of(condition), s.waiters, true, pc);
    while (s.waiters != 0) {
        wake_waiter(s, g.contexts[__builtin_ctzll(s.waiters)]);
    }
    operation_done(c);
    return 0;
}

int semaphore_trywait(void* semaphore, uint64_t pc);

int semaphore_wait(void* semaphore, uint64_t deadline_ns, uint64_t pc) {
    context& c = *g.current;
    if (deadline_ns != no_deadline && fault_chosen(fault::early_timer, pc)) {
        if (semaphore_trywait(semaphore, pc) == 0) {
            return 0;
        }
        timer_fires(deadline_ns, pc);
        errno = ETIMEDOUT;
        return -1;
    }
    auto& s = object_view<semaphore_state>(semaphore, pc);
    tell_may_sleep(op_kind::sem_wait, address_of(semaphore), pc);
    s.pending |= c.bit;
    c.timed_out = false;
    if (deadline_ns != no_deadline) {
        sleep_until(c, deadline_ns);
    }
    begin_operation(op_kind::sem_wait, address_of(semaphore), pc, s.value != 0);
    object_view<semaphore_state>(semaphore, pc);
    s.pending &= ~c.bit;
    stop_timer(c);
    c.op.before = s.value;
    if (c.timed_out && s.value == 0) {
        c.op.only_read = true;
        operation_done(c);
        errno = ETIMEDOUT;
        return -1;
    }
    if (--s.value == 0) {
        g.enabled &= ~s.pending;
    }
    race_acquire(address_of(semaphore));
    operation_done(c);
    return 0;
}

int semaphore_trywait(void* semaphore, uint64_t pc) {
    context& c = *g.current;
    begin_operation(op_kind::sem_trywait, address_of(semaphore), pc);
    auto& s = object_view<semaphore_state>(semaphore, pc);
    bool ok = s.value != 0;
    c.op.before = s.value;
    if (ok) {
        if (--s.value == 0) {
            g.enabled &= ~s.pending;
        }
        race_acquire(address_of(semaphore));
    }
    c.op.only_read = !ok;
    operation_done(c);
    if (!ok) {
        errno = EAGAIN;
    }
    return ok ? 0 : -1;
}

int semaphore_post(void* semaphore, uint64_t pc) {
    context& c = *g.current;
    begin_operation(op_kind::sem_post, address_of(semaphore), pc);
    auto& s = object_view<semaphore_state>(semaphore, pc);
    c.op.before = s.value;
    ++s.value;
    g.enabled |= s.pending;
    race_release_join(address_of(semaphore));
    operation_done(c);
    return 0;
}

int barrier_wait(void* barrier, uint64_t pc) {
    context& c = *g.current;
    tell_may_sleep(op_kind::barrier_arrive, address_of(barrier), pc);
    begin_operation(op_kind::barrier_arrive, address_of(barrier), pc);
    auto& s = object_view<barrier_state>(barrier, pc);
    race_release_join(address_of(barrier));
    if (++s.arrived == s.needed) {
        s.arrived = 0;
        for (uint64_t rest = s.waiting; rest != 0; rest &= rest - 1) {
            g.contexts[__builtin_ctzll(rest)].granted_at = g.steps;
        }
        g.enabled |= s.waiting;
        s.waiting = 0;
        race_acquire(address_of(barrier));
        operation_done(c);
        return -1;  // PTHREAD_BARRIER_SERIAL_THREAD
    }
    s.waiting |= c.bit;
    operation_done(c);
    begin_operation(op_kind::barrier_resume, address_of(barrier), pc, false);
    race_acquire(address_of(barrier));
    operation_done(c);
    return 0;
}

}  // namespace

// A wait with a deadline that passed leaves the queue it is in.
void condition_timed_out(context& c) {
    const uint64_t condition = awaited_by(c).object2;
    auto* s = reinterpret_cast<condition_state*>(condition);
    note_write(condition - region_base, sizeof *s);
    s->waiters &= ~c.bit;
    mutex_want_after_wait(c);
}

}  // namespace sim

using namespace sim;

HEDDLE_INTERPOSE(int, pthread_cond_init, (void* v, const void* attribute)) {
    if (!in_region(v) || (g.current == nullptr && !g.in_subject)) {
        HEDDLE_FALL_THROUGH(pthread_cond_init, v, attribute);
    }
    object_view<condition_state>(v, HEDDLE_CALLER) = condition_state{};
    return 0;
}

HEDDLE_INTERPOSE(int, pthread_cond_destroy, (void* v)) {
    if (!simulated(v)) {
        HEDDLE_FALL_THROUGH(pthread_cond_destroy, v);
    }
    return object_view<condition_state>(v, HEDDLE_CALLER).waiters != 0 ? EBUSY : 0;
}

HEDDLE_INTERPOSE(int, pthread_cond_wait, (void* v, void* m)) {
    if (!simulated(v)) {
        HEDDLE_FALL_THROUGH(pthread_cond_wait, v, m);
    }
    return condition_wait(v, m, no_deadline, HEDDLE_CALLER);
}

HEDDLE_INTERPOSE(int, pthread_cond_timedwait, (void* v, void* m, const timespec* until)) {
    if (!simulated(v)) {
        HEDDLE_FALL_THROUGH(pthread_cond_timedwait, v, m, until);
    }
    return condition_wait(v, m, deadline_of(CLOCK_REALTIME, *until), HEDDLE_CALLER);
}

HEDDLE_INTERPOSE(int, pthread_cond_clockwait,
                 (void* v, void* m, clockid_t clock, const timespec* until)) {
    if (!simulated(v)) {
        HEDDLE_FALL_THROUGH(pthread_cond_clockwait, v, m, clock, until);
    }
    return condition_wait(v, m, deadline_of(clock, *until), HEDDLE_CALLER);
}

HEDDLE_INTERPOSE(int, pthread_cond_signal, (void* v)) {
    if (!simulated(v)) {
        HEDDLE_FALL_THROUGH(pthread_cond_signal, v);
    }
    return signal_one(v, HEDDLE_CALLER);
}

HEDDLE_INTERPOSE(int, pthread_cond_broadcast, (void* v)) {
    if (!simulated(v)) {
        HEDDLE_FALL_THROUGH(pthread_cond_broadcast, v);
    }
    return signal_all(v, HEDDLE_CALLER);
}

HEDDLE_INTERPOSE(int, sem_init, (void* s, int shared, unsigned value)) {
    if (!in_region(s) || (g.current == nullptr && !g.in_subject)) {
        HEDDLE_FALL_THROUGH(sem_init, s, shared, value);
    }
    object_view<semaphore_state>(s, HEDDLE_CALLER) = semaphore_state{value, 0, 0};
    return 0;
}

HEDDLE_INTERPOSE(int, sem_destroy, (void* s)) {
    if (!simulated(s)) {
        HEDDLE_FALL_THROUGH(sem_destroy, s);
    }
    return 0;
}

HEDDLE_INTERPOSE(int, sem_wait, (void* s)) {
    if (!simulated(s)) {
        HEDDLE_FALL_THROUGH(sem_wait, s);
    }
    return semaphore_wait(s, no_deadline, HEDDLE_CALLER);
}

HEDDLE_INTERPOSE(int, sem_timedwait, (void* s, const timespec* until)) {
    if (!simulated(s)) {
        HEDDLE_FALL_THROUGH(sem_timedwait, s, until);
    }
    return semaphore_wait(s, deadline_of(CLOCK_REALTIME, *until), HEDDLE_CALLER);
}

HEDDLE_INTERPOSE(int, sem_clockwait, (void* s, clockid_t clock, const timespec* until)) {
    if (!simulated(s)) {
        HEDDLE_FALL_THROUGH(sem_clockwait, s, clock, until);
    }
    return semaphore_wait(s, deadline_of(clock, *until), HEDDLE_CALLER);
}

HEDDLE_INTERPOSE(int, sem_trywait, (void* s)) {
    if (!simulated(s)) {
        HEDDLE_FALL_THROUGH(sem_trywait, s);
    }
    return semaphore_trywait(s, HEDDLE_CALLER);
}

HEDDLE_INTERPOSE(int, sem_post, (void* s)) {
    if (!simulated(s)) {
        HEDDLE_FALL_THROUGH(sem_post, s);
    }
    return semaphore_post(s, HEDDLE_CALLER);
}

HEDDLE_INTERPOSE(int, sem_getvalue, (void* s, int* value)) {
    if (!simulated(s)) {
        HEDDLE_FALL_THROUGH(sem_getvalue, s, value);
    }
    begin_operation(op_kind::load, address_of(s), HEDDLE_CALLER);
    *value = static_cast<int>(object_view<semaphore_state>(s, HEDDLE_CALLER).value);
    operation_done(*g.current);
    return 0;
}

HEDDLE_INTERPOSE(int, pthread_barrier_init, (void* b, const void* attribute, unsigned count)) {
    if (!in_region(b) || (g.current == nullptr && !g.in_subject)) {
        HEDDLE_FALL_THROUGH(pthread_barrier_init, b, attribute, count);
    }
    if (count == 0) {
        return EINVAL;
    }
    object_view<barrier_state>(b, HEDDLE_CALLER) = barrier_state{count, 0, 0};
    return 0;
}

HEDDLE_INTERPOSE(int, pthread_barrier_destroy, (void* b)) {
    if (!simulated(b)) {
        HEDDLE_FALL_THROUGH(pthread_barrier_destroy, b);
    }
    return 0;
}

HEDDLE_INTERPOSE(int, pthread_barrier_wait, (void* b)) {
    if (!simulated(b)) {
        HEDDLE_FALL_THROUGH(pthread_barrier_wait, b);
    }
    return barrier_wait(b, HEDDLE_CALLER);
}

#include "sim/machine/locks.h"
#include "sim/machine/faults.h"

#include <cerrno>
#include <ctime>

#include "sim/check/checker.h"
#include "sim/check/invariant.h"
#include "sim/check/race.h"
#include "sim/machine/clock.h"
#include "sim/machine/cpus.h"
#include "sim/machine/interpose.h"
#include "sim/machine/interrupts.h"

namespace sim {

namespace {

void lock_finding(finding_kind kind, const void* object, uint64_t pc) {
    finding f;
    f.kind = kind;
    f.address = address_of(object);
    f.pc = pc;
    report(f);
}

lock_event event_of(uint64_t object, uint64_t pc, bool tried = false) {
    return {object, pc, lock_mode::exclusive, tried, false, false};
}

void take(mutex_state& m, context& c, uint64_t object) {
    HEDDLE_ASSERT(m.owner == 0);
    c.op.before = 0;
    m.owner = c.id + 1U;
    m.count = 1;
    g.enabled &= ~m.pending;
    race_acquire(object);
    tell_checkers(&checker::acquired, c, event_of(object, c.op.pc));
}

void give_up(mutex_state& m, uint64_t object, uint64_t pc) {
    lock_given_up(object, pc);
    m.owner = 0;
    m.count = 0;
    g.enabled |= m.pending;
    race_release(object);
    tell_checkers(&checker::released, *g.current, event_of(object, pc));
}

}  // namespace

int mutex_lock(void* mutex, uint64_t deadline_ns, uint64_t pc) {
    context& c = *g.current;
    if (deadline_ns != no_deadline && fault_chosen(fault::early_timer, pc)) {
        const int result = mutex_trylock(mutex, pc);
        return result == EBUSY ? timed_out_early(deadline_ns, pc) : result;
    }
    auto& m = object_view<mutex_state>(mutex, pc);
    if (m.owner == c.id + 1U) {
        if (m.kind == 1) {
            ++m.count;
            return 0;
        }
        if (m.kind == 2) {
            return EDEADLK;
        }
        lock_finding(finding_kind::recursive_lock, mutex, pc);
    }
    if (m.owner != 0 && deadline_ns == no_deadline) {
        check_not_of_host(g.contexts[m.owner - 1], address_of(mutex), pc);
    }
    m.pending |= c.bit;
    bool free = m.owner == 0;
    if (deadline_ns != no_deadline) {
        sleep_until(c, deadline_ns);
    }
    c.timed_out = false;
    tell_checkers(&checker::wants, c, event_of(address_of(mutex), pc, deadline_ns != no_deadline));
    begin_operation(op_kind::lock, address_of(mutex), pc, free);
    object_view<mutex_state>(mutex, pc);  // it may have been freed meanwhile
    m.pending &= ~c.bit;
    stop_timer(c);
    if (c.timed_out && m.owner != 0) {
        c.op.before = m.owner;
        c.op.only_read = true;
        operation_done(c);
        return ETIMEDOUT;
    }
    take(m, c, address_of(mutex));
    operation_done(c);
    return 0;
}

int mutex_trylock(void* mutex, uint64_t pc) {
    context& c = *g.current;
    begin_operation(op_kind::trylock, address_of(mutex), pc);
    auto& m = object_view<mutex_state>(mutex, pc);
    int result = 0;
    c.op.before = m.owner;
    if (m.owner == 0) {
        take(m, c, address_of(mutex));
    } else if (m.owner == c.id + 1U && m.kind == 1) {
        ++m.count;
    } else {
        c.op.only_read = true;
        result = EBUSY;
    }
    operation_done(c);
    return result;
}

int mutex_unlock(void* mutex, uint64_t pc) {
    context& c = *g.current;
    auto& first = object_view<mutex_state>(mutex, pc);
    if (first.owner == c.id + 1U && first.count > 1) {
        --first.count;
        return 0;
    }
    begin_operation(op_kind::unlock, address_of(mutex), pc);
    auto& m = object_view<mutex_state>(mutex, pc);
    c.op.before = m.owner;
    if (m.owner != c.id + 1U) {
        if (m.kind != 0) {
            c.op.only_read = true;
            operation_done(c);
            return EPERM;
        }
        operation_done(c);
        lock_finding(finding_kind::unlock_not_owner, mutex, pc);
    }
    give_up(m, address_of(mutex), pc);
    operation_done(c);
    return 0;
}

void mutex_release_in_wait(void* mutex, uint64_t pc) {
    auto& m = object_view<mutex_state>(mutex, pc);
    if (m.owner != g.current->id + 1U) {
        lock_finding(finding_kind::unlock_not_owner, mutex, pc);
    }
    give_up(m, address_of(mutex), pc);
}

void mutex_want_after_wait(context& waiter) {
    const operation& wait = awaited_by(waiter);
    auto* mutex = reinterpret_cast<void*>(wait.object);
    auto& m = object_view<mutex_state>(mutex, wait.pc);
    m.pending |= waiter.bit;
    if (m.owner == 0) {
        g.enabled |= waiter.bit;
    }
}

void mutex_take_after_wait(void* mutex, uint64_t pc) {
    auto& m = object_view<mutex_state>(mutex, pc);
    m.pending &= ~g.current->bit;
    take(m, *g.current, address_of(mutex));
}

}  // namespace sim

using namespace sim;

HEDDLE_INTERPOSE(int, pthread_mutex_init, (void* m, const int* attribute)) {
    if (!in_region(m) || (g.current == nullptr && !g.in_subject)) {
        HEDDLE_FALL_THROUGH(pthread_mutex_init, m, attribute);
    }
    auto& state = object_view<mutex_state>(m, HEDDLE_CALLER);
    state = mutex_state{};
    // glibc keeps the kind in the low bits of the attribute's one word.
    state.kind = attribute != nullptr ? *attribute & 3 : 0;
    return 0;
}

HEDDLE_INTERPOSE(int, pthread_mutex_destroy, (void* m)) {
    if (!simulated(m)) {
        HEDDLE_FALL_THROUGH(pthread_mutex_destroy, m);
    }
    return object_view<mutex_state>(m, HEDDLE_CALLER).owner != 0 ? EBUSY : 0;
}

HEDDLE_INTERPOSE(int, pthread_mutex_lock, (void* m)) {
    if (!simulated(m)) {
        HEDDLE_FALL_THROUGH(pthread_mutex_lock, m);
    }
    return mutex_lock(m, no_deadline, HEDDLE_CALLER);
}

HEDDLE_INTERPOSE(int, pthread_mutex_trylock, (void* m)) {
    if (!simulated(m)) {
        HEDDLE_FALL_THROUGH(pthread_mutex_trylock, m);
    }
    return mutex_trylock(m, HEDDLE_CALLER);
}

HEDDLE_INTERPOSE(int, pthread_mutex_timedlock, (void* m, const timespec* until)) {
    if (!simulated(m)) {
        HEDDLE_FALL_THROUGH(pthread_mutex_timedlock, m, until);
    }
    return mutex_lock(m, deadline_of(CLOCK_REALTIME, *until), HEDDLE_CALLER);
}

HEDDLE_INTERPOSE(int, pthread_mutex_clocklock, (void* m, clockid_t clock, const timespec* until)) {
    if (!simulated(m)) {
        HEDDLE_FALL_THROUGH(pthread_mutex_clocklock, m, clock, until);
    }
    return mutex_lock(m, deadline_of(clock, *until), HEDDLE_CALLER);
}

HEDDLE_INTERPOSE(int, pthread_mutex_unlock, (void* m)) {
    if (!simulated(m)) {
        HEDDLE_FALL_THROUGH(pthread_mutex_unlock, m);
    }
    return mutex_unlock(m, HEDDLE_CALLER);
}

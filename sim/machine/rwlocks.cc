// Reader/writer locks. A lock that prefers writers makes a waiting writer visible: announcing is an
// operation of its own, and keeps new readers out. One that prefers readers has no such step, and as
// long as a lock has no readers at all, nobody could tell: it has none either, until the first reader
// comes, whereupon exploration begins anew (visible.h).
#include <cerrno>
#include <ctime>

#include "sim/check/checker.h"
#include "sim/check/invariant.h"
#include "sim/check/journal.h"
#include "sim/check/race.h"
#include "sim/dependence.h"
#include "sim/machine/clock.h"
#include "sim/machine/faults.h"
#include "sim/machine/interpose.h"
#include "sim/machine/locks.h"
#include "sim/machine/visible.h"

namespace sim {

namespace {

bool prefers_writers(const rwlock_state& s) {
    return s.flags != 0;
}

bool announces(const rwlock_state& s, const void* lock) {
    return prefers_writers(s) &&
           (dependence == dependence_mode::plain || visible_named(address_of(lock) - region_base));
}

// Writers must be seen to wait from now on.
void reader_comes(const rwlock_state& s, const void* lock) {
    if (prefers_writers(s) && g.choosing && dependence == dependence_mode::refined) {
        visible_found(address_of(lock) - region_base);
    }
}

bool reader_may_enter(const rwlock_state& s) {
    return s.writer == 0 && s.waiting_writers == 0;
}
bool writer_may_enter(const rwlock_state& s) {
    return s.writer == 0 && s.readers == 0;
}

// What an operation met: bit 0 a reader could have entered, bit 1 a writer.
uint64_t state_of(const rwlock_state& s) {
    return (reader_may_enter(s) ? 1U : 0U) | (writer_may_enter(s) ? 2U : 0U);
}

lock_event event_of(const rwlock_state& s, lock_mode mode, uint64_t pc, bool tried = false) {
    return {address_of(&s), pc, mode, tried, true, prefers_writers(s)};
}

// Read locks of who has one already: the lock itself knows only who has some. Where readers are preferred such a
// one never waits and nobody can tell that it was taken, so it is no operation; nor is giving it back.
struct further_read {
    uint64_t lock;
    uint8_t context;
};
journalled_list<further_read> further_reads;

void read_again(const context& c, uint64_t lock) {
    host_scope host;
    further_reads.push_back({lock, c.id});
}

// False: it is the last one.
bool unlock_further(const context& c, uint64_t lock) {
    host_scope host;
    for (size_t i = further_reads.size(); i-- > 0;) {
        if (further_reads[i].lock == lock && further_reads[i].context == c.id) {
            further_reads.erase(i);
            return true;
        }
    }
    return false;
}

// Who of those that pend on it can go on now.
void refresh(const rwlock_state& s) {
    if (reader_may_enter(s)) {
        g.enabled |= s.pending_readers;
    } else {
        g.enabled &= ~s.pending_readers;
    }
    if (writer_may_enter(s)) {
        g.enabled |= s.pending_writers;
    } else {
        g.enabled &= ~s.pending_writers;
    }
}

int try_read_lock(void* lock, uint64_t pc);
int try_write_lock(void* lock, uint64_t pc);

int read_lock(void* lock, uint64_t deadline_ns, uint64_t pc) {
    context& c = *g.current;
    if (deadline_ns != no_deadline && fault_chosen(fault::early_timer, pc)) {
        const int result = try_read_lock(lock, pc);
        return result == EBUSY ? timed_out_early(deadline_ns, pc) : result;
    }
    auto& s = object_view<rwlock_state>(lock, pc);
    if (s.writer == c.id + 1U) {
        return EDEADLK;
    }
    reader_comes(s, lock);
    tell_checkers(&checker::wants, c,
                  event_of(s, lock_mode::shared, pc, deadline_ns != no_deadline));
    if ((s.readers & c.bit) != 0 && !prefers_writers(s)) {
        read_again(c, address_of(lock));
        tell_checkers(&checker::acquired, c, event_of(s, lock_mode::shared, pc));
        return 0;
    }
    s.pending_readers |= c.bit;
    c.timed_out = false;
    if (deadline_ns != no_deadline) {
        sleep_until(c, deadline_ns);
    }
    begin_operation(op_kind::rdlock, address_of(lock), pc, reader_may_enter(s));
    object_view<rwlock_state>(lock, pc);
    s.pending_readers &= ~c.bit;
    stop_timer(c);
    c.op.before = state_of(s);
    int result = 0;
    if (c.timed_out && !reader_may_enter(s)) {
        c.op.only_read = true;
        result = ETIMEDOUT;
    } else {
        if ((s.readers & c.bit) != 0) {
            read_again(c, address_of(lock));
        }
        s.readers |= c.bit;
        refresh(s);
        race_acquire(address_of(lock));
        tell_checkers(&checker::acquired, c, event_of(s, lock_mode::shared, pc));
    }
    operation_done(c);
    return result;
}

void take_for_writing(rwlock_state& s, context& c, void* lock) {
    HEDDLE_ASSERT(writer_may_enter(s));
    s.writer = c.id + 1U;
    refresh(s);
    race_acquire(address_of(lock));
    race_acquire(address_of(lock) + 4);  // what the readers released
    tell_checkers(&checker::acquired, c, event_of(s, lock_mode::exclusive, c.op.pc));
}

int write_lock(void* lock, uint64_t deadline_ns, uint64_t pc) {
    context& c = *g.current;
    if (deadline_ns != no_deadline && fault_chosen(fault::early_timer, pc)) {
        const int result = try_write_lock(lock, pc);
        return result == EBUSY ? timed_out_early(deadline_ns, pc) : result;
    }
    auto& s = object_view<rwlock_state>(lock, pc);
    if (s.writer == c.id + 1U) {
        return EDEADLK;
    }
    tell_checkers(&checker::wants, c,
                  event_of(s, lock_mode::exclusive, pc, deadline_ns != no_deadline));
    c.timed_out = false;
    if (deadline_ns != no_deadline) {
        sleep_until(c, deadline_ns);
    }
    if (announces(s, lock)) {
        begin_operation(op_kind::wrlock, address_of(lock), pc, true, 0, wrlock_announces);
        object_view<rwlock_state>(lock, pc);
        c.op.before = state_of(s);
        if (writer_may_enter(s)) {
            stop_timer(c);
            take_for_writing(s, c, lock);
            operation_done(c);
            return 0;
        }
        s.waiting_writers |= c.bit;
        refresh(s);
        operation_done(c);
    }
    s.pending_writers |= c.bit;
    begin_operation(op_kind::wrlock, address_of(lock), pc, writer_may_enter(s));
    object_view<rwlock_state>(lock, pc);
    s.pending_writers &= ~c.bit;
    c.op.before = state_of(s);
    s.waiting_writers &= ~c.bit;
    stop_timer(c);
    int result = 0;
    if (c.timed_out && !writer_may_enter(s)) {
        refresh(s);
        result = ETIMEDOUT;
    } else {
        take_for_writing(s, c, lock);
    }
    operation_done(c);
    return result;
}

int try_read_lock(void* lock, uint64_t pc) {
    context& c = *g.current;
    if (auto& mine = object_view<rwlock_state>(lock, pc);
        (mine.readers & c.bit) != 0 && !prefers_writers(mine)) {
        read_again(c, address_of(lock));
        tell_checkers(&checker::acquired, c, event_of(mine, lock_mode::shared, pc));
        return 0;
    }
    begin_operation(op_kind::tryrdlock, address_of(lock), pc);
    auto& s = object_view<rwlock_state>(lock, pc);
    reader_comes(s, lock);
    bool ok = reader_may_enter(s);
    c.op.before = state_of(s);
    if (ok) {
        if ((s.readers & c.bit) != 0) {
            read_again(c, address_of(lock));
        }
        s.readers |= c.bit;
        refresh(s);
        race_acquire(address_of(lock));
        tell_checkers(&checker::acquired, c, event_of(s, lock_mode::shared, pc));
    }
    c.op.only_read = !ok;
    operation_done(c);
    return ok ? 0 : EBUSY;
}

int try_write_lock(void* lock, uint64_t pc) {
    context& c = *g.current;
    begin_operation(op_kind::trywrlock, address_of(lock), pc);
    auto& s = object_view<rwlock_state>(lock, pc);
    bool ok = writer_may_enter(s);
    c.op.before = state_of(s);
    if (ok) {
        take_for_writing(s, c, lock);
    }
    c.op.only_read = !ok;
    operation_done(c);
    return ok ? 0 : EBUSY;
}

int unlock(void* lock, uint64_t pc) {
    context& c = *g.current;
    if (!further_reads.empty() && unlock_further(c, address_of(lock))) {
        auto& kept = object_view<rwlock_state>(lock, pc);
        tell_checkers(&checker::released, c, event_of(kept, lock_mode::shared, pc));
        return 0;
    }
    const bool writes = object_view<rwlock_state>(lock, pc).writer == c.id + 1U;
    begin_operation(op_kind::rwunlock, address_of(lock), pc, true, 0,
                    writes ? 0 : rwunlock_of_reader);
    auto& s = object_view<rwlock_state>(lock, pc);
    c.op.before = state_of(s);
    if (s.writer == c.id + 1U) {
        lock_given_up(address_of(lock), pc);
        s.writer = 0;
        race_release(address_of(lock));
        tell_checkers(&checker::released, c, event_of(s, lock_mode::exclusive, pc));
    } else if ((s.readers & c.bit) != 0) {
        s.readers &= ~c.bit;
        race_release_join(address_of(lock) + 4);
        tell_checkers(&checker::released, c, event_of(s, lock_mode::shared, pc));
    } else {
        finding f;
        f.kind = finding_kind::unlock_not_owner;
        f.address = address_of(lock);
        f.pc = pc;
        report(f);
    }
    refresh(s);
    operation_done(c);
    return 0;
}

}  // namespace

uint64_t rwlock_met(uint64_t lock) {
    return state_of(*reinterpret_cast<const rwlock_state*>(lock));
}

}  // namespace sim

using namespace sim;

HEDDLE_INTERPOSE(int, pthread_rwlock_init, (void* l, const int* attribute)) {
    if (!in_region(l) || (g.current == nullptr && !g.in_subject)) {
        HEDDLE_FALL_THROUGH(pthread_rwlock_init, l, attribute);
    }
    auto& s = object_view<rwlock_state>(l, HEDDLE_CALLER);
    s = rwlock_state{};
    // The first word of glibc's attribute is the kind; 2 is "prefers writers, not recursive".
    s.flags = attribute != nullptr && *attribute == 2 ? 2 : 0;
    return 0;
}

HEDDLE_INTERPOSE(int, pthread_rwlock_destroy, (void* l)) {
    if (!simulated(l)) {
        HEDDLE_FALL_THROUGH(pthread_rwlock_destroy, l);
    }
    auto& s = object_view<rwlock_state>(l, HEDDLE_CALLER);
    return s.writer != 0 || s.readers != 0 ? EBUSY : 0;
}

HEDDLE_INTERPOSE(int, pthread_rwlock_rdlock, (void* l)) {
    if (!simulated(l)) {
        HEDDLE_FALL_THROUGH(pthread_rwlock_rdlock, l);
    }
    return read_lock(l, no_deadline, HEDDLE_CALLER);
}

HEDDLE_INTERPOSE(int, pthread_rwlock_wrlock, (void* l)) {
    if (!simulated(l)) {
        HEDDLE_FALL_THROUGH(pthread_rwlock_wrlock, l);
    }
    return write_lock(l, no_deadline, HEDDLE_CALLER);
}

HEDDLE_INTERPOSE(int, pthread_rwlock_timedrdlock, (void* l, const timespec* until)) {
    if (!simulated(l)) {
        HEDDLE_FALL_THROUGH(pthread_rwlock_timedrdlock, l, until);
    }
    return read_lock(l, deadline_of(CLOCK_REALTIME, *until), HEDDLE_CALLER);
}

HEDDLE_INTERPOSE(int, pthread_rwlock_timedwrlock, (void* l, const timespec* until)) {
    if (!simulated(l)) {
        HEDDLE_FALL_THROUGH(pthread_rwlock_timedwrlock, l, until);
    }
    return write_lock(l, deadline_of(CLOCK_REALTIME, *until), HEDDLE_CALLER);
}

HEDDLE_INTERPOSE(int, pthread_rwlock_clockrdlock, (void* l, clockid_t k, const timespec* until)) {
    if (!simulated(l)) {
        HEDDLE_FALL_THROUGH(pthread_rwlock_clockrdlock, l, k, until);
    }
    return read_lock(l, deadline_of(k, *until), HEDDLE_CALLER);
}

HEDDLE_INTERPOSE(int, pthread_rwlock_clockwrlock, (void* l, clockid_t k, const timespec* until)) {
    if (!simulated(l)) {
        HEDDLE_FALL_THROUGH(pthread_rwlock_clockwrlock, l, k, until);
    }
    return write_lock(l, deadline_of(k, *until), HEDDLE_CALLER);
}

HEDDLE_INTERPOSE(int, pthread_rwlock_tryrdlock, (void* l)) {
    if (!simulated(l)) {
        HEDDLE_FALL_THROUGH(pthread_rwlock_tryrdlock, l);
    }
    return try_read_lock(l, HEDDLE_CALLER);
}

HEDDLE_INTERPOSE(int, pthread_rwlock_trywrlock, (void* l)) {
    if (!simulated(l)) {
        HEDDLE_FALL_THROUGH(pthread_rwlock_trywrlock, l);
    }
    return try_write_lock(l, HEDDLE_CALLER);
}

HEDDLE_INTERPOSE(int, pthread_rwlock_unlock, (void* l)) {
    if (!simulated(l)) {
        HEDDLE_FALL_THROUGH(pthread_rwlock_unlock, l);
    }
    return unlock(l, HEDDLE_CALLER);
}

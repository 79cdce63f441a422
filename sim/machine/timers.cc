// Virtual time: clocks, sleeping, yielding, and what happens to a wait whose time is up.
#include <sys/time.h>

#include <cerrno>

#include "sim/check/checker.h"
#include "sim/machine/access.h"
#include "sim/machine/clock.h"
#include "sim/machine/cpus.h"
#include "sim/machine/fair.h"
#include "sim/machine/faults.h"
#include "sim/machine/interpose.h"
#include "sim/machine/locks.h"
#include "sim/machine/record.h"
#include "sim/machine/schedule.h"
#include "sim/machine/spin.h"
#include "sim/memory/words.h"

namespace sim {

void condition_timed_out(context& c);

void timer_fired(context& c) {
    if (awaited_by(c).kind == op_kind::cond_resume) {
        condition_timed_out(c);
        return;
    }
    g.enabled |= c.bit;
}

namespace {

bool must_finish_left() {
    for (uint64_t rest = g.live; rest != 0; rest &= rest - 1) {
        if (!g.contexts[__builtin_ctzll(rest)].service) {
            return true;
        }
    }
    return false;
}

// Where time could pass to, and for whose sake.
struct deadlines {
    uint64_t next = ~0ULL;
    bool pressing = false;   // one is not housekeeping, or has been reached
    bool of_others = false;  // one is of somebody who is no service
};

deadlines all_deadlines() {
    deadlines d;
    for (uint64_t rest = g.live; rest != 0; rest &= rest - 1) {
        const context& c = g.contexts[__builtin_ctzll(rest)];
        if (c.wake_time_ns == ~0ULL) {
            continue;
        }
        d.next = c.wake_time_ns < d.next ? c.wake_time_ns : d.next;
        d.pressing |= !c.in_no_hurry || c.wake_time_ns <= g.now_ns;
        d.of_others |= !c.service;
    }
    return d;
}

// Whether somebody who is no service has taken a step since time last passed. To look again, and wait on, is none.
bool others_moved() {
    bool moved = g.others_moved;
    uint64_t looked = 0;
    for (size_t i = g.time_of_services.choices; i < g.choices.size() && !moved; ++i) {
        const uint8_t choice = g.choices.begin()[i];
        if ((choice & choice_is_data) != 0 || g.contexts[choice].service) {
            continue;
        }
        const context& c = g.contexts[choice];
        moved = (looked & c.bit) != 0 || !spin_looks_only(c);
        looked |= c.bit;
    }
    return moved;
}

// Services may go on for ever, from one deadline to the next, beside somebody who waits for good.
bool time_may_pass(const deadlines& d, bool for_services) {
    return d.next != ~0ULL && d.pressing &&
           (!for_services || g.time_of_services.rounds < service_rounds_max);
}

}  // namespace

void pass_time() {
    if (const uint64_t could = spin_could_go_on()) {
        if (g.choosing && g.spin_for_good) {
            g.end = execution_end::pruned;
            cpus_unaccounted = (could & g.sharers & ~g.interrupts) != 0;
            return;
        }
        g.enabled |= could;
        return;
    }
    const deadlines d = all_deadlines();
    const bool for_services = !d.of_others && !others_moved();
    const bool time_can_pass = time_may_pass(d, for_services);
    if (g.choosing && must_finish_left() && fair_wants_rest(time_can_pass)) {
        g.end = execution_end::paused;
        return;
    }
    if (!time_can_pass || !must_finish_left()) {
        g.end = must_finish_left() ? execution_end::deadlock : execution_end::done;
        return;
    }
    if (d.next > g.now_ns) {
        g.now_ns = d.next;
    }
    g.time_of_services.rounds = for_services ? g.time_of_services.rounds + 1 : 0;
    g.time_of_services.choices = static_cast<uint32_t>(g.choices.size());
    g.others_moved = false;
    if (g.choosing) {
        g.policy->time_passes();
        if (by_graph()) {
            graph.time_passed();
        }
        g.time_passed_at = g.steps;
    }
    record_remark("advance", 0, "");
    for (uint64_t rest = g.live; rest != 0; rest &= rest - 1) {
        context& c = g.contexts[__builtin_ctzll(rest)];
        if (c.wake_time_ns <= g.now_ns) {
            c.wake_time_ns = ~0ULL;
            c.timed_out = true;
            timer_fired(c);
        }
    }
    if (g.choosing) {
        spin_look_again();
    }
}

namespace {

bool clock_is_an_object() {
    return g.clock_moves && g.choosing && g.current != nullptr;
}

void set_clock(uint64_t now_ns, uint64_t pc) {
    if (!clock_is_an_object()) {
        g.now_ns = now_ns;
        return;
    }
    begin_operation(op_kind::store, clock_object, pc);
    g.now_ns = now_ns > g.now_ns ? now_ns : g.now_ns;
    operation_done(*g.current);
}

}  // namespace

// Who looks at the clock has seen something that no write of others changes: no loop of spin.h.
uint64_t look_at_clock(uint64_t pc) {
    if (clock_is_an_object()) {
        begin_operation(op_kind::load, clock_object, pc);
        operation_done(*g.current);
    }
    spin_wrote(*g.current);
    fair_saw_time();
    return g.now_ns;
}

void timer_fires(uint64_t deadline_ns, uint64_t pc) {
    set_clock(deadline_ns, pc);
}

void clock_advances(uint64_t ns, uint64_t pc) {
    const uint64_t from = clock_is_an_object() ? look_at_clock(pc) : g.now_ns;
    set_clock(from + ns, pc);
}

namespace {

int sleep_for(uint64_t ns, uint64_t pc) {
    context& c = *g.current;
    tell_may_sleep(op_kind::sleep, 0, pc);
    const uint64_t deadline_ns = (clock_is_an_object() ? look_at_clock(pc) : g.now_ns) + ns;
    if (fault_chosen(fault::early_timer, pc)) {
        timer_fires(deadline_ns, pc);
        return 0;
    }
    sleep_until(c, deadline_ns);
    begin_operation(op_kind::sleep, 0, pc, false);
    stop_timer(c);
    operation_done(c);
    return 0;
}

void yield(uint64_t pc) {
    begin_operation(op_kind::yield, 0, pc);
    operation_done(*g.current);
}

timespec to_timespec(uint64_t ns) {
    return {static_cast<time_t>(ns / second_ns), static_cast<long>(ns % second_ns)};
}

}  // namespace

}  // namespace sim

using namespace sim;

HEDDLE_INTERPOSE(int, clock_gettime, (clockid_t clock, timespec* t)) {
    if (!simulated()) {
        HEDDLE_FALL_THROUGH(clock_gettime, clock, t);
    }
    access_range(t, sizeof *t, true, HEDDLE_CALLER);
    *t = to_timespec(clock_base(clock) + look_at_clock(HEDDLE_CALLER));
    return 0;
}

HEDDLE_INTERPOSE(int, gettimeofday, (timeval * t, void* zone)) {
    if (!simulated()) {
        HEDDLE_FALL_THROUGH(gettimeofday, t, zone);
    }
    access_range(t, sizeof *t, true, HEDDLE_CALLER);
    uint64_t now = realtime_base_ns + look_at_clock(HEDDLE_CALLER);
    *t = {static_cast<time_t>(now / second_ns), static_cast<suseconds_t>(now % second_ns / 1000)};
    return 0;
}

HEDDLE_INTERPOSE(time_t, time, (time_t * t)) {
    if (!simulated()) {
        HEDDLE_FALL_THROUGH(time, t);
    }
    auto now = static_cast<time_t>((realtime_base_ns + look_at_clock(HEDDLE_CALLER)) / second_ns);
    if (t != nullptr) {
        access_range(t, sizeof *t, true, HEDDLE_CALLER);
        *t = now;
    }
    return now;
}

// libstdc++'s clocks are inside its shared object and go through clock_gettime there.

HEDDLE_INTERPOSE(int, nanosleep, (const timespec* t, timespec* left)) {
    if (!simulated()) {
        HEDDLE_FALL_THROUGH(nanosleep, t, left);
    }
    return sleep_for(
        static_cast<uint64_t>(t->tv_sec) * second_ns + static_cast<uint64_t>(t->tv_nsec),
        HEDDLE_CALLER);
}

HEDDLE_INTERPOSE(int, clock_nanosleep,
                 (clockid_t clock, int flags, const timespec* t, timespec* left)) {
    if (!simulated()) {
        HEDDLE_FALL_THROUGH(clock_nanosleep, clock, flags, t, left);
    }
    uint64_t ns = static_cast<uint64_t>(t->tv_sec) * second_ns + static_cast<uint64_t>(t->tv_nsec);
    return sleep_for((flags & TIMER_ABSTIME) != 0 ? deadline_of(clock, *t) - g.now_ns : ns,
                     HEDDLE_CALLER);
}

HEDDLE_INTERPOSE(int, thrd_sleep, (const timespec* t, timespec* left)) {
    if (!simulated()) {
        HEDDLE_FALL_THROUGH(thrd_sleep, t, left);
    }
    return heddle_entry_nanosleep(t, left);
}

HEDDLE_INTERPOSE(int, usleep, (unsigned us)) {
    if (!simulated()) {
        HEDDLE_FALL_THROUGH(usleep, us);
    }
    return sleep_for(us * 1000ULL, HEDDLE_CALLER);
}

HEDDLE_INTERPOSE(unsigned, sleep, (unsigned seconds)) {
    if (!simulated()) {
        HEDDLE_FALL_THROUGH(sleep, seconds);
    }
    sleep_for(seconds * second_ns, HEDDLE_CALLER);
    return 0;
}

HEDDLE_INTERPOSE(int, sched_yield, ()) {
    if (!simulated()) {
        HEDDLE_FALL_THROUGH(sched_yield);
    }
    yield(HEDDLE_CALLER);
    return 0;
}

HEDDLE_INTERPOSE(int, pthread_yield, ()) {
    if (!simulated()) {
        return heddle_entry_sched_yield();
    }
    yield(HEDDLE_CALLER);
    return 0;
}

HEDDLE_INTERPOSE(void, thrd_yield, ()) {
    if (!simulated()) {
        HEDDLE_FALL_THROUGH(thrd_yield);
    }
    yield(HEDDLE_CALLER);
}

// rttimer.h - something is done to a route when its time is up: a path MTU is forgotten.
// Source:  names after OpenBSD net/route.c: rttimer, rttimer_queue, rt_timer_add, rt_timer_remove_all.
// Shapes:  one timer for each route and queue; lives of a queue in seconds.
// Locks:   [T] rttimer_mtx, before the mutex of the timeouts  [C] conf_lock  [I] immutable
//          A timer does not count its route (it must not keep one that is deleted), so what keeps that alive
//          must be said. A route has timers only while it is in the table: they are added, and removed when it
//          is deleted, with conf_lock; and the table's reference is given up behind that. So whoever finds
//          rtt_rt set, under the mutex, finds a reference there to stand on, and takes one of its own before
//          the mutex goes: upstream needs none, since there the network lock is held round all of it.
//          What is done to the route is done with conf_lock, and only if it is in the table still.
//          A timer is freed by who disarmed it. timeout_del that answers 0 means that its function has been
//          called, and waits for the mutex or for conf_lock: then that one frees it.
// Errors:  none.
#pragma once

#include <atomic>
#include <cstdint>

#include "model/kern/mutex.h"
#include "model/kern/timeout.h"

namespace model::net {

struct rtentry;
struct rttimer;
struct stack;

struct rttimer_queue {
    std::atomic<int64_t> life{0};  // [a] seconds that a timer runs
    // [I] The time of a route is up; conf_lock is held, and the route is in the table.
    void (*action)(stack& st, rtentry& rt) = nullptr;
    rttimer* head = nullptr;  // [T]
    unsigned count = 0;       // [T]
};

struct rttimer {
    stack* rtt_stack = nullptr;          // [I]
    rttimer_queue* rtt_queue = nullptr;  // [I]
    rtentry* rtt_rt = nullptr;           // [T] not counted; null: unlinked
    rttimer* rtt_next = nullptr;         // [T] rttimer_queue.head
    rttimer* rtt_prev = nullptr;         // [T]
    rttimer* rtt_rt_next = nullptr;      // [T] rtentry.rt_timer
    int64_t rtt_until = 0;               // [T] uptime
    kern::timeout rtt_timeout;
};

struct rttimer_state {
    kern::mutex mtx{kern::ipl_net};
    rttimer_queue pmtu;      // path MTUs: netinet/icmp_mtudisc.h
    rttimer_queue redirect;  // routes of redirects: netinet/icmp_redirect.h
};

// Starts the time of a route in a queue, anew if it runs. The route is in the table; conf_lock is held.
void rt_timer_add_locked(stack& st, rtentry& rt, rttimer_queue& queue);

// The route is being deleted: nothing is done to it any more. conf_lock is held.
void rt_timer_remove_all_locked(stack& st, rtentry& rt);

// Seconds until the first of its times is up; 0: none runs.
[[nodiscard]] int64_t rt_timer_get_expire(stack& st, const rtentry& rt);

// Invariant; the argument is the stack, under rttimer_mtx: queues and routes have the same timers.
int rt_timers_linked(void* st);

}  // namespace model::net

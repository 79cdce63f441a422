#include "model/net/rttimer.h"

#include <algorithm>

#include "model/kern/assert.h"
#include "model/kern/invariant.h"
#include "model/net/object_name.h"
#include "model/net/route.h"
#include "model/net/stack.h"

namespace model::net {

namespace {

// ---- the two lists ------------------------------------------------------------------------------

void link_timer(rttimer& r, rtentry& rt) {
    rttimer_queue& queue = *r.rtt_queue;
    r.rtt_rt = &rt;
    r.rtt_next = queue.head;
    if (queue.head != nullptr) {
        queue.head->rtt_prev = &r;
    }
    queue.head = &r;
    ++queue.count;
    r.rtt_rt_next = rt.rt_timer;
    rt.rt_timer = &r;
}

void unlink_timer(rttimer& r) {
    rttimer_queue& queue = *r.rtt_queue;
    (r.rtt_prev == nullptr ? queue.head : r.rtt_prev->rtt_next) = r.rtt_next;
    if (r.rtt_next != nullptr) {
        r.rtt_next->rtt_prev = r.rtt_prev;
    }
    --queue.count;
    rttimer** link = &r.rtt_rt->rt_timer;
    while (*link != &r) {
        link = &(*link)->rtt_rt_next;
    }
    *link = r.rtt_rt_next;
    r.rtt_rt = nullptr;
}

rttimer* timer_of(const rtentry& rt, const rttimer_queue& queue) {
    rttimer* r = rt.rt_timer;
    while (r != nullptr && r->rtt_queue != &queue) {
        r = r->rtt_rt_next;
    }
    return r;
}

// The timer, for the caller to free; null if its function has been called and will do that.
rttimer* disarm(stack& st, rttimer& r) {
    unlink_timer(r);
    return kern::timeout_del(st.timeouts, r.rtt_timeout) != 0 ? &r : nullptr;
}

void free_timer(stack& st, rttimer* r) {
    if (r != nullptr) {
        kern::pool_put(st.rttimer_pool, r);
    }
}

// ---- the time is up -----------------------------------------------------------------------------

void rt_timer_timer(void* argument) {
    auto* r = static_cast<rttimer*>(argument);
    stack& st = *r->rtt_stack;
    kern::mtx_enter(st.rttimers.mtx);
    rtentry* rt = r->rtt_rt;
    if (rt != nullptr) {
        unlink_timer(*r);
        // Linked, so it is in the table, or on its way out and not yet past this mutex: the table's
        // reference is there still.
        rtref(*rt);
    }
    kern::mtx_leave(st.rttimers.mtx);
    if (rt != nullptr) {
        kern::rw_enter_write(st.conf_lock);
        if (rt->rt_node != nullptr) {
            r->rtt_queue->action(st, *rt);
        }
        kern::rw_exit(st.conf_lock);
        rtfree(rt);
    }
    kern::pool_put(st.rttimer_pool, r);
}

}  // namespace

void rt_timer_add_locked(stack& st, rtentry& rt, rttimer_queue& queue) {
    kern::kassert(rt.rt_node != nullptr, "rt_timer_add: not in the table");
    auto* r = kern::pool_get<rttimer>(st.rttimer_pool);
    heddle_name(r, name_of("rttimer", rt.rt_dest, rt.rt_plen).text);
    r->rtt_stack = &st;
    r->rtt_queue = &queue;
    kern::timeout_set_housekeeping(r->rtt_timeout, rt_timer_timer, r, "rttimer");

    kern::mtx_enter(st.rttimers.mtx);
    rt.rt_timed = true;
    rttimer* running = timer_of(rt, queue);
    rttimer* old = running == nullptr ? nullptr : disarm(st, *running);
    link_timer(*r, rt);
    r->rtt_until = kern::getuptime(st.clock) + queue.life.load(std::memory_order_relaxed);
    kern::timeout_add_at(st.timeouts, r->rtt_timeout, r->rtt_until);
    kern::mtx_leave(st.rttimers.mtx);
    free_timer(st, old);
}

void rt_timer_remove_all_locked(stack& st, rtentry& rt) {
    // Only with conf_lock a route gets timers: what has none here has none.
    if (!rt.rt_timed) {
        return;
    }
    rttimer* dead = nullptr;
    kern::mtx_enter(st.rttimers.mtx);
    while (rt.rt_timer != nullptr) {
        if (rttimer* r = disarm(st, *rt.rt_timer); r != nullptr) {
            r->rtt_rt_next = dead;
            dead = r;
        }
    }
    kern::mtx_leave(st.rttimers.mtx);
    while (dead != nullptr) {
        rttimer* next = dead->rtt_rt_next;
        free_timer(st, dead);
        dead = next;
    }
}

int64_t rt_timer_get_expire(stack& st, const rtentry& rt) {
    int64_t first = 0;
    kern::mtx_enter(st.rttimers.mtx);
    for (const rttimer* r = rt.rt_timer; r != nullptr; r = r->rtt_rt_next) {
        const int64_t left = std::max<int64_t>(1, r->rtt_until - kern::getuptime(st.clock));
        first = first == 0 ? left : std::min(first, left);
    }
    kern::mtx_leave(st.rttimers.mtx);
    return first;
}

namespace {

int queue_linked(const rttimer_queue& queue) {
    unsigned count = 0;
    const rttimer* before = nullptr;
    for (const rttimer* r = queue.head; r != nullptr; before = r, r = r->rtt_next, ++count) {
        if (r->rtt_prev != before || r->rtt_rt == nullptr || r->rtt_queue != &queue) {
            return kern::broken("timer %u of the queue is linked on one side only", count);
        }
        if (timer_of(*r->rtt_rt, queue) != r) {
            return kern::broken("%s has another timer than the queue",
                                name_of("rtentry", r->rtt_rt->rt_dest, r->rtt_rt->rt_plen).text);
        }
    }
    return count == queue.count ? 1 : kern::broken("%u timers, counted as %u", count, queue.count);
}

}  // namespace

int rt_timers_linked(void* argument) {
    const rttimer_state& timers = static_cast<stack*>(argument)->rttimers;
    return queue_linked(timers.pmtu) != 0 ? queue_linked(timers.redirect) : 0;
}

}  // namespace model::net

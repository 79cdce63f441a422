#include "model/net/ifq.h"

#include "model/net/if.h"
#include "model/net/stack.h"

namespace model::net {

namespace {

// The next frame for who transmits; with null the caller has ceased to be that one.
mbuf* ifq_next(ifqueue& q) {
    kern::mtx_enter(q.mtx);
    mbuf* m = ml_dequeue(q.list);
    if (m == nullptr) {
        q.running = false;
        if (q.stopped) {
            kern::wakeup(q.idle);
        }
    }
    kern::mtx_leave(q.mtx);
    return m;
}

}  // namespace

bool ifq_enqueue(stack& st, ifnet& ifp, mbuf* m) {
    ifqueue& q = ifp.if_snd;
    kern::mtx_enter(q.mtx);
    if (q.stopped || q.list.length >= ifq_length_max) {
        kern::mtx_leave(q.mtx);
        counter_inc(st, counter::ifq_drops);
        m_drop(st, m, "ifqdrop");
        return false;
    }
    if (q.running) {
        ml_enqueue(q.list, m);
        kern::mtx_leave(q.mtx);
        return true;
    }
    // Nobody transmits, so nothing is queued: the frame needs no detour over the list.
    q.running = true;
    kern::mtx_leave(q.mtx);
    while (m != nullptr) {
        ifp.if_transmit(st, ifp, m);
        m = ifq_next(q);
    }
    return true;
}

void ifq_stop(ifnet& ifp) {
    ifqueue& q = ifp.if_snd;
    kern::mtx_enter(q.mtx);
    q.stopped = true;
    while (q.running) {
        kern::sleeper self;
        kern::sleep_setup(q.idle, self, "ifqbar");
        kern::mtx_leave(q.mtx);
        kern::sleep_finish(q.idle, self, true);
        kern::mtx_enter(q.mtx);
    }
    kern::mtx_leave(q.mtx);
}

void ifq_purge(stack& st, ifnet& ifp) {
    ifqueue& q = ifp.if_snd;
    kern::mtx_enter(q.mtx);
    mbuf_list list = q.list;
    q.list = {};
    kern::mtx_leave(q.mtx);
    while (mbuf* m = ml_dequeue(list)) {
        counter_inc(st, counter::ifq_drops);
        m_drop(st, m, "ifqpurge");
    }
}

}  // namespace model::net

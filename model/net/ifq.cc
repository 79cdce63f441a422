#include "model/net/ifq.h"

#include "model/kern/cpu.h"
#include "model/net/if.h"
#include "model/net/stack.h"

namespace model::net {

namespace {

// The first frame for who becomes the one that runs the start routine; null: there is nothing to do for it.
mbuf* begin_locked(ifqueue& q) {
    if (q.running || q.oactive || q.stopped) {
        return nullptr;
    }
    mbuf* m = ml_dequeue(q.list);
    q.running = m != nullptr;
    return m;
}

// The next frame for who runs it; with null the caller has ceased to be that one.
mbuf* next_locked(ifqueue& q) {
    mbuf* m = q.oactive ? nullptr : ml_dequeue(q.list);
    if (m == nullptr) {
        q.running = false;
        if (q.stopped) {
            kern::wakeup(q.idle);
        }
    }
    return m;
}

void start_task(void* argument) {
    auto& q = *static_cast<ifqueue*>(argument);
    kern::mtx_enter(q.mtx);
    mbuf* m = begin_locked(q);
    kern::mtx_leave(q.mtx);
    if (m != nullptr) {
        q.ifp->if_qstart(*q.st, *q.ifp, m);
    }
}

// How what has been queued is sent: by whom.
enum class starts { nobody, task, caller };

starts who_starts_locked(ifqueue& q) {
    if (q.running || q.oactive) {
        return starts::nobody;
    }
    if (kern::cpu_is_softnet() && q.list.length < ifq_txmit) {
        q.bundled = true;
        return starts::task;
    }
    return starts::caller;
}

}  // namespace

void ifq_init(stack& st, ifnet& ifp) {
    ifqueue& q = ifp.if_snd;
    q.st = &st;
    q.ifp = &ifp;
    q.softnet = &st.softnet[ifp.if_index % st.softnet_count];
    kern::task_set(q.start, start_task, &q);
}

bool ifq_enqueue(stack& st, ifnet& ifp, mbuf* m) {
    ifqueue& q = ifp.if_snd;
    kern::mtx_enter(q.mtx);
    if (q.stopped || q.list.length >= ifq_length_max) {
        kern::mtx_leave(q.mtx);
        counter_inc(st, counter::ifq_drops);
        if_counter_inc(ifp.if_counters, if_counter::oerrors);
        m_drop(st, m, "ifqdrop");
        return false;
    }
    ml_enqueue(q.list, m);
    const starts who = who_starts_locked(q);
    // Who starts it has the first frame in hand at once: the start routine begins with one.
    mbuf* first = who == starts::caller ? begin_locked(q) : nullptr;
    kern::mtx_leave(q.mtx);
    if (who == starts::task) {
        kern::task_add(*q.softnet, q.start);
    } else if (first != nullptr) {
        ifp.if_qstart(st, ifp, first);
    }
    return true;
}

mbuf* ifq_dequeue(ifqueue& q) {
    kern::mtx_enter(q.mtx);
    mbuf* m = next_locked(q);
    kern::mtx_leave(q.mtx);
    return m;
}

void ifq_set_oactive(ifqueue& q) {
    kern::mtx_enter(q.mtx);
    q.oactive = true;
    kern::mtx_leave(q.mtx);
}

mbuf* ifq_wait(ifqueue& q, bool room) {
    kern::mtx_enter(q.mtx);
    if (room) {
        q.oactive = false;
    }
    mbuf* m = next_locked(q);
    kern::mtx_leave(q.mtx);
    return m;
}

void ifq_restart(stack& st, ifnet& ifp) {
    ifqueue& q = ifp.if_snd;
    kern::mtx_enter(q.mtx);
    const bool waited = q.oactive;
    q.oactive = false;
    // Who is still in the start routine looks at oactive before it leaves, and goes on itself.
    mbuf* m = waited ? begin_locked(q) : nullptr;
    kern::mtx_leave(q.mtx);
    if (m != nullptr) {
        ifp.if_qstart(st, ifp, m);
    }
}

void ifq_stop(ifnet& ifp) {
    ifqueue& q = ifp.if_snd;
    kern::mtx_enter(q.mtx);
    q.stopped = true;
    if (q.bundled) {
        // Whoever left the start to the task had a reference then, so nobody adds it again.
        kern::mtx_leave(q.mtx);
        kern::taskq_del_barrier(*q.softnet, q.start);
        kern::mtx_enter(q.mtx);
    }
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

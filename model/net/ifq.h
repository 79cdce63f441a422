// ifq.h - the send queue of an interface and who runs its start routine.
// Source:  ifq of OpenBSD net/ifq: one context at a time runs the start routine, the others only queue; softnets leave
//          the start to a task (ifq_bundle), so that the packets of one burst are sent together.
// Shapes:  at most ifq_length_max packets wait. While the queue is not `oactive` the driver has room for a packet.
//          A start task has no reference: ifq_stop is what keeps the interface for it.
// Locks:   [Q] queue mutex  [I] immutable
// Errors:  false: full or stopped; the packet has been dropped and counted.
#pragma once

#include "model/kern/mutex.h"
#include "model/kern/sleep.h"
#include "model/kern/taskq.h"
#include "model/net/mbuf.h"

namespace model::net {

struct stack;
struct ifnet;

inline constexpr unsigned ifq_length_max = 256;
inline constexpr unsigned ifq_txmit = 16;  // so many are not left to a task (IF_TXMIT_DEFAULT)

struct ifqueue {
    kern::mutex mtx{kern::ipl_net};  // leaf; an interrupt that forwards queues its packet here
    mbuf_list list;                  // [Q]
    bool running = false;            // [Q] some context is in the start routine
    bool oactive = false;            // [Q] the driver has no room; its interrupt restarts the queue
    bool bundled = false;            // [Q] the start has been left to a task at least once
    bool stopped = false;            // [Q] the interface goes away
    kern::sleep_channel idle;        // sleepers: ifq_stop
    kern::task start;                // on softnet, the queue's own mutex
    kern::taskq* softnet = nullptr;  // [I] the one of this interface
    stack* st = nullptr;             // [I]
    ifnet* ifp = nullptr;            // [I] whose queue it is
};

// Once, when the interface has its index.
void ifq_init(stack& st, ifnet& ifp);

// Queues a frame. Who finds nobody at it runs the start routine until the queue is empty, or, as a softnet, has it run
// by a task. The caller has a reference.
bool ifq_enqueue(stack& st, ifnet& ifp, mbuf* m);

// For the start routine: the next frame; null: there is none, and the caller does not run it any more.
[[nodiscard]] mbuf* ifq_dequeue(ifqueue& q);

// For the start routine that has no room: from now on the queue waits for ifq_restart. Whoever frees room and did not
// find it oactive has been there before: look once more for room, and say so to ifq_wait, which answers as ifq_dequeue.
void ifq_set_oactive(ifqueue& q);
[[nodiscard]] mbuf* ifq_wait(ifqueue& q, bool room);

// There is room again: goes on where the start routine had to wait. The caller has a reference.
void ifq_restart(stack& st, ifnet& ifp);

// From now on nothing is queued or started; returns when the running start routine has ended and a start task that
// stood on its queue has been taken off, or has run. Nobody has a reference. May sleep.
void ifq_stop(ifnet& ifp);

// Drops what is queued.
void ifq_purge(stack& st, ifnet& ifp);

}  // namespace model::net

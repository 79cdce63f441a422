// ifq.h - the send queue of an interface and who runs its start routine.
// Source:  ifq of OpenBSD net/ifq: one context at a time transmits, the others only queue.
// Shapes:  at most ifq_length_max packets wait.
// Locks:   [Q] queue mutex
// Errors:  false: full or stopped; the packet has been dropped and counted.
#pragma once

#include "model/kern/mutex.h"
#include "model/kern/sleep.h"
#include "model/net/mbuf.h"

namespace model::net {

struct stack;
struct ifnet;

inline constexpr unsigned ifq_length_max = 256;

struct ifqueue {
    kern::mutex mtx{kern::ipl_net};  // leaf; an interrupt that forwards queues its packet here
    mbuf_list list;                  // [Q]
    bool running = false;            // [Q] some context is transmitting
    bool stopped = false;            // [Q] the interface goes away
    kern::sleep_channel idle;        // sleepers: ifq_barrier
};

// Queues a frame and, unless somebody is at it, transmits until the queue is empty.
bool ifq_enqueue(stack& st, ifnet& ifp, mbuf* m);

// From now on nothing is queued; returns when nobody transmits. May sleep.
void ifq_stop(ifnet& ifp);

// Drops what is queued.
void ifq_purge(stack& st, ifnet& ifp);

}  // namespace model::net

// softnet.h - received packets on their way to the softnets, which work on them one after the other.
// Source:  net_tq, ifiq_input and if_input_process of OpenBSD net/if.c and net/ifq.c.
// Shapes:  each softnet has a list of at most softnet_length_max packets. A packet knows the index of its interface;
//          whether that is still there is found out when its turn has come.
// Locks:   [Q] list mutex  [I] immutable
// Errors:  none: packets that cannot be queued are dropped and counted.
#pragma once

#include "model/kern/mutex.h"
#include "model/kern/taskq.h"
#include "model/net/mbuf.h"

namespace model::net {

struct stack;

inline constexpr unsigned softnet_length_max = 256;

struct softnet_list {
    kern::mutex mtx{kern::ipl_net};  // leaf; interrupts of cards queue here
    mbuf_list list;                  // [Q]
    kern::task input;                // on the softnet, the queue's own mutex
    stack* st = nullptr;             // [I]
};

void softnet_init(stack& st);

// Hands packets to softnet `number`, counted round those that there are. Does not sleep.
void softnet_input(stack& st, unsigned number, mbuf_list& packets);

// Sleeps until each softnet has done with what it had been given before: packets of an interface that nobody can find
// any more have been dropped then. Not from a softnet, and with no lock held that a packet takes.
void softnet_barrier(stack& st);

}  // namespace model::net

// socket_queue.h - connections that came in for a socket that listens, until a program accepts them.
// Source:  so_q0 and so_q, sonewconn(9), soqinsque(9), accept(2) of the BSDs.
// Shapes:  at most soq_limit connections, finished or not.
// Locks:   [Q] soq_mtx of the socket that listens, a leaf. A queue has a reference to each socket on it; a socket that came
//          in has one to the socket it came in for, as long as it lives, so that its queue can be found.
// Errors:  int errno with the BSD meaning.
#pragma once

#include <deque>
#include <vector>

#include "model/kern/mutex.h"
#include "model/kern/sleep.h"

namespace model::net {
struct stack;
}

namespace model::netinet {

struct socket;

inline constexpr unsigned somaxconn = 128;

struct socket_queue {
    kern::mutex soq_mtx{kern::ipl_net};
    kern::sleep_channel soq_channel;  // who accepts
    std::deque<socket*> unfinished;   // [Q] so_q0: the handshake goes on
    std::deque<socket*> finished;     // [Q] so_q: to be accepted, in this order
    unsigned soq_limit = 0;           // [Q] 0: does not listen
    bool soq_wait = false;            // [Q] somebody sleeps, or is about to
};

// It listens from now on, with room for so many: at least one, at most somaxconn.
void soqlisten(socket& head, unsigned backlog);
// It does not listen any more. What was on the queue, with its references.
[[nodiscard]] std::vector<socket*> soqclose(socket& head);

// A connection begins to come in; the reference is the queue's. False: there is no room, or nobody listens.
[[nodiscard]] bool soqinsque(socket& head, socket& so);
// Its handshake is over; who accepts may have it. Nothing if it is not on a queue (any more).
void soisconnected(socket& so);
// Takes it off its queue, wherever it stands. True: the reference is the caller's.
[[nodiscard]] bool soqremque(socket& so);

// The first that is finished, with its reference: sleeps until there is one ("netcon"). EINVAL: does not listen.
// ECONNABORTED: it has ceased to meanwhile.
[[nodiscard]] int soqaccept(socket& head, socket** so);

}  // namespace model::netinet

// socket.h - one end of communication as a program has it; what a program may ask of it.
// Source:  names after OpenBSD kern/uipc_socket.c, sys/socketvar.h, sys/protosw.h.
// Shapes:  addresses and ports in host order.
// Locks:   [I] immutable  [S] so_lock. It is an rwlock: under it a lookup may want conf_lock, and pf its
//          own, which sleep. For the same reason no mutex is held when it is asked for, and no other
//          so_lock either. Exclusive for who changes what it guards, shared for who reads.
//          Nothing is sent, and nobody sleeps for anything else, with a so_lock in hand: what we send to
//          ourselves arrives at once, and may want the lock of the other end.
//          Order: so_lock -> conf_lock, pf's; so_lock -> t_mtx -> leaves; so_lock -> leaves {inpt_mtx,
//          inp_sofree_mtx, sb_mtx, soq_mtx}.
// Errors:  int errno with the BSD meaning.
#pragma once

#include <cstdint>
#include <span>

#include "model/kern/refcnt.h"
#include "model/kern/rwlock.h"
#include "model/netinet/in_pcb.h"
#include "model/netinet/socket_buffer.h"
#include "model/netinet/socket_queue.h"

namespace model::netinet {

struct socket;

// Whether the other end is to read what was sent (an ordinary end), or to be told that all is over.
enum class closing { in_order, abort };

// What a protocol does for a socket: pr_usrreqs. Each takes so_lock itself; a null is not supported.
struct protosw {
    void (*attach)(net::stack& st, socket& so, const char* name);  // nobody else knows the socket
    void (*detach)(net::stack& st, socket& so, closing how);       // the program has closed it
    int (*connect)(net::stack& st, socket& so, const sockaddr& to);
    int (*send)(net::stack& st, socket& so, std::span<const uint8_t> bytes, const sockaddr* to);
    // Null: to an address and a port, as in_pcbbind does.
    int (*bind)(net::stack& st, socket& so, const sockaddr& at, bind_to which) = nullptr;
    int (*listen)(net::stack& st, socket& so, unsigned backlog) = nullptr;
    int (*connected)(net::stack& st, socket& so) = nullptr;  // sleeps until it is
    int (*shutdown)(net::stack& st, socket& so) = nullptr;   // nothing more will be sent
    void (*rcvd)(net::stack& st, socket& so) = nullptr;      // the program has read something
    // One that came in has been accepted, and is called so from now on.
    void (*accepted)(net::stack& st, socket& so, const char* name) = nullptr;
};

struct socket {
    kern::refcnt so_refcnt;             // who has its name, its pcb, who uses it
    const protosw* so_proto = nullptr;  // [I]
    uint8_t so_protocol = 0;            // [I] of a raw one: the number that stands in the IP header
    uint8_t so_rtableid = 0;            // [I] routing table that its packets go by
    char so_name[inp_namesize] = {};    // [I] of one that came in: since it was accepted
    kern::rwlock so_lock;
    inpcb* so_pcb = nullptr;    // [S] not counted: until it is detached its table has a reference
    sockbuf so_rcv;             // has its own mutex: what comes in does not take so_lock for it
    socket_queue so_queue;      // of one that listens; has its own mutex, too
    socket* so_head = nullptr;  // [I] counted: for whom it came in
};

// ---- references and the lock --------------------------------------------------------------------

socket* soref(socket* so);
// Gives a reference up; null is fine. The last one frees the socket, which has no pcb then.
void sorele(net::stack& st, socket* so);

void solock(socket& so);         // exclusive
void solock_shared(socket& so);  // to read
void sounlock(socket& so);

// Its pcb, referenced; null if it has none any more.
[[nodiscard]] inpcb* sotoinpcb(socket& so);

// ---- for programs: each takes so_lock, and may sleep; the caller has a reference ------------------

// A socket with a pcb in that routing table, which exists; the reference is the caller's.
[[nodiscard]] socket* socreate(net::stack& st, const protosw& proto, const char* name,
                               uint8_t protocol, unsigned tableid);
// The same for a connection that comes in for `head`, in the table of that one; it has no name until it is accepted.
[[nodiscard]] socket* sonewconn(net::stack& st, socket& head);
// EINVAL: is bound, or closed. What in_pcbbind says.
[[nodiscard]] int sobind(net::stack& st, socket& so, const sockaddr& at, bind_to which);
[[nodiscard]] int soconnect(net::stack& st, socket& so, const sockaddr& to);
// SO_REUSEPORT, SO_BROADCAST. EINVAL: closed.
[[nodiscard]] int soreuseport(socket& so, bool reuse);
[[nodiscard]] int sobroadcast(socket& so, bool broadcast);
// `to` null: to whom it is connected.
[[nodiscard]] int sosend(net::stack& st, socket& so, std::span<const uint8_t> bytes,
                         const sockaddr* to);
// What sbreceive says; nothing is locked meanwhile.
[[nodiscard]] int soreceive(net::stack& st, socket& so, sockrecord** record);
// EOPNOTSUPP: its protocol knows no connections. Else as the protocol says.
[[nodiscard]] int solisten(net::stack& st, socket& so, unsigned backlog);
[[nodiscard]] int soconnected(net::stack& st, socket& so);  // sleeps
[[nodiscard]] int soshutdown(net::stack& st, socket& so);
// A connection that came in, with its reference, called `name` from now on. What soqaccept says; sleeps.
[[nodiscard]] int soaccept(net::stack& st, socket& head, const char* name, socket** so);
// No program has it any more; gives up the caller's reference. Who sleeps in soreceive returns.
void soclose(net::stack& st, socket* so, closing how = closing::in_order);

}  // namespace model::netinet

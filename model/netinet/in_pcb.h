// in_pcb.h - what an internet protocol knows of a socket: its addresses, and who finds it by them.
// Source:  names after OpenBSD netinet/in_pcb.h.
// Shapes:  addresses and ports in host order; 0 is a wildcard. A table is a list, newest first: what
//          a hash finds in fewer steps is the same pcb, found under the same mutex.
// Locks:   [I] immutable  [T] mutex of the table  [L] written under so_lock and [T], read under either  [S] so_lock
//          [F] inp_sofree_mtx  [P] model/pf alone. Everybody who has a pointer has a reference: the
//          table has one, so has a packet, a state key, a timer, and who looked it up.
// Errors:  int errno with the BSD meaning; null: no such pcb.
#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

#include "model/kern/mutex.h"
#include "model/kern/refcnt.h"
#include "model/netinet/in_pcb_route.h"
#include "model/netinet/ip_moptions.h"

namespace model::net {
struct mbuf;
struct stack;
}  // namespace model::net
namespace model::pf {
struct pf_state_key;
}

namespace model::netinet {

struct inpcbtable;
struct socket;
struct tcpcb;

inline constexpr unsigned inp_namesize = 16;  // of the socket; a fate holds no more

struct inpcb {
    kern::refcnt inp_refcnt;
    inpcbtable* inp_table = nullptr;  // [I] of its protocol
    uint8_t inp_protocol = 0;         // [I] of a raw one: that of its socket
    uint8_t inp_rtableid = 0;         // [I] that of its socket: by which its packets go
    uint8_t inp_rdomain = 0;          // [I] that table's: whose packets it gets
    tcpcb* inp_ppcb = nullptr;        // [I] of TCP: the connection, which is freed with the pcb
    // [I] that of its socket, or of the one that it came from. Of TCP [t]: until it is accepted.
    char inp_name[inp_namesize] = {};

    uint32_t inp_laddr = 0;  // [L]
    uint32_t inp_faddr = 0;  // [L] 0: not connected
    uint16_t inp_lport = 0;  // [L] 0: not bound
    uint16_t inp_fport = 0;  // [L]

    bool inp_reuseport =
        false;  // [L] SO_REUSEPORT: who says so, too, may have the same address and port
    bool inp_broadcast = false;  // [S] SO_BROADCAST: may send to everybody on a link
    ip_moptions inp_moptions;    // [S]

    pcb_route inp_route;  // has owners of its own

    // The link to a state. Nobody outside model/pf reads or writes it.
    std::atomic<pf::pf_state_key*> inp_pf_sk{nullptr};  // [P]
    bool inp_pf_over = false;                           // [P] there will be no other link

    // The pcb's memory is stable for who has a reference, its socket is not: it goes when the
    // socket is closed. Who wants it takes a reference to it under this mutex.
    kern::mutex inp_sofree_mtx{kern::ipl_net};  // leaf
    socket* inp_socket = nullptr;               // [F] counted; null: detached

    inpcb* inp_next = nullptr;  // [T] inpcbtable.list
    inpcb* inp_prev = nullptr;  // [T]
    bool inp_onlist = false;    // [T]
};

// Legal only with a reference, or under the mutex of the table that the pcb is on. Returns it.
inpcb* in_pcbref(inpcb* inp);
// Gives a reference up; null is fine. Who gives up the last frees the pcb, which is on no list then
// and has no socket.
void in_pcbunref(net::stack& st, inpcb* inp);

// ---- tables -------------------------------------------------------------------------------------

inline constexpr uint16_t ipport_hifirstauto = 49152;  // ports that are picked for who names none
inline constexpr uint16_t ipport_hilastauto = 65535;

struct inpcbtable {
    explicit inpcbtable(const char* lock_name);
    inpcbtable(const inpcbtable&) = delete;
    inpcbtable& operator=(const inpcbtable&) = delete;

    kern::mutex inpt_mtx{kern::ipl_net};         // leaf but for the read section of a route lookup
    inpcb* list = nullptr;                       // [T]
    uint16_t lastport = ipport_hifirstauto - 1;  // [T] picked last
};

// Makes the pcb of a socket, which keeps a reference to neither: the table has the pcb's, the pcb one to
// the socket. It is not bound, so nobody finds it. Nobody else knows the socket. `ppcb` is the protocol's part, or null.
inpcb* in_pcballoc(net::stack& st, inpcbtable& table, socket& so, const char* name, tcpcb* ppcb);

// The socket is closed, or its connection over; so_lock is held, and the caller has a reference to
// the socket. Takes the pcb from its socket, its route, the pcb from model/pf and from the table, in this
// order, and gives up the table's reference.
void in_pcbdetach(net::stack& st, inpcb& inp);

// The socket, referenced; null if it has been closed.
[[nodiscard]] socket* in_pcbsoref(inpcb& inp);

// ---- lookup: the pcb is referenced --------------------------------------------------------------

// Both ends as a packet for us names them, and the routing domain that it is in.
struct in_ends {
    uint32_t faddr = 0;
    uint32_t laddr = 0;
    uint16_t fport = 0;
    uint16_t lport = 0;
    uint8_t rdomain = 0;
};

// The pcb connected so; null if none.
[[nodiscard]] inpcb* in_pcblookup(inpcbtable& table, const in_ends& ends);
// The pcb that listens, or receives from everybody, where the packet goes: bound to that address, else
// to none. A packet that pf diverted goes where the rule says, and nowhere else.
[[nodiscard]] inpcb* in_pcblookup_listen(inpcbtable& table, const in_ends& ends,
                                         const net::mbuf& m);
// The newest that is bound to the port, whatever its address.
[[nodiscard]] inpcb* in_pcblookup_port(inpcbtable& table, uint16_t lport);
// Every pcb that a packet for several matches, in the order of the table: raw ones (lport 0), or those
// bound to the port, whatever else they leave open.
// Of raw ones only those of that protocol.
[[nodiscard]] std::vector<inpcb*> in_pcblookup_all(inpcbtable& table, const in_ends& ends,
                                                   uint8_t protocol = 0);

// All of them, newest first.
[[nodiscard]] std::vector<inpcb*> in_pcbs(inpcbtable& table);

// ---- bind and connect ---------------------------------------------------------------------------
// Choosing an address, seeing that nobody has it, and taking it are one section of the table's mutex:
// two who want the same cannot both find it free. so_lock is held exclusively.

enum class bind_to { own_address, any_address };

// lport 0: the next free one of the automatic range, counted upwards from the one picked before, so that
// it depends on nothing but the order of the picks. EINVAL: is bound. EADDRNOTAVAIL: no address of
// ours, and any_address (SO_BINDANY) not wanted; or no port left. EADDRINUSE: another has them, and one of the two does
// not say SO_REUSEPORT.
[[nodiscard]] int in_pcbbind(net::stack& st, inpcb& inp, uint32_t laddr, uint16_t lport,
                             bind_to which);
// An address alone, for protocols without ports; others may have it, too. EADDRNOTAVAIL as above.
[[nodiscard]] int in_pcbbind_addr(net::stack& st, inpcb& inp, uint32_t laddr, bind_to which);
// EADDRNOTAVAIL: nothing leads there, or it is no address to connect to. EADDRINUSE: there is such a
// connection.
[[nodiscard]] int in_pcbconnect(net::stack& st, inpcb& inp, uint32_t faddr, uint16_t fport);
// For a connection that came in, on a pcb that nobody knows yet. EADDRINUSE: it has come in already.
[[nodiscard]] int in_pcbset(inpcb& inp, const in_ends& ends);
// SO_REUSEPORT; so_lock is held exclusively.
void in_pcbreuseport(inpcb& inp, bool reuse);
// Forgets the other end; and the own address, if `forget_laddr`.
void in_pcbdisconnect(net::stack& st, inpcb& inp, bool forget_laddr);

// The source address for packets to `faddr`; 0: nothing leads there. What leads there is in `ro`
// afterwards. May sleep.
[[nodiscard]] uint32_t in_pcbselsrc(net::stack& st, net::route& ro, uint32_t faddr,
                                    unsigned tableid);

// Invariant; the argument is the table, under its mutex: pcbs lead to each other both ways, and no two
// are connected alike.
int in_pcbs_linked(void* table);

}  // namespace model::netinet

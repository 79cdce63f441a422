// in_pcb.h - what an internet protocol knows of a socket: its addresses, and who may find it by them.
// Source:  names after OpenBSD netinet/in_pcb.h.
// Shapes:  addresses and ports in host order; 0 is a wildcard.
// Locks:   [I] immutable  [T] mutex of its table  [L] written under so_lock and [T], read under either
//          [F] inp_sofree_mtx  [P] model/pf alone. Everybody who has a pointer has a reference: the
//          table has one, so has a packet, a state key, and who looked it up.
// Errors:  none.
#pragma once

#include <atomic>
#include <cstdint>

#include "model/kern/mutex.h"
#include "model/kern/refcnt.h"

namespace model::net {
struct stack;
}
namespace model::pf {
struct pf_state_key;
}

namespace model::netinet {

struct socket;
struct inpcbtable;

inline constexpr unsigned inp_namesize = 16;  // of the socket; a fate holds no more

struct inpcb {
    kern::refcnt inp_refcnt;
    inpcbtable* inp_table = nullptr;   // [I] of its protocol
    char inp_name[inp_namesize] = {};  // [I] that of its socket

    uint32_t inp_laddr = 0;  // [L]
    uint32_t inp_faddr = 0;  // [L] 0: not connected
    uint16_t inp_lport = 0;  // [L] 0: not bound
    uint16_t inp_fport = 0;  // [L]

    // The link to a state. Nobody outside model/pf reads or writes it.
    std::atomic<pf::pf_state_key*> inp_pf_sk{nullptr};  // [P]

    // The pcb's memory is stable for who has a reference, its socket is not: it goes when the
    // socket is closed. Who wants it takes a reference to it under this mutex.
    kern::mutex inp_sofree_mtx{kern::ipl_net};  // leaf
    socket* inp_socket = nullptr;               // [F] null: detached

    inpcb* inp_next = nullptr;  // [T] inpcbtable.list
    inpcb* inp_prev = nullptr;  // [T]
    bool inp_onlist = false;    // [T]
};

// Legal only with a reference, or under the mutex of the table that the pcb is on. Returns it.
inpcb* in_pcbref(inpcb* inp);
// Gives a reference up; null is fine. Who gives up the last frees the pcb, which is on no list then
// and has no socket.
void in_pcbunref(net::stack& st, inpcb* inp);

}  // namespace model::netinet

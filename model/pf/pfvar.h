// pfvar.h - the packet filter of one router: its locks, and what it has of everything.
// Source:  names after OpenBSD net/pfvar.h and net/pf.c.
// Shapes:  addresses and ports in host order.
// Locks:   [I] immutable  [a] atomic  [c] CPU's own cell  [P] pf_inp_mtx
//          Order: pfioctl_rw -> pfs_rwl -> pf_lock -> pf_state_lock -> {mutex of a state, pfs_mtx, pf_inp_mtx}.
//          No mutex is held when an rwlock is requested, nothing at all when a packet is sent.
// Errors:  none.
#pragma once

#include <cstdint>
#include <vector>

#include "model/kern/mutex.h"
#include "model/kern/pool.h"
#include "model/kern/rwlock.h"

namespace model::net {
struct stack;
}
namespace model::netinet {
struct inpcb;
}

namespace model::pf {

struct pf_state_key;

struct pf_softc {
    kern::pool state_key_pool;  // [c]
    // References to keys, by all who have some; of these, those that packets have. What the keys of a
    // packet that is gone still count is found by this sum and by nothing else.
    kern::pool key_refs;   // [c]
    kern::pool mbuf_keys;  // [c]

    // Both directions of the links between keys and pcbs. A link is in both lists or in none: they are
    // there so that it can be said of each that it leads back.
    kern::mutex inp_mtx{kern::ipl_net};     // "pf_inp_mtx"; an interrupt that delivers links
    std::vector<pf_state_key*> inp_keys;    // [P] those with a pcb
    std::vector<netinet::inpcb*> inp_pcbs;  // [P] those with a key
};

void pf_init(net::stack& st);     // makes st.pf
void pf_destroy(net::stack& st);  // nobody may have a reference any more

}  // namespace model::pf

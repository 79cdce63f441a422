// pfvar.h - the packet filter of one router: its locks, and what it has of everything.
// Source:  names after OpenBSD net/pfvar.h and net/pf.c.
// Shapes:  addresses and ports in host order.
// Locks:   [I] immutable  [a] atomic  [c] CPU's own cell  [L] pf_lock  [S] pf_state_lock: write to change, read to look
//          [P] pf_inp_mtx  [Q] pfs_mtx  [N] names_mtx
//          Order: conf_lock -> pfioctl_rw -> pfs_rwl -> pf_lock -> pf_state_lock -> {mutex of a state, pfs_mtx,
//          pf_inp_mtx}. No mutex is held when an rwlock is requested, nothing of pf when a packet is sent.
// Errors:  none.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "model/kern/mutex.h"
#include "model/kern/pool.h"
#include "model/kern/rwlock.h"
#include "model/kern/taskq.h"
#include "model/kern/timeout.h"
#include "model/pf/pf_rule.h"
#include "model/pf/pf_state_key.h"
#include "model/pf/pf_timeout.h"

namespace model::net {
struct stack;
}
namespace model::netinet {
struct inpcb;
}

namespace model::pf {

struct pf_rule;
struct pf_state;
struct pfi_kif;

// The rules of one anchor, or the main ones. A transaction fills the inactive list, which no packet sees, under a ticket;
// a commit makes it the active one if that ticket is still the newest.
struct pf_ruleset {
    std::vector<pf_rule*> active;    // [L] in order; the list has a reference to each
    std::vector<pf_rule*> inactive;  // [L]
    uint32_t ticket = 0;             // [L]
    bool open = false;               // [L]
};

struct pf_anchor {
    pf_ruleset rules;   // [L]
    unsigned refs = 0;  // [L] rules of lists that lead here
};

// A state that an observer has named.
struct pf_named {
    std::string name;
    uint64_t id = 0;
};

struct pf_softc {
    std::atomic<bool> running{false};  // [a] written under pf_lock; false: packets pass by

    kern::rwlock pfioctl_rw;  // one change of the configuration at a time
    kern::rwlock pfs_rwl;     // links of the list of states: write to take one off
    kern::rwlock lock;        // "pf_lock": rules, anchors, interfaces
    kern::rwlock state_lock;  // "pf_state_lock": trees of keys and states

    pf_ruleset rules;                                           // [L]
    std::map<std::string, std::unique_ptr<pf_anchor>> anchors;  // [L]
    pf_rule* default_rule = nullptr;           // [I] passes what nobody else decides on
    std::map<std::string, pfi_kif*> kifs;      // [L]
    std::vector<std::string> skip_names;       // [L] set skip on: interfaces and groups
    pfi_kif* kif_all = nullptr;                // [I] of states that are bound to no interface
    std::atomic<uint32_t> timeouts[pftm_max];  // [a] seconds

    std::map<pf_key_cmp, pf_state_key*> keys;  // [S]
    std::map<uint64_t, pf_state*> states;      // [S] by id
    uint64_t next_id = 1;                      // [S]

    // All states that have not been freed, oldest first. One is added at the tail under pfs_mtx alone: who walks has
    // pfs_rwl and stops at the tail of when it began.
    kern::mutex list_mtx{kern::ipl_net};  // "pfs_mtx"
    pf_state* list_head = nullptr;        // [Q]
    pf_state* list_tail = nullptr;        // [Q]

    kern::mutex names_mtx{kern::ipl_none};
    std::vector<pf_named> names;  // [N] pf_name.h

    // While pf runs one of these is on its way to the next pass of the purge: "pf_purge" is armed under pf_lock, softclock
    // has systq call the task, and that arms it again.
    kern::timeout purge_to;  // own mutex
    kern::task purge_task;   // own mutex

    kern::pool state_pool;      // [c]
    kern::pool state_key_pool;  // [c]
    kern::pool rule_pool;       // [c]
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

void pf_init(net::stack& st);  // makes st.pf
void pf_shutdown(
    net::stack& st);  // before the services end: no timeout is armed, no task queued any more
void pf_destroy(net::stack& st);  // nobody may have a reference any more

}  // namespace model::pf

// pf_state.h - what pf remembers of a connection.
// Source:  names after OpenBSD net/pf.c and net/pfvar.h.
// Shapes:  times are uptime in seconds. Of the two keys, wire is what is on the link, stack what this router sees;
//          without translation they are one key with two references.
// Locks:   [I] immutable once inserted  [a] atomic  [S] pf_state_lock  [Q] pfs_rwl and pfs_mtx, see pfvar.h
//          [M] mutex of the state: written under it; what is atomic besides may be peeked at without.
//          A state is counted: the list has a reference, so has each packet in progress and each look of the purge.
//          Keys and rules go when the state goes, and not before.
// Errors:  none.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "model/kern/mutex.h"
#include "model/kern/refcnt.h"
#include "model/netinet/tcp_fsm.h"
#include "model/pf/pf_rule.h"
#include "model/pf/pf_state_key.h"
#include "model/pf/pf_timeout.h"

namespace model::pf {

struct pf_rule;
struct pf_softc;
struct pf_state;
struct pfi_kif;

inline constexpr unsigned pf_sk_wire = 0;
inline constexpr unsigned pf_sk_stack = 1;

using enum netinet::tcp_state;  // of the two ends of a TCP connection
// And of the ends of what has no connections.
enum pf_udp_state : uint8_t { pfudps_no_traffic, pfudps_single, pfudps_multiple };

struct pf_state_item {
    pf_state* st = nullptr;         // [S]
    pf_state_item* next = nullptr;  // [S]
};

struct pf_state {
    kern::refcnt refcnt;                       // [a]
    uint64_t id = 0;                           // [I]
    std::array<pf_state_key*, 2> key{};        // [I] a reference each
    pfi_kif* kif = nullptr;                    // [I] "all" unless the rule binds it
    pf_dir direction = pf_dir::in;             // [I]
    pf_rule* rule = nullptr;                   // [I] a reference each
    pf_rule* anchor = nullptr;                 // [I] the rule that led to it, or null
    std::vector<pf_rule*> match_rules;         // [I]
    int16_t rtableid = -1;                     // [I] table for who goes the way of the first packet
    int64_t creation = 0;                      // [I]
    kern::mutex mtx{kern::ipl_net};            // leaf
    std::atomic<uint8_t> src{0};               // [M] tcp_state or pf_udp_state of who made it
    std::atomic<uint8_t> dst{0};               // [M] of the other end
    std::atomic<uint8_t> timeout{pftm_purge};  // [M] pf_timeout; once pftm_purge, always
    std::atomic<bool> unlinked{false};         // [M] it has left the trees
    std::atomic<bool> inp_unlinked{
        false};                      // [M] its socket has gone: it only keeps the port in use
    std::atomic<int64_t> expire{0};  // [a] when the last packet came
    bool on_list = false;            // [Q]
    pf_state* list_next = nullptr;   // [Q]
    pf_state* list_prev = nullptr;   // [Q]
};

// The reference is the caller's, until pf_state_insert makes it the list's.
[[nodiscard]] pf_state* pf_state_make(net::stack& st);
pf_state* pf_state_ref(pf_state* s);
void pf_state_unref(net::stack& st, pf_state* s);  // null is fine

// Puts the state where it is found. The keys' references are the state's afterwards, whether or not it is inserted.
// False: there is such a state already, and it is not one that is nearly over (state-insert). pf_lock is held.
[[nodiscard]] bool pf_state_insert(net::stack& st, pf_state* s, pf_state_key* wire,
                                   pf_state_key* stack);

// Takes the state out of the trees, once; its keys go with their last state. pf_lock and pf_state_lock (write) are held.
void pf_remove_state_locked(net::stack& st, pf_state* s);
// Takes a removed state off the list, once. pfs_rwl (write) and pf_lock are held.
void pf_free_state_locked(net::stack& st, pf_state* s);

// The other timeout from now on, unless it is on its way out.
void pf_update_state_timeout(pf_state& s, pf_timeout to);

// Whether some state of that direction has that key. pf_state_lock is held.
[[nodiscard]] bool pf_find_state_all_locked(const pf_softc& pf, const pf_key_cmp& cmp, pf_dir dir);

// One pass over all states: those that have expired are removed and freed. May sleep.
void pf_purge_expired_states(net::stack& st);
// A pass by systq every `interval` seconds while pf runs. The timeout is armed with pf_lock held and pf running, and not
// otherwise.
void pf_purge_init(net::stack& st);
void pf_purge_arm_locked(net::stack& st);
// pf has been stopped: no pass comes any more, and none is left unfinished. May sleep; nothing is held.
void pf_purge_stop(net::stack& st);
// Removes these states; the next purge frees them. Returns how many were still in the trees. May sleep.
unsigned pf_kill_states(net::stack& st, const std::vector<pf_state*>& states);

// References to all states of now, in the order in which they came.
[[nodiscard]] std::vector<pf_state*> pf_states_of_now(net::stack& st);
void pf_states_unref(net::stack& st, const std::vector<pf_state*>& states);

// As pfctl -s states prints it.
[[nodiscard]] std::string pf_state_text(const pf_state& s);

}  // namespace model::pf

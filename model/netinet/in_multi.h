// in_multi.h - the groups that interfaces have joined, and for how many sockets each.
// Source:  RFC 1112 6, 7; names after in_multi, in_addmulti, in_delmulti of OpenBSD netinet/in.c.
// Shapes:  an interface has a list of groups, oldest first; a group is on it once, and counts its memberships. Every
//          interface is a member of 224.0.0.1, which stands on no list.
// Locks:   [I] immutable  [a] atomic  [C] conf_lock  [S] conf_lock to write, SMR to read
//          An entry lives as long as a membership, also where its interface has gone: then it is on no list, and no one's.
// Errors:  none.
#pragma once

#include <cstdint>

#include "model/kern/smr.h"
#include "model/kern/smr_ptr.h"

namespace model::net {
struct ifnet;
struct stack;
}  // namespace model::net

namespace model::netinet {

struct in_multi {
    uint32_t inm_addr = 0;            // [I] the group
    uint16_t inm_ifidx = 0;           // [C] its interface, as an index; 0: that has gone, or moved
    unsigned inm_members = 0;         // [C] memberships of sockets
    net::stack* inm_stack = nullptr;  // [I]
    kern::smr_ptr<in_multi*> inm_next;  // [S] ifnet.if_maddrlist
    kern::smr_entry inm_smr;            // used when it leaves the list
};

// One membership more of that group; conf_lock is held exclusively, and the caller has a reference to the interface.
[[nodiscard]] in_multi* in_addmulti_locked(net::stack& st, net::ifnet& ifp, uint32_t group);
// Gives a membership up; conf_lock is held exclusively. The entry may be gone then.
void in_delmulti_locked(net::stack& st, in_multi& inm);

// Whether the interface takes what is sent to that group. Never sleeps; the caller has a reference to the interface.
[[nodiscard]] bool in_hasmulti(net::stack& st, uint32_t group, const net::ifnet& ifp);

// The interface goes, or moves into another domain; conf_lock is held exclusively. Sockets keep their memberships,
// which are of no interface from now on: another one that gets its index is not meant, nor is this one where it is now.
void in_purgemulti_locked(net::stack& st, net::ifnet& ifp);

}  // namespace model::netinet

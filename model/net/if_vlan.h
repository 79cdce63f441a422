// if_vlan.h - one of many Ethernets that share the wire of another interface, their frames told apart by a tag.
// Source:  IEEE 802.1Q; OpenBSD net/if_vlan.c.
// Shapes:  a vlan knows its parent by an index, and looks it up for each frame. When the parent is destroyed a hook
//          takes the vlan down and away from it; another tells it of the parent's link.
// Locks:   [I] immutable  [a] atomic, written with conf_lock  [C] conf_lock  [S] conf_lock to write, SMR to read
// Errors:  int errno with the BSD meaning.
#pragma once

#include <atomic>

#include "model/kern/smr_ptr.h"
#include "model/net/if.h"

namespace model::net {

inline constexpr size_t ether_vlan_encap_length = 4;
inline constexpr uint16_t vlan_tag_max = 4094;

struct vlan_softc {
    ifnet* sc_if = nullptr;              // [I] of which this is a part
    std::atomic<uint32_t> sc_ifidx0{0};  // [a] index of the parent; 0: none
    std::atomic<uint16_t> sc_tag{0};     // [a] vnetid; 0: none
    ether_addr sc_lladdr = 0;  // [C] taken from the parent; the administrator's is another
    if_hook sc_dhook;          // [C] on the parent's list while there is one
    if_hook sc_lhook;          // [C] likewise
    kern::smr_ptr<vlan_softc*> sc_next;  // [S] stack.vlans
};

[[nodiscard]] ifnet* vlan_clone_create_locked(stack& st, unsigned unit);
void vlan_clone_destroy(stack& st, ifnet& ifp);

// SIOCSIFPARENT, SIOCDIFPARENT (null), SIOCSVNETID, SIOCDVNETID (0). ENOTTY: not a vlan. EBUSY: it is up. EPROTONOSUPPORT:
// the parent is no Ethernet. EINVAL: no such number. EADDRINUSE: the parent has a vlan of that number. conf_lock is held.
[[nodiscard]] int vlan_set_parent_locked(stack& st, ifnet& ifp, ifnet* parent);
[[nodiscard]] int vlan_set_vnetid_locked(stack& st, ifnet& ifp, uint32_t vnetid);

// The parent; null: none. conf_lock is held.
[[nodiscard]] ifnet* vlan_parent_locked(stack& st, const ifnet& ifp);

// A tagged frame that the parent has received goes to whose it is; consumes it.
void vlan_input(stack& st, ifnet& ifp0, mbuf* m);

}  // namespace model::net

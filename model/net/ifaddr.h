// ifaddr.h - an address of an interface, and the interface's list of them.
// Source:  names after OpenBSD struct ifaddr and in_ifaddr.
// Shapes:  host order. Immutable once on the list.
// Locks:   [I] immutable  [S] conf_lock to write, SMR to read  [a] atomic
// Errors:  none.
#pragma once

#include <cstdint>

#include "model/kern/refcnt.h"
#include "model/kern/smr.h"
#include "model/kern/smr_ptr.h"

namespace model::net {

struct stack;
struct ifnet;

struct ifaddr {
    uint32_t ifa_addr = 0;       // [I]
    uint32_t ifa_netmask = 0;    // [I]
    uint32_t ifa_broadaddr = 0;  // [I]
    uint8_t ifa_plen = 0;        // [I] length of the netmask
    uint16_t ifa_ifidx = 0;      // [I] its interface, as an index
    uint8_t ifa_rdomain = 0;     // [I] that of its interface, which gives its addresses up with it
    kern::refcnt ifa_refcnt;     // [a] 1: the list's
    kern::smr_ptr<ifaddr*> ifa_next;  // [S]
    kern::smr_entry ifa_smr;          // used when it leaves the list
    stack* ifa_stack = nullptr;       // [I]
};

// A new address for the interface, not on its list; the caller has the one reference.
[[nodiscard]] ifaddr* ifa_create(stack& st, ifnet& ifp, uint32_t addr, uint8_t plen);
void ifaref(ifaddr& ifa);
void ifafree(ifaddr* ifa);  // null is fine

// On and off the list; conf_lock is held. The list takes over the caller's reference; ifa_del gives
// it up after a grace period, so that readers of the list may take references of their own.
void ifa_add_locked(ifnet& ifp, ifaddr& ifa);
void ifa_del_locked(ifnet& ifp, ifaddr& ifa);

// Whether `addr` is in the subnet of one of the interface's addresses: that address, referenced.
// First match in the order of the list; null if none.
[[nodiscard]] ifaddr* ifa_ifp_onnet(stack& st, ifnet& ifp, uint32_t addr);

// The first address of the interface, referenced; null if it has none.
[[nodiscard]] ifaddr* ifa_first(stack& st, ifnet& ifp);

}  // namespace model::net

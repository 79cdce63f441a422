// in_control.h - giving an interface its IPv4 addresses, and taking them away.
// Source:  names after OpenBSD netinet/in.c.
// Shapes:  host order.
// Locks:   conf_lock is held by the caller of everything here.
// Errors:  int errno with the BSD meaning.
#pragma once

#include <cstdint>

#include "model/net/ethernet.h"

namespace model::net {
struct ifaddr;
}

namespace model::netinet {

// SIOCAIFADDR: the address with its routes: local, broadcast, connected (cloning). Brings the
// interface up, and says on the wire that the address is ours. An address that the interface has
// gets the new length. EEXIST: another interface has it; EINVAL: not an address for an interface.
// On failure nothing has changed but the interface, which may be up.
[[nodiscard]] int in_ifinit_locked(net::stack& st, net::ifnet& ifp, uint32_t addr, uint8_t plen);

// SIOCDIFADDR: the address and every route that uses it. EADDRNOTAVAIL: the interface does not have
// it.
[[nodiscard]] int in_delete_locked(net::stack& st, net::ifnet& ifp, uint32_t addr);

// SIOCSIFLLADDR: the neighbours are told.
void in_newlladdr_locked(net::stack& st, net::ifnet& ifp, net::ether_addr lladdr);

// Takes away all addresses of an interface that is being destroyed.
void in_ifdetach_locked(net::stack& st, net::ifnet& ifp);

}  // namespace model::netinet

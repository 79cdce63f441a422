// ip_output.h - IPv4 packets going out: route, interface, next hop, fragments.
// Source:  RFC 791; RFC 1122 3.3.1; names after OpenBSD netinet/ip_output.c.
// Shapes:  a packet begins with its IP header; for packets of ours everything but identification
//          and checksum is filled in; a source of 0 asks for the address of the way out, a time to
//          live of 0 for the usual one.
// Locks:   none is held. May sleep: a lookup that clones a route takes conf_lock.
// Errors:  int errno with the BSD meaning; the packet is consumed in every case.
#pragma once

#include <cstdint>

#include "model/net/ethernet.h"

namespace model::net {
struct route;
}  // namespace model::net

namespace model::netinet {

struct multicast_out;

inline constexpr unsigned IP_FORWARDING = 0x1;  // not ours: header is complete but for the checksum
inline constexpr unsigned IP_REDIRECT = 0x2;    // pf has changed the destination on the way in
inline constexpr unsigned IP_RAWOUTPUT = 0x10;  // the header is complete, as the program wants it
inline constexpr unsigned IP_ALLOWBROADCAST = 0x20;

// Sends a packet over the route in `ro`, or, if it is not the best any more, over the best, which is there
// afterwards. The caller has `ro` for itself; null: nothing has been looked up, and nothing is kept.
// ENETUNREACH, EHOSTUNREACH: no way there. EMSGSIZE: too large and not to be fragmented; *mtu is
// what would have passed. EACCES: broadcast without permission, or pf. EADDRNOTAVAIL: the
// interface knows no broadcasts. What if_output says otherwise.
// To a group it leaves by the interface that `out` names, else by that of the route, and with the time to live of `out`;
// members on this host get a copy, unless `out` forbids it. `out` null: as a socket that asked for nothing special.
int ip_output(net::stack& st, net::mbuf* m, net::route* ro, unsigned flags, uint32_t* mtu,
              const multicast_out* out = nullptr);

}  // namespace model::netinet

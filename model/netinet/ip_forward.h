// ip_forward.h - a packet goes on to its next hop.
// Source:  RFC 1812 5.2, 5.3; names after OpenBSD netinet/ip_input.c.
// Shapes:  a packet begins with its IP header, which has been checked.
// Locks:   none is held. May sleep: a lookup that clones a route takes conf_lock.
// Errors:  the sender is told by ICMP.
#pragma once

#include "model/net/ethernet.h"

namespace model::net {
struct route;
}

namespace model::netinet {

// Forwards a packet received on `ifp`, to which the caller has a reference; consumes it. `ro` is what the
// local-address check has looked up, or nothing, and the caller's.
void ip_forward(net::stack& st, net::ifnet& ifp, net::mbuf* m, net::route& ro, unsigned flags);

}  // namespace model::netinet

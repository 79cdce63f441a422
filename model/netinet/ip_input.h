// ip_input.h - IPv4 packets coming in: ours, to be forwarded, or for the bin.
// Source:  RFC 791; RFC 1122 3.2.1; RFC 1812 5.2; names after OpenBSD netinet/ip_input.c.
// Shapes:  a packet begins with its IP header.
// Locks:   none is held. May sleep: a lookup that clones a route takes conf_lock.
// Errors:  a packet that is dropped has a fate and a counter that say why.
#pragma once

#include "model/net/ethernet.h"

namespace model::netinet {

// A packet received on `ifp`, to which the caller has a reference; consumes it.
void ip_input_if(net::stack& st, net::ifnet& ifp, net::mbuf* m);

// Local delivery of a packet that has been checked; consumes it.
void ip_ours(net::stack& st, net::ifnet& ifp, net::mbuf* m);

}  // namespace model::netinet

// ip_options.h - options of a received packet.
// Source:  RFC 791 3.1; RFC 1122 3.2.1.8; names after OpenBSD netinet/ip_input.c.
// Shapes:  a packet begins with its IP header, which has been checked.
// Locks:   none is held.
// Errors:  the sender is told by ICMP.
#pragma once

#include "model/net/mbuf.h"

namespace model::netinet {

// Looks through the options: source routes are refused, malformed ones are an error, all others
// stay as they are. Returns the packet, or null if it has been dropped.
[[nodiscard]] net::mbuf* ip_dooptions(net::stack& st, net::mbuf* m);

}  // namespace model::netinet

// udp_usrreq.h - UDP: datagrams in and out.
// Source:  RFC 768; RFC 1122 4.1.3; names after OpenBSD netinet/udp_usrreq.c.
// Shapes:  what is received is the payload, with the sender's address and port.
// Locks:   none is held by the caller. What comes in takes no so_lock; what is sent takes it to look at the
//          addresses, and not while it is on its way.
// Errors:  none for what comes in; it is consumed.
#pragma once

#include "model/net/ethernet.h"
#include "model/netinet/socket.h"

namespace model::netinet {

extern const protosw udp_proto;

// A datagram for us, its IP header checked; consumes it.
void udp_input(net::stack& st, net::mbuf* m);

}  // namespace model::netinet

// tcp_usrreq.h - TCP, for who hands segments in and for sockets.
// Source:  RFC 9293; names after OpenBSD netinet/tcp_usrreq.c.
// Shapes:  what is received is a segment's data, with the other end's address and port.
// Locks:   none is held by the caller. A segment that ends a connection takes so_lock and pf_lock, and may sleep.
// Errors:  none for what comes in; it is consumed.
#pragma once

#include "model/net/ethernet.h"
#include "model/netinet/socket.h"

namespace model::netinet {

extern const protosw tcp_proto;

// A segment for us, its IP header checked; consumes it.
void tcp_input(net::stack& st, net::mbuf* m);

}  // namespace model::netinet

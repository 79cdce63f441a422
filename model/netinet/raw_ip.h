// raw_ip.h - raw sockets: they get copies of what comes in, and send what they make.
// Source:  names after OpenBSD netinet/raw_ip.c.
// Shapes:  what is received is the whole packet, its IP header included; what is sent is what stands behind it.
// Locks:   none is held by the caller.
// Errors:  none for what comes in.
#pragma once

#include "model/net/ethernet.h"
#include "model/netinet/socket.h"

namespace model::netinet {

extern const protosw rip_proto;

// A packet for us that the kernel itself has no use for: an ICMP message, or one of another protocol; consumes it. Every
// raw socket of its protocol that matches gets a copy. With none, ICMP's fate is `delivered icmp`, and who has sent another
// protocol's is told that nobody knows it.
void rip_input(net::stack& st, net::mbuf* m);

}  // namespace model::netinet

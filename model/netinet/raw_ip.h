// raw_ip.h - raw sockets for ICMP: they get copies of what comes in, and send what they make.
// Source:  names after OpenBSD netinet/raw_ip.c.
// Shapes:  what is received is the whole packet, its IP header included; what is sent is an ICMP message.
// Locks:   none is held by the caller.
// Errors:  none for what comes in.
#pragma once

#include "model/net/ethernet.h"
#include "model/netinet/socket.h"

namespace model::netinet {

extern const protosw rip_proto;

// An ICMP message for us that the kernel has no answer to; consumes it. Every raw socket that matches gets
// a copy; with none its fate is `delivered icmp`.
void rip_input(net::stack& st, net::mbuf* m);

}  // namespace model::netinet

// ip_divert.h - divert sockets: a program takes packets out of their way, and puts them back.
// Source:  divert(4); names after OpenBSD netinet/ip_divert.c.
// Shapes:  a socket is bound to a port, which is that of a divert-packet rule. What is read is the whole packet, from the
//          address of the interface that it came in by, or from no address if it is on its way out. What is sent to an address
//          of ours comes in there; to no address, it leaves. Either passes pf once without being asked.
// Locks:   none is held. Sending may sleep.
// Errors:  int errno with the BSD meaning.
#pragma once

#include <cstdint>

#include "model/netinet/socket.h"

namespace model::net {
struct ifnet;
struct mbuf;
}  // namespace model::net

namespace model::netinet {

extern const protosw divert_proto;

// The packet is for who is bound to that divert port; consumed.
void divert_packet(net::stack& st, net::mbuf* m, net::ifnet& ifp, bool in, uint16_t port);

}  // namespace model::netinet

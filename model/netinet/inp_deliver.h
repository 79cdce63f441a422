// inp_deliver.h - what was received for pcbs goes into the buffers of their sockets.
// Source:  udp_sbappend and rip_input of OpenBSD.
// Shapes:  a packet that several get is copied for each; it has one fate: that of the first who got it.
// Locks:   none is held. Does not take so_lock, and does not sleep.
// Errors:  enum delivery.
#pragma once

#include <vector>

#include "model/netinet/in_pcb.h"
#include "model/netinet/socket_buffer.h"

namespace model::netinet {

// Done: the packet is the socket's. Else it is the caller's: full, or closed meanwhile.
[[nodiscard]] delivery in_pcbdeliver(net::stack& st, inpcb& inp, net::mbuf* m,
                                     const sockaddr& from);

// A copy for each, and the references are given up. Done: somebody got one, and the packet's fate is
// told; it is the caller's still. Else closed if nobody was there, full if nobody had room.
[[nodiscard]] delivery in_pcbdeliver_all(net::stack& st, const std::vector<inpcb*>& inps,
                                         const net::mbuf& m, const sockaddr& from);

}  // namespace model::netinet

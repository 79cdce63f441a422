// ip_fragment.h - one packet into several that fit.
// Source:  RFC 791 3.2; names after OpenBSD netinet/ip_output.c.
// Shapes:  all fragments but the last carry a multiple of 8 bytes.
// Locks:   none.
// Errors:  EMSGSIZE: the room behind the header is less than 8 bytes; ENOBUFS: no memory.
#pragma once

#include <cstdint>

#include "model/net/mbuf.h"

namespace model::netinet {

// Consumes the packet and appends its fragments, checksums included. The first one carries the
// number of the packet. On failure the packet is still the caller's.
[[nodiscard]] int ip_fragment(net::stack& st, net::mbuf* m, uint32_t mtu,
                              net::mbuf_list* fragments);

}  // namespace model::netinet

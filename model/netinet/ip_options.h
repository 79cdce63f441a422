// ip_options.h - options of a received packet: looked through, acted on, given back with an answer.
// Source:  RFC 791 3.1; RFC 1122 3.2.1.8; RFC 2113; names after OpenBSD netinet/ip_input.c and ip_icmp.c.
// Shapes:  a packet begins with its IP header, which has been checked; its checksum is right again afterwards.
// Locks:   none is held. Looks routes up, but makes none.
// Errors:  the sender is told by ICMP; the pointer of a parameter problem is the octet that is wrong.
#pragma once

#include "model/net/mbuf.h"

namespace model::net {
struct ifnet;
}

namespace model::netinet {

inline constexpr uint8_t ipopt_eol = 0;
inline constexpr uint8_t ipopt_nop = 1;
inline constexpr uint8_t ipopt_rr = 7;
inline constexpr uint8_t ipopt_ts = 68;
inline constexpr uint8_t ipopt_security = 130;
inline constexpr uint8_t ipopt_lsrr = 131;
inline constexpr uint8_t ipopt_ssrr = 137;
inline constexpr uint8_t ipopt_ts_tsonly = 0;
inline constexpr uint8_t ipopt_ts_tsandaddr = 1;
inline constexpr uint8_t ipopt_ts_prespec = 3;

// Looks through the options of a packet received on `ifp`: what records the way gets our address, timestamps our time;
// source routes are refused, or followed with net.inet.ip.sourceroute: then *forward says whether the packet has
// another destination now. Others, router alert among them, are only seen to end where they say. Returns the packet, or
// null if it has been dropped.
[[nodiscard]] net::mbuf* ip_dooptions(net::stack& st, net::ifnet& ifp, net::mbuf* m, bool* forward);

// The packet becomes its own answer: of its options those stay that recorded something on its way, and the security
// label. Consumes nothing; the header may be shorter afterwards.
void ip_echooptions(net::mbuf& m);

// Time of day as options and ICMP tell it: milliseconds, with the bit that says that they do not begin at midnight.
[[nodiscard]] uint32_t iptime(net::stack& st);

}  // namespace model::netinet

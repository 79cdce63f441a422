// ip_icmp.h - ICMP: answers to echo requests, errors about packets of others.
// Source:  RFC 792; RFC 1122 3.2.2; RFC 1812 4.3.2; RFC 1191; names after OpenBSD
//          netinet/ip_icmp.c.
// Shapes:  an error quotes the IP header and 8 bytes behind it.
// Locks:   none is held. May sleep, like ip_output.
// Errors:  none; where the rules forbid an error nothing is sent.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "model/net/ethernet.h"
#include "model/netinet/icmp.h"

namespace model::netinet {

// The beginning of a packet that may have to be quoted, and what decides whether it may be.
struct icmp_quote {
    std::array<uint8_t, 68> bytes{};  // longest header and 8 bytes
    size_t size = 0;                  // of `bytes` in use
    uint16_t flags = 0;               // M_BCAST, M_MCAST
    uint8_t pf_flags = 0;             // PF_TAG_GENERATED: the error passes pf, too
    uint8_t rtableid = 0;             // by which the error goes
};

// Of a packet that begins with a checked IP header.
[[nodiscard]] icmp_quote icmp_quote_of(const net::mbuf& m);

// Sends an error to the source of the packet quoted, unless a rule forbids it. `value` is the next
// hop's MTU for icmp_unreach_needfrag, the better router for icmp_redirect.
void icmp_error(net::stack& st, const icmp_quote& quote, uint8_t type, uint8_t code,
                uint32_t value);

// A received ICMP packet for us; consumes it.
void icmp_input(net::stack& st, net::ifnet& ifp, net::mbuf* m);

}  // namespace model::netinet

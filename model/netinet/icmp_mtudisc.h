// icmp_mtudisc.h - path MTU discovery of our own: what a router on the way cannot pass on in one piece.
// Source:  RFC 1191; names after OpenBSD netinet/ip_icmp.c.
// Shapes:  sizes are of whole IP packets. A size belongs to a host: what leads to it is a host route, made by
//          cloning where there is none, and is forgotten when the time of its timer is up (net/rttimer.h).
// Locks:   none is held by the caller. Takes conf_lock, may sleep.
// Errors:  none: what is not to be believed changes nothing.
#pragma once

#include <cstdint>
#include <span>

namespace model::net {
struct rtentry;
struct stack;
}  // namespace model::net

namespace model::netinet {

inline constexpr int64_t ip_mtudisc_timeout = 600;  // seconds that a size is believed
inline constexpr uint32_t ip_mtu_min = 296;         // smaller ones are not

void icmp_mtudisc_init(net::stack& st);

// "Fragmentation needed", sent to our address `laddr`, about `quoted`, the beginning of a packet that we are
// said to have sent. Believed if it came from there, and from a socket of ours that may have sent it.
void icmp_needfrag_input(net::stack& st, uint32_t laddr, std::span<uint8_t> quoted, uint32_t mtu,
                         unsigned tableid);

// The host route to `dst` in a table, referenced, its time begun anew; null: nothing leads there that a size may be
// learnt of.
[[nodiscard]] net::rtentry* icmp_mtudisc_clone(net::stack& st, uint32_t dst, unsigned tableid);

// Nothing larger than that gets to `dst` in one piece. 0: an old router that does not say what would; then
// less than `length`, by the plateaus of RFC 1191 7.1.
void icmp_mtudisc(net::stack& st, uint32_t dst, uint32_t mtu, uint32_t length, unsigned tableid);

}  // namespace model::netinet

// ip_moptions.h - multicast options of a socket: its memberships, and how it sends to groups.
// Source:  RFC 1112 6.1, 7.1; ip_setmoptions, ip_freemoptions of OpenBSD netinet/ip_output.c.
// Shapes:  an interface is named by its index, and by its serial number beside it: another one that gets the index
//          is not meant. At most ip_max_memberships memberships.
// Locks:   [S] so_lock of the socket. Under it conf_lock is taken.
// Errors:  int errno with the BSD meaning.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace model::net {
struct ifnet;
struct stack;
}  // namespace model::net

namespace model::netinet {

struct in_multi;
struct inpcb;
struct socket;

inline constexpr size_t ip_max_memberships = 4095;

// How a packet to a group leaves. What ip_output is told: a copy, so that no lock is held meanwhile.
struct multicast_out {
    uint16_t ifidx = 0;   // IP_MULTICAST_IF; 0: where the route leads
    uint64_t serial = 0;  // of that interface
    uint8_t ttl = 1;      // IP_MULTICAST_TTL
    bool loop = true;     // IP_MULTICAST_LOOP: members on this host get it, too
};

// Part of the pcb.
struct ip_moptions {
    multicast_out out;                   // [S]
    std::vector<in_multi*> memberships;  // [S] counted; in the order of joining
};

// IP_ADD_MEMBERSHIP. ifidx 0: the interface that the route to the group leads to. EINVAL: no group; EADDRNOTAVAIL: no
// such interface, or one that knows no groups; EADDRINUSE: is a member; ETOOMANYREFS: of too many.
[[nodiscard]] int ip_join(net::stack& st, socket& so, uint32_t group, unsigned ifidx);
// IP_DROP_MEMBERSHIP. ifidx 0: the first membership of that group, wherever. EINVAL: no group; EADDRNOTAVAIL: is no member.
[[nodiscard]] int ip_leave(net::stack& st, socket& so, uint32_t group, unsigned ifidx);
// IP_MULTICAST_IF, 0: none; EADDRNOTAVAIL: there is no such interface.
[[nodiscard]] int ip_multicast_if(net::stack& st, socket& so, unsigned ifidx);
[[nodiscard]] int ip_multicast_ttl(socket& so, uint8_t ttl);
[[nodiscard]] int ip_multicast_loop(socket& so, bool loop);

// The socket is closed: gives its memberships up. Nobody else has them any more, and no lock is held.
void ip_freemoptions(net::stack& st, std::vector<in_multi*> memberships);

// The interface that was chosen, referenced; null if none was, or if it has gone.
[[nodiscard]] net::ifnet* multicast_if(net::stack& st, const multicast_out& out);
// The address of that interface to send from; 0: none.
[[nodiscard]] uint32_t multicast_source(net::stack& st, const multicast_out& out);

}  // namespace model::netinet

// icmp_ctlinput.h - errors about packets of ours reach the sockets that sent them.
// Source:  RFC 1122 3.2.2, 4.1.3.3, 4.2.3.9; udp_ctlinput, udp_notify, tcp_ctlinput, tcp_notify of OpenBSD.
// Shapes:  what an error quotes: an IP header and 8 bytes at least.
// Locks:   none is held by the caller. May sleep: a connection that is over leaves its socket.
// Errors:  none: what is not to be believed changes nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "model/netinet/ip.h"

namespace model::net {
struct stack;
}

namespace model::netinet {

// The packet that is quoted, if it is the beginning of one that our address `laddr` may have sent: 8 bytes stand behind
// its header.
[[nodiscard]] std::optional<ip_view> icmp_quoted(uint32_t laddr, std::span<uint8_t> quoted);

// What such an error says to a program, as an errno; 0: nothing.
[[nodiscard]] int icmp_errno(uint8_t type, uint8_t code);

// Tells who is connected so in that routing domain: of UDP the next recv or send fails; a TCP connection that has begun and not been answered is
// over. One that is established goes on: the error may be of the moment, or forged.
void icmp_ctlinput(net::stack& st, uint32_t laddr, std::span<uint8_t> quoted, int error,
                   unsigned rdomain);

}  // namespace model::netinet

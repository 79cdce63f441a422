// in.h - IPv4 addresses: classes of them, and the numbers of the protocols above.
// Source:  RFC 791, RFC 1122 3.2.1.3, RFC 5735; names after netinet/in.h.
// Shapes:  addresses are uint32_t in host order.
// Locks:   none; pure functions.
// Errors:  none.
#pragma once

#include <cstdint>

namespace model::netinet {

inline constexpr uint8_t ipproto_icmp = 1;
inline constexpr uint8_t ipproto_igmp = 2;
inline constexpr uint8_t ipproto_tcp = 6;
inline constexpr uint8_t ipproto_udp = 17;

inline constexpr uint32_t inaddr_any = 0;
inline constexpr uint32_t inaddr_broadcast = 0xffffffff;
inline constexpr uint32_t inaddr_allhosts = 0xe0000001;    // 224.0.0.1
inline constexpr uint32_t inaddr_allrouters = 0xe0000002;  // 224.0.0.2
inline constexpr uint32_t inaddr_loopback = 0x7f000001;

// 224/4.
constexpr bool in_multicast(uint32_t address) {
    return (address & 0xf0000000) == 0xe0000000;
}

// 224.0.0/24: no router passes it on (RFC 1112 4).
constexpr bool in_local_group(uint32_t address) {
    return address >> 8 == 0xe00000;
}

// 240/4: nobody's.
constexpr bool in_experimental(uint32_t address) {
    return (address & 0xf0000000) == 0xf0000000;
}

// 127/8: never on a wire.
constexpr bool in_loopback(uint32_t address) {
    return address >> 24 == 127;
}

// 0/8: "this network"; a source at most, and only while a host is starting.
constexpr bool in_this_network(uint32_t address) {
    return address >> 24 == 0;
}

constexpr uint32_t in_mask(unsigned prefix_len) {
    return prefix_len == 0 ? 0 : ~uint32_t{0} << (32 - prefix_len);
}

// Whether both addresses lie in one network of that length.
constexpr bool in_same_network(uint32_t a, uint32_t b, unsigned prefix_len) {
    return ((a ^ b) & in_mask(prefix_len)) == 0;
}

}  // namespace model::netinet

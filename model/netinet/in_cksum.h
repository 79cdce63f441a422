// in_cksum.h - the internet checksum.
// Source:  RFC 1071; RFC 1624 says why the sum of a valid header is 0xffff and never 0.
// Shapes:  bytes as they are on the wire; the result is in host order.
// Locks:   none; pure functions.
// Errors:  none.
#pragma once

#include <cstdint>
#include <span>

namespace model::netinet {

// The complement of the one's complement sum of the 16-bit words of `bytes`, an odd last byte being
// followed by a zero. Over bytes that contain a correct checksum the result is 0.
[[nodiscard]] uint16_t in_cksum(std::span<const uint8_t> bytes);

// The same over what an IPv4 packet carries, with the pseudo header of RFC 768 and RFC 9293 in front.
[[nodiscard]] uint16_t in4_cksum(uint32_t source, uint32_t destination, uint8_t protocol,
                                 std::span<const uint8_t> payload);

}  // namespace model::netinet

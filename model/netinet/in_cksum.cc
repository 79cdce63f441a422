#include "model/netinet/in_cksum.h"

#include <cstddef>

namespace model::netinet {

namespace {

uint16_t checksum(uint64_t sum, std::span<const uint8_t> bytes) {
    size_t at = 0;
    for (; at + 1 < bytes.size(); at += 2) {
        sum += static_cast<uint64_t>(bytes[at]) << 8 | bytes[at + 1];
    }
    if (at < bytes.size()) {
        sum += static_cast<uint64_t>(bytes[at]) << 8;
    }
    while (sum >> 16 != 0) {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    return static_cast<uint16_t>(~sum);
}

}  // namespace

// The sum is wide enough for any packet without a carry being lost.
uint16_t in_cksum(std::span<const uint8_t> bytes) {
    return checksum(0, bytes);
}

uint16_t in4_cksum(uint32_t source, uint32_t destination, uint8_t protocol,
                   std::span<const uint8_t> payload) {
    const uint64_t addresses =
        (uint64_t{source} >> 16) + (source & 0xffff) + (destination >> 16) + (destination & 0xffff);
    return checksum(addresses + protocol + payload.size(), payload);
}

}  // namespace model::netinet

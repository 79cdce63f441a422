#include "model/netinet/in_cksum.h"

#include <cstddef>

namespace model::netinet {

uint16_t in_cksum(std::span<const uint8_t> bytes) {
    uint64_t sum = 0;  // wide enough for any packet without a carry being lost
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

}  // namespace model::netinet

// tcp.h - the TCP header: a view of its bytes, and its meaning as a small value; sequence numbers.
// Source:  RFC 9293; names after netinet/tcp.h and netinet/tcp_seq.h.
// Shapes:  bytes in network order, values in host order; sizes in bytes. Sequence numbers are compared
//          modulo 2^32: a is before b if b - a is less than half of that.
// Locks:   as the bytes it looks at.
// Errors:  tcp_view may only be made of at least tcp_size_min bytes; what stands in them may be anything.
#pragma once

#include <cstdint>
#include <span>

#include "model/netinet/byte_view.h"

namespace model::netinet {

inline constexpr size_t tcp_size_min = 20;

inline constexpr uint8_t th_fin = 0x01;
inline constexpr uint8_t th_syn = 0x02;
inline constexpr uint8_t th_rst = 0x04;
inline constexpr uint8_t th_push = 0x08;
inline constexpr uint8_t th_ack = 0x10;
inline constexpr uint8_t th_urg = 0x20;
inline constexpr uint8_t th_ece = 0x40;
inline constexpr uint8_t th_cwr = 0x80;

constexpr bool seq_lt(uint32_t a, uint32_t b) {
    return static_cast<int32_t>(a - b) < 0;
}
constexpr bool seq_gt(uint32_t a, uint32_t b) {
    return seq_lt(b, a);
}

// A header without options.
struct tcp_header {
    uint16_t source = 0;
    uint16_t destination = 0;
    uint32_t sequence = 0;
    uint32_t acknowledgement = 0;
    uint8_t flags = 0;
    uint16_t window = 0;
};

class tcp_view {
  public:
    explicit tcp_view(std::span<uint8_t> segment) : bytes_(segment) {
        (void)bytes_.u8(tcp_size_min - 1);
    }

    [[nodiscard]] tcp_header read() const {
        return {bytes_.u16(0), bytes_.u16(2), bytes_.u32(4),
                bytes_.u32(8), bytes_.u8(13), bytes_.u16(14)};
    }
    [[nodiscard]] size_t header_size() const { return size_t{4} * (bytes_.u8(12) >> 4); }
    [[nodiscard]] std::span<uint8_t> data() const { return bytes_.from(header_size()); }

    // The checksum comes later.
    void write(const tcp_header& h) const {
        bytes_.put_u16(0, h.source);
        bytes_.put_u16(2, h.destination);
        bytes_.put_u32(4, h.sequence);
        bytes_.put_u32(8, h.acknowledgement);
        bytes_.put_u8(12, tcp_size_min / 4 << 4);
        bytes_.put_u8(13, h.flags);
        bytes_.put_u16(14, h.window);
        bytes_.put_u16(16, 0);
        bytes_.put_u16(18, 0);
    }
    void set_sum(uint16_t sum) const { bytes_.put_u16(16, sum); }

  private:
    byte_view bytes_;
};

}  // namespace model::netinet

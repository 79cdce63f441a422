// udp.h - the UDP header: a view of its bytes, and the checksum over the packet it stands in.
// Source:  RFC 768; RFC 1122 4.1.3.4; names after netinet/udp.h.
// Shapes:  bytes in network order, values in host order.
// Locks:   as the bytes it looks at.
// Errors:  udp_view may only be made of at least udp_size bytes; what stands in them may be anything.
#pragma once

#include <cstdint>
#include <span>

#include "model/netinet/byte_view.h"

namespace model::netinet {

inline constexpr size_t udp_size = 8;

class udp_view {
  public:
    explicit udp_view(std::span<uint8_t> datagram) : bytes_(datagram) {
        (void)bytes_.u8(udp_size - 1);
    }

    [[nodiscard]] uint16_t source() const { return bytes_.u16(0); }
    [[nodiscard]] uint16_t destination() const { return bytes_.u16(2); }
    [[nodiscard]] size_t length() const { return bytes_.u16(4); }
    [[nodiscard]] uint16_t sum() const { return bytes_.u16(6); }  // 0: there is none
    [[nodiscard]] std::span<uint8_t> data() const { return bytes_.from(udp_size); }

    // For a datagram that fills the view; the checksum comes later.
    void write(uint16_t source, uint16_t destination) const {
        bytes_.put_u16(0, source);
        bytes_.put_u16(2, destination);
        bytes_.put_u16(4, static_cast<uint16_t>(bytes_.size()));
        bytes_.put_u16(6, 0);
    }
    void set_sum(uint16_t sum) const { bytes_.put_u16(6, sum); }

  private:
    byte_view bytes_;
};

}  // namespace model::netinet

// ether_arp.h - an ARP message for IPv4 over Ethernet: a view of its bytes, and its meaning.
// Source:  RFC 826; names after netinet/if_ether.h.
// Shapes:  bytes in network order, values in host order.
// Locks:   as the bytes it looks at.
// Errors:  ether_arp_view may only be made of at least ether_arp_size bytes.
#pragma once

#include <cstdint>
#include <span>

#include "model/net/ethernet.h"
#include "model/netinet/byte_view.h"

namespace model::netinet {

inline constexpr size_t ether_arp_size = 28;
inline constexpr uint16_t arphrd_ether = 1;
inline constexpr uint16_t arp_protocol_ip = 0x0800;
inline constexpr uint16_t arpop_request = 1;
inline constexpr uint16_t arpop_reply = 2;

struct ether_arp {
    uint16_t op = arpop_request;
    net::ether_addr sha = 0;  // sender
    uint32_t spa = 0;
    net::ether_addr tha = 0;  // target; 0 in a request: that is what is asked for
    uint32_t tpa = 0;
    bool operator==(const ether_arp&) const = default;
};

class ether_arp_view {
  public:
    explicit ether_arp_view(std::span<uint8_t> message) : bytes_(message) {
        (void)bytes_.u8(ether_arp_size - 1);
    }

    // Ethernet and IPv4 with addresses of the right sizes.
    [[nodiscard]] bool is_sane() const {
        return bytes_.u16(0) == arphrd_ether && bytes_.u16(2) == arp_protocol_ip &&
               bytes_.u8(4) == 6 && bytes_.u8(5) == 4;
    }
    [[nodiscard]] ether_arp read() const {
        return {bytes_.u16(6), address(8), bytes_.u32(14), address(18), bytes_.u32(24)};
    }
    void write(const ether_arp& message) const {
        bytes_.put_u16(0, arphrd_ether);
        bytes_.put_u16(2, arp_protocol_ip);
        bytes_.put_u8(4, 6);
        bytes_.put_u8(5, 4);
        bytes_.put_u16(6, message.op);
        net::ether_addr_put(bytes_.from(8).data(), message.sha);
        bytes_.put_u32(14, message.spa);
        net::ether_addr_put(bytes_.from(18).data(), message.tha);
        bytes_.put_u32(24, message.tpa);
    }

  private:
    [[nodiscard]] net::ether_addr address(size_t at) const {
        return net::ether_addr_get(bytes_.from(at).data());
    }

    byte_view bytes_;
};

}  // namespace model::netinet

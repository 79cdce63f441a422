// ip.h - the IPv4 header: a view of its bytes, and its meaning as a small value.
// Source:  RFC 791; RFC 1122 3.2.1; names after netinet/ip.h.
// Shapes:  bytes in network order, values in host order; sizes and offsets in bytes.
// Locks:   as the bytes it looks at.
// Errors:  ip_view may only be made of at least ip_size_min bytes; what stands in them may be
//          anything.
#pragma once

#include <cstdint>
#include <span>

#include "model/netinet/byte_view.h"
#include "model/netinet/in_cksum.h"

namespace model::netinet {

inline constexpr size_t ip_size_min = 20;
inline constexpr size_t ip_size_max = 60;
inline constexpr size_t ip_maxpacket = 65535;
inline constexpr uint8_t ip_version = 4;
inline constexpr uint8_t ip_ttl_max = 255;  // MAXTTL
inline constexpr uint16_t ip_mf = 0x2000;
inline constexpr uint16_t ip_df = 0x4000;
inline constexpr uint16_t ip_offmask = 0x1fff;

// What a packet of our own is sent with. The rest (length, checksum, identification) follows.
struct ip_header {
    uint8_t tos = 0;
    uint8_t ttl = 0;  // 0: what net.inet.ip.ttl says
    uint8_t protocol = 0;
    uint32_t source = 0;
    uint32_t destination = 0;
    bool dont_fragment = false;
};

class ip_view {
  public:
    explicit ip_view(std::span<uint8_t> packet) : bytes_(packet) {
        (void)bytes_.u8(ip_size_min - 1);
    }

    [[nodiscard]] uint8_t version() const { return bytes_.u8(0) >> 4; }
    [[nodiscard]] size_t header_size() const { return size_t{4} * (bytes_.u8(0) & 0x0f); }
    [[nodiscard]] uint8_t tos() const { return bytes_.u8(1); }
    [[nodiscard]] size_t total_size() const { return bytes_.u16(2); }
    [[nodiscard]] uint16_t id() const { return bytes_.u16(4); }
    // Flags and fragment offset as they stand in the header.
    [[nodiscard]] uint16_t off() const { return bytes_.u16(6); }
    [[nodiscard]] bool dont_fragment() const { return (off() & ip_df) != 0; }
    [[nodiscard]] bool more_fragments() const { return (off() & ip_mf) != 0; }
    [[nodiscard]] size_t fragment_offset() const { return size_t{8} * (off() & ip_offmask); }
    [[nodiscard]] bool is_fragment() const { return (off() & (ip_mf | ip_offmask)) != 0; }
    [[nodiscard]] uint8_t ttl() const { return bytes_.u8(8); }
    [[nodiscard]] uint8_t protocol() const { return bytes_.u8(9); }
    [[nodiscard]] uint16_t sum() const { return bytes_.u16(10); }
    [[nodiscard]] uint32_t source() const { return bytes_.u32(12); }
    [[nodiscard]] uint32_t destination() const { return bytes_.u32(16); }
    // Everything behind the header.
    [[nodiscard]] std::span<uint8_t> payload() const { return bytes_.from(header_size()); }
    [[nodiscard]] std::span<uint8_t> header() const { return bytes_.bytes().first(header_size()); }

    void set_tos(uint8_t tos) const { bytes_.put_u8(1, tos); }
    void set_total_size(size_t size) const { bytes_.put_u16(2, static_cast<uint16_t>(size)); }
    void set_id(uint16_t id) const { bytes_.put_u16(4, id); }
    void set_off(uint16_t off) const { bytes_.put_u16(6, off); }
    void set_ttl(uint8_t ttl) const { bytes_.put_u8(8, ttl); }
    void set_source(uint32_t address) const { bytes_.put_u32(12, address); }
    void set_destination(uint32_t address) const { bytes_.put_u32(16, address); }

    // Writes a header without options for a packet that fills the view; the checksum comes later.
    void write(const ip_header& header, uint16_t id) const {
        bytes_.put_u8(0, ip_version << 4 | ip_size_min / 4);
        set_tos(header.tos);
        set_total_size(bytes_.size());
        set_id(id);
        set_off(header.dont_fragment ? ip_df : 0);
        set_ttl(header.ttl);
        bytes_.put_u8(9, header.protocol);
        bytes_.put_u16(10, 0);
        set_source(header.source);
        set_destination(header.destination);
    }
    void update_sum() const {
        bytes_.put_u16(10, 0);
        bytes_.put_u16(10, in_cksum(header()));
    }

  private:
    byte_view bytes_;
};

}  // namespace model::netinet

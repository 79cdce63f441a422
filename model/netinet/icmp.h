// icmp.h - ICMP messages: types, codes, and a view of their bytes.
// Source:  RFC 792; RFC 1191 4 (next-hop MTU); names after netinet/ip_icmp.h.
// Shapes:  bytes in network order, values in host order.
// Locks:   as the bytes it looks at.
// Errors:  icmp_view may only be made of at least icmp_minlen bytes; what stands in them may be
//          anything.
#pragma once

#include <cstdint>
#include <span>

#include "model/netinet/byte_view.h"
#include "model/netinet/in_cksum.h"

namespace model::netinet {

inline constexpr size_t icmp_minlen = 8;

inline constexpr uint8_t icmp_echoreply = 0;
inline constexpr uint8_t icmp_unreach = 3;
inline constexpr uint8_t icmp_sourcequench = 4;
inline constexpr uint8_t icmp_redirect = 5;
inline constexpr uint8_t icmp_echo = 8;
inline constexpr uint8_t icmp_timxceed = 11;
inline constexpr uint8_t icmp_paramprob = 12;

inline constexpr uint8_t icmp_tstamp = 13;
inline constexpr uint8_t icmp_tstampreply = 14;

inline constexpr uint8_t icmp_maskreq = 17;
inline constexpr uint8_t icmp_maskreply = 18;

inline constexpr size_t icmp_mask_data = 4;     // behind the header
inline constexpr size_t icmp_tstamp_data = 12;  // three times behind the header

inline constexpr uint8_t icmp_unreach_host = 1;
inline constexpr uint8_t icmp_unreach_protocol = 2;
inline constexpr uint8_t icmp_unreach_port = 3;
inline constexpr uint8_t icmp_unreach_needfrag = 4;
inline constexpr uint8_t icmp_unreach_srcfail = 5;
inline constexpr uint8_t icmp_unreach_precedence_cutoff = 15;  // the last one
inline constexpr uint8_t icmp_redirect_host = 1;
inline constexpr uint8_t icmp_redirect_tos_host = 3;  // the last one
inline constexpr uint8_t icmp_timxceed_intrans = 0;

// Messages that answer another packet, and are never answered (RFC 1122 3.2.2).
constexpr bool icmp_is_error(uint8_t type) {
    return type == icmp_unreach || type == icmp_sourcequench || type == icmp_redirect ||
           type == icmp_timxceed || type == icmp_paramprob;
}

class icmp_view {
  public:
    explicit icmp_view(std::span<uint8_t> message) : bytes_(message) {
        (void)bytes_.u8(icmp_minlen - 1);
    }

    [[nodiscard]] uint8_t type() const { return bytes_.u8(0); }
    [[nodiscard]] uint8_t code() const { return bytes_.u8(1); }
    // Echo: identifier and sequence number.
    [[nodiscard]] uint16_t id() const { return bytes_.u16(4); }
    [[nodiscard]] uint16_t sequence() const { return bytes_.u16(6); }
    // Unreachable, fragmentation needed: what would have passed.
    [[nodiscard]] uint16_t next_mtu() const { return bytes_.u16(6); }
    // Redirect: the better router.
    [[nodiscard]] uint32_t gateway() const { return bytes_.u32(4); }
    // An error: the packet it answers. An echo: its data.
    [[nodiscard]] std::span<uint8_t> data() const { return bytes_.from(icmp_minlen); }
    [[nodiscard]] bool sum_is_right() const { return in_cksum(bytes_.bytes()) == 0; }

    void set_type(uint8_t type) const { bytes_.put_u8(0, type); }
    void set_code(uint8_t code) const { bytes_.put_u8(1, code); }
    void set_void(uint32_t value) const { bytes_.put_u32(4, value); }
    void set_next_mtu(uint16_t mtu) const { bytes_.put_u16(6, mtu); }
    void update_sum() const {
        bytes_.put_u16(2, 0);
        bytes_.put_u16(2, in_cksum(bytes_.bytes()));
    }

  private:
    byte_view bytes_;
};

}  // namespace model::netinet

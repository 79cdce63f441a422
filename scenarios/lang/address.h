// address.h - IPv4 and Ethernet addresses as the language writes them.
// Shapes:  IPv4 addresses in host order.
// Errors:  nullopt: the text is no address.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace scenario {

using ipv4 = uint32_t;
using mac = std::array<uint8_t, 6>;

inline constexpr mac mac_broadcast = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};

// Decimal digits only; nothing that does not fit 64 bits.
[[nodiscard]] std::optional<uint64_t> parse_number(std::string_view text);
// Four decimal bytes; no leading zeros ("010" is 8 to some tools and 10 to others).
[[nodiscard]] std::optional<ipv4> parse_ipv4(std::string_view text);
// "ADDRESS" or "ADDRESS/PREFIX".
[[nodiscard]] bool is_ipv4_or_prefix(std::string_view text);
// Six bytes of two hexadecimal digits.
[[nodiscard]] std::optional<mac> parse_mac(std::string_view text);

[[nodiscard]] std::string to_text(ipv4 address);
[[nodiscard]] std::string to_text(const mac& address);

}  // namespace scenario

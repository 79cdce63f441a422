// text.h - the words of a command line, addresses as people write them, and padded columns.
// Source:  what ifconfig(8), route(8), arp(8), sysctl(8) and netstat(1) accept and print.
// Shapes:  addresses in host order; views point into the text they were given.
// Locks:   none; pure functions.
// Errors:  std::nullopt: the text means nothing of that kind.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/net/ethernet.h"
#include "model/netinet/in_text.h"
#include "model/netinet/socket_buffer.h"

namespace model::admin {

// What stands between blanks.
[[nodiscard]] std::vector<std::string_view> split_words(std::string_view line);

// Decimal digits only, at most `max`.
[[nodiscard]] std::optional<uint32_t> parse_number(std::string_view text, uint32_t max);

// A host: four numbers.
[[nodiscard]] std::optional<uint32_t> parse_address(std::string_view text);

struct inet_prefix {
    uint32_t address = 0;
    unsigned len = 32;
    bool len_given = false;
};
// An address, with its length behind a '/' if there is one; then trailing zeros may be left out, as
// in 10.9/16.
[[nodiscard]] std::optional<inet_prefix> parse_prefix(std::string_view text);

// An address and a port behind it, as tcpdump(8) writes them: 10.0.2.1.53; * for any address.
[[nodiscard]] std::optional<netinet::sockaddr> parse_sockaddr(std::string_view text);

// The number of a routing table or domain; nothing if no table may have it.
[[nodiscard]] std::optional<unsigned> parse_table(std::string_view text);

// "255.255.255.0" or "0xffffff00"; nothing if the ones are not in one piece.
[[nodiscard]] std::optional<unsigned> parse_netmask(std::string_view text);

// Six hexadecimal numbers joined by colons.
[[nodiscard]] std::optional<net::ether_addr> parse_lladdr(std::string_view text);

using netinet::address_text;
using netinet::lladdr_text;
// "10.0.2.1.53", "*.53", "*.*".
[[nodiscard]] std::string sockaddr_text(const netinet::sockaddr& at);
// As the routing table shows it: "default", "10.9/16", "10.0.2.2".
[[nodiscard]] std::string destination_text(uint32_t address, unsigned len);
[[nodiscard]] std::string hex_text(uint32_t value);

// At least `width` characters, blanks behind (`left`) or in front (`right`); never cut.
[[nodiscard]] std::string left(std::string text, size_t width);
[[nodiscard]] std::string right(std::string text, size_t width);

}  // namespace model::admin

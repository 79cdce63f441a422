#include "model/admin/text.h"

#include <charconv>

#include "model/net/rtable_map.h"

namespace model::admin {
namespace {

std::optional<uint32_t> parse_hex(std::string_view text, size_t digits_max) {
    uint32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
    const bool all = error == std::errc() && end == text.data() + text.size();
    return all && text.size() <= digits_max ? std::optional(value) : std::nullopt;
}

// The part of `text` up to the next `separator`; both are taken off.
std::string_view take_part(std::string_view& text, char separator) {
    const size_t end = text.find(separator);
    const std::string_view part = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    return part;
}

// One to four numbers; the missing ones are zero.
std::optional<uint32_t> parse_dotted(std::string_view text, unsigned& parts) {
    uint32_t address = 0;
    const bool ends_in_dot = text.ends_with('.');
    for (parts = 0; !text.empty() && parts < 4; ++parts) {
        const auto part = parse_number(take_part(text, '.'), 255);
        if (!part) {
            return std::nullopt;
        }
        address |= *part << (24 - 8 * parts);
    }
    if (parts == 0 || !text.empty() || ends_in_dot) {
        return std::nullopt;
    }
    return address;
}

}  // namespace

std::vector<std::string_view> split_words(std::string_view line) {
    std::vector<std::string_view> words;
    constexpr std::string_view blanks = " \t\r\n";
    size_t at = line.find_first_not_of(blanks);
    while (at != std::string_view::npos) {
        const size_t end = line.find_first_of(blanks, at);
        words.push_back(line.substr(at, end - at));
        at = line.find_first_not_of(blanks, end);
    }
    return words;
}

std::optional<uint32_t> parse_number(std::string_view text, uint32_t max) {
    if (text.empty() || text.size() > 10) {
        return std::nullopt;
    }
    uint64_t value = 0;
    for (char c : text) {
        if (c < '0' || c > '9') {
            return std::nullopt;
        }
        value = value * 10 + static_cast<unsigned>(c - '0');
    }
    if (value > max) {
        return std::nullopt;
    }
    return static_cast<uint32_t>(value);
}

std::optional<uint32_t> parse_address(std::string_view text) {
    unsigned parts = 0;
    const auto address = parse_dotted(text, parts);
    return parts == 4 ? address : std::nullopt;
}

std::optional<inet_prefix> parse_prefix(std::string_view text) {
    const size_t slash = text.find('/');
    unsigned parts = 0;
    const auto address = parse_dotted(text.substr(0, slash), parts);
    if (!address || (slash == std::string_view::npos && parts != 4)) {
        return std::nullopt;
    }
    inet_prefix prefix{*address, 32, false};
    if (slash != std::string_view::npos) {
        const auto len = parse_number(text.substr(slash + 1), 32);
        if (!len) {
            return std::nullopt;
        }
        prefix.len = *len;
        prefix.len_given = true;
    }
    return prefix;
}

std::optional<netinet::sockaddr> parse_sockaddr(std::string_view text) {
    const size_t dot = text.rfind('.');
    if (dot == std::string_view::npos) {
        return std::nullopt;
    }
    const std::string_view host = text.substr(0, dot);
    const auto address = host == "*" ? std::optional<uint32_t>(0) : parse_address(host);
    const auto port = parse_number(text.substr(dot + 1), UINT16_MAX);
    if (!address || !port) {
        return std::nullopt;
    }
    return netinet::sockaddr{*address, static_cast<uint16_t>(*port)};
}

std::optional<unsigned> parse_table(std::string_view text) {
    return parse_number(text, net::rt_tableid_max);
}

std::optional<unsigned> parse_netmask(std::string_view text) {
    const auto mask = text.starts_with("0x") ? parse_hex(text.substr(2), 8) : parse_address(text);
    if (!mask) {
        return std::nullopt;
    }
    unsigned len = 0;
    while (len < 32 && (*mask << len & 0x80000000) != 0) {
        ++len;
    }
    if (len < 32 && *mask << len != 0) {
        return std::nullopt;
    }
    return len;
}

std::optional<net::ether_addr> parse_lladdr(std::string_view text) {
    net::ether_addr address = 0;
    if (!net::ether_addr_parse(std::string(text).c_str(), &address)) {
        return std::nullopt;
    }
    return address;
}

std::string sockaddr_text(const netinet::sockaddr& at) {
    return (at.addr == 0 ? "*" : address_text(at.addr)) + "." +
           (at.port == 0 ? "*" : std::to_string(at.port));
}

std::string destination_text(uint32_t address, unsigned len) {
    if (len == 0) {
        return address == 0 ? "default" : address_text(address) + "/0";
    }
    if (len == 32) {
        return address_text(address);
    }
    std::string text = std::to_string(address >> 24);
    for (unsigned shown = 8; shown < len; shown += 8) {
        text += '.' + std::to_string(address >> (24 - shown) & 255);
    }
    return text + '/' + std::to_string(len);
}

std::string hex_text(uint32_t value) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (int shift = 28; shift >= 0; shift -= 4) {
        if (value >> shift != 0 || shift == 0) {
            text += digits[value >> shift & 15];
        }
    }
    return text;
}

std::string left(std::string text, size_t width) {
    if (text.size() < width) {
        text.append(width - text.size(), ' ');
    }
    return text;
}

std::string right(std::string text, size_t width) {
    if (text.size() < width) {
        text.insert(0, width - text.size(), ' ');
    }
    return text;
}

}  // namespace model::admin

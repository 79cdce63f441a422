#include "scenarios/lang/address.h"

#include <charconv>

namespace scenario {

std::optional<uint64_t> parse_number(std::string_view text) {
    uint64_t value = 0;
    const char* end = text.data() + text.size();
    auto [stop, error] = std::from_chars(text.data(), end, value);
    if (text.empty() || error != std::errc() || stop != end) {
        return std::nullopt;
    }
    return value;
}

std::optional<ipv4> parse_ipv4(std::string_view text) {
    ipv4 address = 0;
    for (int i = 0; i < 4; i++) {
        size_t dot = i < 3 ? text.find('.') : text.size();
        if (dot == std::string_view::npos) {
            return std::nullopt;
        }
        std::string_view part = text.substr(0, dot);
        std::optional<uint64_t> byte = parse_number(part);
        if (!byte || *byte > 255 || (part.size() > 1 && part[0] == '0')) {
            return std::nullopt;
        }
        address = address << 8 | static_cast<ipv4>(*byte);
        text.remove_prefix(i < 3 ? dot + 1 : dot);
    }
    return address;
}

bool is_ipv4_or_prefix(std::string_view text) {
    size_t slash = text.find('/');
    if (!parse_ipv4(text.substr(0, slash))) {
        return false;
    }
    if (slash == std::string_view::npos) {
        return true;
    }
    std::optional<uint64_t> length = parse_number(text.substr(slash + 1));
    return length && *length <= 32;
}

std::optional<mac> parse_mac(std::string_view text) {
    mac address = {};
    if (text.size() != 3 * address.size() - 1) {
        return std::nullopt;
    }
    for (size_t i = 0; i < address.size(); i++) {
        const char* begin = text.data() + 3 * i;
        auto [stop, error] = std::from_chars(begin, begin + 2, address[i], 16);
        if (error != std::errc() || stop != begin + 2) {
            return std::nullopt;
        }
        if (i + 1 < address.size() && text[3 * i + 2] != ':') {
            return std::nullopt;
        }
    }
    return address;
}

std::string to_text(ipv4 address) {
    std::string text;
    for (int shift = 24; shift >= 0; shift -= 8) {
        text += std::to_string(address >> shift & 0xff) + (shift > 0 ? "." : "");
    }
    return text;
}

std::string to_text(const mac& address) {
    constexpr char digits[] = "0123456789abcdef";
    std::string text;
    for (uint8_t byte : address) {
        text += text.empty() ? "" : ":";
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

}  // namespace scenario

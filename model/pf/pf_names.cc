#include "model/pf/pf_names.h"

#include <cctype>
#include <charconv>

#include "model/netinet/in.h"

namespace model::pf {

namespace {

struct named {
    std::string_view name;
    uint16_t value;
};

constexpr named protos[] = {{"icmp", 1}, {"igmp", 2}, {"tcp", 6},   {"udp", 17},  {"gre", 47},
                            {"esp", 50}, {"ah", 51},  {"ospf", 89}, {"pim", 103}, {"carp", 112}};

constexpr named services[] = {
    {"echo", 7},    {"ftp-data", 20}, {"ftp", 21},   {"ssh", 22},   {"telnet", 23},   {"smtp", 25},
    {"domain", 53}, {"tftp", 69},     {"http", 80},  {"www", 80},   {"kerberos", 88}, {"pop3", 110},
    {"auth", 113},  {"ident", 113},   {"ntp", 123},  {"imap", 143}, {"snmp", 161},    {"bgp", 179},
    {"https", 443}, {"syslog", 514},  {"imaps", 993}};

constexpr named icmp_types[] = {{"echorep", 0}, {"unreach", 3}, {"squench", 4},   {"redir", 5},
                                {"echoreq", 8}, {"timex", 11},  {"paramprob", 12}};

struct named_op {
    std::string_view mark;
    pf_op op;
};

constexpr named_op ops[] = {{"=", pf_op::eq},    {"!=", pf_op::ne},     {"<", pf_op::lt},
                            {"<=", pf_op::le},   {">", pf_op::gt},      {">=", pf_op::ge},
                            {":", pf_op::range}, {"><", pf_op::inside}, {"<>", pf_op::outside}};

constexpr std::string_view flag_letters = "FSRPAUEW";

template <size_t N>
std::optional<uint16_t> value_of(const named (&table)[N], std::string_view name) {
    for (const named& n : table) {
        if (n.name == name) {
            return n.value;
        }
    }
    return std::nullopt;
}

template <size_t N>
std::string name_of(const named (&table)[N], uint16_t value) {
    for (const named& n : table) {
        if (n.value == value) {
            return std::string(n.name);
        }
    }
    return std::to_string(value);
}

template <size_t N>
std::optional<uint8_t> small(const named (&table)[N], std::string_view text) {
    if (const auto known = value_of(table, text)) {
        return static_cast<uint8_t>(*known);
    }
    const auto number = parse_u32(text, 255);
    return number ? std::optional(static_cast<uint8_t>(*number)) : std::nullopt;
}

}  // namespace

std::optional<uint32_t> parse_u32(std::string_view text, uint32_t max) {
    int base = 10;
    if (text.starts_with("0x")) {
        text.remove_prefix(2);
        base = 16;
    }
    uint32_t value = 0;
    const char* end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data(), end, value, base);
    if (text.empty() || at != end || error != std::errc() || value > max) {
        return std::nullopt;
    }
    return value;
}

std::optional<uint32_t> parse_ipv4(std::string_view text, bool short_form) {
    uint32_t address = 0;
    unsigned parts = 0;
    while (parts < 4) {
        const size_t dot = text.find('.');
        const auto part = parse_u32(text.substr(0, dot), 255);
        if (!part || std::isdigit(static_cast<unsigned char>(text[0])) == 0) {
            return std::nullopt;
        }
        address |= *part << (24 - 8 * parts++);
        if (dot == std::string_view::npos) {
            return parts == 4 || short_form ? std::optional(address) : std::nullopt;
        }
        text.remove_prefix(dot + 1);
    }
    return std::nullopt;
}

std::optional<uint8_t> parse_proto(std::string_view text) {
    return small(protos, text);
}

std::string proto_text(uint8_t proto) {
    return name_of(protos, proto);
}

std::optional<uint16_t> parse_port(std::string_view text) {
    if (const auto known = value_of(services, text)) {
        return *known;
    }
    const auto number = parse_u32(text, 65535);
    return number ? std::optional(static_cast<uint16_t>(*number)) : std::nullopt;
}

std::optional<uint8_t> parse_flags(std::string_view text) {
    uint8_t flags = 0;
    for (const char c : text) {
        const size_t bit = flag_letters.find(c);
        if (bit == std::string_view::npos) {
            return std::nullopt;
        }
        flags |= static_cast<uint8_t>(1U << bit);
    }
    return flags;
}

std::string flags_text(uint8_t flags) {
    std::string text;
    for (size_t bit = 0; bit < flag_letters.size(); ++bit) {
        if ((flags >> bit & 1) != 0) {
            text += flag_letters[bit];
        }
    }
    return text;
}

std::optional<uint8_t> parse_icmp_type(std::string_view text) {
    return small(icmp_types, text);
}

std::string icmp_type_text(uint8_t type) {
    return name_of(icmp_types, type);
}

std::optional<pf_op> parse_op(std::string_view mark) {
    for (const named_op& o : ops) {
        if (o.mark == mark) {
            return o.op;
        }
    }
    return std::nullopt;
}

const char* op_text(pf_op op) {
    for (const named_op& o : ops) {
        if (o.op == op) {
            return o.mark.data();
        }
    }
    return "";
}

}  // namespace model::pf

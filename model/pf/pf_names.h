// pf_names.h - numbers of a rule and what pf.conf calls them.
// Source:  pf.conf(5), protocols(5), services(5), icmp(4).
// Shapes:  pure text.
// Locks:   none.
// Errors:  nothing: no such name.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/pf/pf_rule.h"

namespace model::pf {

// Decimal, or hexadecimal behind 0x.
[[nodiscard]] std::optional<uint32_t> parse_u32(std::string_view text, uint32_t max);
// Four numbers, or fewer where a prefix length follows.
[[nodiscard]] std::optional<uint32_t> parse_ipv4(std::string_view text, bool short_form);

[[nodiscard]] std::optional<uint8_t> parse_proto(std::string_view text);
[[nodiscard]] std::string proto_text(uint8_t proto);

[[nodiscard]] std::optional<uint16_t> parse_port(std::string_view text);

// "S", "SA", "": bits of a TCP header.
[[nodiscard]] std::optional<uint8_t> parse_flags(std::string_view text);
[[nodiscard]] std::string flags_text(uint8_t flags);

[[nodiscard]] std::optional<uint8_t> parse_icmp_type(std::string_view text);
[[nodiscard]] std::string icmp_type_text(uint8_t type);

[[nodiscard]] std::optional<pf_op> parse_op(std::string_view mark);
[[nodiscard]] const char* op_text(pf_op op);

}  // namespace model::pf

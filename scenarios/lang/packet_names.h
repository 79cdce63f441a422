// packet_names.h - the words for ICMP messages and TCP flags, for the reader and the printer.
#pragma once

#include <string_view>

#include "scenarios/lang/packet.h"

namespace scenario {

// In the order of icmp_kind, as they follow `icmp`.
inline constexpr std::string_view icmp_names[] = {
    "echo request",    "echo reply",        "time exceeded",    "unreachable host",
    "unreachable net", "unreachable proto", "unreachable port", "unreachable needfrag",
    "redirect host",   "redirect net",
};

// Errors quote the packet that caused them.
[[nodiscard]] constexpr bool is_error(icmp_kind kind) {
    return kind != icmp_kind::echo_request && kind != icmp_kind::echo_reply;
}

[[nodiscard]] constexpr bool is_redirect(icmp_kind kind) {
    return kind == icmp_kind::redirect_host || kind == icmp_kind::redirect_net;
}

[[nodiscard]] constexpr bool is_arp(packet_kind kind) {
    return kind == packet_kind::arp_request || kind == packet_kind::arp_reply;
}

struct flag_letter {
    char letter;
    tcp_flag bit;
};

// In tcpdump's order.
inline constexpr flag_letter flag_letters[] = {
    {'F', tcp_fin}, {'S', tcp_syn}, {'R', tcp_rst}, {'P', tcp_push},
    {'.', tcp_ack}, {'U', tcp_urg}, {'E', tcp_ece}, {'W', tcp_cwr},
};

}  // namespace scenario

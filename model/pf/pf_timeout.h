// pf_timeout.h - how long a state lives without a packet.
// Source:  pf.conf(5) `set timeout`; defaults are OpenBSD's.
// Shapes:  seconds.
// Locks:   none; a table.
// Errors:  none.
#pragma once

#include <cstdint>

namespace model::pf {

enum pf_timeout : uint8_t {
    pftm_tcp_first,
    pftm_tcp_opening,
    pftm_tcp_established,
    pftm_tcp_closing,
    pftm_tcp_finwait,
    pftm_tcp_closed,
    pftm_udp_first,
    pftm_udp_single,
    pftm_udp_multiple,
    pftm_icmp_first,
    pftm_icmp_error,
    pftm_other_first,
    pftm_other_single,
    pftm_other_multiple,
    pftm_interval,
    pftm_max,
    pftm_purge  // of a state: at once
};

struct pf_timeout_name {
    const char* name;
    uint32_t seconds;
};

inline constexpr pf_timeout_name pf_timeouts[pftm_max] = {
    {"tcp.first", 120},   {"tcp.opening", 30},    {"tcp.established", 86400}, {"tcp.closing", 900},
    {"tcp.finwait", 45},  {"tcp.closed", 90},     {"udp.first", 60},          {"udp.single", 30},
    {"udp.multiple", 60}, {"icmp.first", 20},     {"icmp.error", 10},         {"other.first", 60},
    {"other.single", 30}, {"other.multiple", 60}, {"interval", 10},
};

}  // namespace model::pf

// pf_rule.h - what a rule of pf.conf(5) says, as a value.
// Source:  pf.conf(5); names after OpenBSD net/pfvar.h.
// Shapes:  addresses and ports in host order; protocol 0: any. A rule of a list has been expanded already.
// Locks:   none; a value, never changed once it is part of a ruleset.
// Errors:  none.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "model/netinet/tcp.h"

namespace model::pf {

// Both what a rule does and what becomes of a packet.
enum class pf_action : uint8_t { pass, block, match, anchor };
enum class pf_dir : uint8_t { inout, in, out };
enum class pf_op : uint8_t { none, eq, ne, lt, le, gt, ge, range, inside, outside };

struct pf_addr_wrap {
    bool any = true;
    bool neg = false;
    uint32_t addr = 0;  // network part
    uint8_t plen = 32;

    bool operator==(const pf_addr_wrap&) const = default;
};

struct pf_port_wrap {
    pf_op op = pf_op::none;
    uint16_t low = 0;
    uint16_t high = 0;  // of range, inside, outside

    bool operator==(const pf_port_wrap&) const = default;
};

struct pf_rule_addr {
    pf_addr_wrap addr;
    pf_port_wrap port;

    bool operator==(const pf_rule_addr&) const = default;
};

inline constexpr uint16_t pf_nat_proxy_port_low = 50001;
inline constexpr uint16_t pf_nat_proxy_port_high = 65535;

// nat-to or rdr-to: one address, and which ports.
struct pf_pool {
    bool set = false;
    bool static_port = false;  // nat-to: the port stays
    uint32_t addr = 0;
    uint16_t port_low = 0;  // 0: rdr-to leaves the port, nat-to takes one of the proxy range
    uint16_t port_high = 0;

    bool operator==(const pf_pool&) const = default;
};

enum class pf_divert_kind : uint8_t { none, to, reply, packet };
enum class pf_return : uint8_t { drop, both, rst, icmp };

using netinet::th_ack;
using netinet::th_cwr;
using netinet::th_ece;
using netinet::th_fin;
using netinet::th_push;
using netinet::th_rst;
using netinet::th_syn;
using netinet::th_urg;

// Of its packets the kernel looks for a socket, by its state or where the rule says.
constexpr bool pf_diverts_to_socket(pf_divert_kind kind) {
    return kind == pf_divert_kind::to || kind == pf_divert_kind::reply;
}

struct pf_rule_spec {
    pf_action action = pf_action::pass;
    pf_return answer = pf_return::drop;  // of block: what the sender is told
    pf_dir direction = pf_dir::inout;
    bool quick = false;
    std::string ifname;      // "": any
    bool ifnot = false;      // not on that interface, or not in that domain
    int16_t onrdomain = -1;  // on rdomain: only what goes by a table of it; -1: any
    bool inet = false;       // said, or meant by an address
    uint8_t proto = 0;
    pf_rule_addr src;
    pf_rule_addr dst;
    uint8_t flags = 0;    // of those of flagset, which are set
    uint8_t flagset = 0;  // which are looked at
    int16_t icmp_type = -1;
    int16_t icmp_code = -1;
    bool allow_opts = false;
    bool keep_state = false;
    bool if_bound = false;  // its states are found on the interface where they were made alone
    std::string label;
    int16_t rtableid = -1;  // rtable: by which table the packet goes on; -1: as before
    pf_pool nat;
    pf_pool rdr;
    pf_divert_kind divert = pf_divert_kind::none;
    uint32_t divert_addr = 0;
    uint16_t divert_port = 0;
    std::string anchor;        // its name; one without a name is "_1", "_2", ...
    bool anchor_here = false;  // its rules stand in braces behind it

    bool operator==(const pf_rule_spec&) const = default;
};

}  // namespace model::pf

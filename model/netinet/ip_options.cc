#include "model/netinet/ip_options.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

#include "model/net/if.h"
#include "model/net/ifaddr.h"
#include "model/net/route.h"
#include "model/net/stack.h"
#include "model/netinet/in.h"
#include "model/netinet/ip.h"
#include "model/netinet/ip_icmp.h"
#include "model/netinet/ip_var.h"

namespace model::netinet {

using namespace net;

namespace {

// Octets of an option: kind, length, where the next entry goes (counted from 1).
constexpr size_t at_length = 1;
constexpr size_t at_pointer = 2;
constexpr size_t route_pointer_min = 4;
// A timestamp's: how many could not write, and what is asked for.
constexpr size_t at_overflow = 3;
constexpr size_t timestamp_pointer_min = 5;
constexpr size_t address_size = 4;

struct complaint {
    uint8_t type = icmp_paramprob;
    uint8_t code = 0;
    size_t octet = 0;  // of the option
    const char* reason = "badoptions";
};
using verdict = std::optional<complaint>;

complaint wrong(size_t octet) {
    return {icmp_paramprob, 0, octet, "badoptions"};
}
complaint unreachable(uint8_t code, const char* reason) {
    return {icmp_unreach, code, 0, reason};
}

struct packet {
    stack& st;
    ifnet& ifp;  // received on
    ip_view ip;
    unsigned tableid;
    bool forward = false;
};

bool is_ours(const packet& p, uint32_t addr) {
    rtentry* rt = rtalloc(p.st, addr, 0, p.tableid);
    const bool ours =
        rtisvalid(rt) && (rt->rt_flags.load(std::memory_order_relaxed) & RTF_LOCAL) != 0;
    rtfree(rt);
    return ours;
}

struct way_out {
    uint32_t addr = 0;  // ours there; 0: there is no way
    bool gateway = false;
};

way_out way_to(const packet& p, uint32_t dst) {
    rtentry* rt = rtalloc(p.st, dst, 0, p.tableid);
    way_out w;
    if (rtisvalid(rt) && rt->rt_ifa != nullptr) {
        w = {rt->rt_ifa->ifa_addr,
             (rt->rt_flags.load(std::memory_order_relaxed) & RTF_GATEWAY) != 0};
    }
    rtfree(rt);
    return w;
}

// What all options have that record a route: null if the pointer is sound.
verdict check_pointer(const byte_view& option, size_t least) {
    if (option.size() <= at_pointer) {
        return wrong(at_length);
    }
    return option.u8(at_pointer) < least ? verdict(wrong(at_pointer)) : std::nullopt;
}

// Our address replaces the one that the packet goes to next; behind the last one it is the packet's own business.
verdict source_route(packet& p, const byte_view& option) {
    const bool strict = option.u8(0) == ipopt_ssrr;
    if (p.st.ip->sourceroute.load(std::memory_order_relaxed) == 0) {
        return unreachable(icmp_unreach_srcfail, "srcroute");
    }
    if (const verdict v = check_pointer(option, route_pointer_min)) {
        return v;
    }
    if (!is_ours(p, p.ip.destination())) {
        // A loose one has not come to its next address yet.
        return strict ? verdict(unreachable(icmp_unreach_srcfail, "srcroute")) : std::nullopt;
    }
    const size_t at = option.u8(at_pointer) - size_t{1};
    if (at + address_size > option.size()) {
        return std::nullopt;
    }
    const uint32_t next = option.u32(at);
    const way_out way = way_to(p, next);
    if (way.addr == 0 || (strict && way.gateway)) {
        return unreachable(icmp_unreach_srcfail, "srcroute");
    }
    option.put_u32(at, way.addr);
    option.put_u8(at_pointer, static_cast<uint8_t>(option.u8(at_pointer) + address_size));
    p.ip.set_destination(next);
    p.forward = !in_multicast(next);
    return std::nullopt;
}

verdict record_route(const packet& p, const byte_view& option) {
    if (const verdict v = check_pointer(option, route_pointer_min)) {
        return v;
    }
    const size_t at = option.u8(at_pointer) - size_t{1};
    if (at + address_size > option.size()) {
        return std::nullopt;  // full
    }
    const way_out way = way_to(p, p.ip.destination());
    if (way.addr == 0) {
        return unreachable(icmp_unreach_host, "noroute");
    }
    option.put_u32(at, way.addr);
    option.put_u8(at_pointer, static_cast<uint8_t>(option.u8(at_pointer) + address_size));
    return std::nullopt;
}

// The address of the interface that is nearest to the destination; 0: it has none.
uint32_t address_for(packet& p) {
    ifaddr* ifa = ifa_ifp_onnet(p.st, p.ifp, p.ip.destination());
    ifa = ifa == nullptr ? ifa_first(p.st, p.ifp) : ifa;
    const uint32_t addr = ifa == nullptr ? 0 : ifa->ifa_addr;
    ifafree(ifa);
    return addr;
}

verdict timestamp(packet& p, const byte_view& option) {
    if (option.size() <= at_overflow || option.size() < 8 || option.size() > 40) {
        return wrong(at_length);
    }
    if (option.u8(at_pointer) < timestamp_pointer_min) {
        return wrong(at_pointer);
    }
    size_t at = option.u8(at_pointer) - size_t{1};
    const uint8_t flag = option.u8(at_overflow) & 0x0f;
    if (at + 4 > option.size()) {
        // No room: counted, until the count has none either.
        if (option.u8(at_overflow) >> 4 == 0x0f) {
            return wrong(0);
        }
        option.put_u8(at_overflow, static_cast<uint8_t>(option.u8(at_overflow) + 0x10));
        return std::nullopt;
    }
    if (flag == ipopt_ts_tsandaddr || flag == ipopt_ts_prespec) {
        if (at + address_size + 4 > option.size()) {
            return wrong(0);
        }
        if (flag == ipopt_ts_prespec && !is_ours(p, option.u32(at))) {
            return std::nullopt;  // somebody else is asked
        }
        const uint32_t addr = flag == ipopt_ts_prespec ? option.u32(at) : address_for(p);
        if (addr == 0) {
            return std::nullopt;
        }
        option.put_u32(at, addr);
        at += address_size;
    } else if (flag != ipopt_ts_tsonly) {
        return wrong(at_overflow);
    }
    option.put_u32(at, iptime(p.st));
    option.put_u8(at_pointer, static_cast<uint8_t>(at + 4 + 1));
    return std::nullopt;
}

verdict act_on(packet& p, const byte_view& option) {
    switch (option.u8(0)) {
        case ipopt_lsrr:
        case ipopt_ssrr:
            return source_route(p, option);
        case ipopt_rr:
            return record_route(p, option);
        case ipopt_ts:
            return timestamp(p, option);
        default:
            return std::nullopt;
    }
}

// The option at `at`, null-sized if its length cannot be: it must be seen to be one of two octets at least.
std::span<uint8_t> option_at(std::span<uint8_t> header, size_t at) {
    if (header[at] == ipopt_nop) {
        return header.subspan(at, 1);
    }
    const size_t length = at + 1 < header.size() ? header[at + 1] : 0;
    return length < 2 || length > header.size() - at ? std::span<uint8_t>()
                                                     : header.subspan(at, length);
}

// Every option until one is wrong; then `at` is where it begins.
verdict look_through(packet& p, size_t* at) {
    const std::span<uint8_t> header = p.ip.header();
    while (*at < header.size() && header[*at] != ipopt_eol) {
        const std::span<uint8_t> option = option_at(header, *at);
        if (option.empty()) {
            return wrong(at_length);
        }
        if (const verdict v = act_on(p, byte_view(option))) {
            return v;
        }
        *at += option.size();
    }
    return std::nullopt;
}

}  // namespace

mbuf* ip_dooptions(stack& st, ifnet& ifp, mbuf* m, bool* forward) {
    // As the sender sent it: before anything is recorded.
    const icmp_quote quote = icmp_quote_of(*m);
    packet p{st, ifp, ip_view({m->data, m->len}), m->ph_rtableid};
    size_t at = ip_size_min;
    if (const verdict v = look_through(p, &at)) {
        counter_inc(st, counter::ips_badoptions);
        // The pointer of a parameter problem is the first octet of the second word.
        const auto pointer = static_cast<uint32_t>(at + v->octet) << 24;
        icmp_error(st, quote, v->type, v->code, v->type == icmp_paramprob ? pointer : 0);
        m_drop(st, m, v->reason);
        return nullptr;
    }
    p.ip.update_sum();
    *forward = p.forward;
    return m;
}

void ip_echooptions(mbuf& m) {
    const ip_view ip({m.data, m.len});
    const std::span<uint8_t> header = ip.header();
    std::array<uint8_t, ip_size_max> kept{};
    memcpy(kept.data(), header.data(), ip_size_min);
    size_t size = ip_size_min;
    for (size_t at = ip_size_min; at < header.size() && header[at] != ipopt_eol;) {
        const std::span<uint8_t> option = option_at(header, at);
        if (option.empty()) {
            break;
        }
        const bool stays =
            option[0] == ipopt_rr || option[0] == ipopt_ts || option[0] == ipopt_security;
        if (stays) {
            std::ranges::copy(option, kept.begin() + static_cast<ptrdiff_t>(size));
            size += option.size();
        }
        at += option.size();
    }
    size = (size + 3) / 4 * 4;  // padded with the end of options
    const size_t cut = header.size() - size;
    m_adj(m, cut);
    memcpy(m.data, kept.data(), size);
    m.data[0] = static_cast<uint8_t>(ip_version << 4 | size / 4);
    ip_view({m.data, m.len}).set_total_size(m.len);
}

uint32_t iptime(stack& st) {
    constexpr uint32_t no_time_of_day = 0x80000000;
    constexpr int64_t day = 24 * 60 * 60;
    return no_time_of_day | static_cast<uint32_t>(kern::getuptime(st.clock) % day * 1000);
}

}  // namespace model::netinet

#include "model/pf/pf_pdesc.h"

#include <span>

#include "model/net/rtable_map.h"
#include "model/netinet/byte_view.h"
#include "model/netinet/icmp.h"
#include "model/netinet/in.h"
#include "model/netinet/ip.h"

namespace model::pf {

using namespace netinet;

namespace {

constexpr size_t ports_size = 4;
constexpr size_t udp_size = 8;
constexpr size_t tcp_size = 20;
constexpr size_t udp_sum = 6;
constexpr size_t tcp_sum = 16;
constexpr size_t icmp_sum = 2;
constexpr size_t icmp_id = 4;

constexpr uint8_t icmp_tstamp = 13;
constexpr uint8_t icmp_tstampreply = 14;

bool icmp_is_query(uint8_t type) {
    return type == icmp_echo || type == icmp_echoreply || type == icmp_tstamp ||
           type == icmp_tstampreply;
}
bool icmp_is_answer(uint8_t type) {
    return type == icmp_echoreply || type == icmp_tstampreply;
}
// The type that question and answer have in common.
uint16_t icmp_query_type(uint8_t type) {
    return type == icmp_echoreply ? icmp_echo : type == icmp_tstampreply ? icmp_tstamp : type;
}

ip_view ip_of(const net::mbuf& m) {
    return ip_view(std::span<uint8_t>(m.data, m.len));
}

// The ports, or what stands for them, of what follows an IP header.
bool read_ports(const byte_view& payload, uint8_t proto, pf_endpoints& at, bool& query) {
    if (proto == ipproto_tcp || proto == ipproto_udp) {
        if (payload.size() < ports_size) {
            return false;
        }
        at.sport = payload.u16(0);
        at.dport = payload.u16(2);
    } else if (proto == ipproto_icmp) {
        if (payload.size() < icmp_minlen) {
            return false;
        }
        const uint8_t type = payload.u8(0);
        query = icmp_is_query(type);
        if (query) {
            const uint16_t id = payload.u16(icmp_id);
            at.sport = icmp_is_answer(type) ? icmp_query_type(type) : id;
            at.dport = icmp_is_answer(type) ? id : icmp_query_type(type);
        }
    }
    return true;
}

bool is_too_short(const byte_view& payload, uint8_t proto) {
    return (proto == ipproto_tcp && payload.size() < tcp_size) ||
           (proto == ipproto_udp && payload.size() < udp_size) ||
           (proto == ipproto_icmp && payload.size() < icmp_minlen);
}

// Keeps a checksum true to what it was when a word under it changes (RFC 1624 3). A UDP sum of 0 is none.
void fix_sum(const byte_view& view, size_t sum_at, uint16_t was, uint16_t is, bool udp) {
    const uint16_t old_sum = view.u16(sum_at);
    if (udp && old_sum == 0) {
        return;
    }
    uint32_t sum = static_cast<uint16_t>(~old_sum) + static_cast<uint16_t>(~was) + uint32_t{is};
    sum = (sum & 0xffff) + (sum >> 16);
    sum = (sum & 0xffff) + (sum >> 16);
    const auto fixed = static_cast<uint16_t>(~sum);
    view.put_u16(sum_at, udp && fixed == 0 ? 0xffff : fixed);
}

void fix_sum32(const byte_view& view, size_t sum_at, uint32_t was, uint32_t is, bool udp) {
    fix_sum(view, sum_at, static_cast<uint16_t>(was >> 16), static_cast<uint16_t>(is >> 16), udp);
    fix_sum(view, sum_at, static_cast<uint16_t>(was), static_cast<uint16_t>(is), udp);
}

// Where the checksum of what follows the IP header stands; 0: there is none, or it covers no addresses.
size_t sum_of(uint8_t proto) {
    return proto == ipproto_tcp ? tcp_sum : proto == ipproto_udp ? udp_sum : 0;
}

// The new ends of one packet: of `size` bytes behind its header, which may be cut, sums included.
void rewrite(const ip_view& ip, const byte_view& payload, uint8_t proto, const pf_endpoints& at,
             const pf_endpoints& want, bool query) {
    ip.set_source(want.src);
    ip.set_destination(want.dst);
    const byte_view header(ip.header());
    fix_sum32(header, 10, at.src, want.src, false);
    fix_sum32(header, 10, at.dst, want.dst, false);
    const bool udp = proto == ipproto_udp;
    const size_t sum = sum_of(proto);
    if (sum != 0) {
        payload.put_u16(0, want.sport);
        payload.put_u16(2, want.dport);
        if (payload.size() >= sum + 2) {
            fix_sum32(payload, sum, at.src, want.src, udp);
            fix_sum32(payload, sum, at.dst, want.dst, udp);
            fix_sum(payload, sum, at.sport, want.sport, udp);
            fix_sum(payload, sum, at.dport, want.dport, udp);
        }
    } else if (query) {
        const bool answer = icmp_is_answer(payload.u8(0));
        const uint16_t id = answer ? want.dport : want.sport;
        fix_sum(payload, icmp_sum, payload.u16(icmp_id), id, false);
        payload.put_u16(icmp_id, id);
    }
}

}  // namespace

bool pf_setup_pdesc(net::stack& st, pf_pdesc& pd) {
    const ip_view ip = ip_of(*pd.m);
    pd.proto = ip.protocol();
    pd.at.src = ip.source();
    pd.at.dst = ip.destination();
    pd.at.rdomain = static_cast<uint8_t>(net::rtable_l2(st, pd.m->ph_rtableid));
    pd.has_options = ip.header_size() > ip_size_min;
    pd.fragment = ip.is_fragment();
    const byte_view payload(ip.payload());
    if (!pd.fragment) {
        if (is_too_short(payload, pd.proto) ||
            !read_ports(payload, pd.proto, pd.at, pd.icmp_query)) {
            return false;
        }
        if (pd.proto == ipproto_tcp) {
            pd.tcp_flags = payload.u8(13);
        } else if (pd.proto == ipproto_icmp) {
            pd.icmp_type = payload.u8(0);
            pd.icmp_code = payload.u8(1);
            pd.icmp_error = icmp_is_error(pd.icmp_type);
            pd.icmp_answer = icmp_is_answer(pd.icmp_type);
        }
    }
    pd.want = pd.at;
    return true;
}

void pf_translate(pf_pdesc& pd) {
    pf_endpoints ends = pd.want;
    ends.rdomain = pd.at.rdomain;
    if (ends == pd.at) {
        return;
    }
    const ip_view ip = ip_of(*pd.m);
    rewrite(ip, byte_view(ip.payload()), pd.proto, pd.at, pd.want, pd.icmp_query);
    pd.at = ends;
}

// ---- the packet in an ICMP error ----------------------------------------------------------------

bool pf_read_quoted(const pf_pdesc& pd, pf_quoted& quoted) {
    const std::span<uint8_t> inner = icmp_view(ip_of(*pd.m).payload()).data();
    if (inner.size() < ip_size_min) {
        return false;
    }
    const ip_view ip(inner);
    quoted.header = ip.header_size();
    if (ip.version() != ip_version || quoted.header < ip_size_min ||
        inner.size() < quoted.header + 8 || ip.fragment_offset() != 0) {
        return false;
    }
    quoted.proto = ip.protocol();
    quoted.at.src = ip.source();
    quoted.at.dst = ip.destination();
    return read_ports(byte_view(inner.subspan(quoted.header)), quoted.proto, quoted.at,
                      quoted.query);
}

void pf_translate_quoted(pf_pdesc& pd, const pf_quoted& quoted, const pf_endpoints& want,
                         uint32_t src, uint32_t dst) {
    const ip_view ip = ip_of(*pd.m);
    const icmp_view icmp(ip.payload());
    const std::span<uint8_t> inner = icmp.data();
    // Its own checksum covers the quotation; a wrong one stays wrong.
    const uint16_t before = in_cksum(ip.payload());
    rewrite(ip_view(inner), byte_view(inner.subspan(quoted.header)), quoted.proto, quoted.at, want,
            quoted.query);
    const uint16_t after = in_cksum(ip.payload());
    fix_sum(byte_view(ip.payload()), icmp_sum, static_cast<uint16_t>(~before),
            static_cast<uint16_t>(~after), false);
    const byte_view header(ip.header());
    fix_sum32(header, 10, ip.source(), src, false);
    fix_sum32(header, 10, ip.destination(), dst, false);
    ip.set_source(src);
    ip.set_destination(dst);
    pd.at.src = pd.want.src = src;
    pd.at.dst = pd.want.dst = dst;
}

}  // namespace model::pf

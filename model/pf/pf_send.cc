#include "model/pf/pf_send.h"

#include <array>
#include <cstring>
#include <span>

#include "model/net/stack.h"
#include "model/netinet/icmp.h"
#include "model/netinet/in.h"
#include "model/netinet/in_cksum.h"
#include "model/netinet/ip.h"
#include "model/netinet/ip_icmp.h"
#include "model/netinet/ip_output.h"

namespace model::pf {

using namespace net;
using namespace netinet;

namespace {

constexpr size_t tcp_size = 20;

// Of a TCP segment behind an IP header whose addresses are set.
uint16_t tcp_sum(const ip_view& ip) {
    std::array<uint8_t, 12 + tcp_size> pseudo{};
    const byte_view view{std::span<uint8_t>(pseudo)};
    view.put_u32(0, ip.source());
    view.put_u32(4, ip.destination());
    view.put_u8(9, ipproto_tcp);
    view.put_u16(10, tcp_size);
    std::memcpy(pseudo.data() + 12, ip.payload().data(), tcp_size);
    return in_cksum(pseudo);
}

// Acknowledges all that the segment says, so that its sender believes the reset.
void send_rst(stack& st, const pf_pdesc& pd) {
    const ip_view its({pd.m->data, pd.m->len});
    const byte_view segment(its.payload());
    mbuf* m = m_get(st, ip_size_min + tcp_size);
    if (m == nullptr) {
        return;
    }
    const size_t offset = size_t{4} * (segment.u8(12) >> 4);
    const size_t data = segment.size() > offset ? segment.size() - offset : 0;
    const uint32_t flags_size =
        ((pd.tcp_flags & th_syn) != 0 ? 1U : 0U) + ((pd.tcp_flags & th_fin) != 0 ? 1U : 0U);
    const bool had_ack = (pd.tcp_flags & th_ack) != 0;
    const ip_view ip({m->data, m->len});
    ip.write({.ttl = 0, .protocol = ipproto_tcp, .source = pd.at.dst, .destination = pd.at.src}, 0);
    const byte_view tcp(ip.payload());
    tcp.put_u16(0, pd.at.dport);
    tcp.put_u16(2, pd.at.sport);
    tcp.put_u32(4, had_ack ? segment.u32(8) : 0);
    tcp.put_u32(8, had_ack ? 0 : segment.u32(4) + static_cast<uint32_t>(data) + flags_size);
    tcp.put_u8(12, tcp_size / 4 << 4);
    tcp.put_u8(13, had_ack ? th_rst : th_rst | th_ack);
    tcp.put_u16(16, tcp_sum(ip));
    m->pf.flags |= PF_TAG_GENERATED;
    m->ph_rtableid = pd.m->ph_rtableid;
    uint32_t mtu = 0;
    ip_output(st, m, nullptr, 0, &mtu);
}

void send_port_unreachable(stack& st, const pf_pdesc& pd) {
    icmp_quote quote = icmp_quote_of(*pd.m);
    quote.pf_flags |= PF_TAG_GENERATED;
    icmp_error(st, quote, icmp_unreach, icmp_unreach_port, 0);
}

}  // namespace

void pf_answer(stack& st, const pf_pdesc& pd, pf_return answer) {
    const bool tcp = pd.proto == ipproto_tcp && !pd.fragment;
    const bool may_rst = answer == pf_return::both || answer == pf_return::rst;
    const bool may_icmp = answer == pf_return::both || answer == pf_return::icmp;
    if (tcp && may_rst) {
        if ((pd.tcp_flags & th_rst) == 0 && (pd.m->flags & (M_BCAST | M_MCAST)) == 0) {
            send_rst(st, pd);
        }
    } else if (pd.proto != ipproto_icmp && may_icmp) {
        send_port_unreachable(st, pd);
    }
}

}  // namespace model::pf

#include "model/netinet/icmp_ctlinput.h"

#include <cerrno>

#include "model/net/stack.h"
#include "model/netinet/icmp.h"
#include "model/netinet/in.h"
#include "model/netinet/in_var.h"
#include "model/netinet/socket.h"
#include "model/netinet/tcp_var.h"

namespace model::netinet {

using namespace net;

namespace {

void udp_notify(stack& st, inpcb& inp, int error) {
    socket* so = in_pcbsoref(inp);
    if (so != nullptr) {
        soerror(so->so_rcv, error);
    }
    sorele(st, so);
}

// Only about the SYN that is on its way: who guesses it must have seen it.
void tcp_notify(stack& st, inpcb& inp, uint32_t seq, int error) {
    socket* so = in_pcbsoref(inp);
    if (so == nullptr) {
        return;
    }
    tcpcb& tp = *inp.inp_ppcb;
    tcp_work work;
    kern::mtx_enter(tp.t_mtx);
    if (tp.t_state == tcps_syn_sent && seq == tp.iss) {
        counter_inc(st, counter::tcps_conndrops);
        tcp_drop_locked(tp, *so, error, work);
    }
    kern::mtx_leave(tp.t_mtx);
    tcp_finish(st, inp, *so, work);
    sorele(st, so);
}

}  // namespace

std::optional<ip_view> icmp_quoted(uint32_t laddr, std::span<uint8_t> quoted) {
    if (quoted.size() < ip_size_min) {
        return std::nullopt;
    }
    const ip_view ip(quoted);
    const size_t header = ip.header_size();
    const bool ours = header >= ip_size_min && quoted.size() >= header + 8 &&
                      ip.fragment_offset() == 0 && ip.source() == laddr;
    return ours ? std::optional(ip) : std::nullopt;
}

int icmp_errno(uint8_t type, uint8_t code) {
    if (type == icmp_paramprob) {
        return ENOPROTOOPT;
    }
    if (type != icmp_unreach || code > icmp_unreach_precedence_cutoff) {
        return 0;
    }
    switch (code) {
        case icmp_unreach_protocol:
        case icmp_unreach_port:
            return ECONNREFUSED;
        case icmp_unreach_needfrag:
            return 0;  // icmp_mtudisc.h
        default:
            return EHOSTUNREACH;
    }
}

void icmp_ctlinput(stack& st, uint32_t laddr, std::span<uint8_t> quoted, int error,
                   unsigned rdomain) {
    const std::optional<ip_view> ip = icmp_quoted(laddr, quoted);
    if (!ip || (ip->protocol() != ipproto_udp && ip->protocol() != ipproto_tcp)) {
        return;
    }
    const byte_view behind(ip->payload());
    const in_ends ends = {ip->destination(), ip->source(), behind.u16(2), behind.u16(0),
                          static_cast<uint8_t>(rdomain)};
    const bool udp = ip->protocol() == ipproto_udp;
    inpcb* inp = in_pcblookup(udp ? st.inet->udbtable : st.inet->tcbtable, ends);
    if (inp == nullptr) {
        return;
    }
    if (udp) {
        udp_notify(st, *inp, error);
    } else {
        tcp_notify(st, *inp, behind.u32(4), error);
    }
    in_pcbunref(st, inp);
}

}  // namespace model::netinet

#include "model/netinet/raw_ip.h"

#include <cerrno>
#include <cstring>
#include <utility>

#include "model/net/stack.h"
#include "model/netinet/icmp.h"
#include "model/netinet/in.h"
#include "model/netinet/in_var.h"
#include "model/netinet/inp_deliver.h"
#include "model/netinet/ip.h"
#include "model/netinet/ip_icmp.h"
#include "model/netinet/ip_output.h"
#include "model/pf/pf_inp.h"

namespace model::netinet {

using namespace net;

void rip_input(stack& st, mbuf* m) {
    const ip_view ip({m->data, m->len});
    const auto divert = pf::pf_find_divert(*m);
    const uint32_t laddr = divert && !divert->reply ? divert->addr : ip.destination();
    const in_ends ends = {ip.source(), laddr, 0, 0,
                          static_cast<uint8_t>(rtable_l2(st, m->ph_rtableid))};
    const uint8_t protocol = ip.protocol();
    const std::vector<inpcb*> inps = in_pcblookup_all(st.inet->rawcbtable, ends, protocol);
    switch (in_pcbdeliver_all(st, inps, *m, {ends.faddr, 0})) {
        case delivery::done:
            break;
        case delivery::full:
            counter_inc(st, counter::rips_fullsock);
            m_drop(st, m, "fullsock");
            return;
        case delivery::closed:
            if (protocol != ipproto_icmp) {
                counter_inc(st, counter::ips_noproto);
                icmp_error(st, icmp_quote_of(*m), icmp_unreach, icmp_unreach_protocol, 0);
                m_drop(st, m, "noproto");
                return;
            }
            fate_set(st, *m, fate::delivered, "icmp");
            break;
    }
    m_freem(st, m);
}

namespace {

void rip_attach(stack& st, socket& so, const char* name) {
    in_pcballoc(st, st.inet->rawcbtable, so, name, nullptr);
}

void rip_detach(stack& st, socket& so, closing) {
    std::vector<in_multi*> memberships;
    solock(so);
    if (so.so_pcb != nullptr) {
        memberships = std::exchange(so.so_pcb->inp_moptions.memberships, {});
        in_pcbdetach(st, *so.so_pcb);
    }
    sounlock(so);
    ip_freemoptions(st, std::move(memberships));
}

int rip_bind(stack& st, socket& so, const sockaddr& at, bind_to which) {
    solock(so);
    const int error =
        so.so_pcb == nullptr ? EINVAL : in_pcbbind_addr(st, *so.so_pcb, at.addr, which);
    sounlock(so);
    return error;
}

int rip_connect(stack&, socket&, const sockaddr&) {
    return EOPNOTSUPP;
}

// What is read of a socket under its lock, before a packet leaves.
struct sending {
    inpcb* inp = nullptr;  // referenced
    uint32_t laddr = inaddr_any;
    multicast_out out;
    bool broadcast = false;
};

// Who is bound to no address sends from that of the way out. Where nothing leads there the source is left open: ip_output
// says what is wrong.
int rip_output(stack& st, const sending& s, std::span<const uint8_t> bytes, uint32_t to) {
    mbuf* m = m_get(st, ip_size_min + bytes.size());
    if (m == nullptr) {
        return ENOBUFS;
    }
    m->ph_rtableid = s.inp->inp_rtableid;
    using_route way(*s.inp);
    uint32_t laddr = s.laddr;
    if (laddr == inaddr_any && in_multicast(to)) {
        laddr = multicast_source(st, s.out);
    }
    const ip_view ip({m->data, m->len});
    ip.write({.ttl = ip_ttl_max,
              .protocol = s.inp->inp_protocol,
              .source = laddr == inaddr_any ? in_pcbselsrc(st, way.get(), to, s.inp->inp_rtableid)
                                            : laddr,
              .destination = to},
             0);
    memcpy(ip.payload().data(), bytes.data(), bytes.size());
    counter_inc(st, counter::rips_opackets);
    uint32_t mtu = 0;
    return ip_output(st, m, &way.get(), s.broadcast ? IP_ALLOWBROADCAST : 0, &mtu, &s.out);
}

int rip_send(stack& st, socket& so, std::span<const uint8_t> bytes, const sockaddr* to) {
    if (to == nullptr) {
        return ENOTCONN;
    }
    if (bytes.size() > ip_maxpacket - ip_size_min) {
        return EMSGSIZE;
    }
    sending s;
    solock_shared(so);
    if (inpcb* inp = so.so_pcb; inp != nullptr) {
        s = {in_pcbref(inp), inp->inp_laddr, inp->inp_moptions.out, inp->inp_broadcast};
    }
    sounlock(so);
    if (s.inp == nullptr) {
        return EBADF;
    }
    const int error = rip_output(st, s, bytes, to->addr);
    in_pcbunref(st, s.inp);
    return error;
}

}  // namespace

const protosw rip_proto = {.attach = rip_attach,
                           .detach = rip_detach,
                           .connect = rip_connect,
                           .send = rip_send,
                           .bind = rip_bind};

}  // namespace model::netinet

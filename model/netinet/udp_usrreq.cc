#include "model/netinet/udp_usrreq.h"

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
#include "model/netinet/udp.h"
#include "model/pf/pf_inp.h"

namespace model::netinet {

using namespace net;

// ---- input --------------------------------------------------------------------------------------

namespace {

void udp_drop(stack& st, mbuf* m, counter which, const char* reason) {
    counter_inc(st, which);
    m_drop(st, m, reason);
}

// The datagram within its packet, its checksum right; false if it has been dropped.
bool udp_check(stack& st, mbuf* m) {
    const ip_view ip({m->data, m->len});
    const std::span<uint8_t> payload = ip.payload();
    if (payload.size() < udp_size) {
        udp_drop(st, m, counter::udps_hdrops, "badhlen");
        return false;
    }
    const udp_view udp(payload);
    if (udp.length() < udp_size || udp.length() > payload.size() || udp.destination() == 0) {
        udp_drop(st, m, counter::udps_badlen, "badlen");
        return false;
    }
    m_trim(*m, ip.header_size() + udp.length());
    if (udp.sum() == 0) {
        counter_inc(st, counter::udps_nosum);
    } else if (in4_cksum(ip.source(), ip.destination(), ipproto_udp, payload.first(udp.length())) !=
               0) {
        udp_drop(st, m, counter::udps_badsum, "badsum");
        return false;
    }
    return true;
}

// Nobody has it. The headers stand in front of m still.
void udp_noport(stack& st, mbuf* m, size_t headers) {
    m_prepend(*m, headers);
    if ((m->flags & (M_BCAST | M_MCAST)) != 0) {
        udp_drop(st, m, counter::udps_noportbcast, "noport");
        return;
    }
    const icmp_quote quote = icmp_quote_of(*m);
    udp_drop(st, m, counter::udps_noport, "noport");
    icmp_error(st, quote, icmp_unreach, icmp_unreach_port, 0);
}

// Everybody who is bound to the port gets it.
void udp_input_all(stack& st, mbuf* m, const in_ends& ends) {
    const delivery outcome = in_pcbdeliver_all(st, in_pcblookup_all(st.inet->udbtable, ends), *m,
                                               {ends.faddr, ends.fport});
    switch (outcome) {
        case delivery::done:
            m_freem(st, m);
            return;
        case delivery::full:
            udp_drop(st, m, counter::udps_fullsock, "fullsock");
            return;
        case delivery::closed:
            udp_drop(st, m, counter::udps_noportbcast, "noport");
            return;
    }
}

delivery udp_deliver(stack& st, inpcb* inp, mbuf* m, const in_ends& ends) {
    const delivery outcome =
        inp == nullptr ? delivery::closed : in_pcbdeliver(st, *inp, m, {ends.faddr, ends.fport});
    in_pcbunref(st, inp);
    return outcome;
}

}  // namespace

void udp_input(stack& st, mbuf* m) {
    counter_inc(st, counter::udps_ipackets);
    if (!udp_check(st, m)) {
        return;
    }
    const ip_view ip({m->data, m->len});
    const udp_view udp(ip.payload());
    const in_ends ends = {ip.source(), ip.destination(), udp.source(), udp.destination(),
                          static_cast<uint8_t>(rtable_l2(st, m->ph_rtableid))};
    const size_t headers = ip.header_size() + udp_size;
    m_adj(*m, headers);
    if ((m->flags & (M_BCAST | M_MCAST)) != 0 || ends.laddr == inaddr_broadcast) {
        udp_input_all(st, m, ends);
        return;
    }
    inpcb* inp = pf::pf_inp_lookup(st, *m);
    inp = inp == nullptr ? in_pcblookup(st.inet->udbtable, ends) : inp;
    if (inp != nullptr) {
        pf::pf_inp_link(st, *m, inp);
    }
    // A socket that is being closed is as good as none: who is bound less closely gets the datagram.
    delivery outcome = udp_deliver(st, inp, m, ends);
    if (outcome == delivery::closed) {
        outcome = udp_deliver(st, in_pcblookup_listen(st.inet->udbtable, ends, *m), m, ends);
    }
    if (outcome == delivery::full) {
        udp_drop(st, m, counter::udps_fullsock, "fullsock");
    } else if (outcome == delivery::closed) {
        udp_noport(st, m, headers);
    }
}

// ---- requests of programs -----------------------------------------------------------------------

namespace {

void udp_attach(stack& st, socket& so, const char* name) {
    in_pcballoc(st, st.inet->udbtable, so, name, nullptr);
}

void udp_detach(stack& st, socket& so, closing) {
    std::vector<in_multi*> memberships;
    solock(so);
    if (so.so_pcb != nullptr) {
        memberships = std::exchange(so.so_pcb->inp_moptions.memberships, {});
        in_pcbdetach(st, *so.so_pcb);
    }
    sounlock(so);
    ip_freemoptions(st, std::move(memberships));
}

int udp_connect(stack& st, socket& so, const sockaddr& to) {
    solock(so);
    inpcb* inp = so.so_pcb;
    int error = EINVAL;
    if (inp != nullptr) {
        error = inp->inp_faddr != 0 ? EISCONN : in_pcbconnect(st, *inp, to.addr, to.port);
    }
    sounlock(so);
    return error;
}

// What is read of a socket under its lock, before a datagram leaves.
struct sending {
    in_ends ends;
    inpcb* inp = nullptr;  // referenced
    multicast_out out;
    bool broadcast = false;
};

// Where it goes and where it comes from, and the pcb. Who is not bound is bound now.
int udp_ends(stack& st, socket& so, const sockaddr* to, sending* s) {
    solock_shared(so);
    const bool is_bound = so.so_pcb != nullptr && so.so_pcb->inp_lport != 0;
    sounlock(so);
    if (!is_bound) {
        // Between the locks somebody else may have bound it, which is as good.
        const int error = sobind(st, so, {}, bind_to::own_address);
        if (error != 0 && error != EINVAL) {
            return error;
        }
    }
    int error = 0;
    solock_shared(so);
    if (inpcb* inp = so.so_pcb; inp == nullptr) {
        error = EBADF;
    } else if (inp->inp_faddr != 0 && to != nullptr) {
        error = EISCONN;
    } else if (inp->inp_faddr == 0 && to == nullptr) {
        error = EDESTADDRREQ;
    } else {
        s->ends = {to == nullptr ? inp->inp_faddr : to->addr, inp->inp_laddr,
                   to == nullptr ? inp->inp_fport : to->port, inp->inp_lport};
        s->out = inp->inp_moptions.out;
        s->broadcast = inp->inp_broadcast;
        s->inp = in_pcbref(inp);
    }
    sounlock(so);
    return error;
}

mbuf* udp_datagram(stack& st, const in_ends& ends, std::span<const uint8_t> bytes) {
    mbuf* m = m_get(st, ip_size_min + udp_size + bytes.size());
    if (m == nullptr) {
        return nullptr;
    }
    const ip_view ip({m->data, m->len});
    ip.write({.protocol = ipproto_udp, .source = ends.laddr, .destination = ends.faddr}, 0);
    const udp_view udp(ip.payload());
    udp.write(ends.lport, ends.fport);
    if (!bytes.empty()) {
        memcpy(udp.data().data(), bytes.data(), bytes.size());
    }
    const uint16_t sum = in4_cksum(ends.laddr, ends.faddr, ipproto_udp, ip.payload());
    udp.set_sum(sum == 0 ? 0xffff : sum);  // 0 would say that there is none
    return m;
}

// Nothing is locked while the datagram is on its way. That of a connected socket tells pf whose it is: the state that it
// makes or finds is linked to the pcb, so that what comes back needs no lookup.
int udp_output(stack& st, const sending& s, bool connected, std::span<const uint8_t> bytes) {
    in_ends ends = s.ends;
    if (ends.fport == 0) {
        return EADDRNOTAVAIL;
    }
    using_route way(*s.inp);
    if (ends.laddr == inaddr_any && in_multicast(ends.faddr)) {
        ends.laddr = multicast_source(st, s.out);
    }
    if (ends.laddr == inaddr_any) {
        ends.laddr = in_pcbselsrc(st, way.get(), ends.faddr, s.inp->inp_rtableid);
    }
    if (ends.laddr == inaddr_any) {
        return EADDRNOTAVAIL;
    }
    mbuf* m = udp_datagram(st, ends, bytes);
    if (m == nullptr) {
        return ENOBUFS;
    }
    m->ph_rtableid = s.inp->inp_rtableid;
    if (connected) {
        pf::pf_mbuf_link_inpcb(st, *m, s.inp);
    }
    counter_inc(st, counter::udps_opackets);
    uint32_t mtu = 0;
    return ip_output(st, m, &way.get(), s.broadcast ? IP_ALLOWBROADCAST : 0, &mtu, &s.out);
}

int udp_send(stack& st, socket& so, std::span<const uint8_t> bytes, const sockaddr* to) {
    if (bytes.size() > ip_maxpacket - ip_size_min - udp_size) {
        return EMSGSIZE;
    }
    if (so.so_rcv.sb_error_left.load(std::memory_order_relaxed)) {
        if (const int error = sberror(so.so_rcv); error != 0) {
            return error;
        }
    }
    sending s;
    if (const int error = udp_ends(st, so, to, &s); error != 0) {
        return error;
    }
    // udp_ends has seen to it that only a connected one is not told where to.
    const int error = udp_output(st, s, to == nullptr, bytes);
    in_pcbunref(st, s.inp);
    return error;
}

}  // namespace

const protosw udp_proto = {
    .attach = udp_attach, .detach = udp_detach, .connect = udp_connect, .send = udp_send};

}  // namespace model::netinet

#include "model/netinet/ip_input.h"

#include "model/net/if.h"
#include "model/net/ifaddr.h"
#include "model/net/route.h"
#include "model/net/route_cache.h"
#include "model/net/stack.h"
#include "model/netinet/in.h"
#include "model/netinet/in_multi.h"
#include "model/netinet/ip.h"
#include "model/netinet/ip_forward.h"
#include "model/netinet/ip_icmp.h"
#include "model/netinet/ip_options.h"
#include "model/netinet/ip_output.h"
#include "model/netinet/ip_reass.h"
#include "model/netinet/ip_var.h"
#include "model/netinet/raw_ip.h"
#include "model/netinet/tcp_usrreq.h"
#include "model/netinet/udp_usrreq.h"
#include "model/pf/pf_inp.h"
#include "model/pf/pf_test.h"

namespace model::netinet {

using namespace net;

namespace {

struct complaint {
    counter which;
    const char* reason;
};

mbuf* ip_drop(stack& st, mbuf* m, const complaint& why) {
    counter_inc(st, why.which);
    m_drop(st, m, why.reason);
    return nullptr;
}

// The packet, its header sound and its length that of the header; null if it has been dropped.
mbuf* ipv4_check(stack& st, const ifnet& ifp, mbuf* m) {
    if (m->len < ip_size_min) {
        return ip_drop(st, m, {counter::ips_toosmall, "toosmall"});
    }
    const ip_view ip({m->data, m->len});
    if (ip.version() != ip_version) {
        return ip_drop(st, m, {counter::ips_badvers, "badvers"});
    }
    if (ip.header_size() < ip_size_min || ip.header_size() > m->len) {
        return ip_drop(st, m, {counter::ips_badhlen, "badhlen"});
    }
    // A loopback address never comes over a wire; nobody is a group or all (RFC 1122 3.2.1.3).
    const uint32_t src = ip.source();
    const bool strays =
        ifp.if_type != IFT_LOOP && (in_loopback(src) || in_loopback(ip.destination()));
    if (strays || in_multicast(src) || src == inaddr_broadcast) {
        return ip_drop(st, m, {counter::ips_badaddr, "badaddr"});
    }
    if (in_cksum(ip.header()) != 0) {
        return ip_drop(st, m, {counter::ips_badsum, "badsum"});
    }
    if (ip.total_size() < ip.header_size()) {
        return ip_drop(st, m, {counter::ips_badlen, "badlen"});
    }
    if (ip.total_size() > m->len) {
        return ip_drop(st, m, {counter::ips_tooshort, "tooshort"});
    }
    m_trim(*m, ip.total_size());
    return m;
}

enum class whose { ours, wrong_interface, others };

// A host takes only what is addressed to the interface it came in by (RFC 1122 3.3.4.2, the strong
// model), or sent itself; a router takes what is addressed to any of its interfaces.
whose ours_if_right_interface(const ifnet& ifp, const rtentry& rt, bool forwarding) {
    const bool right = forwarding || rt.rt_ifidx == ifp.if_index || ifp.if_type == IFT_LOOP;
    return right ? whose::ours : whose::wrong_interface;
}

// Whether the packet is for us. The route that says so is what forwarding and output go on with.
whose in_ouraddr(stack& st, const ifnet& ifp, mbuf& m, const ip_view& ip, bool forwarding,
                 route& ro) {
    // pf first: what it diverts, or knows the socket of, is ours wherever it is addressed to.
    if (const int pf_says = pf::pf_ouraddr(m); pf_says != -1) {
        return pf_says == 1 ? whose::ours : whose::others;
    }
    const rtentry* rt = route_mpath(st, ro, ip.destination(), ip.source(), m.ph_rtableid);
    if (!rtisvalid(rt)) {
        return whose::others;
    }
    const uint32_t flags = rt->rt_flags.load(std::memory_order_relaxed);
    if ((flags & RTF_LOCAL) != 0) {
        return ours_if_right_interface(ifp, *rt, forwarding);
    }
    if ((flags & RTF_BROADCAST) != 0) {
        const bool pass_on = rt->rt_ifidx != ifp.if_index &&
                             st.ip->directed_broadcast.load(std::memory_order_relaxed) != 0;
        if (!pass_on) {
            m.flags |= M_BCAST;
            return ours_if_right_interface(ifp, *rt, forwarding);
        }
    }
    return whose::others;
}

void input_multicast(stack& st, ifnet& ifp, mbuf* m, uint32_t group) {
    m->flags |= M_MCAST;
    if (in_hasmulti(st, group, ifp)) {
        ip_ours(st, ifp, m);
        return;
    }
    // A router that passed groups on would have done so before: what is for the link alone is nobody's loss.
    if (!in_local_group(group)) {
        counter_inc(st, counter::ips_cantforward);
    }
    ip_drop(st, m, {counter::ips_notmember, "notmember"});
}

// It goes where its sender said: of a better way nobody is told.
void forward_source_routed(stack& st, ifnet& ifp, mbuf* m) {
    route ro;
    ip_forward(st, ifp, m, ro, IP_REDIRECT);
    route_free(ro);
}

void ip_deliver(stack& st, ifnet& ifp, mbuf* m) {
    switch (ip_view({m->data, m->len}).protocol()) {
        case ipproto_icmp:
            counter_inc(st, counter::ips_delivered);
            icmp_input(st, ifp, m);
            return;
        case ipproto_udp:
            counter_inc(st, counter::ips_delivered);
            udp_input(st, m);
            return;
        case ipproto_tcp:
            counter_inc(st, counter::ips_delivered);
            tcp_input(st, m);
            return;
        default:
            break;
    }
    rip_input(st, m);
}

}  // namespace

void ip_input_if(stack& st, ifnet& ifp, mbuf* m) {
    counter_inc(st, counter::ips_total);
    m = ipv4_check(st, ifp, m);
    if (m == nullptr) {
        return;
    }
    const ip_view ip({m->data, m->len});
    unsigned redirected = 0;
    if (pf::pf_is_running(st)) {
        const uint32_t was = ip.destination();
        if (!pf::pf_test(st, pf::pf_dir::in, ifp, m)) {
            return;
        }
        redirected = ip.destination() != was ? IP_REDIRECT : 0;
    }
    // Read once, so that the packet meets one and the same router all its way.
    const bool forwarding = st.ip->forwarding.load(std::memory_order_relaxed) != 0;
    if (ip.header_size() > ip_size_min) {
        bool source_routed = false;
        m = ip_dooptions(st, ifp, m, &source_routed);
        if (m == nullptr) {
            return;
        }
        if (source_routed && forwarding) {
            forward_source_routed(st, ifp, m);
            return;
        }
    }
    const uint32_t dst = ip.destination();
    if (dst == inaddr_broadcast || dst == inaddr_any) {
        ip_ours(st, ifp, m);
        return;
    }
    if (in_multicast(dst)) {
        input_multicast(st, ifp, m, dst);
        return;
    }
    route ro;
    switch (in_ouraddr(st, ifp, *m, ip, forwarding, ro)) {
        case whose::ours:
            route_free(ro);
            ip_ours(st, ifp, m);
            return;
        case whose::wrong_interface:
            route_free(ro);
            ip_drop(st, m, {counter::ips_wrongif, "wrongif"});
            return;
        case whose::others:
            break;
    }
    if (!forwarding) {
        route_free(ro);
        ip_drop(st, m, {counter::ips_cantforward, "cantforward"});
        return;
    }
    ip_forward(st, ifp, m, ro, redirected);
    route_free(ro);
}

void ip_ours(stack& st, ifnet& ifp, mbuf* m) {
    if (ip_view({m->data, m->len}).is_fragment()) {
        m = ip_fragcheck(st, m);
        if (m == nullptr) {
            return;
        }
    }
    ip_deliver(st, ifp, m);
}

}  // namespace model::netinet

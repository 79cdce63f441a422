#include "model/netinet/ip_forward.h"

#include <cerrno>

#include "model/net/if.h"
#include "model/net/ifaddr.h"
#include "model/net/route.h"
#include "model/net/route_cache.h"
#include "model/net/stack.h"
#include "model/netinet/arp.h"
#include "model/netinet/in.h"
#include "model/netinet/ip.h"
#include "model/netinet/ip_icmp.h"
#include "model/netinet/ip_output.h"
#include "model/netinet/ip_var.h"

namespace model::netinet {

using namespace net;

namespace {

// What may never be forwarded (RFC 1812 4.2.2.11, 5.3.7): what came to all, what no host sends, what has no place to go.
bool in_canforward(const mbuf& m, uint32_t src, uint32_t dst) {
    return (m.flags & (M_BCAST | M_MCAST)) == 0 && !in_multicast(dst) && !in_loopback(dst) &&
           !in_this_network(dst) && !in_this_network(src) && !in_experimental(src);
}

// The better first hop for the sender, if its packet went back to where it came from: the host
// itself or its router. 0: nothing better (RFC 1812 5.2.7.2).
uint32_t better_gateway(stack& st, const ifnet& ifp, const route& ro, const ip_view& ip,
                        unsigned tableid) {
    const rtentry& rt = *ro.ro_rt;
    // What pf has sent elsewhere on its way out went where the sender could not have sent it.
    if (rt.rt_ifidx != ifp.if_index || ro.ro_dst != ip.destination()) {
        return 0;
    }
    const uint32_t flags = rt.rt_flags.load(std::memory_order_relaxed);
    const bool is_default = rt.rt_plen == 0;
    if ((flags & (RTF_DYNAMIC | RTF_MODIFIED)) != 0 || is_default ||
        st.ip->redirect.load(std::memory_order_relaxed) == 0 || rt.rt_ifa == nullptr ||
        !in_same_network(ip.source(), rt.rt_ifa->ifa_addr, rt.rt_ifa->ifa_plen) ||
        arpproxy(st, ip.destination(), tableid)) {
        return 0;
    }
    return (flags & RTF_GATEWAY) != 0 ? rt.rt_gateway : ip.destination();
}

// Tells the sender why its packet did not get there, unless it is better not to.
void forward_error(stack& st, const icmp_quote& quote, int error, uint32_t mtu) {
    switch (error) {
        case EMSGSIZE:
            if (mtu != 0) {
                icmp_error(st, quote, icmp_unreach, icmp_unreach_needfrag, mtu);
            }
            return;
        case EACCES:
        case ENOBUFS:
            return;
        default:
            icmp_error(st, quote, icmp_unreach, icmp_unreach_host, 0);
            return;
    }
}

}  // namespace

void ip_forward(stack& st, ifnet& ifp, mbuf* m, route& ro, unsigned flags) {
    const ip_view ip({m->data, m->len});
    if (!in_canforward(*m, ip.source(), ip.destination())) {
        counter_inc(st, counter::ips_cantforward);
        m_drop(st, m, "cantforward");
        return;
    }
    // As the sender knows it: before this router changes anything.
    icmp_quote quote = icmp_quote_of(*m);
    if (ip.ttl() <= 1) {
        icmp_error(st, quote, icmp_timxceed, icmp_timxceed_intrans, 0);
        m_drop(st, m, "ttl");
        return;
    }
    // Nothing: nobody has looked, since pf knew that the packet is not ours, or nothing was there. Whether
    // what is there is the best still, the packet asks where it leaves.
    if (ro.ro_rt == nullptr &&
        route_mpath(st, ro, ip.destination(), ip.source(), m->ph_rtableid) == nullptr) {
        counter_inc(st, counter::ips_noroute);
        icmp_error(st, quote, icmp_unreach, icmp_unreach_host, 0);
        m_drop(st, m, "noroute");
        return;
    }
    ip.set_ttl(ip.ttl() - 1);
    uint32_t mtu = 0;
    if (const int error = ip_output(st, m, &ro, IP_FORWARDING, &mtu); error != 0) {
        forward_error(st, quote, error, mtu);
        return;
    }
    counter_inc(st, counter::ips_forward);
    // To who did not mean that destination no better way there is told; to others, of the way that the packet
    // went: of one that is gone meanwhile nobody is to hear.
    const ip_view sent({quote.bytes.data(), quote.size});
    const uint32_t gateway =
        (flags & IP_REDIRECT) != 0 ? 0 : better_gateway(st, ifp, ro, sent, quote.rtableid);
    if (gateway != 0) {
        icmp_error(st, quote, icmp_redirect, icmp_redirect_host, gateway);
    }
}

}  // namespace model::netinet

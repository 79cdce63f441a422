#include "model/netinet/ip_output.h"

#include <algorithm>
#include <cerrno>

#include "model/net/if.h"
#include "model/net/ifaddr.h"
#include "model/net/route.h"
#include "model/net/route_cache.h"
#include "model/net/stack.h"
#include "model/netinet/in.h"
#include "model/netinet/in_multi.h"
#include "model/netinet/ip.h"
#include "model/netinet/ip_fragment.h"
#include "model/netinet/ip_input.h"
#include "model/netinet/ip_moptions.h"
#include "model/netinet/ip_var.h"
#include "model/pf/pf_test.h"

namespace model::netinet {

using namespace net;

namespace {

// Nor is this: a program has the packet.
constexpr int gone = -2;
// Not an error: pf has changed the destination, and the packet is still there to find its way anew.
constexpr int reroute = -1;

struct output {
    mbuf* m;
    rtentry* rt;  // null: to a group, by an interface that was chosen
    ifnet& ifp;
    unsigned flags;
    uint32_t* mtu;
};

int ip_odrop(stack& st, mbuf* m, counter which, const char* reason, int error) {
    counter_inc(st, which);
    m_drop(st, m, reason);
    return error;
}

uint32_t mtu_of(const output& o) {
    const uint32_t interface = o.ifp.if_mtu.load(std::memory_order_relaxed);
    const uint32_t route = o.rt == nullptr ? 0 : o.rt->rt_mtu.load(std::memory_order_relaxed);
    return route == 0 ? interface : std::min(route, interface);
}

// The interface's broadcast addresses and 255.255.255.255 go to everybody on the link.
bool is_broadcast(const output& o, uint32_t dst) {
    return dst == inaddr_broadcast ||
           (o.rt->rt_flags.load(std::memory_order_relaxed) & RTF_BROADCAST) != 0;
}

// Sends whole, in fragments, or not at all.
int ip_send(stack& st, const output& o, const ip_view& ip, uint32_t dst) {
    const uint32_t mtu = mtu_of(o);
    if (ip.total_size() <= mtu) {
        ip.update_sum();
        return if_output(st, o.ifp, o.m, dst, o.rt);
    }
    *o.mtu = mtu;
    if (ip.dont_fragment()) {
        return ip_odrop(st, o.m, counter::ips_cantfrag, "needfrag", EMSGSIZE);
    }
    mbuf_list fragments;
    const int failure = ip_fragment(st, o.m, mtu, &fragments);
    if (failure == ENOBUFS) {
        return ip_odrop(st, o.m, counter::ips_odropped, "nobufs", ENOBUFS);
    }
    if (failure != 0) {
        return ip_odrop(st, o.m, counter::ips_cantfrag, "needfrag", EMSGSIZE);
    }
    counter_inc(st, counter::ips_fragmented);
    int error = 0;
    while (mbuf* fragment = ml_dequeue(fragments)) {
        if (error != 0) {
            m_drop(st, fragment, "odropped");
        } else {
            error = if_output(st, o.ifp, fragment, dst, o.rt);
        }
    }
    return error;
}

// What pf says of a packet that is about to leave: 0, EACCES, gone, reroute.
int pf_asked(stack& st, const output& o) {
    if (!pf::pf_is_running(st)) {
        return 0;
    }
    bool diverted = false;
    if (!pf::pf_test(st, pf::pf_dir::out, o.ifp, o.m, &diverted)) {
        return diverted ? gone : EACCES;
    }
    if ((o.m->pf.flags & PF_TAG_REROUTE) == 0) {
        return 0;
    }
    // On its new way pf has no more to say.
    o.m->pf.flags &= static_cast<uint8_t>(~PF_TAG_REROUTE);
    o.m->pf.flags |= PF_TAG_GENERATED;
    return reroute;
}

// From here on the way out is known.
int ip_output_if(stack& st, const output& o) {
    const ip_view ip({o.m->data, o.m->len});
    const bool gateway = (o.rt->rt_flags.load(std::memory_order_relaxed) & RTF_GATEWAY) != 0;
    const uint32_t dst = gateway ? o.rt->rt_gateway : ip.destination();
    if (ip.source() == inaddr_any && o.rt->rt_ifa != nullptr) {
        ip.set_source(o.rt->rt_ifa->ifa_addr);
    }
    if (is_broadcast(o, dst)) {
        if ((o.ifp.if_flags.load(std::memory_order_relaxed) & IFF_BROADCAST) == 0) {
            return ip_odrop(st, o.m, counter::ips_odropped, "nobroadcast", EADDRNOTAVAIL);
        }
        if ((o.flags & (IP_ALLOWBROADCAST | IP_FORWARDING)) == 0) {
            return ip_odrop(st, o.m, counter::ips_odropped, "nobroadcast", EACCES);
        }
        if (ip.total_size() > o.ifp.if_mtu.load(std::memory_order_relaxed)) {
            return ip_odrop(st, o.m, counter::ips_odropped, "needfrag", EMSGSIZE);
        }
        o.m->flags |= M_BCAST;
    }
    const int said = pf_asked(st, o);
    return said == 0 ? ip_send(st, o, ip, dst) : said;
}

// What we send to ourselves arrives at once where there is no loopback interface to carry it.
int output_at_once(stack& st, ifnet& ifp, mbuf* m) {
    m_setrcvif(*m, ifp);
    const ip_view ip({m->data, m->len});
    ip.update_sum();
    ip_ours(st, ifp, m);
    return 0;
}

// The route is of an address of the interface ifp.
int output_to_self(stack& st, mbuf* m, rtentry& rt, ifnet& ifp, unsigned flags, uint32_t* mtu) {
    // That of its domain: what another carried would come out elsewhere.
    const uint32_t loindex =
        rtable_get(st, rt.rt_table->rdomain)->loindex.load(std::memory_order_relaxed);
    ifnet* lo = loindex == 0 ? nullptr : if_get(st, loindex);
    if (lo == nullptr) {
        return output_at_once(st, ifp, m);
    }
    const int error = ip_output_if(st, {m, &rt, *lo, flags, mtu});
    if_put(lo);
    return error;
}

// Upstream looutput decides that, and pf is asked for the loopback interface before.
int output_nowhere(stack& st, mbuf* m, uint32_t rt_flags) {
    if ((rt_flags & RTF_BLACKHOLE) != 0) {
        m_drop(st, m, "blackhole");
        return 0;
    }
    m_drop(st, m, "reject");
    return (rt_flags & RTF_HOST) != 0 ? EHOSTUNREACH : ENETUNREACH;
}

int ip_output_rt(stack& st, mbuf* m, rtentry& rt, unsigned flags, uint32_t* mtu) {
    const uint32_t rt_flags = rt.rt_flags.load(std::memory_order_relaxed);
    if (rt_is_nowhere(rt)) {
        return output_nowhere(st, m, rt_flags);
    }
    // The route may outlive its interface: then there is no way any more, whatever its flags say.
    ifnet* ifp = rt_getif(st, rt);
    if (ifp == nullptr) {
        return ip_odrop(st, m, counter::ips_noroute, "noroute", EHOSTUNREACH);
    }
    const int error = (rt_flags & RTF_LOCAL) != 0 ? output_to_self(st, m, rt, *ifp, flags, mtu)
                                                  : ip_output_if(st, {m, &rt, *ifp, flags, mtu});
    if_put(ifp);
    return error;
}

// ---- groups -------------------------------------------------------------------------------------

// A copy for the members on this host, as if it had come in by the interface that it leaves by.
void ip_mloopback(stack& st, ifnet& ifp, const mbuf& m) {
    mbuf* copy = m_devget(st, m.data, m.len);
    if (copy == nullptr) {
        return;
    }
    copy->flags |= M_MCAST;
    m_setrcvif(*copy, ifp);
    copy->ph_rtableid = m.ph_rtableid;
    ip_view({copy->data, copy->len}).update_sum();
    ip_ours(st, ifp, copy);
}

int ip_output_group_if(stack& st, const output& o, const multicast_out& out) {
    const ip_view ip({o.m->data, o.m->len});
    if ((o.ifp.if_flags.load(std::memory_order_relaxed) & IFF_MULTICAST) == 0) {
        return ip_odrop(st, o.m, counter::ips_noroute, "noroute", ENETUNREACH);
    }
    if (ip.source() == inaddr_any) {
        ifaddr* ifa = ifa_first(st, o.ifp);
        ip.set_source(ifa == nullptr ? inaddr_any : ifa->ifa_addr);
        ifafree(ifa);
    }
    if ((o.flags & IP_RAWOUTPUT) == 0) {
        ip.set_ttl(out.ttl);
    }
    o.m->flags |= M_MCAST;
    if (out.loop && in_hasmulti(st, ip.destination(), o.ifp)) {
        ip_mloopback(st, o.ifp, *o.m);
    }
    if (ip.ttl() == 0 || o.ifp.if_type == IFT_LOOP) {
        m_freem(st, o.m);  // for this host alone
        return 0;
    }
    const int said = pf_asked(st, o);
    return said == 0 ? ip_send(st, o, ip, ip.destination()) : said;
}

// A packet of ours to a group: no route is needed where an interface was chosen, and no next hop ever.
int ip_output_group(stack& st, mbuf* m, unsigned flags, uint32_t* mtu, const multicast_out* out) {
    static constexpr multicast_out nothing_special;
    const multicast_out& how = out == nullptr ? nothing_special : *out;
    ifnet* ifp = multicast_if(st, how);
    if (ifp == nullptr) {
        const ip_view ip({m->data, m->len});
        rtentry* rt = rtalloc_mpath(st, ip.destination(), ip.source(), m->ph_rtableid);
        ifp = rt == nullptr || rt_is_nowhere(*rt) ? nullptr : rt_getif(st, *rt);
        rtfree(rt);
    }
    if (ifp == nullptr) {
        return ip_odrop(st, m, counter::ips_noroute, "noroute", EHOSTUNREACH);
    }
    const int error = ip_output_group_if(st, {m, nullptr, *ifp, flags, mtu}, how);
    if_put(ifp);
    return error;
}

}  // namespace

int ip_output(stack& st, mbuf* m, route* ro, unsigned flags, uint32_t* mtu,
              const multicast_out* out) {
    const ip_view ip({m->data, m->len});
    if ((flags & IP_FORWARDING) == 0) {
        counter_inc(st, counter::ips_localout);
    }
    if ((flags & (IP_FORWARDING | IP_RAWOUTPUT)) == 0) {
        ip.set_id(ip_newid(st));
        if (ip.ttl() == 0) {
            ip.set_ttl(static_cast<uint8_t>(st.ip->ttl.load(std::memory_order_relaxed)));
        }
    }
    if (in_this_network(ip.destination())) {
        return ip_odrop(st, m, counter::ips_odropped, "badaddr", ENETUNREACH);
    }
    int error = reroute;
    while (error == reroute) {
        if (in_multicast(ip.destination()) && (flags & IP_FORWARDING) == 0) {
            error = ip_output_group(st, m, flags, mtu, out);
            continue;
        }
        // Who keeps nothing needs no generation.
        rtentry* rt = ro == nullptr
                          ? rtalloc_mpath(st, ip.destination(), ip.source(), m->ph_rtableid)
                          : route_mpath(st, *ro, ip.destination(), ip.source(), m->ph_rtableid);
        if (rt == nullptr) {
            return ip_odrop(st, m, counter::ips_noroute, "noroute", EHOSTUNREACH);
        }
        error = ip_output_rt(st, m, *rt, flags, mtu);
        if (ro == nullptr) {
            rtfree(rt);
        }
    }
    return error == gone ? 0 : error;
}

}  // namespace model::netinet

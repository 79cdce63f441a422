// The way out: finding a neighbour's address, and asking for it.
#include <cerrno>

#include "model/kern/assert.h"
#include "model/net/if.h"
#include "model/net/ifaddr.h"
#include "model/net/route.h"
#include "model/net/stack.h"
#include "model/netinet/arp.h"
#include "model/netinet/arp_hold.h"
#include "model/netinet/ether_arp.h"
#include "model/netinet/in_text.h"

namespace model::netinet {

using namespace net;

namespace {

// RFC 1112 6.4: the low 23 bits of the group.
ether_addr ether_map_ip_multicast(uint32_t group) {
    return ether_addr{0x01005e} << 24 | (group & 0x7fffff);
}

int arp_drop(stack& st, mbuf* m, const char* reason, int error) {
    m_drop(st, m, reason);
    return error;
}

// An entry that did not answer is left alone for a while.
bool is_rejected(stack& st, uint32_t flags, int64_t expire) {
    return (flags & RTF_REJECT) != 0 && (expire == 0 || expire > kern::getuptime(st.clock));
}

void ask(stack& st, ifnet& ifp, const rtentry& rt) {
    arprequest(st, ifp, rt.rt_ifa->ifa_addr, rt.rt_dest, if_lladdr(ifp));
}

// The entry is good for a while yet: asks again early, so that traffic never waits for it.
void refresh(stack& st, ifnet& ifp, rtentry& rt, llinfo_arp& la, int64_t now) {
    kern::mtx_enter(st.arp->mtx);
    const bool due =
        la.la_linked && (la.la_refreshed == 0 || la.la_refreshed + arp_refresh_interval < now);
    if (due) {
        la.la_refreshed = now;
    }
    kern::mtx_leave(st.arp->mtx);
    if (due) {
        ask(st, ifp, rt);
    }
}

// Whether the address may be used; reads no clock for a static entry.
bool is_fresh(stack& st, ifnet& ifp, rtentry& rt, llinfo_arp& la, int64_t expire) {
    if (expire == 0) {
        return true;
    }
    const int64_t now = kern::getuptime(st.clock);
    if (expire <= now) {
        return false;
    }
    if (expire - now < arpt_keep / 8) {
        refresh(st, ifp, rt, la, now);
    }
    return true;
}

// Under the arp mutex: whether a request is to be sent now. At most one a second, and after five
// without an answer the host counts as down.
bool count_request(stack& st, rtentry& rt, llinfo_arp& la, int64_t now) {
    const int64_t expire = rt.rt_expire.load(std::memory_order_relaxed);
    if (expire == 0 || (la.la_asked != 0 && expire == now)) {
        return false;
    }
    if (la.la_asked < arp_maxtries) {
        ++la.la_asked;
        rt.rt_expire.store(now, std::memory_order_release);
        rt.rt_flags.fetch_and(~RTF_REJECT, std::memory_order_release);
        return true;
    }
    // In this order: who sees a time to come and no REJECT would use the address that has expired.
    rt.rt_flags.fetch_or(RTF_REJECT, std::memory_order_release);
    rt.rt_expire.store(now + arpt_down, std::memory_order_release);
    la.la_asked = 0;
    la.la_refreshed = 0;
    arp_hold_purge(st, la, "hostdown");
    return false;
}

// The slow way: holds the packet, asks for the address if it is time.
int hold(stack& st, ifnet& ifp, rtentry& rt, llinfo_arp& la, mbuf* m, ether_addr* lladdr) {
    const int64_t now = kern::getuptime(st.clock);
    kern::mtx_enter(st.arp->mtx);
    if (!la.la_linked) {
        kern::mtx_leave(st.arp->mtx);
        return arp_drop(st, m, "arpdeleted", EINVAL);
    }
    // Another context may have given the host up since the look without the mutex, or the answer
    // may have come: it has flushed the queue, and nobody would flush it again for this packet.
    const int64_t expire = rt.rt_expire.load(std::memory_order_relaxed);
    if ((rt.rt_flags.load(std::memory_order_relaxed) & RTF_REJECT) != 0 && expire > now) {
        kern::mtx_leave(st.arp->mtx);
        return arp_drop(st, m, "hostdown", EHOSTDOWN);
    }
    const ether_addr found = la.la_lladdr.load(std::memory_order_relaxed);
    if (found != 0 && (expire == 0 || expire > now)) {
        kern::mtx_leave(st.arp->mtx);
        *lladdr = found;
        return 0;
    }
    arp_hold_push(st, la, m);
    const bool asking = count_request(st, rt, la, now);
    kern::mtx_leave(st.arp->mtx);
    if (asking) {
        ask(st, ifp, rt);
    }
    return EAGAIN;
}

}  // namespace

int arpresolve(stack& st, ifnet& ifp, mbuf* m, uint32_t dst, rtentry* rt0, ether_addr* lladdr) {
    if ((m->flags & M_BCAST) != 0) {
        *lladdr = ether_broadcast;
        return 0;
    }
    if ((m->flags & M_MCAST) != 0) {
        *lladdr = ether_map_ip_multicast(dst);
        return 0;
    }
    if (rt0 == nullptr) {
        return arp_drop(st, m, "noroute", EINVAL);
    }
    rtentry& rt = *rt_getll(*rt0);
    const int host_down = &rt == rt0 ? EHOSTDOWN : EHOSTUNREACH;
    // Who changes an entry stores its expiry last (arp_store): the address and the flags that are
    // read behind it are those that it is about, or later ones.
    const int64_t expire = rt.rt_expire.load(std::memory_order_acquire);
    const uint32_t flags = rt.rt_flags.load(std::memory_order_acquire);
    if (is_rejected(st, flags, expire)) {
        return arp_drop(st, m, "hostdown", host_down);
    }
    if ((flags & RTF_LLINFO) == 0) {
        // Between the insertion of a clone and arp_rtrequest there is a moment like this.
        kern::log(st.log,
                  "arpresolve: " + address_text(dst) + ": route contains no arp information");
        return arp_drop(st, m, "noarpinfo", EINVAL);
    }
    llinfo_arp& la = *rt.rt_llinfo.load(std::memory_order_acquire);
    const ether_addr found = la.la_lladdr.load(std::memory_order_relaxed);
    if (found != 0 && is_fresh(st, ifp, rt, la, expire)) {
        *lladdr = found;
        return 0;
    }
    if ((ifp.if_flags.load(std::memory_order_relaxed) & (IFF_NOARP | IFF_STATICARP)) != 0) {
        return arp_drop(st, m, "noarp", EINVAL);
    }
    const int error = hold(st, ifp, rt, la, m, lladdr);
    return error == EHOSTDOWN ? host_down : error;
}

// ---- messages -----------------------------------------------------------------------------------

namespace {

bool is_running(const ifnet& ifp) {
    const uint32_t wanted = IFF_UP | IFF_RUNNING;
    return (ifp.if_flags.load(std::memory_order_relaxed) & wanted) == wanted;
}

void arp_send(stack& st, ifnet& ifp, ether_addr to, const ether_arp& message) {
    if (!is_running(ifp)) {
        return;
    }
    counter_inc(
        st, message.op == arpop_request ? counter::arps_requests_sent : counter::arps_replies_sent);
    mbuf* m = m_get(st, ether_arp_size);
    if (m == nullptr) {
        return;
    }
    ether_arp_view({m->data, m->len}).write(message);
    ether_output_to(st, ifp, m, to, ethertype_arp);
}

}  // namespace

void arprequest(stack& st, ifnet& ifp, uint32_t sip, uint32_t tip, ether_addr sha) {
    arp_send(st, ifp, ether_broadcast, {arpop_request, sha, sip, 0, tip});
}

void arpreply(stack& st, ifnet& ifp, uint32_t sip, ether_addr sha, uint32_t tip, ether_addr tha) {
    arp_send(st, ifp, tha, {arpop_reply, sha, sip, tha, tip});
}

}  // namespace model::netinet

#include "model/netinet/icmp_mtudisc.h"

#include <cerrno>
#include <vector>

#include "model/kern/assert.h"
#include "model/net/if.h"
#include "model/net/ifaddr.h"
#include "model/net/route.h"
#include "model/net/rttimer.h"
#include "model/net/stack.h"
#include "model/netinet/byte_view.h"
#include "model/netinet/icmp.h"
#include "model/netinet/icmp_ctlinput.h"
#include "model/netinet/in.h"
#include "model/netinet/in_var.h"
#include "model/netinet/ip.h"
#include "model/netinet/tcp.h"
#include "model/netinet/tcp_var.h"

namespace model::netinet {

using namespace net;

namespace {

// ---- when the time is up ------------------------------------------------------------------------

// What was made for the size goes with it; of another route the size alone.
void icmp_mtudisc_timeout_locked(stack& st, rtentry& rt) {
    constexpr uint32_t made_for_it = RTF_DYNAMIC | RTF_HOST;
    if ((rt.rt_flags.load(std::memory_order_relaxed) & made_for_it) != made_for_it) {
        rt.rt_mtu.store(0, std::memory_order_relaxed);
        return;
    }
    const int error = rtrequest_delete_locked(st, rt.rt_dest, rt.rt_plen,
                                              rt.rt_priority.load(std::memory_order_relaxed), 0,
                                              nullptr, rt.rt_table->id);
    kern::kassert(error == 0, "icmp_mtudisc_timeout: not in the table");
}

// ---- the host route -----------------------------------------------------------------------------

// A host route over the same gateway, referenced; null if it could not be made.
rtentry* host_route_locked(stack& st, const rtentry& rt, uint32_t dst) {
    rt_addrinfo info;
    info.dest = dst;
    info.plen = 32;
    info.flags = RTF_GATEWAY | RTF_HOST | RTF_DYNAMIC;
    info.priority = rt.rt_priority.load(std::memory_order_relaxed) & RTP_MASK;
    info.ifidx = rt.rt_ifidx;
    info.ifa = rt.rt_ifa;
    info.gateway = rt.rt_gateway;
    rtentry* host = nullptr;
    return rtrequest_add_locked(st, info, &host, rt.rt_table->id) == 0 ? host : nullptr;
}

bool may_have_a_size(const rtentry& rt) {
    const uint32_t flags = rt.rt_flags.load(std::memory_order_relaxed);
    return rtisvalid(&rt) &&
           (flags & (RTF_REJECT | RTF_BLACKHOLE | RTF_LOCAL | RTF_BROADCAST)) == 0 &&
           (flags & (RTF_LLINFO | RTF_PERMANENT_ARP)) != (RTF_LLINFO | RTF_PERMANENT_ARP) &&
           (flags & (RTF_HOST | RTF_GATEWAY)) != 0;
}

rtentry* clone_locked(stack& st, uint32_t dst, unsigned tableid) {
    rtentry* rt = rtalloc_locked(st, dst, RT_RESOLVE, tableid);
    if (rt == nullptr || !may_have_a_size(*rt)) {
        rtfree(rt);
        return nullptr;
    }
    if ((rt->rt_flags.load(std::memory_order_relaxed) & RTF_HOST) == 0) {
        rtentry* host = host_route_locked(st, *rt, dst);
        rtfree(rt);
        rt = host;
    }
    if (rt != nullptr) {
        rt_timer_add_locked(st, *rt, st.rttimers.pmtu);
    }
    return rt;
}

// ---- sizes --------------------------------------------------------------------------------------

uint32_t next_plateau(uint32_t length) {
    constexpr uint32_t plateaus[] = {65535, 65280, 32000, 17914, 9180, 8166, 4352,
                                     2002,  1492,  1006,  508,   296,  68};
    for (const uint32_t plateau : plateaus) {
        if (plateau < length) {
            return plateau;
        }
    }
    return 0;
}

// Two who have been told different sizes at once: the smaller one stays.
void lower(std::atomic<uint32_t>& mtu, uint32_t to) {
    uint32_t old = mtu.load(std::memory_order_relaxed);
    while ((old == 0 || to < old) &&
           !mtu.compare_exchange_weak(old, to, std::memory_order_relaxed)) {
    }
}

// ---- whose packet was it ------------------------------------------------------------------------

bool is_nobodys(stack& st, const std::vector<inpcb*>& pcbs) {
    for (inpcb* inp : pcbs) {
        in_pcbunref(st, inp);
    }
    return pcbs.empty();
}

// A segment that the other end has not told to have got.
bool has_sent(tcpcb& tp, uint32_t seq) {
    kern::mtx_enter(tp.t_mtx);
    const bool sent = !seq_gt(tp.snd_una, seq) && seq_gt(tp.snd_nxt, seq);
    kern::mtx_leave(tp.t_mtx);
    return sent;
}

// Whether a socket of ours may have sent it: who is not on the way cannot know that easily.
bool is_ours(stack& st, const ip_view& ip, const byte_view& behind, unsigned rdomain) {
    in_ends ends = {ip.destination(), ip.source(), 0, 0, static_cast<uint8_t>(rdomain)};
    if (ip.protocol() == ipproto_icmp) {
        return behind.u8(0) == icmp_echo &&
               !is_nobodys(st, in_pcblookup_all(st.inet->rawcbtable, ends, ipproto_icmp));
    }
    ends.lport = behind.u16(0);
    ends.fport = behind.u16(2);
    if (ip.protocol() == ipproto_udp) {
        return ends.lport != 0 && !is_nobodys(st, in_pcblookup_all(st.inet->udbtable, ends));
    }
    if (ip.protocol() != ipproto_tcp) {
        return false;
    }
    inpcb* inp = in_pcblookup(st.inet->tcbtable, ends);
    const bool sent = inp != nullptr && has_sent(*inp->inp_ppcb, behind.u32(4));
    in_pcbunref(st, inp);
    return sent;
}

}  // namespace

void icmp_mtudisc_init(stack& st) {
    st.rttimers.pmtu.life.store(ip_mtudisc_timeout, std::memory_order_relaxed);
    st.rttimers.pmtu.action = icmp_mtudisc_timeout_locked;
}

rtentry* icmp_mtudisc_clone(stack& st, uint32_t dst, unsigned tableid) {
    kern::rw_enter_write(st.conf_lock);
    rtentry* rt = clone_locked(st, dst, tableid);
    kern::rw_exit(st.conf_lock);
    return rt;
}

void icmp_mtudisc(stack& st, uint32_t dst, uint32_t mtu, uint32_t length, unsigned tableid) {
    mtu = mtu == 0 ? next_plateau(length) : mtu;
    rtentry* rt = mtu < ip_mtu_min ? nullptr : icmp_mtudisc_clone(st, dst, tableid);
    if (rt == nullptr) {
        return;
    }
    ifnet* ifp = rt_getif(st, *rt);
    if (ifp != nullptr && mtu < ifp->if_mtu.load(std::memory_order_relaxed)) {
        lower(rt->rt_mtu, mtu);
    }
    if_put(ifp);
    rtfree(rt);
}

void icmp_needfrag_input(stack& st, uint32_t laddr, std::span<uint8_t> quoted, uint32_t mtu,
                         unsigned tableid) {
    const std::optional<ip_view> ip = icmp_quoted(laddr, quoted);
    if (ip && is_ours(st, *ip, byte_view(ip->payload()), rtable_l2(st, tableid))) {
        icmp_mtudisc(st, ip->destination(), mtu, static_cast<uint32_t>(ip->total_size()), tableid);
    }
}

}  // namespace model::netinet

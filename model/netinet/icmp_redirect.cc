#include "model/netinet/icmp_redirect.h"

#include "model/net/route.h"
#include "model/net/rtredirect.h"
#include "model/net/rttimer.h"
#include "model/net/stack.h"
#include "model/netinet/in.h"
#include "model/netinet/ip_var.h"

namespace model::netinet {

using namespace net;

namespace {

// What was made for it goes; a route of the administrator's keeps its new gateway, as upstream.
void icmp_redirect_timeout_locked(stack& st, rtentry& rt) {
    constexpr uint32_t made_for_it = RTF_DYNAMIC | RTF_HOST;
    if ((rt.rt_flags.load(std::memory_order_relaxed) & made_for_it) == made_for_it) {
        rtdelete_locked(st, rt);
    }
}

void follow(stack& st, uint32_t dst, uint32_t gateway, uint32_t from, unsigned tableid) {
    const int timeout = st.ip->redirtimeout.load(std::memory_order_relaxed);
    rtentry* rt = nullptr;
    kern::rw_enter_write(st.conf_lock);
    const bool followed = rtredirect_locked(st, dst, gateway, from, &rt, tableid) == 0;
    if (followed && timeout > 0) {
        st.rttimers.redirect.life.store(timeout, std::memory_order_relaxed);
        rt_timer_add_locked(st, *rt, st.rttimers.redirect);
    }
    kern::rw_exit(st.conf_lock);
    rtfree(rt);
}

// A packet of ours cannot have gone there, nor may another go to that gateway.
bool is_no_host(uint32_t addr) {
    return in_multicast(addr) || in_loopback(addr) || in_this_network(addr) ||
           in_experimental(addr);
}

}  // namespace

void icmp_redirect_init(stack& st) {
    st.rttimers.redirect.action = icmp_redirect_timeout_locked;
}

const char* icmp_redirect_input(stack& st, const ip_view& ip, const icmp_view& icmp,
                                unsigned tableid) {
    if (st.ip->rediraccept.load(std::memory_order_relaxed) == 0 ||
        st.ip->forwarding.load(std::memory_order_relaxed) != 0) {
        return "noredirect";  // nor may a program follow it
    }
    if (icmp.code() > icmp_redirect_tos_host) {
        counter_inc(st, counter::icps_badcode);
        return nullptr;
    }
    // The beginning of the packet that went the longer way: its header, and 64 bits.
    const bool quotes = icmp.data().size() >= ip_size_min;
    const size_t header = quotes ? ip_view(icmp.data()).header_size() : 0;
    if (header < ip_size_min || icmp.data().size() < header + 8) {
        counter_inc(st, counter::icps_badlen);
        return "badlen";
    }
    const uint32_t dst = ip_view(icmp.data()).destination();
    if (is_no_host(dst) || is_no_host(icmp.gateway())) {
        counter_inc(st, counter::rts_badredirect);
        return nullptr;
    }
    follow(st, dst, icmp.gateway(), ip.source(), tableid);
    return nullptr;
}

}  // namespace model::netinet

#include "model/net/rtsock.h"

#include <cerrno>
#include <cstdio>
#include <utility>

#include "model/kern/proc.h"
#include "model/net/ifaddr.h"
#include "model/net/link_state.h"
#include "model/net/stack.h"
#include "model/netinet/arp.h"

namespace model::net {

namespace {

// ---- one subscriber -----------------------------------------------------------------------------

bool is_about_a_route(int type) {
    return type != RTM_NEWADDR && type != RTM_DELADDR && type != RTM_IFINFO &&
           type != RTM_IFANNOUNCE;
}

// Of addresses and interfaces those of the table's domain are meant.
bool is_of_table(const route_filter& filter, const rt_message& m) {
    if (filter.tableid == route_filter::any_table || m.type == RTM_IFANNOUNCE) {
        return true;
    }
    const bool by_domain = m.type == RTM_RESOLVE || !is_about_a_route(m.type);
    return m.tableid == (by_domain ? filter.rdomain : static_cast<unsigned>(filter.tableid));
}

bool wants(const route_filter& filter, const rt_message& m) {
    if (!is_of_table(filter, m)) {
        return false;
    }
    if (filter.types != 0 && (filter.types & 1U << static_cast<unsigned>(m.type)) == 0) {
        return false;
    }
    return !is_about_a_route(m.type) || ((m.flags & filter.flags) == 0 &&
                                         (filter.priority == 0 || m.priority <= filter.priority));
}

// The list has a reference for as long as the caller has its lock.
void rtm_sendup(rtpcb& rop, const rt_message& m) {
    if (!wants(rop.rop_filter, m)) {
        return;
    }
    kern::mtx_enter(rop.rop_mtx);
    if (rop.queue.size() == rop.rop_limit) {
        rop.rop_desync = true;
    }
    if (!rop.rop_desync) {
        rop.queue.push_back(m);
    }
    const bool somebody_waits = std::exchange(rop.rop_wait, false);
    kern::mtx_leave(rop.rop_mtx);
    if (somebody_waits) {
        kern::wakeup(rop.rop_channel);
    }
}

// conf_lock or the arp mutex is held.
void route_input_locked(stack& st, const rt_message& m) {
    for (rtpcb* rop = st.rtsock.list; rop != nullptr; rop = rop->rop_next) {
        rtm_sendup(*rop, m);
    }
}

rt_message message_of(int type, const rtentry& rt) {
    rt_message m;
    m.type = type;
    m.dest = rt.rt_dest;
    m.plen = rt.rt_plen;
    m.priority = rt.rt_priority.load(std::memory_order_relaxed) & RTP_MASK;
    m.flags = rt.rt_flags.load(std::memory_order_relaxed);
    m.gateway = (m.flags & RTF_GATEWAY) != 0 ? rt.rt_gateway : 0;
    m.mtu = rt.rt_mtu.load(std::memory_order_relaxed);
    m.ifidx = rt.rt_ifidx;
    m.tableid = rt.rt_table->id;
    return m;
}

rt_message message_of(int type, const ifnet& ifp) {
    rt_message m;
    m.type = type;
    m.flags = ifp.if_flags.load(std::memory_order_relaxed);
    m.mtu = ifp.if_mtu.load(std::memory_order_relaxed);
    m.ifidx = ifp.if_index;
    m.tableid = ifp.if_rdomain;
    snprintf(m.ifname, sizeof m.ifname, "%s", ifp.if_xname);
    return m;
}

}  // namespace

// ---- what happens -------------------------------------------------------------------------------

void rtm_send_locked(stack& st, int type, const rtentry& rt, uint32_t had) {
    if (st.rtsock.list == nullptr) {
        return;
    }
    rt_message m = message_of(type, rt);
    m.flags |= had;
    m.lladdr = (m.flags & RTF_GATEWAY) != 0 ? 0 : netinet::arp_lladdr(rt);
    route_input_locked(st, m);
}

void rtm_miss_locked(stack& st, const rt_message& m) {
    route_input_locked(st, m);
}

void rtm_addr_locked(stack& st, int type, const ifaddr& ifa) {
    rt_message m;
    m.type = type;
    m.dest = ifa.ifa_addr;
    m.plen = ifa.ifa_plen;
    m.ifidx = ifa.ifa_ifidx;
    m.tableid = ifa.ifa_rdomain;
    route_input_locked(st, m);
}

void rtm_ifchg_locked(stack& st, const ifnet& ifp) {
    if (st.rtsock.list == nullptr) {
        return;
    }
    rt_message m = message_of(RTM_IFINFO, ifp);
    m.there = ifp.if_link_state.load(std::memory_order_relaxed) != LINK_STATE_DOWN;
    route_input_locked(st, m);
}

void rtm_ifannounce_locked(stack& st, const ifnet& ifp, bool arrived) {
    if (st.rtsock.list == nullptr) {
        return;
    }
    rt_message m = message_of(RTM_IFANNOUNCE, ifp);
    m.there = arrived;
    route_input_locked(st, m);
}

void rtm_resolved_locked(stack& st, const rtentry& rt, ether_addr lladdr) {
    if (st.rtsock.list == nullptr) {
        return;
    }
    rt_message m = message_of(RTM_RESOLVE, rt);
    m.lladdr = lladdr;
    route_input_locked(st, m);
}

// ---- who listens --------------------------------------------------------------------------------

rtpcb* route_attach(stack& st, const route_filter& filter, unsigned limit) {
    auto* rop = kern::pool_get<rtpcb>(st.rtpcb_pool);
    heddle_name(rop, "rtpcb");
    heddle_lock_class(&rop->rop_mtx, "rop_mtx");
    rop->rop_stack = &st;
    rop->rop_filter = filter;
    if (filter.tableid != route_filter::any_table) {
        rop->rop_filter.rdomain = rtable_l2(st, static_cast<unsigned>(filter.tableid));
    }
    rop->rop_limit = limit;
    kern::refcnt_take(rop->rop_refcnt);  // the list's
    kern::rw_enter_write(st.conf_lock);
    kern::mtx_enter(st.arp->mtx);
    rtpcb** link = &st.rtsock.list;
    while (*link != nullptr) {
        link = &(*link)->rop_next;
    }
    *link = rop;
    kern::mtx_leave(st.arp->mtx);
    kern::rw_exit(st.conf_lock);
    return rop;
}

void route_detach(stack& st, rtpcb* rop) {
    kern::rw_enter_write(st.conf_lock);
    kern::mtx_enter(st.arp->mtx);
    rtpcb** link = &st.rtsock.list;
    while (*link != rop) {
        link = &(*link)->rop_next;
    }
    *link = rop->rop_next;
    kern::mtx_leave(st.arp->mtx);
    kern::rw_exit(st.conf_lock);
    // Who was in the middle of telling it had one of the two locks: nobody does any more.
    rtpcb_unref(rop);  // the list's
    kern::mtx_enter(rop->rop_mtx);
    rop->rop_closed = true;
    const bool somebody_waits = std::exchange(rop->rop_wait, false);
    kern::mtx_leave(rop->rop_mtx);
    if (somebody_waits) {
        kern::wakeup(rop->rop_channel);
    }
    rtpcb_unref(rop);
}

void rtpcb_unref(rtpcb* rop) {
    if (rop != nullptr && kern::refcnt_rele(rop->rop_refcnt)) {
        kern::pool_put(rop->rop_stack->rtpcb_pool, rop);
    }
}

namespace {

// 0, ENOTCONN, EAGAIN. What was lost is told when all that came before is read: from there on nothing is.
int take_first_locked(rtpcb& rop, rt_message* m) {
    if (rop.rop_closed) {
        return ENOTCONN;
    }
    if (!rop.queue.empty()) {
        *m = rop.queue.front();
        rop.queue.pop_front();
        return 0;
    }
    if (!rop.rop_desync) {
        return EAGAIN;
    }
    rop.rop_desync = false;
    *m = {};
    m->type = RTM_DESYNC;
    return 0;
}

}  // namespace

int route_read(rtpcb& rop, bool wait, rt_message* m) {
    // The first look is without being queued: mostly there is something.
    for (bool queued = false;; queued = true) {
        kern::sleeper self;
        const kern::sleep_catch signals(queued ? &rop.rop_channel : nullptr);
        if (queued) {
            kern::sleep_setup(rop.rop_channel, self, "netio");
        }
        kern::mtx_enter(rop.rop_mtx);
        const int error = take_first_locked(rop, m);
        rop.rop_wait = rop.rop_wait || (queued && error == EAGAIN);
        kern::mtx_leave(rop.rop_mtx);
        const int signal = error == EAGAIN ? signals.pending() : 0;
        if (queued) {
            kern::sleep_finish(rop.rop_channel, self, error == EAGAIN && signal == 0);
        }
        if (error != EAGAIN || !wait) {
            return error;
        }
        if (signal != 0) {
            return signal;
        }
    }
}

void rtsock_destroy(stack& st) {
    for (const std::unique_ptr<route_listener>& l : st.rtsock.names) {
        if (l->rop != nullptr) {
            route_detach(st, std::exchange(l->rop, nullptr));
        }
    }
}

}  // namespace model::net

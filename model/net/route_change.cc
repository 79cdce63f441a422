// Adding, deleting, replacing and cloning routes; the caller has conf_lock.
#include "model/net/route_change.h"

#include <cerrno>

#include "model/kern/assert.h"

#include "model/net/if_group.h"
#include "model/net/ifaddr.h"
#include "model/net/link_state.h"
#include "model/net/object_name.h"
#include "model/net/route_cache.h"
#include "model/net/rtsock.h"
#include "model/net/rttimer.h"
#include "model/net/stack.h"
#include "model/netinet/arp.h"

namespace model::net {

namespace {

uint32_t flags_of(const rtentry& rt) {
    return rt.rt_flags.load(std::memory_order_relaxed);
}

unsigned priority_for(const rt_addrinfo& info) {
    if (info.priority != 0) {
        return info.priority;
    }
    if ((info.flags & (RTF_LOCAL | RTF_BROADCAST)) != 0) {
        return RTP_LOCAL;
    }
    return (info.flags & RTF_CONNECTED) != 0 ? RTP_CONNECTED : RTP_STATIC;
}

// A route that nobody sees yet; the caller has its one reference. Without a link it is as one that has lost it.
rtentry* rt_make(stack& st, const rt_addrinfo& info, bool link, rtable& table) {
    const bool up = link || (info.flags & RTF_LOCAL) != 0;
    rtentry* rt = kern::pool_get<rtentry>(st.rtentry_pool);
    rt->rt_stack = &st;
    rt->rt_table = &table;
    rt->rt_plen = info.plen;
    rt->rt_dest = info.dest & plen_to_mask(info.plen);
    rt->rt_ifidx = info.ifidx;
    rt->rt_ifserial = if_idxmap_serial_locked(st, info.ifidx);
    rt->rt_gateway = info.gateway;
    rt->rt_lladdr = info.lladdr;
    rt->rt_expire.store(info.expire, std::memory_order_relaxed);
    rt->rt_mtu.store(info.mtu, std::memory_order_relaxed);
    rt->rt_flags.store((info.flags & ~RTF_UP) | (up ? RTF_UP : 0), std::memory_order_relaxed);
    rt->rt_priority.store(static_cast<uint8_t>(priority_for(info) | (up ? 0 : RTP_DOWN)),
                          std::memory_order_relaxed);
    if (info.ifa != nullptr) {
        ifaref(*info.ifa);
        rt->rt_ifa = info.ifa;
    }
    heddle_name(rt, name_of("rtentry", rt->rt_dest, rt->rt_plen).text);
    return rt;
}

// The table has changed: what has been found in it is looked for anew.
void changed_locked(stack& st, bool is_default) {
    if (is_default) {
        if_group_egress_build_locked(st);
    }
    rtgeneration_next_locked(st);
}

// ---- the next hop of a gateway route ------------------------------------------------------------

// Upstream such a route is one over the loopback interface; here there is none.
bool leads_nowhere(const rt_addrinfo& info) {
    return (info.flags & (RTF_REJECT | RTF_BLACKHOLE)) != 0;
}

// Resolves info->gateway to the route of a neighbour in that domain, referenced, and takes over its interface
// and address if the caller did not name any.
int nexthop_get_locked(stack& st, rt_addrinfo* info, rtentry** nexthop, unsigned rdomain) {
    if (leads_nowhere(*info)) {
        return 0;
    }
    rtentry* rt = rtalloc_locked(st, info->gateway, RT_RESOLVE, rdomain);
    if (rt == nullptr) {
        return ENETUNREACH;
    }
    int error = 0;
    // A gateway behind a gateway could be a loop; one that could not be cloned is no neighbour.
    if ((flags_of(*rt) & (RTF_GATEWAY | RTF_CLONING | RTF_LOCAL | RTF_BROADCAST)) != 0) {
        error = ENETUNREACH;
    } else if (info->ifidx != 0 && info->ifidx != rt->rt_ifidx) {
        error = EHOSTUNREACH;
    }
    if (error != 0) {
        rtfree(rt);
        return error;
    }
    if (info->ifidx == 0) {
        info->ifidx = rt->rt_ifidx;
    }
    if (info->ifa == nullptr) {
        info->ifa = rt->rt_ifa;
    }
    *nexthop = rt;
    return 0;
}

// The neighbour entry must not be deleted while a gateway route uses it.
void nexthop_cache_locked(rtentry* nexthop) {
    if (nexthop != nullptr && nexthop->rt_cachecnt++ == 0) {
        nexthop->rt_flags.fetch_or(RTF_CACHED, std::memory_order_relaxed);
    }
}

void nexthop_uncache_locked(rtentry* nexthop) {
    if (nexthop != nullptr && --nexthop->rt_cachecnt == 0) {
        nexthop->rt_flags.fetch_and(~RTF_CACHED, std::memory_order_relaxed);
    }
}

// ---- taking a route out -------------------------------------------------------------------------

void delete_locked(stack& st, rtentry& rt);

// What was cloned from a route goes with it.
void flush_clones_locked(stack& st, const rtentry& cloning) {
    rtentry* rt = cloning.rt_table->all_head;
    while (rt != nullptr) {
        rtentry* next = rt->rt_all_next;
        if (rt->rt_parent == &cloning) {
            delete_locked(st, *rt);  // has no clones of its own: `next` stays
        }
        rt = next;
    }
}

void delete_locked(stack& st, rtentry& rt) {
    rtable_delete_locked(st, rt);
    nexthop_uncache_locked(rt.rt_gwroute);
    const uint32_t flags = rt.rt_flags.fetch_and(~RTF_UP, std::memory_order_acq_rel);
    if ((flags & RTF_CLONING) != 0) {
        flush_clones_locked(st, rt);
    }
    if ((flags & RTF_LLINFO) != 0) {
        netinet::arp_rtdelete(st, rt);
    }
    rt_timer_remove_all_locked(st, rt);
    rtm_send_locked(st, RTM_DELETE, rt, flags & RTF_LLINFO);
    rtable_put_locked(st, rt);
}

// ---- putting a route in -------------------------------------------------------------------------

// Inserts a complete route. A clone that is in the way gives way, unless a gateway route needs it.
int insert_locked(stack& st, rtentry& rt) {
    int error = rtable_insert_locked(st, rt);
    if (error == EEXIST) {
        rtentry* standing = rtable_lookup_locked(st, rt.rt_dest, rt.rt_plen, rt.rt_priority.load(),
                                                 rt.rt_table->id);
        if ((flags_of(*standing) & (RTF_CLONED | RTF_CACHED)) == RTF_CLONED) {
            delete_locked(st, *standing);
            error = rtable_insert_locked(st, rt);
        }
    }
    return error;
}

// Drops a route that never came into the table, or hands it to who asked for it.
void hand_out(rtentry* rt, rtentry** made) {
    if (made != nullptr) {
        *made = rt;
    } else {
        rtfree(rt);
    }
}

}  // namespace

int rtrequest_add_locked(stack& st, const rt_addrinfo& info, rtentry** made, unsigned tableid) {
    rtable* table = rtable_get_locked(st, tableid);
    if (table == nullptr && !info.makes_table) {
        return EINVAL;
    }
    rt_addrinfo wanted = info;
    rtentry* nexthop = nullptr;
    if ((info.flags & RTF_GATEWAY) != 0) {
        if (const int error =
                nexthop_get_locked(st, &wanted, &nexthop, table == nullptr ? 0 : table->rdomain);
            error != 0) {
            return error;
        }
    }
    // Held to the end: nothing is added over an interface that is on its way out.
    ifnet* ifp = if_get(st, wanted.ifidx);
    if (ifp == nullptr && !leads_nowhere(wanted)) {
        rtfree(nexthop);
        return ENXIO;
    }
    if (table == nullptr) {
        // Not before: a table that has been made stays. That is its first route, nothing is in its way.
        const int error = rtable_add_locked(st, tableid, 0);
        kern::kassert(error == 0, "rtrequest: no number of a table");
        table = rtable_get_locked(st, tableid);
    }
    rtentry* rt = rt_make(st, wanted, ifp == nullptr || ifp->if_link_up, *table);
    rt->rt_gwroute = nexthop;
    const int error = insert_locked(st, *rt);
    if (error == 0) {
        nexthop_cache_locked(nexthop);
        if (ifp != nullptr) {
            ifp->if_rtrequest(st, *ifp, RTM_ADD, *rt);
        }
        changed_locked(st, rt->rt_plen == 0);
        rtm_send_locked(st, RTM_ADD, *rt);
        hand_out(rt, made);
    } else {
        rtfree(rt);
    }
    if_put(ifp);
    return error;
}

rtentry* rt_clone_locked(stack& st, rtentry* cloning, uint32_t dst) {
    // The caller looked without the lock: the route may be gone, or another may have cloned it.
    const unsigned priority =
        (cloning->rt_priority.load(std::memory_order_relaxed) & RTP_MASK) - 1U;
    const unsigned tableid = cloning->rt_table->id;
    if (rtentry* standing = rtable_lookup_locked(st, dst, 32, priority, tableid);
        standing != nullptr) {
        rtref(*standing);
        rtfree(cloning);
        return standing;
    }
    ifnet* ifp = cloning->rt_node == nullptr ? nullptr : if_get(st, cloning->rt_ifidx);
    if (ifp == nullptr) {
        rt_message m;
        m.type = RTM_MISS;
        m.error = ENXIO;
        m.dest = dst;
        m.plen = 32;
        m.tableid = static_cast<uint8_t>(tableid);
        rtm_miss_locked(st, m);
        return cloning;
    }
    rt_addrinfo info;
    info.dest = dst;
    info.plen = 32;
    info.flags =
        (flags_of(*cloning) & ~(RTF_CLONING | RTF_CONNECTED | RTF_STATIC)) | RTF_CLONED | RTF_HOST;
    info.priority = priority;
    info.ifidx = cloning->rt_ifidx;
    info.ifa = cloning->rt_ifa;
    rtentry* rt = rt_make(st, info, ifp->if_link_up, *cloning->rt_table);
    rt->rt_mtu.store(cloning->rt_mtu.load(std::memory_order_relaxed), std::memory_order_relaxed);
    rt->rt_parent = cloning;  // the caller's reference
    const int error = rtable_insert_locked(st, *rt);
    kern::kassert(error == 0, "rt_clone: the place was free");
    ifp->if_rtrequest(st, *ifp, RTM_RESOLVE, *rt);
    rtgeneration_next_locked(st);
    rtm_send_locked(st, RTM_ADD, *rt);
    if_put(ifp);
    return rt;
}

int rtrequest_delete_locked(stack& st, uint32_t dest, uint8_t plen, unsigned prio, uint16_t ifidx,
                            rtentry** gone, unsigned tableid) {
    rtentry* rt = rtable_lookup_locked(st, dest, plen, prio, tableid);
    if (rt == nullptr || (ifidx != 0 && rt->rt_ifidx != ifidx)) {
        return ESRCH;
    }
    if (gone != nullptr) {
        rtref(*rt);
        *gone = rt;
    }
    rtdelete_locked(st, *rt);
    return 0;
}

void rtdelete_locked(stack& st, rtentry& rt) {
    const bool is_default = rt.rt_plen == 0;
    delete_locked(st, rt);
    changed_locked(st, is_default);
}

int rtrequest_change_locked(stack& st, uint32_t dest, uint8_t plen, unsigned prio, uint32_t gateway,
                            unsigned tableid) {
    rtentry* old_rt = rtable_lookup_locked(st, dest, plen, prio, tableid);
    if (old_rt == nullptr || (flags_of(*old_rt) & RTF_GATEWAY) == 0) {
        return ESRCH;
    }
    return rtchange_locked(st, *old_rt, gateway, 0);
}

int rtchange_locked(stack& st, rtentry& old_rt, uint32_t gateway, uint32_t more) {
    const unsigned priority = old_rt.rt_priority.load(std::memory_order_relaxed) & RTP_MASK;
    const rtentry* standing = rtable_lookup_gateway_locked(st, old_rt.rt_dest, old_rt.rt_plen,
                                                           priority, gateway, old_rt.rt_table->id);
    if (standing != nullptr && standing != &old_rt) {
        return EEXIST;
    }
    rt_addrinfo info;
    info.dest = old_rt.rt_dest;
    info.plen = old_rt.rt_plen;
    info.flags = flags_of(old_rt) | more;
    info.priority = priority;
    info.gateway = gateway;
    rtentry* nexthop = nullptr;
    if (const int error = nexthop_get_locked(st, &info, &nexthop, old_rt.rt_table->rdomain);
        error != 0) {
        return error;
    }
    rtentry* rt = rt_make(st, info, (flags_of(old_rt) & RTF_UP) != 0, *old_rt.rt_table);
    rt->rt_gwroute = nexthop;
    nexthop_cache_locked(nexthop);
    // The old route stays up: a packet that has found it goes its way.
    rtable_replace_locked(st, old_rt, *rt);
    // It has the place of the old one; perhaps it goes by another link.
    const bool up = nexthop == nullptr || (flags_of(*nexthop) & RTF_UP) != 0;
    if (up != ((flags_of(*rt) & RTF_UP) != 0)) {
        rt_set_link_locked(*rt, up);
    }
    changed_locked(st, old_rt.rt_plen == 0);
    nexthop_uncache_locked(old_rt.rt_gwroute);
    rt_timer_remove_all_locked(st, old_rt);
    rtm_send_locked(st, RTM_CHANGE, *rt);
    rtable_put_locked(st, old_rt);
    rtfree(rt);
    return 0;
}

// ---- routes of addresses ------------------------------------------------------------------------

int rt_ifa_add_locked(stack& st, ifaddr& ifa, uint32_t flags, uint32_t dest, uint8_t plen) {
    rt_addrinfo info;
    info.dest = dest;
    info.plen = plen;
    info.flags = flags | (plen == 32 ? RTF_HOST : 0);
    info.ifidx = ifa.ifa_ifidx;
    info.ifa = &ifa;
    return rtrequest_add_locked(st, info, nullptr, ifa.ifa_rdomain);
}

int rt_ifa_del_locked(stack& st, ifaddr& ifa, uint32_t flags, uint32_t dest, uint8_t plen) {
    rt_addrinfo info;
    info.flags = flags;
    return rtrequest_delete_locked(st, dest, plen, priority_for(info), ifa.ifa_ifidx, nullptr,
                                   ifa.ifa_rdomain);
}

namespace {

bool ifa_purge_table_locked(stack& st, const ifaddr& ifa, const rtable& table, bool& is_default) {
    bool changed = false;
    rtentry* rt = table.all_head;
    while (rt != nullptr) {
        if (rt->rt_ifa == &ifa) {
            is_default = is_default || rt->rt_plen == 0;
            delete_locked(st, *rt);
            changed = true;
            rt = table.all_head;  // clones may have gone with it
        } else {
            rt = rt->rt_all_next;
        }
    }
    return changed;
}

}  // namespace

void rt_ifa_purge_locked(stack& st, ifaddr& ifa) {
    bool changed = false;
    bool is_default = false;
    for (rtable* table = &st.routes; table != nullptr; table = rtable_next_locked(st, *table)) {
        changed = (table->rdomain == ifa.ifa_rdomain &&
                   ifa_purge_table_locked(st, ifa, *table, is_default)) ||
                  changed;
    }
    // Once for all of them: meanwhile who has kept one sees that it is not up.
    if (changed) {
        changed_locked(st, is_default);
    }
}

void rt_purge_locked(stack& st) {
    for (rtable* table = &st.routes; table != nullptr; table = rtable_next_locked(st, *table)) {
        while (table->all_head != nullptr) {
            kern::kassert(rt_is_nowhere(*table->all_head), "rt_purge: a route over an interface");
            delete_locked(st, *table->all_head);
        }
    }
    rtgeneration_next_locked(st);
}

}  // namespace model::net

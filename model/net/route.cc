#include "model/net/route.h"

#include "model/kern/assert.h"
#include "model/net/if.h"
#include "model/net/ifaddr.h"
#include "model/net/route_change.h"
#include "model/net/stack.h"
#include "model/netinet/arp.h"

namespace model::net {

uint32_t plen_to_mask(uint8_t plen) {
    return plen == 0 ? 0 : ~uint32_t{0} << (32 - plen);
}

namespace {

bool is_up(const rtentry& rt) {
    return (rt.rt_flags.load(std::memory_order_acquire) & RTF_UP) != 0;
}

}  // namespace

namespace {

rtentry* rt_match(stack& st, uint32_t dst, uint32_t src, unsigned flags, unsigned tableid) {
    auto [rt, rt_flags] = rtable_match(st, dst, src, tableid);
    if (rt == nullptr) {
        counter_inc(st, counter::rts_unreach);
        return nullptr;
    }
    if ((flags & RT_RESOLVE) != 0 && (rt_flags & RTF_CLONING) != 0) {
        kern::rw_enter_write(st.conf_lock);
        rt = rt_clone_locked(st, rt, dst);
        kern::rw_exit(st.conf_lock);
    }
    return rt;
}

}  // namespace

rtentry* rtalloc(stack& st, uint32_t dst, unsigned flags, unsigned tableid) {
    return rt_match(st, dst, 0, flags, tableid);
}

rtentry* rtalloc_mpath(stack& st, uint32_t dst, uint32_t src, unsigned tableid) {
    return rt_match(st, dst, src, RT_RESOLVE, tableid);
}

rtentry* rtalloc_locked(stack& st, uint32_t dst, unsigned flags, unsigned tableid) {
    auto [rt, rt_flags] = rtable_match(st, dst, 0, tableid);
    if (rt != nullptr && (flags & RT_RESOLVE) != 0 && (rt_flags & RTF_CLONING) != 0) {
        rt = rt_clone_locked(st, rt, dst);
    }
    return rt;
}

bool rtisvalid(const rtentry* rt) {
    return rt != nullptr && is_up(*rt) && (rt->rt_gwroute == nullptr || is_up(*rt->rt_gwroute));
}

void rtref(rtentry& rt) {
    kern::refcnt_take(rt.rt_refcnt);
}

void rtfree(rtentry* rt) {
    if (rt == nullptr || !kern::refcnt_rele(rt->rt_refcnt)) {
        return;
    }
    kern::kassert(rt->rt_node == nullptr, "rtfree: still in the table");
    kern::kassert(rt->rt_timer == nullptr, "rtfree: a timer runs");
    stack& st = *rt->rt_stack;
    netinet::arp_llfree(st, rt->rt_llinfo.load(std::memory_order_relaxed));
    ifafree(rt->rt_ifa);
    rtfree(rt->rt_gwroute);
    rtfree(rt->rt_parent);
    kern::pool_put(st.rtentry_pool, rt);
}

ifnet* rt_getif(stack& st, const rtentry& rt) {
    return if_get_serial(st, rt.rt_ifidx, rt.rt_ifserial);
}

rtentry* rt_getll(rtentry& rt) {
    return rt.rt_gwroute != nullptr ? rt.rt_gwroute : &rt;
}

void rtable_walk_locked(stack& st, void (*function)(rtentry& rt, void* argument), void* argument) {
    for (rtable* table = &st.routes; table != nullptr; table = rtable_next_locked(st, *table)) {
        for (rtentry* rt = table->all_head; rt != nullptr; rt = rt->rt_all_next) {
            function(*rt, argument);
        }
    }
}

}  // namespace model::net

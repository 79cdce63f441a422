#include "model/net/rtredirect.h"

#include <cerrno>

#include "model/net/route.h"
#include "model/net/rtsock.h"
#include "model/net/stack.h"

namespace model::net {

namespace {

uint32_t flags_of(const rtentry& rt) {
    return rt.rt_flags.load(std::memory_order_relaxed);
}

// What leads to the gateway that is said to be better, referenced; null if that is no neighbour.
rtentry* way_to_locked(stack& st, uint32_t gateway, unsigned tableid) {
    rtentry* rt = rtalloc_locked(st, gateway, 0, tableid);
    if (!rtisvalid(rt) || (flags_of(*rt) & RTF_GATEWAY) != 0) {
        rtfree(rt);
        return nullptr;
    }
    return rt;
}

// `rt` is what leads to the host now; null: nothing does.
int may_redirect(const rtentry* rt, const rtentry& way, uint32_t from) {
    if (rt != nullptr && (flags_of(*rt) & RTF_GATEWAY) == 0) {
        return EINVAL;
    }
    if (rt != nullptr && (rt->rt_gateway != from || rt->rt_ifa != way.rt_ifa)) {
        return EINVAL;
    }
    return (flags_of(way) & (RTF_LOCAL | RTF_BROADCAST)) != 0 ? EHOSTUNREACH : 0;
}

int make_locked(stack& st, const rtentry& way, uint32_t dst, uint32_t gateway, rtentry** made,
                unsigned tableid) {
    rt_addrinfo info;
    info.dest = dst;
    info.plen = 32;
    info.flags = RTF_GATEWAY | RTF_HOST | RTF_DYNAMIC;
    info.priority = RTP_DEFAULT;
    info.ifidx = way.rt_ifidx;
    info.ifa = way.rt_ifa;
    info.gateway = gateway;
    const int error = rtrequest_add_locked(st, info, made, tableid);
    if (error == 0) {
        counter_inc(st, counter::rts_dynamic);
    }
    return error;
}

int modify_locked(stack& st, rtentry& rt, uint32_t gateway, rtentry** made) {
    const unsigned priority = rt.rt_priority.load(std::memory_order_relaxed) & RTP_MASK;
    const int error = rtchange_locked(st, rt, gateway, RTF_MODIFIED);
    if (error == 0) {
        counter_inc(st, counter::rts_newgateway);
        *made = rtable_lookup_gateway_locked(st, rt.rt_dest, rt.rt_plen, priority, gateway,
                                             rt.rt_table->id);
        rtref(**made);
    }
    return error;
}

int redirect_locked(stack& st, uint32_t dst, uint32_t gateway, uint32_t from, rtentry** made,
                    unsigned tableid) {
    rtentry* way = way_to_locked(st, gateway, rtable_l2(st, tableid));
    if (way == nullptr) {
        return ENETUNREACH;
    }
    rtentry* rt = rtalloc_locked(st, dst, 0, tableid);
    int error = may_redirect(rt, *way, from);
    if (error == 0) {
        const bool host = rt != nullptr && (flags_of(*rt) & RTF_HOST) != 0;
        error = host ? modify_locked(st, *rt, gateway, made)
                     : make_locked(st, *way, dst, gateway, made, tableid);
    }
    rtfree(rt);
    rtfree(way);
    return error;
}

}  // namespace

int rtredirect_locked(stack& st, uint32_t dst, uint32_t gateway, uint32_t from, rtentry** made,
                      unsigned tableid) {
    const int error = redirect_locked(st, dst, gateway, from, made, tableid);
    rt_message m;
    m.type = RTM_REDIRECT;
    m.error = error;
    m.dest = dst;
    m.plen = 32;
    m.flags = RTF_GATEWAY | RTF_HOST;
    m.gateway = gateway;
    m.author = from;
    m.tableid = static_cast<uint8_t>(tableid);
    if (error == 0) {
        m.flags = flags_of(**made);
        m.priority = (*made)->rt_priority.load(std::memory_order_relaxed) & RTP_MASK;
        m.ifidx = (*made)->rt_ifidx;
    } else {
        counter_inc(st, counter::rts_badredirect);
    }
    rtm_miss_locked(st, m);
    return error;
}

}  // namespace model::net

#include "model/admin/rtsock.h"

#include <algorithm>
#include <cerrno>
#include <tuple>

#include "model/net/if.h"
#include "model/net/rtsock.h"
#include "model/net/stack.h"
#include "model/netinet/arp.h"

namespace model::admin {

using namespace net;

namespace {

void forget_mtu_over(rtentry& rt, void* nexthop) {
    if (rt.rt_gwroute == nexthop) {
        rt.rt_mtu.store(0, std::memory_order_relaxed);
    }
}

std::string duration_text(int64_t seconds) {
    std::string text;
    const int64_t units[] = {86400, 3600, 60, 1};
    const char letters[] = {'d', 'h', 'm', 's'};
    for (size_t n = 0; n < 4; ++n) {
        if (seconds >= units[n] || !text.empty() || n == 3) {
            text += std::to_string(seconds / units[n]) + letters[n];
            seconds %= units[n];
        }
    }
    return text;
}

}  // namespace

int rtm_delete_locked(stack& st, rtentry& rt) {
    const uint32_t flags = rt.rt_flags.load();
    if ((flags & (RTF_LOCAL | RTF_BROADCAST)) != 0) {
        return EINVAL;
    }
    if ((flags & RTF_CACHED) != 0) {
        netinet::arp_invalidate_locked(st, rt);
        // Behind another next hop another size may fit.
        rtable_walk_locked(st, forget_mtu_over, &rt);
        rtm_send_locked(st, RTM_CHANGE, rt);
        return 0;
    }
    rtdelete_locked(st, rt);
    return 0;
}

std::vector<rtentry*> routes_locked(stack& st, unsigned tableid) {
    std::vector<rtentry*> routes;
    const rtable* table = rtable_get_locked(st, tableid);
    for (rtentry* rt = table == nullptr ? nullptr : table->all_head; rt != nullptr;
         rt = rt->rt_all_next) {
        routes.push_back(rt);
    }
    std::stable_sort(routes.begin(), routes.end(), [](const rtentry* a, const rtentry* b) {
        return std::tuple(a->rt_dest, a->rt_plen, a->rt_priority.load()) <
               std::tuple(b->rt_dest, b->rt_plen, b->rt_priority.load());
    });
    return routes;
}

bool is_neighbour(const rtentry& rt) {
    return (rt.rt_flags.load() & (RTF_LLINFO | RTF_GATEWAY)) == RTF_LLINFO;
}

std::string interface_name(stack& st, const rtentry& rt) {
    if (rt_is_nowhere(rt)) {
        return "lo0";
    }
    ifnet* ifp = if_get(st, rt.rt_ifidx);
    std::string name = ifp == nullptr ? "" : ifp->if_xname;
    if_put(ifp);
    return name;
}

std::string expire_text(const stack& st, const rtentry& rt) {
    if ((rt.rt_flags.load() & (RTF_PERMANENT_ARP | RTF_LOCAL)) != 0) {
        return "permanent";
    }
    const int64_t expire = rt.rt_expire.load();
    const int64_t now = kern::getuptime(st.clock);
    if (expire == 0) {
        return "static";
    }
    return expire > now ? duration_text(expire - now) : "expired";
}

}  // namespace model::admin

#include "model/net/links.h"

#include "model/kern/invariant.h"
#include "model/net/if.h"
#include "model/net/ifaddr.h"
#include "model/net/object_name.h"
#include "model/net/route.h"
#include "model/net/stack.h"
#include "model/netinet/arp.h"

namespace model::net {

namespace {

object_name of(const rtentry& rt) {
    return name_of("route", rt.rt_dest, rt.rt_plen);
}

uint32_t flags_of(const rtentry& rt) {
    return rt.rt_flags.load(std::memory_order_relaxed);
}

// Null as well when it is on its way out.
const ifnet* interface_or_null(const stack& st, unsigned index) {
    const if_map& map = *st.idxmap.map.get_locked();
    return index < map.limit ? map.slot[index].get_locked() : nullptr;
}

bool is_on_list(const ifnet& ifp, const ifaddr& wanted) {
    const ifaddr* ifa = ifp.if_addrlist.get_locked();
    while (ifa != nullptr && ifa != &wanted) {
        ifa = ifa->ifa_next.get_locked();
    }
    return ifa != nullptr;
}

bool is_on_node(const rtentry& wanted) {
    const rtentry* rt =
        wanted.rt_node == nullptr ? nullptr : wanted.rt_node->an_rtlist.get_locked();
    while (rt != nullptr && rt != &wanted) {
        rt = rt->rt_next.get_locked();
    }
    return rt != nullptr;
}

// What a node leads to: the best first, and several that are as good only if each says so and has its own gateway.
int paths_in_order(const rtentry* first) {
    for (const rtentry* rt = first; rt != nullptr; rt = rt->rt_next.get_locked()) {
        const rtentry* next = rt->rt_next.get_locked();
        if (next != nullptr && next->rt_priority.load() < rt->rt_priority.load()) {
            return kern::broken("%s of priority %u stands in front of one of priority %u",
                                of(*rt).text, rt->rt_priority.load(), next->rt_priority.load());
        }
        unsigned alike = 0;
        for (const rtentry* other = first; other != nullptr; other = other->rt_next.get_locked()) {
            const unsigned differ = other->rt_priority.load() ^ rt->rt_priority.load();
            alike += (differ & RTP_MASK) == 0 ? 1 : 0;
        }
        if ((alike > 1) != ((flags_of(*rt) & RTF_MPATH) != 0)) {
            return kern::broken("%s is one of %u that are as good, and its flags say otherwise",
                                of(*rt).text, alike);
        }
    }
    return 1;
}

unsigned count_over(const stack& st, const rtentry& nexthop) {
    unsigned count = 0;
    for (const rtentry* rt = st.routes.all_head; rt != nullptr; rt = rt->rt_all_next) {
        count += rt->rt_gwroute == &nexthop ? 1 : 0;
    }
    return count;
}

}  // namespace

int addresses_linked(void* argument) {
    const stack& st = *static_cast<stack*>(argument);
    for (const ifnet* ifp = st.ifnetlist; ifp != nullptr; ifp = ifp->if_list_next) {
        const ifaddr* ifa = ifp->if_addrlist.get_locked();
        for (; ifa != nullptr; ifa = ifa->ifa_next.get_locked()) {
            if (ifa->ifa_ifidx != ifp->if_index) {
                return kern::broken("an address of %s, index %u, names index %u", ifp->if_xname,
                                    ifp->if_index, ifa->ifa_ifidx);
            }
        }
    }
    for (const rtentry* rt = st.routes.all_head; rt != nullptr; rt = rt->rt_all_next) {
        const ifnet* ifp = interface_or_null(st, rt->rt_ifidx);
        if (ifp != nullptr && rt->rt_ifa != nullptr && !is_on_list(*ifp, *rt->rt_ifa)) {
            return kern::broken("%s has %s, which is no address of %s any more", of(*rt).text,
                                name_of("address", rt->rt_ifa->ifa_addr).text, ifp->if_xname);
        }
    }
    return 1;
}

int routes_linked(void* argument) {
    const stack& st = *static_cast<stack*>(argument);
    const rtentry* before = nullptr;
    for (const rtentry* rt = st.routes.all_head; rt != nullptr; rt = rt->rt_all_next) {
        if (rt->rt_all_prev != before) {
            return kern::broken("%s does not lead back to the route before it", of(*rt).text);
        }
        if (!is_on_node(*rt)) {
            return kern::broken("%s is on the list, and not in the tree", of(*rt).text);
        }
        if (rt->rt_node->an_rtlist.get_locked() == rt && paths_in_order(rt) == 0) {
            return 0;
        }
        const netinet::llinfo_arp* la = rt->rt_llinfo.load(std::memory_order_relaxed);
        const bool has_own = la != nullptr && la->la_rt == rt;
        if (has_own != ((flags_of(*rt) & RTF_LLINFO) != 0)) {
            return kern::broken("%s has %s neighbour entry, and its flags say otherwise",
                                of(*rt).text, has_own ? "a" : "no");
        }
        before = rt;
    }
    if (st.routes.all_tail != before) {
        return kern::broken("the list of routes does not end with the last one");
    }
    return 1;
}

int nexthops_counted(void* argument) {
    const stack& st = *static_cast<stack*>(argument);
    for (const rtentry* rt = st.routes.all_head; rt != nullptr; rt = rt->rt_all_next) {
        const rtentry& nexthop = rt->rt_gwroute != nullptr ? *rt->rt_gwroute : *rt;
        const bool cached = (flags_of(nexthop) & RTF_CACHED) != 0;
        if (&nexthop == rt && nexthop.rt_cachecnt == 0 && !cached) {
            continue;
        }
        const unsigned over = count_over(st, nexthop);
        if (over != nexthop.rt_cachecnt || cached != (over != 0)) {
            return kern::broken("%s counts %u, is %s, and the table has %u over it",
                                of(nexthop).text, nexthop.rt_cachecnt,
                                cached ? "cached" : "not cached", over);
        }
    }
    return 1;
}

int clones_have_parents(void* argument) {
    const stack& st = *static_cast<stack*>(argument);
    for (const rtentry* rt = st.routes.all_head; rt != nullptr; rt = rt->rt_all_next) {
        if (rt->rt_parent != nullptr && rt->rt_parent->rt_node == nullptr) {
            return kern::broken("%s is in the table, %s is not, from which it was cloned",
                                of(*rt).text, of(*rt->rt_parent).text);
        }
    }
    return 1;
}

}  // namespace model::net

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

// Every route of every table, table by table.
const rtentry* next_or_null(const stack& st, const rtable* table, const rtentry* rt) {
    while (rt == nullptr && table != nullptr) {
        table = rtable_next_locked(st, *table);
        rt = table == nullptr ? nullptr : table->all_head;
    }
    return rt;
}

const rtentry* first_or_null(const stack& st) {
    return next_or_null(st, &st.routes, st.routes.all_head);
}

const rtentry* after_or_null(const stack& st, const rtentry& rt) {
    return next_or_null(st, rt.rt_table, rt.rt_all_next);
}

unsigned count_over(const stack& st, const rtentry& nexthop) {
    unsigned count = 0;
    for (const rtentry* rt = first_or_null(st); rt != nullptr; rt = after_or_null(st, *rt)) {
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
            if (ifa->ifa_rdomain != ifp->if_rdomain) {
                return kern::broken("%s of %s is of domain %u, the interface of %u",
                                    name_of("address", ifa->ifa_addr).text, ifp->if_xname,
                                    ifa->ifa_rdomain, ifp->if_rdomain);
            }
            if (ifa->ifa_ifidx != ifp->if_index) {
                return kern::broken("an address of %s, index %u, names index %u", ifp->if_xname,
                                    ifp->if_index, ifa->ifa_ifidx);
            }
        }
    }
    for (const rtentry* rt = first_or_null(st); rt != nullptr; rt = after_or_null(st, *rt)) {
        const ifnet* ifp = interface_or_null(st, rt->rt_ifidx);
        if (ifp != nullptr && rt->rt_ifa != nullptr && !is_on_list(*ifp, *rt->rt_ifa)) {
            return kern::broken("%s has %s, which is no address of %s any more", of(*rt).text,
                                name_of("address", rt->rt_ifa->ifa_addr).text, ifp->if_xname);
        }
        if (ifp != nullptr && ifp->if_rdomain != rt->rt_table->rdomain) {
            return kern::broken("%s leads to %s, which is in another domain than its table",
                                of(*rt).text, ifp->if_xname);
        }
    }
    return 1;
}

namespace {

int table_linked(const rtable& table) {
    const rtentry* before = nullptr;
    for (const rtentry* rt = table.all_head; rt != nullptr; rt = rt->rt_all_next) {
        if (rt->rt_table != &table) {
            return kern::broken("%s is on the list of table %u, and made for another", of(*rt).text,
                                table.id);
        }
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
    if (table.all_tail != before) {
        return kern::broken("the list of routes does not end with the last one");
    }
    return 1;
}

}  // namespace

int routes_linked(void* argument) {
    const stack& st = *static_cast<stack*>(argument);
    for (const rtable* table = &st.routes; table != nullptr;
         table = rtable_next_locked(st, *table)) {
        if (table_linked(*table) == 0) {
            return 0;
        }
    }
    return 1;
}

int nexthops_counted(void* argument) {
    const stack& st = *static_cast<stack*>(argument);
    for (const rtentry* rt = first_or_null(st); rt != nullptr; rt = after_or_null(st, *rt)) {
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
    for (const rtentry* rt = first_or_null(st); rt != nullptr; rt = after_or_null(st, *rt)) {
        if (rt->rt_parent != nullptr && rt->rt_parent->rt_node == nullptr) {
            return kern::broken("%s is in the table, %s is not, from which it was cloned",
                                of(*rt).text, of(*rt->rt_parent).text);
        }
    }
    return 1;
}

}  // namespace model::net

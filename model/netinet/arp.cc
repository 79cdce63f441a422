#include "model/netinet/arp.h"

#include "model/kern/assert.h"
#include "model/kern/invariant.h"
#include "model/net/if.h"
#include "model/net/ifaddr.h"
#include "model/net/object_name.h"
#include "model/net/route.h"
#include "model/net/stack.h"
#include "model/netinet/arp_hold.h"
#include "model/netinet/arp_timer.h"

namespace model::netinet {

using namespace net;

void arp_init(stack& st) {
    st.arp = new arp_state;
    heddle_name(&st.arp->mtx, "arp_mtx");
    heddle_invariant_of(&st.arp->mtx, "held packets are counted", arp_hold_counted, &st);
    heddle_invariant_of(&st.arp->mtx, "neighbour entries and their routes have each other",
                        arp_entries_linked, &st);
    heddle_invariant("packets told to be held are held", arp_hold_told, &st);
    arp_timer_start(st);
}

void arp_destroy(stack& st) {
    kern::kassert(st.arp->list == nullptr, "arp_destroy: an entry is left");
    delete st.arp;
    st.arp = nullptr;
}

// ---- entries come and go with their routes ------------------------------------------------------

namespace {

void link(arp_state& arp, llinfo_arp& la) {
    la.la_next = arp.list;
    if (arp.list != nullptr) {
        arp.list->la_prev = &la;
    }
    arp.list = &la;
}

void unlink(arp_state& arp, llinfo_arp& la) {
    (la.la_prev == nullptr ? arp.list : la.la_prev->la_next) = la.la_next;
    if (la.la_next != nullptr) {
        la.la_next->la_prev = la.la_prev;
    }
    la.la_linked = false;
}

// Makes the entry of a route. With an address it is resolved at once, and rt_expire stands as it
// is; without one it is incomplete, which is what expired at once means.
void arp_add(stack& st, rtentry& rt, ether_addr lladdr) {
    auto* la = kern::pool_get<llinfo_arp>(st.llinfo_pool);
    la->la_rt = &rt;
    la->la_lladdr.store(lladdr, std::memory_order_relaxed);
    heddle_name(la, name_of("llinfo_arp", rt.rt_dest).text);

    arp_state& arp = *st.arp;
    kern::mtx_enter(arp.mtx);
    if (rt.rt_llinfo.load(std::memory_order_relaxed) != nullptr) {
        // Lost the race against another context that resolves the same host.
        kern::mtx_leave(arp.mtx);
        kern::pool_put(st.llinfo_pool, la);
        return;
    }
    if (lladdr == 0) {
        rt.rt_expire.store(kern::getuptime(st.clock), std::memory_order_relaxed);
    }
    link(arp, *la);
    rt.rt_llinfo.store(la, std::memory_order_release);
    rt.rt_flags.fetch_or(RTF_LLINFO, std::memory_order_release);
    kern::mtx_leave(arp.mtx);
}

}  // namespace

void arp_rtrequest(stack& st, ifnet& ifp, int request, rtentry& rt) {
    const uint32_t flags = rt.rt_flags.load(std::memory_order_relaxed);
    if ((flags & (RTF_GATEWAY | RTF_BROADCAST | RTF_MULTICAST)) != 0) {
        return;
    }
    if (request == RTM_DELETE) {
        arp_rtdelete(st, rt);
        return;
    }
    const ether_addr lladdr = (flags & RTF_LOCAL) != 0 ? if_lladdr(ifp) : rt.rt_lladdr;
    switch (request) {
        case RTM_ADD:
            if ((flags & RTF_CLONING) != 0) {
                return;  // its clones will have entries
            }
            if ((flags & (RTF_ANNOUNCE | RTF_LOCAL)) != 0) {
                // Everybody who knew the address under another name forgets that.
                arprequest(st, ifp, rt.rt_dest, rt.rt_dest, lladdr);
            }
            arp_add(st, rt, lladdr);
            return;
        case RTM_RESOLVE:
            arp_add(st, rt, lladdr);
            return;
        case RTM_INVALIDATE:
            if ((flags & RTF_LOCAL) == 0) {
                arp_invalidate_locked(st, rt);
            }
            return;
        default:
            return;
    }
}

void arp_rtdelete(stack& st, rtentry& rt) {
    arp_state& arp = *st.arp;
    kern::mtx_enter(arp.mtx);
    llinfo_arp* la = rt.rt_llinfo.load(std::memory_order_relaxed);
    if (la != nullptr && la->la_linked) {
        unlink(arp, *la);
        rt.rt_flags.fetch_and(~RTF_LLINFO, std::memory_order_relaxed);
        arp_hold_purge(st, *la, "arpdeleted");
    }
    kern::mtx_leave(arp.mtx);
}

void arp_llfree(stack& st, llinfo_arp* la) {
    if (la != nullptr) {
        kern::kassert(!la->la_linked, "arp_llfree: the entry is in use");
        kern::pool_put(st.llinfo_pool, la);
    }
}

// ---- what the administrator does ----------------------------------------------------------------

void arp_set_locked(stack& st, rtentry& rt, ether_addr lladdr, int64_t expire) {
    llinfo_arp* la = rt.rt_llinfo.load(std::memory_order_acquire);
    kern::kassert(la != nullptr, "arp_set: no entry");
    kern::mtx_enter(st.arp->mtx);
    arp_store(*la, lladdr, expire);
    mbuf_list held = arp_hold_take(st, *la);
    kern::mtx_leave(st.arp->mtx);

    ifnet* ifp = rt_getif(st, rt);
    arp_hold_send(st, ifp, rt, held);
    if_put(ifp);
}

void arp_invalidate_locked(stack& st, rtentry& rt) {
    llinfo_arp* la = rt.rt_llinfo.load(std::memory_order_acquire);
    if (la == nullptr) {
        return;
    }
    kern::mtx_enter(st.arp->mtx);
    arp_invalidate_entry(st, *la, kern::getuptime(st.clock));
    kern::mtx_leave(st.arp->mtx);
}

// ---- lookup -------------------------------------------------------------------------------------

rtentry* arplookup(stack& st, uint32_t addr, bool create, unsigned tableid) {
    rtentry* rt = rtalloc(st, addr, create ? RT_RESOLVE : 0, tableid);
    const uint32_t wanted = RTF_LLINFO;
    if (!rtisvalid(rt) ||
        (rt->rt_flags.load(std::memory_order_relaxed) & (RTF_GATEWAY | RTF_LLINFO)) != wanted) {
        rtfree(rt);
        return nullptr;
    }
    return rt;
}

rtentry* arplookup_proxy(stack& st, uint32_t addr, unsigned tableid) {
    const rtable* table = rtable_get(st, tableid);
    // An ordinary entry for the same host may stand in front of the published one.
    kern::smr_read_enter(st.smr);
    const art_node* node = table == nullptr ? nullptr : art_match(table->root, addr);
    rtentry* rt = node == nullptr ? nullptr : node->an_rtlist.get();
    // A host that is reached through a gateway is nobody's neighbour. Whether the first entry is
    // still in use does not matter: the one behind it is.
    if (rt != nullptr && (rt->rt_flags.load(std::memory_order_relaxed) & RTF_GATEWAY) != 0) {
        rt = nullptr;
    }
    while (rt != nullptr && (rt->rt_flags.load(std::memory_order_relaxed) & RTF_ANNOUNCE) == 0) {
        rt = rt->rt_next.get();
    }
    if (rt != nullptr) {
        rtref(*rt);
    }
    kern::smr_read_leave(st.smr);
    return rt;
}

bool arpproxy(stack& st, uint32_t addr, unsigned tableid) {
    rtentry* rt = arplookup_proxy(st, addr, tableid);
    if (rt == nullptr) {
        return false;
    }
    ifnet* ifp = rt_getif(st, *rt);
    const bool ours = ifp != nullptr && arp_lladdr(*rt) == if_lladdr(*ifp);
    if_put(ifp);
    rtfree(rt);
    return ours;
}

int arp_entries_linked(void* argument) {
    const stack& st = *static_cast<stack*>(argument);
    const llinfo_arp* before = nullptr;
    for (const llinfo_arp* la = st.arp->list; la != nullptr; la = la->la_next) {
        const auto name = [la] { return name_of("entry", la->la_rt->rt_dest); };
        if (la->la_prev != before) {
            return kern::broken("%s does not lead back to the one before it", name().text);
        }
        if (!la->la_linked || la->la_rt->rt_llinfo.load(std::memory_order_relaxed) != la) {
            return kern::broken("%s is on the list, and not that of its route", name().text);
        }
        before = la;
    }
    return 1;
}

ether_addr arp_lladdr(const rtentry& rt) {
    const llinfo_arp* la = rt.rt_llinfo.load(std::memory_order_acquire);
    return la == nullptr ? 0 : la->la_lladdr.load(std::memory_order_relaxed);
}

}  // namespace model::netinet

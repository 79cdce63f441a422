#include "model/net/if_loop.h"

#include <cstdlib>

#include "model/net/if_clone.h"
#include "model/net/route.h"
#include "model/net/softnet.h"
#include "model/net/stack.h"
#include "model/netinet/ip_input.h"
#include "sim/annotate.h"

namespace model::net {

namespace {

constexpr uint32_t lo_mtu = 32768;
constexpr uint32_t lo_hardmtu = 65535;  // of an IP packet

// The packet is on its way in: nothing that was known of it on its way out is true any more.
int if_input_local(stack& st, ifnet& ifp, mbuf* m) {
    const auto kept = static_cast<uint16_t>(m->flags & (M_BCAST | M_MCAST));
    m_resethdr(st, *m);
    m->flags = kept;
    m_setrcvif(*m, ifp);
    for (const if_counter which : {if_counter::opackets, if_counter::ipackets}) {
        if_counter_inc(ifp.if_counters, which);
    }
    counter_inc(st, counter::if_opackets);
    counter_inc(st, counter::if_ipackets);
    mbuf_list list;
    ml_enqueue(list, m);
    softnet_input(st, ifp.if_index, list);
    return 0;
}

int looutput(stack& st, ifnet& ifp, mbuf* m, uint32_t, rtentry*) {
    return if_input_local(st, ifp, m);
}

void lortrequest(stack&, ifnet&, int request, rtentry& rt) {
    if (request == RTM_ADD && rt.rt_mtu.load(std::memory_order_relaxed) == 0) {
        rt.rt_mtu.store(lo_mtu, std::memory_order_relaxed);
    }
}

}  // namespace

ifnet* loop_clone_create_locked(stack& st, unsigned unit) {
    ifnet* ifp = if_alloc(st, "lo", unit);
    ifp->if_type = IFT_LOOP;
    ifp->if_hardmtu = lo_hardmtu;
    ifp->if_mtu.store(lo_mtu, std::memory_order_relaxed);
    ifp->if_flags.store(IFF_LOOPBACK | IFF_RUNNING | IFF_MULTICAST, std::memory_order_relaxed);
    ifp->if_output = looutput;
    ifp->if_input = netinet::ip_input_if;
    ifp->if_rtrequest = lortrequest;
    if_setlladdr_locked(*ifp, 0);
    ifp = if_attach_or_free_locked(st, ifp);
    if (ifp != nullptr && unit == 0) {
        st.routes.loindex.store(ifp->if_index, std::memory_order_relaxed);
    }
    return ifp;
}

bool loop_is_of_domain(stack& st, const ifnet& ifp) {
    const rtable* domain = rtable_get(st, ifp.if_rdomain);
    return domain->loindex.load(std::memory_order_relaxed) == ifp.if_index;
}

void loop_has_moved_locked(stack& st, const ifnet& ifp) {
    if (strtoul(ifp.if_xname + 2, nullptr, 10) == ifp.if_rdomain) {
        rtable_get(st, ifp.if_rdomain)->loindex.store(ifp.if_index, std::memory_order_relaxed);
    }
}

void loop_clone_destroy(stack& st, ifnet& ifp) {
    if (loop_is_of_domain(st, ifp)) {
        rtable_get(st, ifp.if_rdomain)->loindex.store(0, std::memory_order_relaxed);
    }
    if_detach(st, ifp);
    if_free(st, &ifp);
}

}  // namespace model::net

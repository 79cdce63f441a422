#include "model/net/if_vether.h"

#include "model/net/if_clone.h"
#include "model/net/link_state.h"
#include "model/net/stack.h"

namespace model::net {

namespace {

constexpr ether_addr vether_lladdr = 0xfee1bad00000;  // and the unit

void vether_start(stack& st, ifnet& ifp, mbuf* m) {
    while (m != nullptr) {
        counter_inc(st, counter::if_opackets);
        if_counter_inc(ifp.if_counters, if_counter::opackets);
        fate_set(st, *m, fate::forwarded, ifp.if_xname);
        m_freem(st, m);
        m = ifq_dequeue(ifp.if_snd);
    }
}

}  // namespace

ifnet* vether_clone_create_locked(stack& st, unsigned unit) {
    ifnet* ifp = if_alloc(st, "vether", unit);
    ether_ifattach(*ifp);
    ifp->if_qstart = vether_start;
    ifp->if_setup_locked = ether_setup_locked;
    ifp->if_link_state.store(LINK_STATE_UP, std::memory_order_relaxed);
    if_setlladdr_locked(*ifp, vether_lladdr | unit);
    return if_attach_or_free_locked(st, ifp);
}

void vether_clone_destroy(stack& st, ifnet& ifp) {
    if_detach(st, ifp);
    if_free(st, &ifp);
}

}  // namespace model::net

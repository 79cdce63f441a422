#include "model/net/if_pair.h"

#include <cerrno>

#include "model/net/if_clone.h"
#include "model/net/link_state.h"
#include "model/net/object_name.h"
#include "model/net/softnet.h"
#include "model/net/stack.h"
#include "sim/annotate.h"

namespace model::net {

namespace {

constexpr ether_addr pair_lladdr = 0xfee1bad10000;  // and the unit

// The other end, referenced; null: none.
ifnet* pair_peer(stack& st, const pair_softc& sc) {
    const uint32_t index = sc.sc_pairedif.load(std::memory_order_acquire);
    ifnet* peer = if_get(st, index);
    // The index may be another's by now, but then the cable has been pulled before.
    if (peer != nullptr && sc.sc_pairedif.load(std::memory_order_acquire) != index) {
        if_put(peer);
        return nullptr;
    }
    return peer;
}

// What the other end gets: a packet that has just come in.
void receive(stack& st, ifnet& peer, mbuf& m) {
    m_resethdr(st, m);
    m_setrcvif(m, peer);
    counter_inc(st, counter::if_ipackets);
    if_counter_inc(peer.if_counters, if_counter::ipackets);
}

// The start routine: one context at a time. The other end is there until its packets stand on the input list.
void pair_start(stack& st, ifnet& ifp, mbuf* m) {
    ifnet* peer = pair_peer(st, *ifp.if_pair);
    mbuf_list list;
    while (m != nullptr) {
        counter_inc(st, counter::if_opackets);
        if_counter_inc(ifp.if_counters, if_counter::opackets);
        if (peer != nullptr) {
            receive(st, *peer, *m);
            ml_enqueue(list, m);
        } else {
            m_drop(st, m, "unpatched");
        }
        m = ifq_dequeue(ifp.if_snd);
    }
    if (peer != nullptr) {
        softnet_input(st, peer->if_index, list);
    }
    if_put(peer);
}

void pair_link_state_locked(ifnet& ifp, uint32_t peer) {
    ifp.if_pair->sc_pairedif.store(peer, std::memory_order_release);
    ifp.if_link_state.store(peer != 0 ? LINK_STATE_UP : LINK_STATE_DOWN, std::memory_order_release);
    if_link_state_change(ifp);
}

void unpatch_locked(stack& st, ifnet& ifp) {
    if (ifnet* peer = pair_peer_locked(st, ifp); peer != nullptr) {
        pair_link_state_locked(*peer, 0);
        pair_link_state_locked(ifp, 0);
    }
}

}  // namespace

ifnet* pair_peer_locked(stack& st, const ifnet& ifp) {
    return ifp.if_pair == nullptr
               ? nullptr
               : if_byindex_locked(st, ifp.if_pair->sc_pairedif.load(std::memory_order_relaxed));
}

int pair_setpair_locked(stack& st, ifnet& ifp, ifnet* to) {
    if (ifp.if_pair == nullptr) {
        return ENOTTY;
    }
    if (ifp.if_detaching || (to != nullptr && to->if_detaching)) {
        return ENXIO;
    }
    if (to == nullptr) {
        unpatch_locked(st, ifp);
        return 0;
    }
    if (to == &ifp) {
        return EINVAL;
    }
    if (to->if_pair == nullptr) {
        return ENODEV;
    }
    const ifnet* standing = pair_peer_locked(st, *to);
    if (standing != nullptr) {
        return standing == &ifp ? 0 : EBUSY;
    }
    unpatch_locked(st, ifp);
    pair_link_state_locked(ifp, to->if_index);
    pair_link_state_locked(*to, ifp.if_index);
    return 0;
}

ifnet* pair_clone_create_locked(stack& st, unsigned unit) {
    ifnet* ifp = if_alloc(st, "pair", unit);
    auto* sc = new pair_softc;
    heddle_name(sc, name_of("pair_softc", ifp->if_xname).text);
    ifp->if_pair = sc;
    ether_ifattach(*ifp);
    ifp->if_qstart = pair_start;
    ifp->if_setup_locked = ether_setup_locked;
    ifp->if_link_state.store(LINK_STATE_DOWN, std::memory_order_relaxed);
    if_setlladdr_locked(*ifp, pair_lladdr | unit);
    ifp = if_attach_or_free_locked(st, ifp);
    if (ifp == nullptr) {
        delete sc;
    }
    return ifp;
}

void pair_clone_destroy(stack& st, ifnet& ifp) {
    kern::rw_enter_write(st.conf_lock);
    unpatch_locked(st, ifp);
    kern::rw_exit(st.conf_lock);
    if_detach(st, ifp);
    delete ifp.if_pair;
    if_free(st, &ifp);
}

}  // namespace model::net

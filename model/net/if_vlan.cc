#include "model/net/if_vlan.h"

#include <cerrno>
#include <cstring>

#include "model/net/bytes.h"
#include "model/net/if_clone.h"
#include "model/net/link_state.h"
#include "model/net/object_name.h"
#include "model/net/stack.h"
#include "sim/annotate.h"

namespace model::net {

namespace {

constexpr uint16_t tag_mask = 0x0fff;
constexpr uint16_t priority = 3 << 13;  // of whatever nobody has given another one (IFQ_DEFPRIO)
constexpr size_t addresses_length = 2 * ether_addr_length;

// ---- frames -------------------------------------------------------------------------------------

// The tag stands between the addresses and the type.
void vlan_inject(mbuf& m, uint16_t tag) {
    uint8_t* frame = m_prepend(m, ether_vlan_encap_length);
    memmove(frame, frame + ether_vlan_encap_length, addresses_length);
    put_be16(frame + addresses_length, ethertype_vlan);
    put_be16(frame + addresses_length + 2, static_cast<uint16_t>(tag | priority));
}

bool can_send(const ifnet& ifp0) {
    const uint32_t wanted = IFF_UP | IFF_RUNNING;
    return (ifp0.if_flags.load(std::memory_order_relaxed) & wanted) == wanted;
}

// There is no queue here: the frame goes to the parent's, in the context that has it.
int vlan_enqueue(stack& st, ifnet& ifp, mbuf* m) {
    const vlan_softc& sc = *ifp.if_vlan;
    const uint32_t index = sc.sc_ifidx0.load(std::memory_order_acquire);
    ifnet* ifp0 = if_get(st, index);
    // The index may be another's by now, but then the vlan has lost its parent before.
    if (ifp0 == nullptr || !can_send(*ifp0) ||
        sc.sc_ifidx0.load(std::memory_order_acquire) != index) {
        if_put(ifp0);
        if_counter_inc(ifp.if_counters, if_counter::oerrors);
        m_drop(st, m, "noparent");
        return ENETDOWN;
    }
    vlan_inject(*m, sc.sc_tag.load(std::memory_order_relaxed));
    if_counter_inc(ifp.if_counters, if_counter::opackets);
    const int error = if_enqueue(st, *ifp0, m);
    if_put(ifp0);
    return error;
}

// The vlan of that number over that interface, referenced; null: none.
ifnet* vlan_lookup(stack& st, const ifnet& ifp0, uint16_t tag) {
    kern::smr_read_enter(st.smr);
    const vlan_softc* sc = st.vlans.get();
    while (sc != nullptr && (sc->sc_ifidx0.load(std::memory_order_acquire) != ifp0.if_index ||
                             sc->sc_tag.load(std::memory_order_relaxed) != tag)) {
        sc = sc->sc_next.get();
    }
    ifnet* ifp = sc == nullptr ? nullptr : sc->sc_if;
    if (ifp != nullptr) {
        if_ref(
            *ifp);  // who destroys it waits for this read section before the slot's reference goes
    }
    kern::smr_read_leave(st.smr);
    return ifp;
}

}  // namespace

void vlan_input(stack& st, ifnet& ifp0, mbuf* m) {
    if (m->len < ether_header_length + ether_vlan_encap_length) {
        counter_inc(st, counter::if_ierrors);
        if_counter_inc(ifp0.if_counters, if_counter::ierrors);
        m_drop(st, m, "tooshort");
        return;
    }
    const uint16_t tag = get_be16(m->data + ether_header_length) & tag_mask;
    ifnet* ifp = vlan_lookup(st, ifp0, tag);
    if (ifp == nullptr) {
        counter_inc(st, counter::if_noproto);
        m_drop(st, m, "noproto");
        return;
    }
    memmove(m->data + ether_vlan_encap_length, m->data, addresses_length);
    m_adj(*m, ether_vlan_encap_length);
    m_setrcvif(*m, *ifp);
    if_counter_inc(ifp->if_counters, if_counter::ipackets);
    if_input_process(st, *ifp, m);
    if_put(ifp);
}

// ---- up and down --------------------------------------------------------------------------------

namespace {

void vlan_link_state_locked(ifnet& ifp, uint8_t link) {
    if (ifp.if_link_state.exchange(link, std::memory_order_acq_rel) != link) {
        if_link_state_change(ifp);
    }
}

bool is_running(const ifnet& ifp) {
    return (ifp.if_flags.load(std::memory_order_relaxed) & IFF_RUNNING) != 0;
}

int vlan_up_locked(stack& st, ifnet& ifp) {
    const ifnet* ifp0 = vlan_parent_locked(st, ifp);
    if (ifp0 == nullptr) {
        return ENXIO;
    }
    ifp.if_flags.fetch_or(IFF_RUNNING, std::memory_order_relaxed);
    vlan_link_state_locked(ifp, ifp0->if_link_state.load(std::memory_order_acquire));
    return 0;
}

void vlan_down_locked(ifnet& ifp) {
    ifp.if_flags.fetch_and(~IFF_RUNNING, std::memory_order_relaxed);
    vlan_link_state_locked(ifp, LINK_STATE_DOWN);
}

// ---- the parent ---------------------------------------------------------------------------------

// Another link of the parent's is the vlan's, too.
void vlan_link_hook(void* argument) {
    ifnet& ifp = *static_cast<ifnet*>(argument);
    const ifnet* ifp0 = vlan_parent_locked(*ifp.if_stack, ifp);
    if (is_running(ifp)) {
        vlan_link_state_locked(ifp, ifp0->if_link_state.load(std::memory_order_acquire));
    }
}

// The vlan is down, or goes down; from now on its frames go nowhere.
void leave_parent_locked(stack& st, ifnet& ifp) {
    vlan_softc& sc = *ifp.if_vlan;
    if (ifnet* ifp0 = vlan_parent_locked(st, ifp); ifp0 != nullptr) {
        if_hook_del_locked(ifp0->if_detachhooks, sc.sc_dhook);
        if_hook_del_locked(ifp0->if_linkstatehooks, sc.sc_lhook);
        sc.sc_ifidx0.store(0, std::memory_order_release);
    }
}

void join_parent_locked(ifnet& ifp, ifnet& ifp0) {
    vlan_softc& sc = *ifp.if_vlan;
    if (if_lladdr(ifp) == sc.sc_lladdr) {
        sc.sc_lladdr = if_lladdr(ifp0);
        if_setlladdr_locked(ifp, sc.sc_lladdr);
    }
    if_hook_add_locked(ifp0.if_detachhooks, sc.sc_dhook);
    if_hook_add_locked(ifp0.if_linkstatehooks, sc.sc_lhook);
    sc.sc_ifidx0.store(ifp0.if_index, std::memory_order_release);
}

// The parent is destroyed.
void vlan_ifdetach(void* argument) {
    ifnet& ifp = *static_cast<ifnet*>(argument);
    if_down_locked(*ifp.if_stack, ifp);
    leave_parent_locked(*ifp.if_stack, ifp);
}

int vlan_setup_locked(stack& st, ifnet& ifp, bool up) {
    if (up && !is_running(ifp)) {
        return vlan_up_locked(st, ifp);
    }
    if (!up && is_running(ifp)) {
        vlan_down_locked(ifp);
    }
    return 0;
}

bool vlan_inuse_locked(stack& st, const vlan_softc& own, uint32_t ifidx0, uint32_t tag) {
    const vlan_softc* sc = ifidx0 == 0 || tag == 0 ? nullptr : st.vlans.get_locked();
    while (sc != nullptr &&
           (sc == &own || sc->sc_ifidx0.load() != ifidx0 || sc->sc_tag.load() != tag)) {
        sc = sc->sc_next.get_locked();
    }
    return sc != nullptr;
}

}  // namespace

// ---- configuration ------------------------------------------------------------------------------

ifnet* vlan_parent_locked(stack& st, const ifnet& ifp) {
    return ifp.if_vlan == nullptr
               ? nullptr
               : if_byindex_locked(st, ifp.if_vlan->sc_ifidx0.load(std::memory_order_relaxed));
}

int vlan_set_parent_locked(stack& st, ifnet& ifp, ifnet* parent) {
    if (ifp.if_vlan == nullptr) {
        return ENOTTY;
    }
    vlan_softc& sc = *ifp.if_vlan;
    const uint32_t ifidx0 = parent == nullptr ? 0 : parent->if_index;
    if (sc.sc_ifidx0.load() == ifidx0) {
        return 0;
    }
    if (is_running(ifp)) {
        return EBUSY;
    }
    if (parent != nullptr && parent->if_type != IFT_ETHER) {
        return EPROTONOSUPPORT;
    }
    if (ifp.if_detaching || (parent != nullptr && parent->if_detaching)) {
        return ENXIO;
    }
    if (vlan_inuse_locked(st, sc, ifidx0, sc.sc_tag.load())) {
        return EADDRINUSE;
    }
    leave_parent_locked(st, ifp);
    if (parent != nullptr) {
        join_parent_locked(ifp, *parent);
    }
    return 0;
}

int vlan_set_vnetid_locked(stack& st, ifnet& ifp, uint32_t vnetid) {
    if (ifp.if_vlan == nullptr) {
        return ENOTTY;
    }
    if (vnetid > vlan_tag_max) {
        return EINVAL;
    }
    vlan_softc& sc = *ifp.if_vlan;
    if (vlan_inuse_locked(st, sc, sc.sc_ifidx0.load(), vnetid)) {
        return EADDRINUSE;
    }
    sc.sc_tag.store(static_cast<uint16_t>(vnetid), std::memory_order_release);
    return 0;
}

ifnet* vlan_clone_create_locked(stack& st, unsigned unit) {
    ifnet* ifp = if_alloc(st, "vlan", unit);
    auto* sc = new vlan_softc;
    heddle_name(sc, name_of("vlan_softc", ifp->if_xname).text);
    sc->sc_if = ifp;
    sc->sc_dhook = {vlan_ifdetach, ifp, nullptr};
    sc->sc_lhook = {vlan_link_hook, ifp, nullptr};
    ifp->if_vlan = sc;
    ether_ifattach(*ifp);
    ifp->if_type = IFT_L2VLAN;
    ifp->if_enqueue = vlan_enqueue;
    ifp->if_setup_locked = vlan_setup_locked;
    ifp->if_link_state.store(LINK_STATE_DOWN, std::memory_order_relaxed);
    if_setlladdr_locked(*ifp, 0);  // the parent's, when it has one
    ifp = if_attach_or_free_locked(st, ifp);
    if (ifp == nullptr) {
        delete sc;
        return nullptr;
    }
    sc->sc_next.init(st.vlans.get_locked());
    st.vlans.set_locked(sc);
    return ifp;
}

void vlan_clone_destroy(stack& st, ifnet& ifp) {
    kern::rw_enter_write(st.conf_lock);
    if_down_locked(st, ifp);
    leave_parent_locked(st, ifp);
    kern::smr_ptr<vlan_softc*>* link = &st.vlans;
    while (link->get_locked() != ifp.if_vlan) {
        link = &link->get_locked()->sc_next;
    }
    link->set_locked(ifp.if_vlan->sc_next.get_locked());
    kern::rw_exit(st.conf_lock);
    if_detach(st, ifp);  // with a grace period: nobody stands on the list's entry any more
    delete ifp.if_vlan;
    if_free(st, &ifp);
}

}  // namespace model::net

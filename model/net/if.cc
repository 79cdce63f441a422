#include "model/net/if.h"

#include <cerrno>
#include <cstring>

#include "model/kern/assert.h"
#include "model/net/if_loop.h"
#include "model/net/link_state.h"
#include "model/net/rtsock.h"
#include "model/net/softnet.h"
#include "model/net/stack.h"
#include "model/netinet/in_control.h"
#include "model/pf/pf_if.h"
#include "model/pf/pf_inp.h"

namespace model::net {

ifnet* if_get(stack& st, unsigned index) {
    ifnet* ifp = nullptr;
    kern::smr_read_enter(st.smr);
    const if_map* map = st.idxmap.map.get();
    if (index < map->limit) {
        ifp = map->slot[index].get();
        if (ifp != nullptr) {
            kern::kassert(ifp->if_index == index, "if_get: another interface's slot");
            if_ref(*ifp);  // the slot has one until every read section of now is over
        }
    }
    kern::smr_read_leave(st.smr);
    return ifp;
}

ifnet* if_get_serial(stack& st, unsigned index, uint64_t serial) {
    ifnet* ifp = if_get(st, index);
    if (ifp != nullptr && ifp->if_serial != serial) {
        if_put(ifp);
        return nullptr;
    }
    return ifp;
}

ifnet* if_get_listening(stack& st, const wire& w, unsigned index) {
    ifnet* ifp = if_get(st, index);
    if (ifp != nullptr && ifp->if_wire != &w) {
        if_put(ifp);
        return nullptr;
    }
    return ifp;
}

void m_setrcvif(mbuf& m, const ifnet& ifp) {
    m.ph_ifidx = ifp.if_index;
    m.ph_ifserial = ifp.if_serial;
}

ifnet* m_getrcvif(stack& st, const mbuf& m) {
    return if_get_serial(st, m.ph_ifidx, m.ph_ifserial);
}

void if_ref(ifnet& ifp) {
    kern::refcnt_take(ifp.if_refcnt);
}

void if_put(ifnet* ifp) {
    if (ifp != nullptr) {
        kern::refcnt_rele_wake(ifp->if_refcnt);
    }
}

ifnet* if_unit_locked(stack& st, const char* name) {
    ifnet* ifp = st.ifnetlist;
    while (ifp != nullptr && strcmp(ifp->if_xname, name) != 0) {
        ifp = ifp->if_list_next;
    }
    return ifp;
}

ifnet* if_byindex_locked(stack& st, uint32_t index) {
    ifnet* ifp = st.ifnetlist;
    while (ifp != nullptr && ifp->if_index != index) {
        ifp = ifp->if_list_next;
    }
    return ifp;
}

int if_setrdomain_locked(stack& st, ifnet& ifp, unsigned rdomain) {
    if (ifp.if_detaching) {
        return ENXIO;
    }
    const bool moves = ifp.if_rdomain != rdomain;
    if (moves && ifp.if_type == IFT_LOOP && loop_is_of_domain(st, ifp)) {
        return EPERM;
    }
    if (const int error = rtable_add_locked(st, rdomain, rdomain); error != 0 || !moves) {
        return error;
    }
    // First of all: a route never leads out of the domain of its table.
    netinet::in_ifdetach_locked(st, ifp);
    ifp.if_rdomain = static_cast<uint8_t>(rdomain);
    uint32_t flags = ifp.if_flags.load(std::memory_order_relaxed);
    constexpr uint32_t iff = (1U << if_rdomain_shift) - 1;
    while (!ifp.if_flags.compare_exchange_weak(flags, (flags & iff) | rdomain << if_rdomain_shift,
                                               std::memory_order_release,
                                               std::memory_order_relaxed)) {
    }
    if (ifp.if_type == IFT_LOOP) {
        loop_has_moved_locked(st, ifp);
    }
    return 0;
}

ether_addr if_lladdr(const ifnet& ifp) {
    return ifp.if_sadl.load(std::memory_order_acquire)->lladdr;
}

void if_setlladdr_locked(ifnet& ifp, ether_addr lladdr) {
    auto* sadl = new sockaddr_dl{lladdr, ifp.if_sadl.load(std::memory_order_relaxed)};
    heddle_name(sadl, "sadl");
    ifp.if_sadl.store(sadl, std::memory_order_release);
}

void if_freesadl(ifnet& ifp) {
    sockaddr_dl* sadl = ifp.if_sadl.load(std::memory_order_relaxed);
    while (sadl != nullptr) {
        sockaddr_dl* older = sadl->older;
        delete sadl;
        sadl = older;
    }
    ifp.if_sadl.store(nullptr, std::memory_order_relaxed);
}

// ---- arrival and departure ----------------------------------------------------------------------

namespace {

// A channel of an interface that is gone may still be looked at by who dropped the last reference,
// so channels are never freed, only used again.
kern::sleep_channel* channel_get_locked(stack& st) {
    kern::sleep_channel* channel = st.free_channels;
    if (channel == nullptr) {
        channel = new kern::sleep_channel;
        heddle_name(channel, "if_refcnt channel");
        return channel;
    }
    st.free_channels = channel->next;
    return channel;
}

void channel_put_locked(stack& st, kern::sleep_channel* channel) {
    channel->next = st.free_channels;
    st.free_channels = channel;
}

}  // namespace

bool if_attach_locked(stack& st, ifnet& ifp) {
    const unsigned index = if_idxmap_alloc_locked(st);
    if (index == 0) {
        return false;
    }
    ifp.if_index = static_cast<uint16_t>(index);
    ifp.if_refcnt.channel = channel_get_locked(st);
    ifq_init(st, ifp);
    if_linkstate_init(st, ifp);
    pf::pfi_attach_ifnet(st, ifp);
    ifnet** link = &st.ifnetlist;
    while (*link != nullptr) {
        link = &(*link)->if_list_next;
    }
    *link = &ifp;
    if_idxmap_insert_locked(st, ifp);
    rtm_ifannounce_locked(st, ifp, true);
    return true;
}

namespace {

void if_deactivate(ifnet& ifp) {
    heddle_state(&ifp, "LIVE -> DETACHING");
    if (ifp.if_wire != nullptr) {
        ifp.if_wire->ifidx.fetch_and(wire_down, std::memory_order_relaxed);  // it receives no more
    }
}

// Afterwards nobody has a reference and nobody can get one, by name or by index. Everybody who has
// one meanwhile finds the interface whole.
void if_remove(stack& st, ifnet& ifp) {
    kern::rw_enter_write(st.conf_lock);
    ifnet** link = &st.ifnetlist;
    while (*link != &ifp) {
        link = &(*link)->if_list_next;
    }
    *link = ifp.if_list_next;
    if_idxmap_remove_locked(st, ifp);
    kern::rw_exit(st.conf_lock);
    // Not with conf_lock: who has a reference may want it. And the slot's reference stays until no
    // reader can be between the slot and the counter.
    kern::smr_barrier(st.smr);
    if_put(&ifp);
    softnet_barrier(st);
    kern::refcnt_finalize(ifp.if_refcnt, "ifrm");
}

void if_dismantle(stack& st, ifnet& ifp) {
    heddle_state(&ifp, "DETACHING -> DEAD");
    ifq_stop(ifp);
    kern::rw_enter_write(st.conf_lock);
    netinet::in_ifdetach_locked(st, ifp);
    // Not before its routes have gone: they name it by its index, and would be another's.
    if_idxmap_free_locked(st, ifp);
    pf::pfi_detach_ifnet(st, ifp);
    rtm_ifannounce_locked(st, ifp, false);
    channel_put_locked(st, ifp.if_refcnt.channel);
    kern::rw_exit(st.conf_lock);
    kern::kassert(ifp.if_addrlist.get_locked() == nullptr, "if_detach: addresses are left");
    kern::kassert(ifp.if_maddrlist.get_locked() == nullptr, "if_detach: groups are left");
    if_freesadl(ifp);
    ifq_purge(st, ifp);
}

}  // namespace

void if_detach(stack& st, ifnet& ifp) {
    if_deactivate(ifp);
    if_remove(st, ifp);
    if_dismantle(st, ifp);
}

// ---- packets ------------------------------------------------------------------------------------

namespace {

// A packet for which nothing listens, or for which there is no buffer; it never became one of ours.
void lose(stack& st, uint32_t packet, const char* reason) {
    mbuf m;
    m.packet = packet;
    fate_set(st, m, fate::dropped, reason);
}

}  // namespace

int if_receive(stack& st, const char* ifname, const void* frame, size_t length, uint32_t packet,
               received* r) {
    const int unit = em_unit(ifname);
    if (packet >= fates_max || length > mbuf_length_max || unit < 0) {
        return EINVAL;
    }
    if (packet != 0) {
        st.fates[packet].arrived = true;
    }
    const wire& w = st.wires[unit];
    const uint32_t index = w.ifidx.load(std::memory_order_relaxed);
    if ((index & wire_down) != 0) {
        lose(st, packet, "linkdown");
        return ENETDOWN;
    }
    ifnet* ifp = if_get_listening(st, w, index);
    if (ifp == nullptr) {
        lose(st, packet, "nointerface");
        return ENXIO;
    }
    mbuf* m = m_devget(st, frame, length);
    if (m == nullptr) {
        counter_inc(st, counter::if_iqdrops);
        if_counter_inc(ifp->if_counters, if_counter::ierrors);
        lose(st, packet, "nobufs");
        if_put(ifp);
        return ENOBUFS;
    }
    m->packet = packet;
    m_setrcvif(*m, *ifp);
    counter_inc(st, counter::if_ipackets);
    if_counter_inc(ifp->if_counters, if_counter::ipackets);
    *r = {ifp, m};
    return 0;
}

void if_input_process(stack& st, ifnet& ifp, mbuf* m) {
    const uint32_t wanted = IFF_UP | IFF_RUNNING;
    const uint32_t flags = ifp.if_flags.load(std::memory_order_relaxed);
    m->ph_rtableid = static_cast<uint8_t>(flags >> if_rdomain_shift);
    if ((flags & wanted) == wanted) {
        ifp.if_input(st, ifp, m);
    } else {
        m_drop(st, m, "ifdown");
    }
}

int if_input(stack& st, const char* ifname, const void* frame, size_t length, uint32_t packet) {
    received r;
    if (const int error = if_receive(st, ifname, frame, length, packet, &r); error != 0) {
        return error;
    }
    if_input_process(st, *r.ifp, r.m);
    if_put(r.ifp);
    return 0;
}

int if_output(stack& st, ifnet& ifp, mbuf* m, uint32_t dst, rtentry* rt) {
    return ifp.if_output(st, ifp, m, dst, rt);
}

int if_enqueue(stack& st, ifnet& ifp, mbuf* m) {
    pf::pf_pkt_addr_changed(st, *m);  // whoever gets it next does not know it by the same addresses
    if (ifp.if_enqueue != nullptr) {
        return ifp.if_enqueue(st, ifp, m);
    }
    return ifq_enqueue(st, ifp, m) ? 0 : ENOBUFS;
}

}  // namespace model::net

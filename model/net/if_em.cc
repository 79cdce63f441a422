#include "model/net/if_em.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "model/kern/assert.h"
#include "model/net/em_ring.h"
#include "model/net/link_state.h"
#include "model/net/object_name.h"
#include "model/net/softnet.h"
#include "model/net/stack.h"
#include "sim/annotate.h"

namespace model::net {

namespace {

// What the card has sent, or lost, is told and freed.
void em_sent(stack& st, ifnet& ifp, em_tx_done& done) {
    while (mbuf* m = ml_dequeue(done.sent)) {
        counter_inc(st, counter::if_opackets);
        if_counter_inc(ifp.if_counters, if_counter::opackets);
        fate_set(st, *m, fate::forwarded, ifp.if_xname);
        m_freem(st, m);
    }
    while (mbuf* m = ml_dequeue(done.lost)) {
        m_drop(st, m, "linkdown");
    }
}

// The ring is full. Its interrupt may have come before it could see that somebody waits for it, so that there is a look
// once more; answers as ifq_dequeue.
mbuf* em_ring_full(stack& st, ifnet& ifp) {
    ifq_set_oactive(ifp.if_snd);
    em_tx_done done = em_tx_reclaim(*ifp.if_softc, *ifp.if_wire);
    em_sent(st, ifp, done);
    return ifq_wait(ifp.if_snd, done.room);
}

// The start routine: one context at a time, which has the first packet in hand, for which there is room.
void em_start(stack& st, ifnet& ifp, mbuf* m) {
    while (m != nullptr) {
        em_tx_done done = em_tx_put(*ifp.if_softc, *ifp.if_wire, m);
        em_sent(st, ifp, done);
        m = done.room ? ifq_dequeue(ifp.if_snd) : em_ring_full(st, ifp);
    }
}

// The interrupt that tells of frames that have been sent, or lost.
void em_txeof(stack& st, ifnet& ifp, em_tx_done& done) {
    if (done.sent.head != nullptr || done.lost.head != nullptr) {
        em_sent(st, ifp, done);
        ifq_restart(st, ifp);
    }
}

// The interrupt that tells of frames that have been received. It comes again until it finds the ring empty.
void em_rxeof(stack& st, ifnet& ifp, unsigned queue) {
    em_rx_ring& ring = ifp.if_softc->rx[queue];
    for (mbuf_list got = em_rx_take(ring, *ifp.if_wire); got.head != nullptr;
         got = em_rx_take(ring, *ifp.if_wire)) {
        softnet_input(st, queue, got);
    }
}

}  // namespace

int em_unit(const char* name) {
    if (strncmp(name, "em", 2) != 0) {
        return -1;
    }
    const char* digits = name + 2;
    const size_t length = strspn(digits, "0123456789");
    const bool is_number =
        length >= 1 && length <= 2 && digits[length] == '\0' && (digits[0] != '0' || length == 1);
    if (!is_number) {
        return -1;
    }
    const int unit = length == 1 ? digits[0] - '0' : (digits[0] - '0') * 10 + (digits[1] - '0');
    return unit < static_cast<int>(em_units_max) ? unit : -1;
}

ifnet* em_attach_locked(stack& st, unsigned unit) {
    ifnet* ifp = kern::pool_get<ifnet>(st.ifnet_pool);
    snprintf(ifp->if_xname, sizeof ifp->if_xname, "em%u", unit);
    heddle_name(ifp, name_of("ifnet", ifp->if_xname).text);
    heddle_name(&ifp->if_snd.mtx, name_of("queue", ifp->if_xname).text);
    ifp->if_wire = &st.wires[unit];
    ifp->if_softc = new em_softc;
    heddle_name(ifp->if_softc, name_of("em_softc", ifp->if_xname).text);
    ifp->if_qstart = em_start;
    ether_ifattach(*ifp);
    // A unicast address that says it was not bought: 02:00:00:00:00:unit.
    if_setlladdr_locked(*ifp, ether_addr{0x020000000000} | unit);
    ifp->if_flags.fetch_or(IFF_RUNNING, std::memory_order_relaxed);
    if (!if_attach_locked(st, *ifp)) {
        if_freesadl(*ifp);
        delete ifp->if_softc;
        kern::pool_put(st.ifnet_pool, ifp);
        return nullptr;
    }
    const uint32_t before = ifp->if_wire->ifidx.fetch_or(ifp->if_index, std::memory_order_relaxed);
    // Unless the card has been told a newer state already.
    uint8_t unknown = LINK_STATE_UNKNOWN;
    ifp->if_link_state.compare_exchange_strong(
        unknown, (before & wire_down) == 0 ? LINK_STATE_UP : LINK_STATE_DOWN,
        std::memory_order_relaxed);
    return ifp;
}

namespace {

// Nobody is in the start routine or an interrupt of the card any more.
void em_stop(stack& st, ifnet& ifp) {
    mbuf_list left = em_tx_stop(*ifp.if_softc);
    while (mbuf* m = ml_dequeue(left)) {
        m_drop(st, m, "txring");
    }
    for (const em_rx_ring& ring : ifp.if_softc->rx) {
        kern::kassert(ring.list.head == nullptr, "em_stop: nobody has taken what was received");
    }
}

}  // namespace

void em_detach(stack& st, ifnet& ifp) {
    if_detach(st, ifp);
    em_stop(st, ifp);
    delete ifp.if_softc;
    kern::pool_put(st.ifnet_pool, &ifp);
}

int em_receive(stack& st, const char* ifname, unsigned queue, const void* frame, size_t length,
               uint32_t packet) {
    if (queue >= em_rx_queues) {
        return EINVAL;
    }
    received r;
    if (const int error = if_receive(st, ifname, frame, length, packet, &r); error != 0) {
        return error;
    }
    int error = 0;
    switch (em_rx_received(r.ifp->if_softc->rx[queue], *r.ifp->if_wire, r.m)) {
        case em_rx_put::full:
            counter_inc(st, counter::if_iqdrops);
            if_counter_inc(r.ifp->if_counters, if_counter::ierrors);
            m_drop(st, r.m, "rxringfull");
            error = ENOBUFS;
            break;
        case em_rx_put::queued:
            break;
        case em_rx_put::interrupts:
            em_rxeof(st, *r.ifp, queue);
            break;
    }
    if_put(r.ifp);
    return error;
}

int em_pause(stack& st, const char* ifname, bool pause) {
    const int unit = em_unit(ifname);
    if (unit < 0) {
        return EINVAL;
    }
    wire& w = st.wires[unit];
    ifnet* ifp = if_get_listening(st, w, w.ifidx.load(std::memory_order_relaxed) & ~wire_down);
    em_tx_done done = em_tx_pause(ifp == nullptr ? nullptr : ifp->if_softc, w, pause);
    if (ifp != nullptr) {
        em_txeof(st, *ifp, done);
    }
    if_put(ifp);
    return 0;
}

int em_link(stack& st, const char* ifname, bool up) {
    const int unit = em_unit(ifname);
    if (unit < 0) {
        return EINVAL;
    }
    wire& w = st.wires[unit];
    // An interface that attaches meanwhile is told by this, or found behind it.
    const uint32_t before = up ? w.ifidx.fetch_and(~wire_down) : w.ifidx.fetch_or(wire_down);
    ifnet* ifp = if_get_listening(st, w, before & ~wire_down);
    em_tx_done done = em_tx_link(ifp == nullptr ? nullptr : ifp->if_softc, w, up);
    if (ifp != nullptr) {
        em_txeof(st, *ifp, done);
        ifp->if_link_state.store(up ? LINK_STATE_UP : LINK_STATE_DOWN, std::memory_order_release);
        if_link_state_change(*ifp);
    }
    if_put(ifp);
    return 0;
}

}  // namespace model::net

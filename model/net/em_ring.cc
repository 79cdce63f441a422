#include "model/net/em_ring.h"

#include "model/kern/assert.h"
#include "sim/annotate.h"

namespace model::net {

namespace {

// The card and its driver do not see each other in the middle of what they do to a ring.
class card {
  public:
    explicit card(wire& w) : w_(w) {
        heddle_section_begin(&w_, "wire");
        kern::mtx_enter(w_.mtx);
    }
    ~card() {
        kern::mtx_leave(w_.mtx);
        heddle_section_end(&w_);
    }
    card(const card&) = delete;
    card& operator=(const card&) = delete;

  private:
    wire& w_;
};

em_tx_slot& slot_of(em_tx_ring& ring, unsigned number) {
    return ring.slot[number % em_tx_slots];
}

void send_locked(em_tx_ring& ring, wire& w) {
    while (!w.paused && ring.sent != ring.last) {
        em_tx_slot& slot = slot_of(ring, ring.sent++);
        wire_append_locked(w, slot.frame);
        slot.frame = nullptr;
    }
}

em_tx_done reclaim_locked(em_tx_ring& ring) {
    em_tx_done done;
    while (ring.first != ring.sent) {
        em_tx_slot& slot = slot_of(ring, ring.first++);
        ml_enqueue(done.sent, slot.m);
        slot.m = nullptr;
    }
    done.room = ring.last - ring.first < em_tx_slots;
    return done;
}

// Takes out what has not been reclaimed.
mbuf_list empty_ring(em_tx_ring& ring) {
    mbuf_list left;
    for (; ring.first != ring.last; ++ring.first) {
        em_tx_slot& slot = slot_of(ring, ring.first);
        ml_enqueue(left, slot.m);
        if (slot.frame != nullptr) {
            wire_frame_free(slot.frame);
        }
        slot = {};
    }
    ring.sent = ring.last;
    return left;
}

}  // namespace

em_tx_done em_tx_put(em_softc& sc, wire& w, mbuf* m) {
    wire_frame* frame = wire_frame_get(m->data, m->len, m->packet);
    const card alone(w);
    em_tx_ring& ring = sc.tx;
    if (w.down) {
        wire_frame_free(frame);
        em_tx_done done = reclaim_locked(ring);
        ml_enqueue(done.lost, m);
        return done;
    }
    kern::kassert(ring.last - ring.first < em_tx_slots, "em_tx_put: no room");
    slot_of(ring, ring.last++) = {m, frame};
    send_locked(ring, w);
    return reclaim_locked(ring);
}

em_tx_done em_tx_reclaim(em_softc& sc, wire& w) {
    const card alone(w);
    return reclaim_locked(sc.tx);
}

em_tx_done em_tx_pause(em_softc* sc, wire& w, bool pause) {
    const card alone(w);
    w.paused = pause;
    if (sc == nullptr) {
        return {};
    }
    send_locked(sc->tx, w);
    return reclaim_locked(sc->tx);
}

mbuf_list em_tx_stop(em_softc& sc) {
    return empty_ring(sc.tx);
}

em_tx_done em_tx_link(em_softc* sc, wire& w, bool up) {
    const card alone(w);
    w.down = !up;
    if (sc == nullptr) {
        return {};
    }
    em_tx_done done = reclaim_locked(sc->tx);
    if (!up) {
        done.lost = empty_ring(sc->tx);
    }
    done.room = true;
    return done;
}

em_rx_put em_rx_received(em_rx_ring& ring, wire& w, mbuf* m) {
    const card alone(w);
    if (ring.list.length >= em_rx_slots) {
        return em_rx_put::full;
    }
    ml_enqueue(ring.list, m);
    const bool was = ring.interrupts;
    ring.interrupts = true;
    return was ? em_rx_put::queued : em_rx_put::interrupts;
}

mbuf_list em_rx_take(em_rx_ring& ring, wire& w) {
    const card alone(w);
    const mbuf_list got = ring.list;
    ring.list = {};
    ring.interrupts = got.head != nullptr;
    return got;
}

}  // namespace model::net

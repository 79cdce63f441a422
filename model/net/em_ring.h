// em_ring.h - the rings of an Ethernet card: what its driver and the card itself hand to each other.
// Source:  struct em_softc of OpenBSD pci/if_em; here each look at a ring is one operation on the card's wire, as a
//          register is.
// Shapes:  em_tx_slots frames wait to be sent or to be reclaimed, em_rx_slots in each receive ring.
// Locks:   [W] wire mutex
// Errors:  as each function says.
#pragma once

#include "model/net/mbuf.h"
#include "model/net/wire.h"

namespace model::net {

inline constexpr unsigned em_tx_slots = 16;
inline constexpr unsigned em_rx_slots = 16;
inline constexpr unsigned em_rx_queues = 4;

struct em_tx_slot {
    mbuf* m = nullptr;            // the driver's, to be freed when it has been sent
    wire_frame* frame = nullptr;  // what the card reads; null: it has been sent
};

// Slots first..sent have been sent and are to be reclaimed; sent..last are the card's.
struct em_tx_ring {
    em_tx_slot slot[em_tx_slots];  // [W]
    unsigned first = 0;            // [W] counted up for ever, as are the others
    unsigned sent = 0;             // [W]
    unsigned last = 0;             // [W]
};

struct em_rx_ring {
    mbuf_list list;           // [W]
    bool interrupts = false;  // [W] some context is in its interrupt handler
};

struct em_softc {
    em_tx_ring tx;                // [W]
    em_rx_ring rx[em_rx_queues];  // [W]
};

// What the card has done with the transmit ring.
struct em_tx_done {
    mbuf_list sent;     // reclaimed: the caller's to free
    mbuf_list lost;     // had no link to go by: likewise
    bool room = false;  // for one frame at least
};

// The driver puts a packet into the transmit ring, in which there is room, and the card sends what it may.
em_tx_done em_tx_put(em_softc& sc, wire& w, mbuf* m);
// The driver looks what has been sent.
em_tx_done em_tx_reclaim(em_softc& sc, wire& w);
// The other end of the wire says whether the card may send; it sends what has waited. `sc` is null where no interface
// listens.
em_tx_done em_tx_pause(em_softc* sc, wire& w, bool pause);
// The card has lost its link, and with it what has not been sent; or has one again.
em_tx_done em_tx_link(em_softc* sc, wire& w, bool up);
// The card has stopped: what has not been sent is the caller's. Nobody else uses the rings any more: no lock.
mbuf_list em_tx_stop(em_softc& sc);

enum class em_rx_put : uint8_t {
    full,       // the packet is still the caller's
    queued,     // somebody is in the interrupt handler, and will find it
    interrupts  // the caller is in it from now on
};

// The card has received a packet.
em_rx_put em_rx_received(em_rx_ring& ring, wire& w, mbuf* m);
// For the interrupt handler: what has been received; empty: the caller has left the handler.
mbuf_list em_rx_take(em_rx_ring& ring, wire& w);

}  // namespace model::net

// if_em.h - the Ethernet driver: simulated hardware with a wire.
// Source:  OpenBSD pci/if_em: em_start, em_txeof, em_rxeof; em_ring.h is the card.
// Shapes:  units 0..em_units_max-1; the wire of a unit exists from the start to the end of a stack.
// Locks:   conf_lock for attaching and detaching.
// Errors:  int errno with the BSD meaning.
#pragma once

#include "model/net/if.h"

namespace model::net {

inline constexpr unsigned em_units_max = 16;

// The unit number in "em7", -1 if it is not such a name.
[[nodiscard]] int em_unit(const char* name);

// Makes the interface, down and without addresses; null: no index is free. conf_lock is held.
[[nodiscard]] ifnet* em_attach_locked(stack& st, unsigned unit);

// The counterpart: stops listening, then if_detach, then frees. conf_lock is not held.
void em_detach(stack& st, ifnet& ifp);

// A frame arrives in a receive ring of the card, and the caller is interrupted by that: what stands in the ring goes to
// the input list of a softnet. `packet`: as for if_input, which is a frame that is processed at once. EINVAL: no such
// wire or ring, or bad packet number; ENXIO: nothing listens; ENOBUFS: the ring is full, or there is no memory.
int em_receive(stack& st, const char* ifname, unsigned queue, const void* frame, size_t length,
               uint32_t packet);

// What is plugged into the wire says to send no more, or to go on: then the card sends what has waited, and the caller
// is interrupted by that. EINVAL: no such wire.
int em_pause(stack& st, const char* ifname, bool pause);

// The wire is pulled out, or put in again: the card has no link, or one, and the caller is interrupted by that. What
// it sends without one is lost. EINVAL: no such wire.
int em_link(stack& st, const char* ifname, bool up);

}  // namespace model::net

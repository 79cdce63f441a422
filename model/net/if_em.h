// if_em.h - the Ethernet driver: simulated hardware with a wire.
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

}  // namespace model::net

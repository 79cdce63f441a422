// if_loop.h - loopback interfaces: what they send, they receive.
// Source:  OpenBSD net/if_loop.c and if_input_local of net/if.c.
// Shapes:  what goes to an address of our own goes by lo0 once that has been made; before, it arrives at once.
//          lo0 stays as long as the stack. What lo0 is to domain 0, loN is to domain N from when it has been moved there
//          on, and it stays there. Upstream makes loN with the domain.
// Locks:   conf_lock for attaching; a packet's way back is the input list of a softnet.
// Errors:  null: no index is free. The packet is consumed in every case.
#pragma once

#include "model/net/if.h"

namespace model::net {

[[nodiscard]] ifnet* loop_clone_create_locked(stack& st, unsigned unit);
// Whether what its domain sends to itself goes by it. conf_lock is held, or it is being destroyed: then it does not move.
[[nodiscard]] bool loop_is_of_domain(stack& st, const ifnet& ifp);
// It is in another domain now, whose loopback it is if its number is the domain's.
void loop_has_moved_locked(stack& st, const ifnet& ifp);
void loop_clone_destroy(stack& st, ifnet& ifp);

}  // namespace model::net

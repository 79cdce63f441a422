// if_loop.h - the loopback interface: what it sends, it receives.
// Source:  OpenBSD net/if_loop.c and if_input_local of net/if.c.
// Shapes:  what goes to an address of our own goes by lo0 once that has been made; before, it arrives at once.
//          lo0 stays as long as the stack.
// Locks:   conf_lock for attaching; a packet's way back is the input list of a softnet.
// Errors:  null: no index is free. The packet is consumed in every case.
#pragma once

#include "model/net/if.h"

namespace model::net {

[[nodiscard]] ifnet* loop_clone_create_locked(stack& st, unsigned unit);
void loop_clone_destroy(stack& st, ifnet& ifp);

}  // namespace model::net

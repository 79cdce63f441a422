// if_vether.h - an Ethernet with no wire: what is sent there is counted, and goes nowhere.
// Source:  OpenBSD net/if_vether.c.
// Shapes:  an address of vetherN is reachable whatever cables are pulled.
// Locks:   conf_lock for attaching.
// Errors:  null: no index is free.
#pragma once

#include "model/net/if.h"

namespace model::net {

[[nodiscard]] ifnet* vether_clone_create_locked(stack& st, unsigned unit);
void vether_clone_destroy(stack& st, ifnet& ifp);

}  // namespace model::net

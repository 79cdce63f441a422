// route_change.h - what lookup needs of the changing of routes.
// Locks:   conf_lock is held.
// Errors:  none.
#pragma once

#include "model/net/route.h"

namespace model::net {

// Makes a host route to `dst` out of a cloning route and returns it, referenced; somebody else's if
// there is one already. Takes over the caller's reference to the cloning route. If no route can be
// made, returns the cloning route as it is.
[[nodiscard]] rtentry* rt_clone_locked(stack& st, rtentry* cloning, uint32_t dst);

}  // namespace model::net

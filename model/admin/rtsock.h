// rtsock.h - what route(8) and arp(8) ask of the routing socket.
// Source:  route_output of OpenBSD net/rtsock.c: its special cases for neighbour entries.
// Shapes:  host order.
// Locks:   conf_lock is held by the caller of the _locked ones.
// Errors:  int errno with the BSD meaning.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/net/route.h"

namespace model::admin {

// RTM_DELETE. A neighbour entry that gateway routes use is not deleted but forgets its address: the
// routes hold on to it. EINVAL: the route of an address of ours.
[[nodiscard]] int rtm_delete_locked(net::stack& st, net::rtentry& rt);

// Every route of a table, sorted by destination, length, priority; none of one that does not exist.
[[nodiscard]] std::vector<net::rtentry*> routes_locked(net::stack& st, unsigned tableid);

// Whether it is the entry of a neighbour or of ourselves, with a link-level address or waiting for
// one.
[[nodiscard]] bool is_neighbour(const net::rtentry& rt);

// How long a neighbour entry is good: "permanent", "static", "19m55s", "expired".
[[nodiscard]] std::string expire_text(const net::stack& st, const net::rtentry& rt);

// The name of a route's interface; nothing if it has gone.
[[nodiscard]] std::string interface_name(net::stack& st, const net::rtentry& rt);

}  // namespace model::admin

// route_print.h - how route(8) and the routing socket's readers write routes.
// Source:  sbin/route and usr.bin/netstat of OpenBSD: their columns and words.
// Shapes:  host order; a route to nowhere stands as upstream's do, on lo0.
// Locks:   conf_lock is held, or the route is referenced.
// Errors:  none.
#pragma once

#include <cstdint>
#include <string>

#include "model/net/route.h"

namespace model::admin {

// The line above the rows of `route show`, and a row of it.
[[nodiscard]] std::string route_head();
[[nodiscard]] std::string route_row(net::stack& st, const net::rtentry& rt);

// What `route get WANTED` says of the route.
void print_route(net::stack& st, const net::rtentry& rt, uint32_t wanted, std::string& out);

// "10.0.2.2", a link-level address, "link#2"; what stands in the second column.
[[nodiscard]] std::string gateway_text(const net::rtentry& rt);

// "UP,GATEWAY,STATIC".
[[nodiscard]] std::string route_flags_text(uint32_t flags);

}  // namespace model::admin

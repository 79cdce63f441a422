// netstat.h - the parts of netstat(1) that are not about sockets.
// Source:  usr.bin/netstat of OpenBSD: its columns.
// Locks:   none is held by the caller; takes conf_lock.
// Errors:  none.
#pragma once

#include <string>

namespace model::net {
struct stack;
}

namespace model::admin {

// -rn: every route of a table, as `route show` has them.
void netstat_routes(net::stack& st, unsigned tableid, std::string& out);

// -in: interfaces, a line for the link and one for each address; packets that came and left, and that failed to.
void netstat_interfaces(net::stack& st, std::string& out);

}  // namespace model::admin

// socket_observe.h - what an observer may ask of sockets, by their names.
// Source:  ours.
// Shapes:  the words behind the first one: a name. "none" if no socket, or no pcb, has it.
// Locks:   none is taken: for when nobody runs, even after a deadlock.
// Errors:  false: these words mean nothing.
#pragma once

#include <string>
#include <string_view>

#include "model/admin/tools.h"

namespace model::admin {

// got S: what it was given, packet:bytes one behind the other, in order.
[[nodiscard]] bool observe_got(net::stack& st, arguments words, std::string& out);
// queued S: the same of what nobody has read yet.
[[nodiscard]] bool observe_queued(net::stack& st, arguments words, std::string& out);
// local S, foreign S: the ends of its pcb, "10.0.1.1.53", "*.*".
[[nodiscard]] bool observe_local(net::stack& st, arguments words, std::string& out);
[[nodiscard]] bool observe_foreign(net::stack& st, arguments words, std::string& out);
// state S: of its connection, "ESTABLISHED".
[[nodiscard]] bool observe_state(net::stack& st, arguments words, std::string& out);

// members IF: the groups that it has joined and for how many sockets each, "224.1.2.3:2", oldest first.
[[nodiscard]] bool observe_members(net::stack& st, arguments words, std::string& out);
// joined S: the groups of its memberships, "224.1.2.3 em0", joined by +, in the order of joining.
[[nodiscard]] bool observe_joined(net::stack& st, arguments words, std::string& out);

// References to the pcb of a socket; -1: there is none.
[[nodiscard]] long socket_pcb_refs(const net::stack& st, std::string_view name);

}  // namespace model::admin

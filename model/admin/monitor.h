// monitor.h - `route monitor`: a program that listens to what changes in the routing table.
// Source:  route(8), route(4) of OpenBSD. `read` and `close` are ours: what the program does, step by step.
// Shapes:  a message is a line; observers have shorter words, joined by +. Without a name it is opened, read and closed
//          by one command; with one it stays open, and knows the table: it reads that after opening, and anew after
//          each RTM_DESYNC.
// Locks:   none is held by the caller. May sleep. observe_monitor takes none.
// Errors:  the tool's exit status.
#pragma once

#include <string>
#include <string_view>

#include "model/admin/tools.h"

namespace model::net {
struct rt_message;
}

namespace model::admin {

// `verb` is monitor, read, close.
int monitor(net::stack& st, std::string_view verb, unsigned tableid, arguments args,
            std::string& out);

[[nodiscard]] bool is_monitor_name(std::string_view name);

// A line of `route monitor`; the words of an observer.
[[nodiscard]] std::string message_line(const net::rt_message& m);
[[nodiscard]] std::string message_words(const net::rt_message& m);
// The number of a message by its name, with or without RTM_ in front, in any case; 0: there is none.
[[nodiscard]] int message_type(std::string_view name);

// monitor got M: what it has read. monitor queued M: what it has not. monitor messages M, monitor desync M: how many
// it has read, and how many of those were RTM_DESYNC. monitor knows M: `in_step`, if what it has read and has not
// tells what the table is; `out_of_step` if not; `desync`, if it will be told that it lost some; `closed`.
[[nodiscard]] bool observe_monitor(net::stack& st, arguments words, std::string& out);

}  // namespace model::admin

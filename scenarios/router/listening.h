// listening.h - `route monitor` at a router that runs: the lines that open a listener for a client, read it, close it.
// Source:  ours. A command that sleeps would keep all others waiting, and so would a `route monitor` that never ends; so the
//          listener has a name of the server's, and is read every now and then for as long as its client is there.
// Shapes:  a line for one of several routers begins with `on NAME`, and so do those that are made of it.
// Locks:   none; pure functions.
#pragma once

#include <optional>
#include <string>

namespace scenario {

inline constexpr int listening_period_ms = 100;

struct listening {
    std::string open;
    std::string read;
    std::string close;
};

// Null if the line is no `route monitor`, or one that has a name or counts its messages.
[[nodiscard]] std::optional<listening> listening_for(const std::string& line, unsigned number);

}  // namespace scenario

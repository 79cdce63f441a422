// router_check.h - what must hold of a router whatever came in, and of every frame that it has sent.
// Source:  ours; RFC 791, 792, 793, 768, 826 for the frames.
// Shapes:  the router rests: no other context runs in it.
// Errors:  aborts by fuzz::require.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "model/net/stack.h"

namespace fuzz {

// Runs a command that must succeed.
void configure(model::net::stack& st, const char* line);

// Whatever links two objects leads both ways, what is counted is there, each packet has one fate. `after`:
// what was done last.
void check_router(model::net::stack& st, const std::string& after);

// What has left by any wire since `seen` (of each wire) dissects: lengths fit, checksums are right. What is
// forwarded keeps what its sender wrote behind the header of IP.
struct frames_seen {
    unsigned of[model::net::em_units_max] = {};
};
void check_sent(model::net::stack& st, frames_seen& seen);

}  // namespace fuzz

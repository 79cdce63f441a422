// changes.h - what each event of a trace changed: locks, references, states, memory, packets, values.
// Source:  what the machine records: "2 -> 3", `take` and `put` before a counter moves, lock and unlock.
// Shapes:  in the order of the trace; `before` is what the same thing was last, "" where nobody knows.
// Locks:   none; pure function.
// Errors:  none; what a trace leaves out is left out.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/trace/trace.h"

namespace viz {

enum class state_group : uint8_t { lock, reference, state, memory, packet, value };

struct state_change {
    uint32_t event = 0;  // index into the trace's events
    state_group group = state_group::value;
    std::string thing;   // "conf_lock", "ifnet em1+24"
    std::string before;  // "free", "2"
    std::string after;   // "held by adm", "3"
    bool operator==(const state_change&) const = default;
};

std::vector<state_change> state_changes(const sim::trace& t);

}  // namespace viz

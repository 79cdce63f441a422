// lock_graph.h - which lock was wanted with which held, and who did it first: read off one trace.
// Source:  the idea of witness(4): an order is learnt from each time that a second lock is asked for.
// Shapes:  an edge for each pair of locks, in the order in which they were first seen.
// Locks:   none; pure functions.
// Errors:  none.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/trace/trace.h"

namespace viz {

struct lock_edge {
    std::string held;
    std::string wanted;
    uint32_t context = 0;                        // the first that did so
    uint32_t held_step = 0;                      // 0: before the race
    uint32_t wanted_step = 0;                    // 0: it was waiting when all was over
    std::vector<sim::trace_frame> held_stack;    // where it took the one
    std::vector<sim::trace_frame> wanted_stack;  // where it wants the other
    uint32_t times = 0;
    bool in_cycle = false;
};

std::vector<lock_edge> lock_edges(const sim::trace& t);

// Does the event take a lock, or give one back?
bool takes_lock(const sim::trace_event& event);
bool gives_lock_back(const sim::trace_event& event);

}  // namespace viz

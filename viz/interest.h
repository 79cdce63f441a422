// interest.h - which events of a trace a reader must see, and in which calls they happen.
// Shapes:  ranks 0 (must be shown) to rank_dull; the less interesting the larger.
// Locks:   none; pure functions.
// Errors:  none.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/trace/trace.h"
#include "viz/phrase.h"

namespace viz {

inline constexpr uint32_t rank_dull = 8;

// What a view may show on a line of its own.
struct item {
    enum class what_kind : uint8_t { step, call, leave, remark };
    what_kind what = what_kind::step;
    uint32_t event = 0;  // index into the trace's events
    uint32_t context = 0;
    std::string waits;              // "waits for ...", for a wait that is no event of the trace
    std::string function;           // call, leave: which; else: in which it happens
    std::vector<uint32_t> changes;  // events (state, alloc, free) that belong to this step
    uint32_t rank = rank_dull;
    uint32_t depth = 0;  // calls around it
};

// The items of a trace, in its order, ranked. Where a context has no enter and leave remarks, its
// calls are taken from the stacks of its steps.
std::vector<item> items_of(const sim::trace& t, const plumbing_files& plumbing);

// Index of the event of each step; [0] is unused.
std::vector<uint32_t> step_events(const sim::trace& t);

// The contexts that were left although they could go on, per event index; UINT32_MAX: none.
std::vector<uint32_t> preempted_by_event(const sim::trace& t);

}  // namespace viz

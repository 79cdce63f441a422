// race_label.h - what a data race does: its two accesses in both orders, one after the other.
// Source:  the idea of Narayanasamy et al., PLDI 2007 (both orders are replayed, their outcomes compared).
// Shapes:  the schedule that found the race is run again with scheduling points at the location; then once more with
//          the context of the first access held back until the other has made its own, and everything else as it was.
//          An outcome is how the execution ends, the other findings, and the memory that the end leaves.
// Locks:   none; between two executions.
// Errors:  none. A label is of this schedule: another one may show more.
#pragma once

#include <functional>
#include <string>

#include "sim/explore/explorer.h"

namespace sim {

enum class race_effect : uint8_t {
    unknown,         // the schedule did not show the two accesses again
    harmless,        // the same state and the same findings
    state_changing,  // another state
    crashing,        // another finding follows from one of the orders
    one_order,       // the first access always comes first: what orders them is no synchronisation
};

struct race_label {
    race_effect effect = race_effect::unknown;
    std::string text;  // one line for people; empty: unknown
};

const char* name_of(race_effect effect);

// Of a data race. `before_execution` is called before each run.
race_label label_race(simulation& subject, const found_case& f,
                      const std::function<void()>& before_execution);

}  // namespace sim

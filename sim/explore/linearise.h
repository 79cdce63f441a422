// linearise.h - one order for all executions that are the same up to the order of independent steps.
// Source:  ours. Which of them a search happens to run depends on the order in which it goes; what is
//          shown of a failure should not.
// Shapes:  a function of what happens before what: go on with the current context while its next event
//          has nothing before it, else with the lowest that can.
// Locks:   none; host code.
// Errors:  none.
#pragma once

#include <cstdint>

#include "sim/explore/event_log.h"
#include "sim/machine/choices.h"

namespace sim {

struct linear_order {
    recorded_choices choices;
    // Contexts left that could have gone on, as far as the events say: not those that would have taken
    // what another takes before them, which the machine counts too.
    uint32_t preemptions = 0;
};

// Of all analysed events of a log; or of one of them and what happens before it: of the last, where that one
// ended the execution. `also`: another one, with its past, that is to come before that, though nothing orders
// the two.
inline constexpr size_t no_event = ~size_t{0};
linear_order linearise(const event_log& log, size_t past_of = no_event, size_t also = no_event);

}  // namespace sim

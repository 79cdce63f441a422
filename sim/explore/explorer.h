// explorer.h - runs a subject under a strategy until it is done, and keeps what was found.
// Source:  design section 4, Verdicts.
// Shapes:  counts of executions; a finding is kept once, with its shortest schedule: fewest preemptions,
//          then fewest steps, then lexicographic.
// Locks:   none.
// Errors:  findings are data.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "sim/check/lessons.h"
#include "sim/simulation.h"

namespace sim {

struct found_case {
    finding what;
    recorded_choices choices;
    uint32_t preemptions = 0;
    uint64_t executions = 0;  // in how many it was seen
    // Seen before what is visible now was: its schedule gives way to any of this round.
    bool of_earlier_round = false;
};

// What the subject's own text allows (check/suppress.h).
struct allowed_case {
    uint32_t number = 0;  // of the suppression
    uint64_t executions = 0;
};

struct explore_limits {
    uint64_t executions_max = ~0ULL;  // of those that were not in vain
    bool stop_at_first = false;
    bool begins_anew = true;  // else it ends where that is needed: visible_pending()
};

struct explore_result {
    // Of the last round: when locations become visible (visible.h), exploration begins anew.
    uint64_t executions = 0;  // finished, deadlocked or ended by a finding
    uint64_t pruned = 0;      // given up by the strategy
    uint64_t deadlocked = 0;
    uint64_t steps = 0;
    uint64_t step_bounds = 0;  // executions that did not end within the step limit
    uint64_t unaccounted =
        0;  // of those given up: nobody knows whether others show what they would have
    uint32_t steps_longest = 0;
    uint64_t earlier = 0;   // executions of earlier rounds
    bool complete = false;  // the strategy had nothing left
    bool cut_by_findings = false;
    std::vector<found_case> found;
    lessons learned;                    // by checkers, of all rounds
    std::vector<allowed_case> allowed;  // by number
    found_case unended;  // its choices: an execution that did not end within the step limit
    // Nothing was seen that was not followed to its end.
    [[nodiscard]] bool all_followed() const { return step_bounds == 0 && unaccounted == 0; }
};

// Adds what another part of the same round gave. Of a finding's schedules the better is kept: the same,
// whatever the order.
void merge(explore_result& into, const explore_result& more);
// In an order that does not depend on who was found first.
void sort_cases(std::vector<found_case>& found);
// What is kept when exploration begins anew.
void next_round(explore_result& r);

// Called after each execution, before the next restore, with its end; returns false to stop.
using execution_observer = std::function<bool(execution_end)>;

explore_result explore(simulation& subject, strategy& s, const explore_limits& limits,
                       const execution_observer& observer = nullptr);

// Runs one execution with everything written down.
trace record(simulation& subject, strategy& s, execution_end& end);
// Runs one schedule again with everything written down.
trace replay(simulation& subject, const recorded_choices& choices, execution_end& end,
             bool& diverged);

}  // namespace sim

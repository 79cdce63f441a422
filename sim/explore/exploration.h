// exploration.h - an exploration as a whole: what is left, what came out so far; all that a checkpoint holds.
// Source:  ours.
// Shapes:  rounds as in visible.h: where a location turns out to race, everything is explored anew. Numbers of
//          contexts are given at first sight (schedule.h); whoever works on a unit must have the same.
// Locks:   none: one owner.
// Errors:  read: false for bytes that are no exploration.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "sim/explore/explorer.h"
#include "sim/explore/optimal.h"
#include "sim/explore/shared_tree.h"
#include "sim/machine/schedule.h"
#include "sim/machine/visible.h"

namespace sim {

// What came of a unit of work.
struct unit_answer {
    unit_rest rest;
    explore_result result;
    std::vector<location> raced;  // not visible before
    std::vector<context_path> contexts;
    bool shared_cpus = false;
};

void write(byte_writer& to, const unit_answer& a);
unit_answer read_answer(byte_reader& from);

struct exploration {
    shared_tree tree;
    explore_result result;
    std::vector<location> visible;
    std::vector<context_path> contexts;
    uint64_t in_vain = 0;  // executions given up since what is explored elsewhere was left
    bool shared_cpus = false;

    // Takes an answer in; gives what shared_tree::commit does. False in `fits`: the worker has given a
    // context another number than somebody before it; the unit must be done again.
    int32_t take_in(unit_answer answer, bool& fits);
    [[nodiscard]] uint64_t executions() const { return result.earlier + result.executions; }

    void write(byte_writer& to) const;
    [[nodiscard]] bool read(byte_reader& from);
};

// Works on a unit, for at most so many executions. `go_on` is asked after each.
unit_answer work_on(simulation& subject, optimal_strategy& s, work_unit u, uint64_t executions,
                    const execution_observer& go_on);

// Explores what is left, in this process, one unit after the other. `more` is told the strategy.
using unit_observer = std::function<bool(const optimal_strategy&)>;
void explore_rest(simulation& subject, exploration& all, const explore_limits& limits,
                  const unit_observer& more);

}  // namespace sim

// strategy_choice.h - which strategy explores, with its numbers.
// Source:  what was typed wins over what a file says, and that over what is usual.
// Shapes:  plain data; kinds are those of `heddle list strategies` but dfs.
// Locks:   none.
// Errors:  none: options and files were checked when they were read.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "scenarios/lang/script.h"
#include "scenarios/runner/race.h"
#include "sim/explore/exploration.h"
#include "sim/machine/machine.h"

namespace scenario {

struct strategy_choice {
    std::string kind = "optimal";
    uint32_t preemptions = 3;  // of bounded
    uint32_t delays = 2;
    std::optional<uint32_t> reversals;  // of graph
    uint32_t depth = 0;                 // of pct
    uint64_t seed = 1;
    uint64_t executions = ~0ULL;
    std::optional<size_t> checkpoint_gap;

    [[nodiscard]] std::unique_ptr<sim::strategy> make() const;
    // It can be cut into units of work (sim/explore/work_unit.h).
    [[nodiscard]] bool in_units() const { return kind == "optimal" || kind == "graph"; }
    [[nodiscard]] sim::unit_style style() const;
    [[nodiscard]] std::string text() const;  // "bounded, 3 preemptions"
    // What is bounded, if anything is, and how far the search was to go.
    [[nodiscard]] std::string bound_of() const;
    [[nodiscard]] uint32_t bound() const;
};

// `said`: by the file, or null. `executions`: as many as are usual where nobody says how many, or how long.
strategy_choice choose_strategy(const std::string& kind, const explore_request& request,
                                const explore_clause* said, uint64_t executions);
// It draws executions and never comes to an end.
bool draws(const std::string& kind);

}  // namespace scenario

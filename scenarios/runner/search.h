// search.h - what a script and a request together ask to explore, as one strategy.
// Source:  design section 4, Strategies; section 6, schedules: runs as a prefix, constraints, a tail.
// Shapes:  one a variant. The points of the exploring schedule are part of every execution of it,
//          replays included: arm() before each that is not the strategy's own.
// Locks:   none.
// Errors:  a prefix that cannot be followed and an order that is about nothing are data: problem().
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "scenarios/runner/race.h"
#include "scenarios/runner/script_points.h"
#include "scenarios/runner/strategy_choice.h"
#include "sim/explore/counted.h"
#include "sim/explore/explorer.h"

namespace scenario {

// How many traces lie within each bound, into the report.
void tell_traces(const sim::counted_strategy& counted, variant_report& r);

// Which strategy explores a race: "optimal", ... as kind() says.
std::string strategy_kind(const script& s, const explore_request& request);

class search {
  public:
    search(const script& s, const explore_request& request);

    sim::strategy& strategy() { return *outermost_; }
    void arm() { points_.arm(); }
    // Equivalent executions are explored once, and which of them is not told beforehand.
    [[nodiscard]] bool optimal() const { return choice_.kind == "optimal"; }
    // It can be cut into units of work. Each process that explores has a strategy of its own, around which goes what arms
    // the points of the schedule.
    [[nodiscard]] bool in_units() const { return choice_.in_units(); }
    sim::strategy& around(sim::strategy& s);
    [[nodiscard]] const strategy_choice& choice() const { return choice_; }

    // While it goes on: the bound of the round, -1 if there is none, and strategy::share_done.
    [[nodiscard]] int round() const;
    [[nodiscard]] double share_done() const { return inner_->share_done(); }

    // After the exploration: how far it went, into the report.
    void tell(const sim::explore_result& result, bool bound_mattered, variant_report& r) const;
    // Why nothing, or not what was asked for, has been explored; "" if all is well.
    [[nodiscard]] std::string problem(const sim::explore_result& result) const;
    // What its verdicts leave out: "only executions in which ...".
    [[nodiscard]] std::vector<std::string> restrictions() const;

  private:
    explicit search(const script& s, const explore_request& request, schedule_points points);

    const schedule* schedule_;  // the one that explores, or null
    schedule_points parts_;
    sim::point_set points_;
    strategy_choice choice_;
    std::unique_ptr<sim::strategy> inner_;
    sim::iterative_strategy* rounds_;                         // inner_, if it has a bound
    std::unique_ptr<sim::scripted_strategy> prefix_;          // null: no runs
    std::unique_ptr<sim::constrained_strategy> constrained_;  // null: no points to watch
    std::unique_ptr<sim::counted_strategy> counted_;          // null: no bound
    sim::strategy* outermost_;
};

}  // namespace scenario

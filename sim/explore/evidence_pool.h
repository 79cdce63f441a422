// evidence_pool.h - executions that fail and executions that do not, by the orders that they keep.
// Source:  exploration.md D6, explain. What decides a failure is a set of orders that every failing
//          execution keeps and no other does.
// Shapes:  executions that keep the same orders are one. Work is counted in steps.
// Locks:   none; host code.
// Errors:  executions that do not end, or were given up, are no evidence.
#pragma once

#include <set>
#include <string>

#include "sim/explore/failing_runs.h"
#include "sim/explore/place_orders.h"

namespace sim {

class evidence_pool {
  public:
    evidence_pool(simulation& subject, const failure_signature& failure, uint32_t visible,
                  const std::vector<place_order>& orders, const work_limits& limits);

    enum class outcome : uint8_t { fails, passes, unknown };
    // One execution of a strategy that always has another.
    outcome run_one(strategy& s);

    struct search {
        bool complete = false;  // nothing was left
        uint64_t executions = 0;
        bool passed = false;  // some execution did not fail
        bool failed = false;
    };
    // Executions until the strategy has none left, so many steps have been done, or, if it is asked for,
    // the first that passes.
    search run_all(strategy& s, uint64_t steps_max, bool stop_at_pass);
    // Only executions that keep these, until told otherwise.
    void enforce(const order_set& orders) { watch_.enforce(orders); }

    // What executions that did not fail have kept, and those that failed.
    [[nodiscard]] const std::set<std::string>& passing() const { return passing_; }
    [[nodiscard]] const order_set& kept_by_all_failing() const { return kept_by_failing_; }
    [[nodiscard]] uint64_t executions() const { return executions_; }
    [[nodiscard]] uint64_t passes() const { return passes_; }
    // Locations were seen to race that have no scheduling points: more can happen than was looked at.
    [[nodiscard]] bool met_new_races() const;
    [[nodiscard]] bool out_of_time() const { return limits_.out_of_time && limits_.out_of_time(); }

  private:
    outcome run();

    simulation& subject_;
    const failure_signature& failure_;
    work_limits limits_;
    size_t orders_;
    order_watch watch_;
    std::set<std::string> passing_;
    order_set kept_by_failing_;
    uint64_t executions_ = 0;
    uint64_t passes_ = 0;
};

// The choices of an execution up to a step, then another strategy.
class continued_strategy final : public strategy {
  public:
    continued_strategy(const recorded_choices& choices, strategy& tail)
        : choices_(choices), tail_(tail) {}
    void continue_after(size_t steps);
    bool begin() override;
    uint8_t choose(const choice_view& view) override;
    uint32_t pick(const choice_view& view, uint32_t n) override;
    void time_passes() override { tail_.time_passes(); }
    void end(execution_end why) override { tail_.end(why); }

  private:
    const recorded_choices& choices_;
    strategy& tail_;
    size_t end_ = 0;  // of the choices that are taken again
    size_t at_ = 0;
};

}  // namespace sim

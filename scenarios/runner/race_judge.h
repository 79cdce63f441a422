// race_judge.h - looks at each execution of a race and keeps what its clauses know.
// Source:  design section 6.
// Shapes:  one a process. Where several explore, each judges what it runs (sim/explore/execution_judge.h).
// Locks:   none; host code.
// Errors:  none.
#pragma once

#include <optional>
#include <string>

#include "scenarios/runner/clauses.h"
#include "scenarios/runner/conditions.h"
#include "scenarios/runner/midway.h"
#include "scenarios/runner/stage.h"
#include "sim/explore/execution_judge.h"
#include "sim/simulation.h"

namespace scenario {

class race_judge final : public sim::execution_judge {
  public:
    // `clauses` decide; `others` are looked at beside them, and a first execution against each is kept.
    race_judge(sim::simulation& machine, stage& on, final_look& look, clause_set& clauses,
               clause_set& others)
        : machine_(machine), stage_(on), look_(look), clauses_(clauses), others_(others) {}

    sim::strategy& around(sim::optimal_strategy& s) override;
    sim::strategy& around_other(sim::strategy& s);
    // Also makes the stage ready for the next execution.
    bool see(sim::execution_end end) override;
    std::string news() override;
    [[nodiscard]] std::string all() const override;
    [[nodiscard]] bool take_in(const std::string& seen) override;

    // All that is expected is that something happens, and it has.
    [[nodiscard]] bool satisfied() const;

  private:
    sim::strategy& looked_through(sim::strategy& s, const sim::optimal_strategy* optimal);

    sim::simulation& machine_;
    stage& stage_;
    final_look& look_;
    clause_set& clauses_;
    clause_set& others_;
    sim::strategy* explores_ = nullptr;
    std::optional<midway> midway_;
};

}  // namespace scenario

// race_judge.h - looks at each execution of a race and keeps what its clauses know.
// Source:  design section 6.
// Shapes:  one a process. Where several explore, each judges what it runs (sim/explore/execution_judge.h).
// Locks:   none; host code.
// Errors:  none.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>

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

    // What else goes around the strategies that it is asked to look at, in units of work.
    void have_around(std::function<sim::strategy&(sim::strategy&)> more) {
        around_ = std::move(more);
    }
    sim::strategy& around(sim::strategy& s) override;
    sim::strategy& around_other(sim::strategy& s);
    // Also makes the stage ready for the next execution.
    bool see(sim::execution_end end) override;
    std::string news() override;
    [[nodiscard]] std::string all() const override;
    [[nodiscard]] bool take_in(const std::string& seen) override;

    // All that is expected is that something happens, and it has.
    [[nodiscard]] bool satisfied() const;

  private:
    sim::strategy& looked_through(sim::strategy& s);

    sim::simulation& machine_;
    stage& stage_;
    final_look& look_;
    clause_set& clauses_;
    clause_set& others_;
    sim::strategy* explores_ = nullptr;
    std::optional<midway> midway_;
    std::function<sim::strategy&(sim::strategy&)> around_;
};

}  // namespace scenario

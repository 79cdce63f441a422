// clauses.h - the expectations of one variant, kept up to date while it is explored.
// Source:  design section 6; ecosystem.md 1.3 for the meaning of each quantifier.
// Shapes:  a clause remembers the choices of the execution that decided it.
// Locks:   none.
// Errors:  none.
#pragma once

#include <string>
#include <vector>

#include "scenarios/lang/script.h"
#include "scenarios/runner/conditions.h"
#include "scenarios/runner/report.h"

namespace scenario {

struct tracked_clause {
    const expect_clause* clause = nullptr;
    bool seen = false;              // exists: it happened; a schedule's: it was judged
    bool violated = false;          // the others: it did not hold
    sim::recorded_choices choices;  // of the deciding execution
    std::string detail;
    const schedule* run = nullptr;  // a schedule's: which
};

// reach and always: midway.h judges them.
bool is_judged_midway(clause_kind kind);

class clause_set {
  public:
    // Those that apply to the variant under the regime ("" for none).
    clause_set(const script& s, const std::string& variant, const std::string& regime);

    [[nodiscard]] bool empty() const { return clauses_.empty(); }
    // Judges an explored execution.
    void judge(const final_look& look, sim::execution_end end);
    // Judges the single run of a schedule.
    void judge_schedule(const std::string& name, const final_look& look,
                        const std::string& problem);
    // Schedules that some clause is about.
    [[nodiscard]] std::vector<const schedule*> schedules() const;
    // Nothing more can change for the better: everything that only wants to happen has happened.
    [[nodiscard]] bool satisfied_early() const;
    // Only wants things to happen; then the search may stop at satisfied_early().
    [[nodiscard]] bool only_exists() const;
    [[nodiscard]] bool expects_bug(const std::string& kind) const;

    [[nodiscard]] std::vector<expectation_report> report(bool complete) const;
    std::vector<tracked_clause>& tracked() { return clauses_; }

  private:
    const script& script_;
    std::vector<tracked_clause> clauses_;
};

}  // namespace scenario

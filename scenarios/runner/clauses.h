// clauses.h - the expectations of one variant, kept up to date while it is explored.
// Source:  design section 6; ecosystem.md 1.3 for the meaning of each quantifier.
// Shapes:  a clause that did not hold remembers an execution that shows it: the first, or, where the strategy
//          has one order for equivalent ones, the best of all. Then what is known only grows, so that several
//          processes can put together what they saw: the same, whoever saw what and however often it is said.
// Locks:   none.
// Errors:  take_in: false for bytes that write() of the same expectations did not make.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "scenarios/lang/script.h"
#include "scenarios/runner/conditions.h"
#include "scenarios/runner/report.h"
#include "sim/explore/bytes.h"

namespace scenario {

// An execution in which a clause did not hold, or as much of it as shows that.
struct counterexample {
    sim::recorded_choices choices;
    uint32_t preemptions = 0;
    std::string detail;
};

struct tracked_clause {
    const expect_clause* clause = nullptr;
    bool seen = false;      // exists: it happened; a schedule's: it was judged
    bool violated = false;  // the others: it did not hold
    counterexample against;
    const schedule* run = nullptr;  // a schedule's: which
};

// reach and always: midway.h judges them.
bool is_judged_midway(clause_kind kind);

class clause_set {
  public:
    // Those that apply to the variant under the regime ("" for none).
    clause_set(const script& s, const std::string& variant, const std::string& regime);

    // What must hold of every execution of fixed, to be tried on another variant: none of fixed itself.
    static clause_set always_of_fixed(const script& s, const std::string& variant);

    [[nodiscard]] bool empty() const { return clauses_.empty(); }
    // From now on the best counterexample is wanted: the strategy is one that knows strategy::canonical.
    void want_best() { wants_best_ = true; }
    // No execution can tell more of it.
    [[nodiscard]] bool settled(const tracked_clause& t) const {
        return t.seen || (t.violated && !wants_best_);
    }
    // Judges an execution that the strategy has explored.
    void judge(const final_look& look, sim::execution_end end, sim::strategy& s);
    // It happened.
    void happened(tracked_clause& t);
    // It did not hold; kept if it is the first such execution or better than the one that is known.
    void did_not_hold(tracked_clause& t, counterexample c);
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
    // A bug is expected of some object: objects that executions make have to have their names.
    [[nodiscard]] bool names_objects() const;

    [[nodiscard]] std::vector<expectation_report> report(bool complete) const;
    // The clauses that did not hold, as those of another variant; fewest preemptions first. `told` gets
    // the execution, to add what the strategy can say of it.
    [[nodiscard]] std::vector<broken_report> broken(
        const std::function<void(const counterexample&, broken_report&)>& told) const;
    std::vector<tracked_clause>& tracked() { return clauses_; }

    // What exploring has shown; what schedules have shown is not part of it.
    void write(sim::byte_writer& to) const;
    [[nodiscard]] bool take_in(sim::byte_reader& from);
    // It has grown since this was asked last.
    [[nodiscard]] bool take_change();
    // It is searched for something whose being seen depends on which of equivalent executions were run.
    [[nodiscard]] bool searches() const;

  private:
    const script& script_;
    std::vector<tracked_clause> clauses_;
    bool wants_best_ = false;
    bool changed_ = false;
};

}  // namespace scenario

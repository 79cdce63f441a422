// midway.h - expectations that are judged while an execution runs: reach and always.
// Source:  design section 4, What may be observed; section 6, Conditions.
// Shapes:  wraps the strategy that explores and looks before each choice. `reach` is a search: a state
//          that is seen is real, one that is not may hide in an interleaving equivalent to one that was
//          explored. `always` looks after each release of its lock, at what that lock guards: equal for
//          equivalent interleavings, hence a proof if the exploration is one.
//          The optimal strategy is not asked where it has been before, and neither is this: a state is looked
//          at where an execution first comes to it. What is seen then counts though the execution be given up.
// Locks:   none; the model is asked on the stack of the context that has stopped.
// Errors:  conditions that cannot be judged so are refused by resolve.cc.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "scenarios/runner/clauses.h"
#include "scenarios/runner/conditions.h"
#include "sim/explore/optimal.h"

namespace scenario {

class midway final : public sim::strategy {
  public:
    midway(clause_set& clauses, final_look& look, stage& on, sim::strategy& inner);

    // There is something to look for, or to be kept with snapshots; otherwise the inner strategy does
    // without this one.
    [[nodiscard]] bool needed() const {
        return !watched_.empty() || (optimal_ != nullptr && stage_.has_labels());
    }

    bool begin() override;
    uint8_t choose(const sim::choice_view& view) override;
    uint32_t pick(const sim::choice_view& view, uint32_t n) override {
        return inner_.pick(view, n);
    }
    [[nodiscard]] bool wants_forced() const override { return true; }
    [[nodiscard]] bool wants_operations() const override { return true; }
    [[nodiscard]] bool gives_up_spins() const override { return inner_.gives_up_spins(); }
    unsigned resume_level() override { return inner_.resume_level(); }
    void snapshot_made(unsigned level) override {
        inner_.snapshot_made(level);
        stage_.keep(level);
    }
    [[nodiscard]] bool in_vain() const override { return inner_.in_vain(); }
    [[nodiscard]] bool may_have_missed() const override { return inner_.may_have_missed(); }
    bool canonical(sim::execution_end end, sim::recorded_choices& choices,
                   uint32_t& preemptions) override {
        return inner_.canonical(end, choices, preemptions);
    }
    [[nodiscard]] double share_done() const override { return inner_.share_done(); }
    void time_passes() override { inner_.time_passes(); }
    void restart() override { inner_.restart(); }
    // What was seen in an execution that an order gave up counts for nothing.
    void end(sim::execution_end why) override;

  private:
    struct watched_clause {
        tracked_clause* clause = nullptr;
        // Of this execution, each behind so many choices: for optimal all, else the first.
        std::vector<sim::recorded_choices> decided;
    };
    void decide(watched_clause& w);
    [[nodiscard]] counterexample counterexample_of(const sim::recorded_choices& choices) const;
    [[nodiscard]] bool released(const std::string& lock) const;
    bool holds(const atom& a);
    bool is_in(const std::string& context, const std::string& function);

    clause_set& clauses_;
    final_look& look_;
    stage& stage_;
    sim::strategy& inner_;
    const sim::optimal_strategy* optimal_;  // inner, if it is that
    std::vector<watched_clause> watched_;
    std::map<std::string, std::vector<std::pair<uint64_t, uint64_t>>> code_;  // by function
    size_t history_seen_ = 0;
};

}  // namespace scenario

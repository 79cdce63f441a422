// failing_runs.h - runs candidates of a failing schedule and says which still fail in the same way.
// Source:  exploration.md D6, pitfalls: slippage to another bug, quadratic reruns.
// Shapes:  the best so far is the one with the fewest preemptions, then deviations from the default rule,
//          then steps. Work is counted in steps, so that it is the same on every machine; the clock can
//          only end it earlier.
// Locks:   none; host code.
// Errors:  none: an execution that does not end within its steps does not fail.
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <tuple>

#include "sim/explore/blocks.h"
#include "sim/explore/replay.h"
#include "sim/explore/signature.h"
#include "sim/simulation.h"

namespace sim {

struct schedule_cost {
    uint32_t preemptions = 0;
    uint32_t deviations = 0;  // from the default rule: the length of the token
    uint32_t steps = 0;
    [[nodiscard]] bool less(const schedule_cost& than) const {
        return std::tie(preemptions, deviations, steps) <
               std::tie(than.preemptions, than.deviations, than.steps);
    }
    bool operator==(const schedule_cost&) const = default;
};

// How much may be done, and who is told before each execution.
struct work_limits {
    uint64_t steps_max = ~0ULL;
    std::function<bool()> out_of_time;  // looked at between executions; none: there is time
    std::function<void()> before;       // points to be armed, observers to forget
};

class failing_runs {
  public:
    failing_runs(simulation& subject, const work_limits& limits);
    ~failing_runs();
    failing_runs(const failing_runs&) = delete;
    failing_runs& operator=(const failing_runs&) = delete;

    // Runs the schedule as it was recorded and takes its main finding for the failure. False: none.
    [[nodiscard]] bool start(const recorded_choices& choices);

    // Runs a candidate; true if it fails in the same way at a lower cost: it is the best now.
    bool improves(const block_schedule& candidate);
    // The same, but at the same cost or a lower one.
    bool keeps(const block_schedule& candidate);
    // A schedule that another search found to fail in the same way, just now.
    void adopt(const recorded_choices& choices);

    [[nodiscard]] const block_schedule& best() const { return best_; }
    [[nodiscard]] const recorded_choices& best_choices() const { return choices_; }
    [[nodiscard]] const schedule_cost& cost() const { return cost_; }
    [[nodiscard]] const failure_signature& signature() const { return signature_; }
    [[nodiscard]] const finding& what() const { return what_; }
    // The execution of the best, up to the failure.
    [[nodiscard]] const std::vector<trail_step>& trail() const { return trail_; }
    // Where each context stands then; pc 0: it has ended.
    [[nodiscard]] const std::vector<place>& stands() const { return stands_; }
    [[nodiscard]] uint64_t executions() const { return executions_; }
    [[nodiscard]] uint64_t cached() const { return cached_; }
    [[nodiscard]] uint64_t steps() const { return steps_; }
    // No more candidates are run.
    [[nodiscard]] bool exhausted() const;
    [[nodiscard]] bool out_of_time() const { return limits_.out_of_time && limits_.out_of_time(); }
    // An execution may be as long as the subject's limit says, or little longer than the failing one.
    void lift_step_bound() { subject_.set_options(options_); }
    void bound_steps();
    void allow_steps(uint64_t steps_max) { limits_.steps_max = steps_max; }

  private:
    bool run(strategy& s);
    bool try_one(const block_schedule& candidate, bool equal_will_do);
    void keep_as_best();

    simulation& subject_;
    work_limits limits_;
    simulation_options options_;  // of the subject, to be put back
    uint32_t visible_ = 0;
    failure_signature signature_;
    finding what_;
    replay_strategy usual_{{}};
    trail_recorder recorder_;
    block_schedule best_;
    recorded_choices choices_;
    schedule_cost cost_;
    std::vector<trail_step> trail_;
    std::vector<place> stands_;
    std::set<uint64_t> tried_;  // hashes of candidates
    uint64_t executions_ = 0;
    uint64_t cached_ = 0;
    uint64_t steps_ = 0;
};

}  // namespace sim

// graph_search.h - every execution graph of a memory model, each once.
// Source:  Kokologiannakis, Marmanis, Gladstein, Vafeiadis, "Truly Stateless, Optimal Dynamic Partial Order Reduction",
//          POPL 2022 (TruSt); exploration.md D3; sim/memory/README.md says what is different here.
// Shapes:  a graph is kept as the steps that lead to it. What is left to do is a stack of such beginnings
//          (graph_beginnings.h): each is run from the root, then goes on with the lowest context that can.
// Locks:   none.
// Errors:  a beginning that the model does not admit, or that is not possible, is given up and does not count.
#pragma once

#include <vector>

#include "sim/explore/work_unit.h"

namespace sim {

inline constexpr uint32_t no_reversals_max = ~0U;

class graph_search final : public unit_strategy {
  public:
    // Each graph comes from another in which one thing is other: a read takes an older write, a write comes before
    // another, something is put before what it was behind. At most so many in a row.
    explicit graph_search(uint32_t reversals_max = no_reversals_max)
        : reversals_max_(reversals_max) {
        left_.leave_root();
    }

    bool begin() override;
    uint8_t choose(const choice_view& view) override;
    uint32_t pick(const choice_view& view, uint32_t n) override;
    void restart() override;
    [[nodiscard]] bool wants_forced() const override { return true; }
    [[nodiscard]] bool gives_up_spins() const override { return true; }
    void time_passes() override;
    void end(execution_end how) override;
    [[nodiscard]] bool in_vain() const override { return in_vain_; }

    // Interrupts, and awaits on a CPU that contexts share: not in every order.
    [[nodiscard]] bool may_have_missed() const override { return may_have_missed_; }
    // Something was left out since there were too many reversals.
    [[nodiscard]] bool bound_mattered() const { return bound_mattered_; }
    // Beginnings that came to nothing.
    [[nodiscard]] uint64_t executions_in_vain() const override { return given_up_; }
    void begin_unit(work_unit unit) override;
    unit_rest end_unit() override;
    // The most steps that were ever kept for what is left, each once, and the longest execution.
    [[nodiscard]] size_t kept_steps_max() const { return kept_steps_max_; }
    [[nodiscard]] size_t steps_longest() const { return steps_longest_; }

  private:
    using steps = graph_beginnings::steps;
    // What a new event is put before, and what stays: what was before that, and the prefix of the new one.
    struct revisit {
        uint32_t first;
        const prefix_clock& prefix;
        uint32_t self;  // the new event, if it has been performed
        [[nodiscard]] bool keeps(uint32_t event) const {
            return event < first || graph.is_before(event, prefix);
        }
    };

    void leave(size_t done, graph_beginnings::cut what, steps behind);
    void leave_with(graph_step&& last);
    void leave_kept(const revisit& r, steps behind);
    void forget_path();
    uint8_t give_up();
    [[nodiscard]] bool learn_last();
    void look_back(graph_step& s, bool is_new);
    void revisit_reads(const graph_step& s, uint32_t location, const prefix_clock& prefix,
                       uint32_t first_place, uint32_t last_place);
    void add_revisit(const graph_step& s, const revisit& r, uint32_t place);
    void revisit_uses(const context& c);
    void revisit_use(const context& c, const uint64_t* others, unsigned n, uint32_t use,
                     const prefix_clock& prefix);
    void look_back_of_blocked();
    [[nodiscard]] bool all_maximal(const revisit& r) const;
    [[nodiscard]] bool is_maximal(const graph_step& s, const revisit& r) const;

    graph_beginnings left_;
    uint32_t reversals_max_;
    uint32_t reversals_ = 0;  // of the execution that runs
    bool bound_mattered_ = false;
    bool may_have_missed_ = false;
    steps steps_;                // of the execution that runs
    std::vector<int32_t> path_;  // nodes of the first of them
    size_t planned_ = 0;         // of these were given
    size_t at_ = 0;              // have been chosen
    bool in_vain_ = false;
    size_t alternatives_at_ = 0;  // of the step that runs
    uint64_t given_up_ = 0;
    size_t kept_steps_max_ = 0;
    size_t steps_longest_ = 0;
    uint64_t unit_ = 0;
};

}  // namespace sim

// portfolio.h - several strategies in turns, since none is best everywhere.
// Source:  exploration.md C2 and D4: 40 % surw, 20 % pos, 20 % pct of depth 2 to 5, 10 % bounded,
//          10 % random. What each is promised holds for its share of the executions.
// Shapes:  a strategy whose recent executions showed handoffs (an operation of one context upon another's
//          on the same object, by their places in the code) that nobody had seen before gets up to three
//          times its share, and each keeps a share as long as there is something left to it.
//          The bounded one is systematic: when it is done, and no preemption was left out, all is.
//          Members take turns, so that every execution begins at the root: one that resumes from
//          snapshots of its own (choose_pause) could not be a member.
// Locks:   none.
// Errors:  none.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "sim/explore/bounded.h"
#include "sim/explore/handoffs.h"
#include "sim/explore/sampler.h"

namespace sim {

class portfolio_strategy final : public sampler {
  public:
    explicit portfolio_strategy(uint64_t seed);
    bool begin() override;
    uint8_t choose(const choice_view& view) override { return current_->choose(view); }
    uint32_t pick(const choice_view& view, uint32_t n) override { return current_->pick(view, n); }
    void restart() override;
    [[nodiscard]] bool wants_forced() const override { return current_->wants_forced(); }
    [[nodiscard]] bool gives_up_spins() const override { return current_->gives_up_spins(); }
    [[nodiscard]] bool wants_pending() const override { return current_->wants_pending(); }
    [[nodiscard]] bool wants_operations() const override { return true; }
    void time_passes() override { current_->time_passes(); }
    void end(execution_end why) override;

    // Executions that each has had, in the order of the shares.
    [[nodiscard]] std::vector<uint64_t> turns() const;

  protected:
    void begin_sample() override {}

  private:
    struct member {
        std::unique_ptr<strategy> inner;
        uint32_t share;      // of a hundred; 0: nothing is left to it
        uint32_t yield = 0;  // 0 to yield_full
        uint64_t turns = 0;
    };
    void add(std::unique_ptr<strategy> inner, uint32_t share);
    member& draw();

    std::vector<member> members_;
    size_t systematic_ = 0;  // which of them is the bounded one
    bounded_strategy* bounded_ = nullptr;
    uint32_t bounded_share_ = 0;
    strategy* current_ = nullptr;
    size_t turn_ = 0;
    handoff_table handoffs_;
};

}  // namespace sim

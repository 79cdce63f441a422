// delay.h - every schedule with at most d delays of a deterministic scheduler, d = 0, 1, 2, ...
// Source:  Emmi, Qadeer, Rakamaric, Delay-bounded scheduling, POPL 2011. The scheduler is round-robin
//          without preemption: go on with the current context, else with the next one by number that
//          can. A delay passes over the one whose turn it is.
// Shapes:  schedules, not traces: nothing is left out because it commutes. A sleeping context would have
//          come by fewer delays in one order than in the other, and who is passed over depends on who
//          exists, so that neither sleep sets nor the reduction of bounded.h keep the promise. Within d
//          delays of n steps there are at most (n * contexts)^d schedules, however many contexts.
// Locks:   none.
// Errors:  as exhaustive.h.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/explore/iterative.h"

namespace sim {

class delay_strategy final : public iterative_strategy {
  public:
    explicit delay_strategy(uint32_t delays_max) : iterative_strategy(delays_max) {}
    uint8_t choose(const choice_view& view) override;
    uint32_t pick(const choice_view& view, uint32_t n) override;
    [[nodiscard]] bool wants_forced() const override { return true; }
    void end(execution_end why) override;
    [[nodiscard]] double share_done() const override;

  private:
    struct node {
        uint64_t enabled = 0;
        uint32_t delays = 0;  // spent before this choice
        uint32_t taken = 0;   // how many are passed over here; data choice: the alternative
        uint32_t count = 0;   // ways to go on within the budget
        uint8_t turn = 0;     // whose turn it is
        bool data = false;
        op_kind kind = op_kind::none;  // what was done: it must be done so again
        uint64_t object = 0;
    };
    bool next_of_round() override;
    void forget_round() override;
    node& new_node();

    std::vector<node> path_;
    size_t used_ = 0;
    size_t depth_ = 0;
};

}  // namespace sim

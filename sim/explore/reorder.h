// reorder.h - of all executions equivalent to a given one, one with few preemptions.
// Source:  exploration.md D6, pass 4: blocks are moved across others as far as happens-before allows, which
//          needs no rerun. dejafu does the cheap part this way; here the whole order is searched: going on
//          with a context for as long as what it needs has happened never costs a preemption, so that only
//          who comes next has to be tried.
// Shapes:  a state is how many events of each context have happened.
// Locks:   none; a pure function of the trail.
// Errors:  empty if the execution is too long for it, or nothing was found; the result is to be run, since
//          who could go on is only guessed.
#pragma once

#include <utility>
#include <vector>

#include "sim/explore/blocks.h"

namespace sim {

// Blocks of an equivalent execution that ends with the last step of the trail. `stands`: where each context
// is then, pc 0 if it has ended.
std::vector<run_block> with_few_preemptions(const std::vector<trail_step>& trail,
                                            const std::vector<place>& stands);

// What happens before what in a trail: a clock for each step.
class trail_order {
  public:
    explicit trail_order(const std::vector<trail_step>& trail);
    // Whether step a happens before step b, or is it.
    [[nodiscard]] bool before(size_t a, size_t b) const {
        return clock(b)[trail_[a].context] >= index_[a];
    }
    // Steps of each context that happen before this one, itself included.
    [[nodiscard]] const uint32_t* clock(size_t step) const { return &clocks_[step * width_]; }
    [[nodiscard]] size_t width() const { return width_; }
    // Steps of other contexts that a step directly follows because of what they do.
    [[nodiscard]] const std::vector<std::pair<uint32_t, uint32_t>>& direct() const {
        return direct_;
    }
    // The last steps that an operation would directly follow, done by a context behind the trail.
    [[nodiscard]] std::vector<uint32_t> followed_by(uint8_t context, const operation& op) const;
    // Number of a step among those of its context, from 1.
    [[nodiscard]] uint32_t index(size_t step) const { return index_[step]; }

  private:
    void join(uint32_t* to, size_t from) const;
    // The last step of a context before some step; -1: none.
    [[nodiscard]] int64_t last_of(uint8_t context, size_t before) const;
    void order_by_machine(size_t step, uint32_t* to) const;

    const std::vector<trail_step>& trail_;
    size_t width_ = 1;
    std::vector<uint32_t> index_;
    std::vector<uint32_t> clocks_;
    std::vector<std::pair<uint32_t, uint32_t>> direct_;
    std::vector<std::vector<uint32_t>> steps_of_;  // by context
};

}  // namespace sim

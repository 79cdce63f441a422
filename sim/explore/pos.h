// pos.h - partial order sampling: each pending operation has a random priority.
// Source:  Yuan, Yang, Gu, CAV 2018; exploration.md D4. The highest goes first; then it, and every
//          pending operation that races with it, get new ones. Without the second half this would be a
//          random order of contexts, which seldom reverses a race a second time. Theory bounds an
//          execution's chance of a given partial order from below, but by no number worth printing.
// Shapes:  operations that commute with everything go first: they decide nothing.
// Locks:   none.
// Errors:  none.
#pragma once

#include <cstdint>

#include "sim/explore/event_priorities.h"
#include "sim/explore/sampler.h"

namespace sim {

class pos_strategy final : public sampler {
  public:
    explicit pos_strategy(uint64_t seed) : sampler(seed) {}
    uint8_t choose(const choice_view& view) override;
    [[nodiscard]] bool wants_forced() const override { return true; }

  protected:
    void begin_sample() override { priorities_.clear(); }

  private:
    event_priorities priorities_;
};

}  // namespace sim

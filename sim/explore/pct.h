// pct.h - probabilistic concurrency testing: random priorities, and d-1 points at which one is lowered.
// Source:  Burckhardt, Kothari, Musuvathi, Nagarakatti, ASPLOS 2010; exploration.md D4. The promise: an
//          execution hits a given bug of depth d (d orders of two steps suffice for it) with probability
//          at least 1/(n k^(d-1)), n contexts, k choices. Depth counts orders, not preemptions.
// Shapes:  k counts real choices: steps at which two contexts could go on and the one chosen has an
//          operation that somebody may notice. Lowering a context anywhere else is the same as lowering
//          it at its next such step, so the promise holds for this k, which is smaller. It is the
//          largest seen. What comes after that many choices is a random walk, which no spinning context
//          can starve; a few executions that are longer raise k, and then no more, since spinning would
//          raise it without end. The promise is about executions that are not longer.
//          A context that yields says that it needs somebody else: it falls below all, which the
//          promise, about programs without yields, leaves open.
// Locks:   none.
// Errors:  none.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/explore/priorities.h"
#include "sim/explore/sampler.h"

namespace sim {

class pct_strategy final : public sampler {
  public:
    pct_strategy(uint64_t seed, uint32_t depth);
    uint8_t choose(const choice_view& view) override;
    void restart() override;
    void end(execution_end) override;
    [[nodiscard]] std::string promise() const override;

    [[nodiscard]] uint32_t length() const { return length_; }
    [[nodiscard]] uint32_t contexts() const { return contexts_; }

  protected:
    void begin_sample() override;

  private:
    uint8_t walk(uint64_t enabled);
    void meet(uint64_t enabled);

    uint32_t depth_;
    uint32_t length_;          // k: most choices of an execution so far, or a guess
    uint32_t contexts_ = 1;    // n: most contexts of an execution so far
    uint32_t stretches_left_;  // executions beyond k that may still raise it
    uint64_t since_ = 0;       // executions since what is visible last changed
    uint32_t choices_ = 0;     // of this execution
    // Where the running context is lowered. The i-th lowers to rank i, and they are in no order: who is
    // lowered later is as likely above as below.
    std::vector<uint32_t> change_points_;
    priority_list priorities_;
};

}  // namespace sim

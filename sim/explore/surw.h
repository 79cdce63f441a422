// surw.h - selectively uniform random walk: every order of the operations on a few objects is equally
// likely, the rest is left to chance.
// Source:  Zhao, Wolff, Mathur, Roychoudhury, ASPLOS 2025; exploration.md D4. With exact counts and no
//          blocking an execution has a given order of n interesting operations with the probability of
//          drawing it among all their orders. Counts are estimates and locks block, so that this is what
//          it aims at, and nothing is promised of a bug.
// Shapes:  the first execution is a pilot: nothing is interesting and operations are counted, which goes
//          on in the executions after it. Then each execution takes an object, seldom two or three. Only
//          the intended context may do an interesting operation; others that come to one are set aside
//          until it has. When nobody is left the intention is drawn anew, among those set aside.
//          Between them, each pending operation has a random priority, kept until it is performed: one
//          that is low stays low for long, and so do the bugs come that need somebody to wait.
// Locks:   none.
// Errors:  none. A wrong count makes orders more or less likely, but none impossible.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/explore/event_priorities.h"
#include "sim/explore/interest.h"
#include "sim/explore/sampler.h"
#include "sim/explore/weights.h"

namespace sim {

class surw_strategy final : public sampler {
  public:
    explicit surw_strategy(uint64_t seed) : sampler(seed) {
        known_parents_.resize(contexts_max, 0xff);
    }
    uint8_t choose(const choice_view& view) override;
    [[nodiscard]] bool wants_forced() const override { return true; }
    void restart() override;
    void end(execution_end why) override;

  protected:
    void begin_sample() override;

  private:
    void meet(const choice_view& view);
    [[nodiscard]] bool interesting(const operation& op) const;
    // Whose operation is performed next, of those that are not set aside; no_intention: of nobody.
    uint8_t next_of(const choice_view& view, uint64_t contexts);
    uint8_t perform(const choice_view& view, uint8_t context);

    interest_table table_;
    std::vector<uint64_t> objects_;  // interesting in this execution
    remaining_weights weights_;
    event_priorities priorities_;
    std::vector<uint8_t> known_parents_;  // by context, 0xff: the host or not seen yet
    uint64_t met_ = 0;                    // contexts of this execution that were seen
    uint64_t aside_ = 0;
    uint64_t pilots_ = 0;  // executions since everything was forgotten
    bool learning_ = true;
};

}  // namespace sim

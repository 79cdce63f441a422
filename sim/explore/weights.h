// weights.h - how many interesting operations each context still has before it, and who is next.
// Source:  the uniform random walk of Zhao et al., ASPLOS 2025: drawing the next context in proportion to
//          what it has left makes every order of these operations equally likely.
// Shapes:  what a context will do belongs to its creator until it is created: before that, the creator is
//          who must go on for it to happen. On creation it moves to the child, and so does an intention
//          to see the creator next, with the probability that the child was meant.
// Locks:   none.
// Errors:  none.
#pragma once

#include <cstdint>

#include "sim/explore/random.h"
#include "sim/machine/layout.h"

namespace sim {

inline constexpr uint8_t no_intention = 0xff;

class remaining_weights {
  public:
    // Nothing is expected of anybody.
    void clear();
    // Before an execution: a context is expected to do `own` operations; 0xff is the parent of the
    // first ones. Parents have lower numbers than their children.
    void expect(uint8_t context, uint8_t parent, uint32_t own);
    // After the last expect(): children's weights are added to their parents'.
    void begin();
    void created(uint8_t context, uint8_t parent, random_stream& stream);
    // It is about to do one, whatever was expected.
    void at_least_one(uint8_t context) { left_[context] += left_[context] == 0 ? 1 : 0; }
    void performed(uint8_t context) { left_[context] -= left_[context] != 0 ? 1 : 0; }

    [[nodiscard]] uint32_t left(uint8_t context) const { return left_[context]; }
    // Who of these does the next one; not empty. Equally likely if none of them has anything left.
    uint8_t draw(uint64_t contexts, random_stream& stream) const;
    [[nodiscard]] uint8_t intended() const { return intended_; }
    void intend(uint8_t context) { intended_ = context; }

  private:
    uint32_t expected_[contexts_max] = {};  // own, with children after begin()
    uint32_t left_[contexts_max] = {};
    uint8_t parent_[contexts_max] = {};
    uint8_t intended_ = no_intention;
};

}  // namespace sim

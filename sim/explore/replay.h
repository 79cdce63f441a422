// replay.h - runs a list of choices again, then goes on by the default rule.
// Source:  design section 4, token.
// Shapes:  the choices of machine.choices; they are asked for only where there is a choice.
// Locks:   none.
// Errors:  a choice that is not enabled is remembered as divergence, and the default is taken.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/machine/machine.h"

namespace sim {

// The rule where nothing else is said: go on with the current context, else the lowest that can.
inline uint8_t default_choice(const choice_view& view) {
    return view.current_enabled ? view.current
                                : static_cast<uint8_t>(__builtin_ctzll(view.enabled));
}

class replay_strategy final : public strategy {
  public:
    explicit replay_strategy(std::vector<uint8_t> choices) : choices_(std::move(choices)) {}
    bool begin() override {
        at_ = 0;
        diverged_ = false;
        return true;
    }
    uint8_t choose(const choice_view& view) override;
    uint32_t pick(const choice_view& view, uint32_t n) override;
    [[nodiscard]] bool wants_forced() const override { return true; }
    [[nodiscard]] bool diverged() const { return diverged_; }

  private:
    std::vector<uint8_t> choices_;
    size_t at_ = 0;
    bool diverged_ = false;
};

}  // namespace sim

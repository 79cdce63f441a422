// again.h - takes the choices of an execution that was broken off once more, then hands over to whoever made
//           them.
// Source:  ours: a site of spin.h becomes known in the middle of an execution, and must be known from its
//          beginning. The strategy behind it does not notice: it is asked for what is new alone.
// Shapes:  a choice by its place in machine.choices, as is what else was asked or told on the way.
// Locks:   none.
// Errors:  none. The subject does the same up to there, or must_be says that it does not.
#pragma once

#include <vector>

#include "sim/machine/machine.h"

namespace sim {

class again_strategy final : public strategy {
  public:
    explicit again_strategy(strategy& inner) : inner_(inner) {}
    // From now on the choices up to here are given, and snapshots are made where there were some.
    void repeat() {
        taken_.assign(g.choices.begin(), g.choices.end());
        again_ = pauses_;
        last_step_ = taken_.size();
        while (last_step_ != 0 && (taken_[--last_step_] & choice_is_data) != 0) {
        }
        outcome_ = g.outcome;
        g.outcome = nullptr;
    }

    bool begin() override { return inner_.begin(); }
    [[nodiscard]] bool draws() const override { return inner_.draws(); }
    uint8_t choose(const choice_view& view) override {
        const size_t at = g.choices.size();
        if (!repeats()) {
            return inner_.choose(view);
        }
        if (!again_.empty() && again_.front() == at) {
            again_.erase(again_.begin());
            swallow_ = true;
            return choose_pause;
        }
        if (at == last_step_) {
            g.outcome = outcome_;
        }
        return taken_[at];
    }
    uint32_t pick(const choice_view& view, uint32_t n) override {
        return repeats() ? taken_[g.choices.size()] & ~uint32_t{choice_is_data}
                         : inner_.pick(view, n);
    }
    void time_passes() override {
        if (!repeats()) {
            inner_.time_passes();
        }
    }
    void snapshot_made(unsigned level) override {
        if (swallow_) {
            swallow_ = false;
            return;
        }
        pauses_.push_back(g.choices.size());
        inner_.snapshot_made(level);
    }

  private:
    [[nodiscard]] bool repeats() const { return g.choices.size() < taken_.size(); }

    strategy& inner_;
    std::vector<uint8_t> taken_;
    std::vector<size_t> pauses_;  // where the strategy wanted a snapshot
    std::vector<size_t> again_;   // those still to come in this repetition
    bool swallow_ = false;
    size_t last_step_ = 0;          // the last choice that is no data choice
    operation* outcome_ = nullptr;  // where that step belongs
};

}  // namespace sim

// iterative.h - strategies that explore within a bound 0, then 1, then 2, ...
// Source:  Musuvathi and Qadeer 2007.
// Shapes:  what lies within a bound lies within the next.
// Locks:   none.
// Errors:  none.
#pragma once

#include "sim/machine/machine.h"

namespace sim {

class iterative_strategy : public strategy {
  public:
    explicit iterative_strategy(uint32_t bound_max) : bound_max_(bound_max) {}
    bool begin() final {
        if (started_ && next_of_round()) {
            return true;
        }
        if (started_) {
            complete_to_ = static_cast<int>(bound_mattered_ ? bound_ : bound_max_);
            if (bound_ == bound_max_ || !bound_mattered_) {
                return false;
            }
        }
        start_round(started_ ? bound_ + 1 : 0);
        return true;
    }
    void restart() final {
        started_ = false;
        complete_to_ = -1;
    }

    // Everything within this bound has been explored; -1: not even within 0.
    [[nodiscard]] int complete_to() const { return complete_to_; }
    // Something was left out in the last round, since its bound did not allow it.
    [[nodiscard]] bool bound_mattered() const { return bound_mattered_; }

  protected:
    // Prepares the next execution of a round; false: there is none.
    virtual bool next_of_round() = 0;
    virtual void forget_round() = 0;
    // From nothing on.
    void start_round(uint32_t bound) {
        bound_ = bound;
        bound_mattered_ = false;
        started_ = true;
        forget_round();
    }
    [[nodiscard]] uint32_t bound() const { return bound_; }
    void leave_out() { bound_mattered_ = true; }

  private:
    uint32_t bound_ = 0;
    uint32_t bound_max_;
    int complete_to_ = -1;
    bool started_ = false;
    bool bound_mattered_ = false;
};

}  // namespace sim

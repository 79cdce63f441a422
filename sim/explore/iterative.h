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
    // Everything within this bound has been explored; -1: not even within 0.
    [[nodiscard]] virtual int complete_to() const = 0;
    // Something was left out in the last round, since its bound did not allow it.
    [[nodiscard]] virtual bool bound_mattered() const = 0;
};

}  // namespace sim

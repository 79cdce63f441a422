// work_clock.h - how long something took, and how much of that this process has worked.
// Source:  clock_gettime(2), CLOCK_PROCESS_CPUTIME_ID.
// Shapes:  seconds since it was made. What bounds work asks `worked`: it stands still while others have the
//          processor, so that a busy machine does not end sooner what an idle one finishes.
// Locks:   none.
// Errors:  none.
#pragma once

#include <chrono>

namespace scenario {

class work_clock {
  public:
    work_clock();
    [[nodiscard]] double passed() const;
    [[nodiscard]] double worked() const;

  private:
    std::chrono::steady_clock::time_point begin_;
    double worked_before_;
};

}  // namespace scenario

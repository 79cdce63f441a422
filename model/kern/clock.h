// clock.h - the time of a router.
// Shapes:  whole seconds since some moment; begins above 0, so that 0 can mean "never".
// Locks:   [I] after set-up: a test moves the clock by timeout_set_clock, while nobody else looks at it.
// Errors:  none.
#pragma once

#include <chrono>
#include <cstdint>

namespace model::kern {

struct uptime_clock {
    bool manual = false;  // [I] true: `seconds` is the time
    int64_t seconds = 1;  // [I]
};

[[nodiscard]] int64_t getuptime(const uptime_clock& clock);

// When a clock that is not manual shows that time.
[[nodiscard]] std::chrono::steady_clock::time_point uptime_point(int64_t uptime);

}  // namespace model::kern

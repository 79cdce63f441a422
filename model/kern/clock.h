// clock.h - the time of a router.
// Shapes:  whole seconds since some moment; begins above 0, so that 0 can mean "never".
// Locks:   [I] after set-up: a test that moves the clock does it while nobody else runs.
// Errors:  none.
#pragma once

#include <cstdint>

namespace model::kern {

struct uptime_clock {
    bool manual = false;  // [I] true: `seconds` is the time
    int64_t seconds = 1;  // [I]
};

[[nodiscard]] int64_t getuptime(const uptime_clock& clock);

}  // namespace model::kern

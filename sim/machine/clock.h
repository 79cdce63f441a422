// clock.h - virtual time.
// Source:  design section 4, Time.
// Shapes:  g.now_ns counts from 0 at the start of set-up; CLOCK_REALTIME shows a fixed date plus it.
// Locks:   none.
// Errors:  none.
#pragma once

#include <cerrno>
#include <ctime>

#include "sim/machine/machine.h"

namespace sim {

inline constexpr uint64_t second_ns = 1'000'000'000;
inline constexpr uint64_t realtime_base_ns = 1'445'000'000ULL * second_ns;  // n2k15, October 2015
inline constexpr uint64_t monotonic_base_ns = 1000 * second_ns;

inline uint64_t clock_base(clockid_t clock) {
    return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE ? realtime_base_ns
                                                                     : monotonic_base_ns;
}

// A point on the given clock as virtual time; one that has passed is now.
inline uint64_t deadline_of(clockid_t clock, const timespec& t) {
    if (t.tv_sec < 0) {
        return g.now_ns;
    }
    // Far in the future is what `time_point::max()` means.
    if (static_cast<uint64_t>(t.tv_sec) > 4'000'000'000ULL) {
        return ~0ULL - 1;
    }
    uint64_t at = static_cast<uint64_t>(t.tv_sec) * second_ns + static_cast<uint64_t>(t.tv_nsec);
    uint64_t base = clock_base(clock);
    return at < base + g.now_ns ? g.now_ns : at - base;
}

// The current context looks at the clock; a step where time may pass though somebody can run.
uint64_t look_at_clock(uint64_t pc);
// Its timer has fired though others can run: a step that sets the clock to the deadline, unless it is later.
void timer_fires(uint64_t deadline_ns, uint64_t pc);
inline int timed_out_early(uint64_t deadline_ns, uint64_t pc) {
    timer_fires(deadline_ns, pc);
    return ETIMEDOUT;
}
// Time passes by so much, as the current context says; a step as well.
void clock_advances(uint64_t ns, uint64_t pc);

}  // namespace sim

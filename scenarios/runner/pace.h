// pace.h - how fast an exploration goes, how much of it is done and how long the rest will take.
// Source:  sim/explore/estimate.h for the share; the clock is read here and decides nothing.
// Shapes:  seconds; shares from 0 to 1.
// Locks:   none.
// Errors:  what is not known yet is negative in `progress`.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "scenarios/runner/race.h"
#include "sim/explore/estimate.h"

namespace scenario {

class pace {
  public:
    // The exploration ends after executions_max, if not before.
    pace(std::string variant, uint64_t executions_max);

    // `bound`: the round of a bounded search, else -1. `share`: strategy::share_done, of the round.
    progress at(uint64_t executions, uint64_t findings, int bound, double share);
    [[nodiscard]] double seconds() const;
    // What is to be said of an exploration that was cut: how large it would have been; "" if that is not known.
    [[nodiscard]] std::string size_text() const;

  private:
    void guess_rest(progress& p) const;

    std::string variant_;
    uint64_t executions_max_;
    std::chrono::steady_clock::time_point begin_;
    sim::size_estimate size_;
    int bound_ = -1;
    uint64_t before_round_ = 0;  // executions
    uint64_t executions_ = 0;
};

}  // namespace scenario

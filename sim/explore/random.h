// random.h - a random walk: every enabled context is as likely as another at each step.
// Source:  exploration.md D4; xorshift128+ for speed, seeded by splitmix64.
// Shapes:  one stream a strategy; execution n of seed s is the same in every process.
// Locks:   none.
// Errors:  none.
#pragma once

#include <cstdint>

#include "sim/machine/machine.h"

namespace sim {

// Deterministic everywhere, unlike std::uniform_int_distribution.
class random_stream {
  public:
    explicit random_stream(uint64_t seed) { reseed(seed); }
    void reseed(uint64_t seed);
    uint64_t next() {
        uint64_t x = a_;
        uint64_t y = b_;
        a_ = y;
        x ^= x << 23;
        b_ = x ^ y ^ (x >> 17) ^ (y >> 26);
        return b_ + y;
    }
    // Below n; the bias for n below 64 is under 2^-58.
    uint32_t below(uint32_t n) { return static_cast<uint32_t>(((next() >> 32) * n) >> 32); }

  private:
    uint64_t a_ = 1;
    uint64_t b_ = 2;
};

class random_strategy final : public strategy {
  public:
    explicit random_strategy(uint64_t seed) : seed_(seed), stream_(seed) {}
    bool begin() override;
    uint8_t choose(const choice_view& view) override;
    uint32_t pick(const choice_view& view, uint32_t n) override;
    [[nodiscard]] bool wants_pending() const override { return false; }
    [[nodiscard]] bool draws() const override { return true; }

  private:
    uint64_t seed_;
    uint64_t executions_ = 0;
    random_stream stream_;
};

}  // namespace sim

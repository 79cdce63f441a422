// sampler.h - what strategies that draw their executions at random have in common.
// Source:  ours.
// Shapes:  execution n of seed s is the same in every process: what a sampler learns, it learns from the
//          executions before, and each execution has a stream of its own.
// Locks:   none.
// Errors:  none. There is always another execution to draw.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "sim/explore/random.h"
#include "sim/machine/machine.h"

namespace sim {

class sampler : public strategy {
  public:
    explicit sampler(uint64_t seed) : seed_(seed), stream_(seed) {}
    bool begin() override;
    uint32_t pick(const choice_view&, uint32_t n) override { return stream_.below(n); }
    [[nodiscard]] bool draws() const override { return true; }
    // What theory promises of one execution, as a sentence with its numbers; "" if it promises nothing.
    [[nodiscard]] virtual std::string promise() const { return ""; }

  protected:
    // A new execution is about to begin.
    virtual void begin_sample() = 0;
    random_stream& stream() { return stream_; }

  private:
    uint64_t seed_;
    uint64_t executions_ = 0;
    random_stream stream_;
};

// In no order with anything of others, so that there is nothing to draw. Who takes a CPU or gives it up, interrupts it
// or changes its level is.
bool concerns_nobody(const operation& op);

inline constexpr uint32_t pct_depth_default = 3;
inline constexpr uint32_t pct_depth_max = 100;

// "pct", "pos", "surw", "portfolio"; null for any other name. Only pct has a depth.
std::unique_ptr<sampler> make_sampler_or_null(const std::string& name, uint64_t seed,
                                              uint32_t depth);
bool is_sampler(const std::string& name);
// "pct, depth 3, seed 1".
std::string describe_sampler(const std::string& name, uint64_t seed, uint32_t depth);

}  // namespace sim

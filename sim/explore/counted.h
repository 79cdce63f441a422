// counted.h - an iterative strategy, and how many traces lie within each of its bounds.
// Source:  trace_counter.h.
// Shapes:  wraps whatever asks the iterative strategy in the end (a script's points and runs), since it
//          must see every step.
// Locks:   none.
// Errors:  none.
#pragma once

#include <vector>

#include "sim/explore/iterative.h"
#include "sim/explore/trace_counter.h"

namespace sim {

class counted_strategy final : public strategy {
  public:
    // Both must outlive this one.
    counted_strategy(strategy& outermost, const iterative_strategy& rounds)
        : inner_(outermost), rounds_(rounds) {}
    bool begin() override;
    unsigned resume_level() override { return inner_.resume_level(); }
    uint8_t choose(const choice_view& view) override;
    uint32_t pick(const choice_view& view, uint32_t n) override;
    void restart() override;
    [[nodiscard]] bool wants_forced() const override { return true; }
    [[nodiscard]] bool wants_pending() const override { return inner_.wants_pending(); }
    [[nodiscard]] bool wants_operations() const override { return true; }
    void snapshot_made(unsigned level) override { inner_.snapshot_made(level); }
    [[nodiscard]] double share_done() const override { return inner_.share_done(); }
    void time_passes() override { inner_.time_passes(); }
    void end(execution_end why) override;

    // Within 0, 1, 2, ...: as far as all of them were seen. A bound that leaves nothing out is the last.
    [[nodiscard]] const std::vector<uint64_t>& traces_within() const { return within_; }
    [[nodiscard]] const trace_counter& counter() const { return counter_; }

  private:
    strategy& inner_;
    const iterative_strategy& rounds_;
    trace_counter counter_;
    std::vector<uint64_t> within_;
};

}  // namespace sim

// constrained.h - a strategy held to an order of points, or to where races are looked for.
// Source:  design section 6; ecosystem.md 1.3: a constraint is a script with holes.
// Shapes:  a context that stands at its point while the other has not passed its own cannot go on, as
//          if it waited for it. So every interleaving of the right order remains, and of those that
//          are equivalent one is enough: both orders of the two points never occur. Where only
//          contexts are left that wait so, no interleaving of that order exists: the execution is cut.
// Locks:   none.
// Errors:  none.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/explore/points.h"

namespace sim {

// Only executions in which the context of `first` passes it before that of `second` does.
struct point_order {
    size_t first = 0;  // points of the set; places, see point_set::stands_at
    size_t second = 0;
};

// Until its context has come upon one of the points, it runs as long as it can, and nothing is chosen.
struct point_prune {
    std::string context;
    std::vector<size_t> until;
};

class constrained_strategy final : public strategy {
  public:
    constrained_strategy(std::vector<point_order> orders, std::vector<point_prune> prunes,
                         point_set& points, strategy& inner);
    bool begin() override;
    uint8_t choose(const choice_view& view) override;
    uint32_t pick(const choice_view& view, uint32_t n) override;
    [[nodiscard]] bool wants_forced() const override { return true; }
    [[nodiscard]] bool wants_operations() const override { return true; }
    [[nodiscard]] bool gives_up_spins() const override { return inner_.gives_up_spins(); }
    void time_passes() override { inner_.time_passes(); }
    void restart() override { inner_.restart(); }
    [[nodiscard]] bool in_vain() const override { return inner_.in_vain(); }
    [[nodiscard]] bool may_have_missed() const override { return inner_.may_have_missed(); }
    void end(execution_end why) override;

    [[nodiscard]] uint64_t cut() const {
        return cut_;
    }  // executions that no right order could continue
    // Whether some execution passed the point: an order of points that never come up says nothing.
    [[nodiscard]] bool ever_passed(size_t point) const;

  private:
    // One point in this execution.
    struct progress {
        size_t point = 0;
        uint32_t arrivals = 0;
        bool here = false;  // its context stands at it, for the time that counts
        bool passed = false;
        bool ever = false;  // in some execution
    };
    void look(const choice_view& view);
    [[nodiscard]] uint64_t allowed(uint64_t enabled) const;
    bool is_early(const choice_view& view);
    progress& of(size_t point);

    std::vector<point_order> orders_;
    std::vector<point_prune> prunes_;
    point_set& points_;
    strategy& inner_;
    std::vector<progress> progress_;
    std::vector<bool> pruned_;  // by prune: its point was reached
    bool first_look_ = true;
    uint64_t cut_ = 0;
};

}  // namespace sim

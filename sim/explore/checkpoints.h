// checkpoints.h - snapshots on the path of a depth-first search, so that long prefixes are not run again.
// Source:  the usual trade between re-execution and state saving; figures are counts, not times, so that
//          the same exploration takes the same snapshots on every machine.
// Shapes:  depths are events of the current path; levels those of snapshot_push.
// Locks:   none.
// Errors:  none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace sim {

class checkpoints {
  public:
    // How many events lie between two snapshots: 0 none are made, automatic: as it pays.
    static constexpr size_t automatic = ~size_t{0};
    static constexpr size_t made_max = 200;  // the machine has room for some more
    explicit checkpoints(size_t gap) : given_gap_(gap), gap_(gap == automatic ? 0 : gap) {}

    // Those behind event `branch` are of no use any more.
    void branch(size_t branch);
    // Where the next execution begins.
    [[nodiscard]] size_t depth() const { return made_.empty() ? 0 : made_.back().depth; }
    [[nodiscard]] unsigned level() const { return made_.empty() ? 0 : made_.back().level; }

    // One is to be made before the event at `depth`.
    [[nodiscard]] bool wanted(size_t depth) const {
        return gap_ != 0 && depth >= this->depth() + gap_ && made_.size() < made_max;
    }
    void made(size_t depth, unsigned level) { made_.push_back({depth, level}); }

    // An execution is over: it had so many events, was new from event `branch` on, and made so many plain
    // accesses in the steps that were really run.
    void ended(size_t events, size_t steps_run, uint64_t accesses);
    void clear() { made_.clear(); }

  private:
    struct checkpoint {
        size_t depth;
        unsigned level;
    };
    void choose_gap();

    std::vector<checkpoint> made_;  // the deepest last
    size_t branch_ = 0;
    size_t given_gap_;
    size_t gap_;
    uint64_t ended_ = 0;
    // Sums over executions, the recent ones above all.
    uint64_t executions_ = 0;
    uint64_t old_events_ = 0;
    uint64_t new_events_ = 0;
    uint64_t steps_run_ = 0;
    uint64_t accesses_ = 0;
};

}  // namespace sim

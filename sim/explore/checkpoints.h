// checkpoints.h - snapshots on the path of a depth-first search, so that long prefixes are not run again.
// Source:  the usual trade between re-execution and state saving; figures are counts, not times, so that
//          the same exploration takes the same snapshots on every machine.
// Shapes:  depths are events of the current path; levels those of snapshot_push. A snapshot at a depth is
//          of the state before its event.
// Locks:   none.
// Errors:  none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace sim {

class checkpoints {
  public:
    // How many events lie between two snapshots: 0 none are made, automatic: where they pay.
    static constexpr size_t automatic = ~size_t{0};
    static constexpr size_t made_max = 200;  // the machine has room for some more
    explicit checkpoints(size_t gap) : gap_(gap) {}

    // Those behind event `branch` are of no use any more.
    void branch(size_t branch);
    // Where the next execution begins.
    [[nodiscard]] size_t depth() const { return made_.empty() ? 0 : made_.back().depth; }
    [[nodiscard]] unsigned level() const { return made_.empty() ? 0 : made_.back().level; }

    // One is to be made before the event at `depth`.
    [[nodiscard]] bool wanted(size_t depth) const {
        if (gap_ == automatic) {
            return depth < places_.size() && places_[depth] != 0 && depth > this->depth();
        }
        return gap_ != 0 && depth >= this->depth() + gap_ && made_.size() < made_max;
    }
    void made(size_t depth, unsigned level) { made_.push_back({depth, level}); }

    // An execution is over: it had so many events, was new from event `branch` on, made so many plain
    // accesses in the steps that were really run, and so many contexts.
    void ended(size_t events, size_t steps_run, uint64_t accesses, unsigned contexts);
    void clear() { made_.clear(); }

  private:
    struct checkpoint {
        size_t depth;
        unsigned level;
    };
    // Depths are looked at in so many buckets; a snapshot lies at the begin of one.
    static constexpr size_t buckets = 128;
    void widen(size_t events);
    void choose_places();
    void forget();

    std::vector<checkpoint> made_;  // the deepest last
    size_t branch_ = 0;
    size_t gap_;
    std::vector<uint8_t> places_;  // by depth: not 0 where one pays
    size_t width_ = 1;             // of a bucket
    uint64_t ended_ = 0;
    uint64_t next_look_ = 64;
    // Sums over executions, the recent ones above all.
    uint64_t branches_[buckets] = {};  // those that branch in a bucket
    int64_t passes_[buckets + 1] =
        {};  // those for which its begin is new, less those of the bucket before
    uint64_t steps_run_ = 0;
    uint64_t accesses_ = 0;
    uint64_t contexts_ = 0;
    uint64_t executions_ = 0;
};

}  // namespace sim

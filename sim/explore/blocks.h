// blocks.h - a schedule as what is forced on the default rule: run this context until it stands there.
// Source:  exploration.md D6: an entry is (code position, context, occurrence); everywhere else the
//          default rule holds (replay.h). So an entry may be dropped and the rest still means something:
//          the steps of a dropped block are done by the next block of its context, or after the last one.
// Shapes:  a place is "about to do the operation at `pc` for the nth time", counted a context. Blocks of
//          one context name its places in the order in which it comes upon them.
// Locks:   none; host code.
// Errors:  none: every list of blocks is some execution. A block whose context cannot go on, or has
//          passed the place, is skipped.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "sim/machine/machine.h"

namespace sim {

// pc 0: nowhere, for as long as the context can go on.
struct place {
    uint64_t pc = 0;
    uint32_t nth = 0;
    bool operator==(const place&) const = default;
};

struct run_block {
    uint8_t context = 0;
    place until;
    bool operator==(const run_block&) const = default;
};

// A data choice that is not the first alternative: the nth that the context makes.
struct forced_pick {
    uint8_t context = 0;
    uint32_t nth = 0;
    uint32_t alternative = 0;
    bool operator==(const forced_pick&) const = default;
};

struct block_schedule {
    std::vector<run_block> blocks;
    std::vector<forced_pick> picks;
    bool operator==(const block_schedule&) const = default;
};
uint64_t hash_of(const block_schedule& s);

// How often each context has performed the operation at each place of its code.
class place_counter {
  public:
    place_counter() : slots_(1024) {}
    void clear();
    [[nodiscard]] uint32_t performed(uint8_t context, uint64_t pc) const;
    // Where a context stands.
    [[nodiscard]] place pending(const context& c) const {
        return {c.op.pc, performed(c.id, c.op.pc) + 1};
    }
    void perform(const context& c);

  private:
    struct slot {
        uint64_t key = 0;
        uint32_t stamp = 0;
        uint32_t count = 0;
    };
    [[nodiscard]] size_t index_of(uint64_t key) const;

    std::vector<slot> slots_;
    size_t used_ = 0;
    uint32_t stamp_ = 1;
};

// One step of an execution, with what orders it after others.
struct trail_step {
    operation op;  // as it came out
    place where;
    uint64_t joined = 0;
    uint32_t created_at = 0;
    uint32_t granted_at = 0;  // 0: nobody had to let it go on
    uint32_t advanced = 0;    // steps before time last had to pass
    uint8_t context = 0;
    uint8_t parent = 0xff;
    bool preempts = false;  // the context before it could go on
    bool deviates = false;  // the default rule would have gone on with another
};

struct trail_pick {
    uint32_t step = 0;  // made in this step, from 1
    forced_pick taken;
};

// Asks another strategy and writes down what happens. Every execution of shrinking goes through it.
class trail_recorder final : public strategy {
  public:
    explicit trail_recorder(strategy& inner, std::function<void()> before = nullptr)
        : inner_(&inner), before_(std::move(before)) {}
    bool begin() override;
    uint8_t choose(const choice_view& view) override;
    uint32_t pick(const choice_view& view, uint32_t n) override;
    [[nodiscard]] bool wants_forced() const override { return true; }
    [[nodiscard]] bool wants_operations() const override { return true; }
    void time_passes() override { inner_->time_passes(); }
    void restart() override { inner_->restart(); }
    void end(execution_end why) override;

    void ask(strategy& inner) { inner_ = &inner; }
    [[nodiscard]] const place_counter& places() const { return places_; }
    [[nodiscard]] const std::vector<trail_step>& steps() const { return steps_; }
    [[nodiscard]] const std::vector<trail_pick>& picks() const { return picks_; }
    // Where the default rule was left, data choices included.
    [[nodiscard]] uint32_t deviations() const { return deviations_; }

  private:
    void outcome_of_last();

    strategy* inner_;
    std::function<void()> before_;
    place_counter places_;
    std::vector<trail_step> steps_;
    std::vector<trail_pick> picks_;
    uint32_t pick_counts_[contexts_max] = {};
    uint32_t deviations_ = 0;
};

// Follows a list of blocks, then the default rule.
class block_strategy final : public strategy {
  public:
    // `places` is kept by the recorder that asks this strategy.
    block_strategy(const block_schedule& s, const place_counter& places)
        : schedule_(s), places_(places) {}
    bool begin() override;
    uint8_t choose(const choice_view& view) override;
    uint32_t pick(const choice_view& view, uint32_t n) override;

  private:
    [[nodiscard]] bool is_over(const run_block& b, const choice_view& view) const;

    const block_schedule& schedule_;
    const place_counter& places_;
    size_t at_ = 0;
    uint32_t pick_counts_[contexts_max] = {};
};

// What was forced in the first `steps` steps of an execution. A block that ended because its context could
// not go on has no place; one that was cut short has the place where its context stood then.
block_schedule blocks_of(const trail_recorder& run, size_t steps);

}  // namespace sim

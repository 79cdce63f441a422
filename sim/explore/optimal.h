// optimal.h - every interleaving once, up to reordering of independent steps: optimal partial-order
//             reduction with wakeup trees.
// Source:  Abdulla, Aronis, Jonsson, Sagonas, Optimal dynamic partial order reduction, POPL 2014.
// Shapes:  a node for each event of the current execution: who sleeps there and what is still to be
//          explored from there. Only events that are new in an execution are looked at for races; the
//          part before them is run again without being asked about.
// Locks:   none; host code.
// Errors:  a subject that does something else the second time: exit 4, with both operations.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/explore/checkpoints.h"
#include "sim/explore/counters.h"
#include "sim/explore/event_log.h"
#include "sim/explore/linearise.h"
#include "sim/explore/reversal.h"
#include "sim/explore/sleepers.h"
#include "sim/explore/wakeup_tree.h"
#include "sim/explore/work_unit.h"
#include "sim/machine/machine.h"

namespace sim {

class optimal_strategy final : public unit_strategy, private reversal_sink {
  public:
    // `gap` of checkpoints.h.
    explicit optimal_strategy(size_t gap = checkpoints::automatic)
        : races_(log_, *this), counters_(log_), sequence_(log_), later_(log_), checkpoints_(gap) {}
    bool begin() override;
    uint8_t choose(const choice_view& view) override;
    uint32_t pick(const choice_view& view, uint32_t n) override;
    [[nodiscard]] bool wants_forced() const override { return true; }
    [[nodiscard]] bool gives_up_spins() const override { return true; }
    void time_passes() override;
    void end(execution_end why) override;
    void restart() override;
    unsigned resume_level() override { return checkpoints_.level(); }
    void snapshot_made(unsigned level) override;
    bool canonical(execution_end end, recorded_choices& choices, uint32_t& preemptions) override;
    // After an execution: one of its steps and what happened before it, in that order.
    [[nodiscard]] linear_order canonical_past(size_t step) const;
    [[nodiscard]] bool in_vain() const override { return in_vain_; }
    [[nodiscard]] double share_done() const override;

    void begin_unit(work_unit unit) override;
    unit_rest end_unit() override;
    [[nodiscard]] uint64_t executions_in_vain() const override { return executions_in_vain_; }
    // Of these, such in which everybody that could go on was asleep. Always 0, or the algorithm is wrong.
    [[nodiscard]] uint64_t sleep_blocked() const { return sleep_blocked_; }
    [[nodiscard]] size_t planned_steps() const { return forest_.live(); }

  private:
    struct node {
        uint32_t sleep_begin = 0;    // in asleep_; they end where the next node's begin
        uint32_t sleepers_made = 0;  // before any of this node's branches was done
        int32_t siblings = -1;       // branches to be explored after this one
        int32_t plan = -1;           // what must be explored behind the chosen step
        uint8_t chosen = 0;
        uint32_t done = 0;            // branches explored from here
        bool cut = false;             // executions ended in the step: it leads further
        bool late = false;            // an await was passed that could have been before
        bool firm = true;             // all who slept on entry are
        bool partly = false;          // of somebody only some alternatives sleep
        planned_choice planned;       // what a planned step is
        uint64_t whole = 0;           // contexts whose whole next step sleeps
        uint64_t enabled = 0;         // who could go on there
        uint64_t excluded = 0;        // alternatives of the step's first data choice that sleep
        std::vector<uint32_t> picks;  // planned: no others are explored; empty: all are
    };
    void new_node(const choice_view& view);
    void inherit_sleep(node& n);
    void add_asleep(node& n, uint32_t number);
    void choose_awake(node& n, const choice_view& view) const;
    bool take_plan(int32_t first);
    uint64_t sleeping(size_t begin, uint8_t context, bool* whole = nullptr) const;
    bool next_alternative(size_t depth);
    bool next_branch(size_t depth);
    [[nodiscard]] sleeper as_sleeper(size_t depth) const;
    void fall_asleep(size_t depth);
    void follow(size_t branch, size_t depth);
    [[nodiscard]] size_t sleep_end(size_t depth) const;
    void analyse();
    void judge_worth();
    void mark_late(node& n, const context& chosen);
    [[nodiscard]] uint64_t in_good_order(uint64_t awake) const;
    [[nodiscard]] bool probing() const { return probes_ != 0 && probes_ < probes_enough; }
    void reverse(const reversal& r) override;
    void reverse(const reversal& r, bool all);
    bool fill_sequence(const reversal& r, bool all);
    [[nodiscard]] bool covered_by_sleep(size_t depth) const;
    // Of units of work (optimal_share.cc).
    void forget();
    [[nodiscard]] bool follows(size_t depth) const { return following_ && depth < shared_; }
    uint8_t along_path(const choice_view& view);
    [[nodiscard]] const data_choice* given_pick_or_null(size_t nth) const;
    [[nodiscard]] size_t first_open(size_t depth) const;
    [[nodiscard]] open_node leave_node(size_t depth) const;
    void send_up(size_t depth, std::vector<alternatives> explored);

    event_log log_;
    race_finder races_;
    counter_judge counters_;
    wakeup_forest forest_;
    std::vector<node> path_;  // path_[d] belongs to event d; nodes beyond used_ keep their memory
    size_t used_ = 0;
    // Made when a branch is done, gone when its node is. Nodes name those that sleep there by number.
    std::vector<sleeper> sleepers_;
    std::vector<uint32_t> asleep_;
    wakeup_sequence sequence_;
    later_events later_;
    bool two_ways_ = false;  // the sequence could be longer or shorter
    checkpoints checkpoints_;
    // The unit of work: its path, with its first step, is shared with others (work_unit.h).
    work_unit unit_;
    size_t shared_ = 0;       // nodes whose branches are not ours
    size_t first_new_ = 0;    // events before that were looked at by others
    bool following_ = false;  // the first execution goes along the path
    std::vector<loose_sequence> sent_up_;
    size_t begin_ = 0;  // where this execution began
    bool started_ = false;
    bool begins_again_ = false;  // with the unit, in a better order
    static constexpr uint8_t probes_enough = 3;
    uint8_t probes_ = 0;  // executions that were to show who should go first, the first of all too
    bool branching_ = false;  // the next choice is that of the last node
    bool in_vain_ = false;    // everybody fell asleep, or an await was passed late
    uint64_t sleep_blocked_ = 0;
    uint64_t executions_in_vain_ = 0;
};

}  // namespace sim

// bounded.h - every interleaving with at most k preemptions, up to reordering of independent steps.
// Source:  Musuvathi and Qadeer 2007 for the bound. Two reductions of our own keep its promise:
//          (1) Who was preempted before an operation sleeps until somebody did something dependent on
//              it, or waits for it. If nobody does, the operation could as well have been done before
//              the preemption, with the same trace and no more preemptions; taking of equivalent
//              schedules the one that stays with its context longest, every preemption has such a step.
//          (2) Hence a preemption is worth it only before an operation whose object is of conflict.
//              Such objects are collected while exploring, those that somebody waits for in vain too;
//              a round in which the set grew is followed by another. The last round misses none: were
//              there a schedule that needs a preemption before a on an object outside the set, then
//              preempting the same context at its next operation inside the set lets the same intruder
//              run up to its first step that conflicts with one of those in between, and so puts that
//              object into the set.
//          test/sim counts the traces within 0 to 3 preemptions of random programs against an oracle.
// Shapes:  rounds of growing bound, so that the first failure has the fewest preemptions. A trace may be
//          run more than once, in one round and again in the next; counted.h tells how many there are.
// Locks:   none.
// Errors:  as exhaustive.h.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/explore/conflicts.h"
#include "sim/explore/iterative.h"
#include "sim/machine/machine.h"

namespace sim {

class bounded_strategy final : public iterative_strategy {
  public:
    explicit bounded_strategy(uint32_t preemptions_max) : iterative_strategy(preemptions_max) {}
    uint8_t choose(const choice_view& view) override;
    uint32_t pick(const choice_view& view, uint32_t n) override;
    [[nodiscard]] bool wants_forced() const override { return true; }
    [[nodiscard]] bool wants_operations() const override { return true; }
    void end(execution_end why) override;
    // Of this round: what the next ones will be is not known.
    [[nodiscard]] double share_done() const override;

    [[nodiscard]] size_t conflicting_objects() const { return conflicts_.conflicting(); }

  private:
    struct sleeper {
        operation op;
        uint8_t context;
    };
    struct node {
        uint64_t left = 0;          // contexts still to be explored from here
        uint32_t preemptions = 0;   // spent before this choice
        uint32_t alternatives = 0;  // data choice; 0: choice of context
        uint32_t taken = 0;
        uint32_t done = 0;  // contexts explored from here
        uint8_t chosen = 0;
        op_kind kind = op_kind::none;  // what it did: it must do so again
        uint64_t object = 0;
        bool preempts = false;
        operation left_op;  // what the context left would have done
        uint8_t left_context = 0xff;
        std::vector<sleeper> sleep;  // on entry
    };
    bool next_of_round() override;
    void forget_round() override;
    node& new_node();
    void inherit_sleep(node& n);

    std::vector<node> path_;
    size_t used_ = 0;
    size_t depth_ = 0;
    bool conflicts_grew_ = false;
    conflict_table conflicts_;
};

}  // namespace sim

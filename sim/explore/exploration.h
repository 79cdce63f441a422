// exploration.h - an exploration as a whole: what is left, what came out so far; all that a checkpoint holds.
// Source:  ours.
// Shapes:  rounds as in visible.h: where a location turns out to race, everything is explored anew. Numbers of
//          contexts are given at first sight (schedule.h); whoever works on a unit must have the same.
// Locks:   none: one owner.
// Errors:  read: false for bytes that are no exploration.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "sim/explore/checkpoints.h"
#include "sim/explore/execution_judge.h"
#include "sim/explore/explorer.h"
#include "sim/explore/graph_pool.h"
#include "sim/explore/graph_search.h"
#include "sim/explore/shared_tree.h"
#include "sim/machine/schedule.h"
#include "sim/machine/visible.h"

namespace sim {

// What came of a unit of work.
struct unit_answer {
    unit_rest rest;
    explore_result result;
    std::vector<location> raced;  // not visible before
    std::vector<context_path> contexts;
    uint64_t in_vain = 0;  // executions of which others show all
    std::string news;      // of the judge
    bool enough = false;   // the judge of this process said so
};

void write(byte_writer& to, const unit_answer& a);
unit_answer read_answer(byte_reader& from);

struct exploration {
    bool by_graphs = false;
    shared_tree tree;   // else
    graph_pool graphs;  // of graph_search
    bool bound_mattered = false;
    bool may_have_missed = false;
    explore_result result;
    std::vector<location> visible;
    std::vector<context_path> contexts;
    uint64_t in_vain = 0;  // executions of which others show all

    // As of shared_tree.
    bool take(work_unit& u, int32_t near = shared_tree::anywhere);
    [[nodiscard]] size_t ready(size_t enough) const;
    [[nodiscard]] bool done() const;
    void put_back(uint64_t id);
    [[nodiscard]] double share_done() const;
    // Everything is to be done again.
    void begin_anew();
    // Nothing is left, and nothing was left out.
    [[nodiscard]] bool complete() const;

    // Takes an answer in; gives what shared_tree::commit does. False in `fits`: the worker has given a
    // context another number than somebody before it; the unit must be done again.
    int32_t take_in(unit_answer answer, bool& fits);
    [[nodiscard]] uint64_t executions() const {
        return result.earlier + result.executions + result.pruned;
    }
    // Makes known to this process what the others have found: locations, numbers of contexts. False: it has
    // given other numbers.
    [[nodiscard]] bool tell_machine() const;

    void write(byte_writer& to) const;
    [[nodiscard]] bool read(byte_reader& from);
};

// How a process works on units.
struct unit_style {
    size_t gap = checkpoints::automatic;  // of checkpoints.h
    execution_judge* judge = nullptr;
    bool by_graphs = false;
    uint32_t reversals_max = no_reversals_max;  // of graph_search
};

class unit_worker {
  public:
    unit_worker(simulation& subject, const unit_style& style);
    // For at most so many executions. `go_on` is asked after each; so is the judge.
    unit_answer work_on(work_unit u, uint64_t executions, const execution_observer& go_on);
    [[nodiscard]] const unit_strategy& strategy() const { return *strategy_; }

  private:
    simulation& subject_;
    execution_judge* judge_;
    std::unique_ptr<unit_strategy> strategy_;
    sim::strategy& used_;  // *strategy_, or what the judge has put around it
};

// Explores what is left, in this process, one unit after the other. `more` is told the strategy. True: the
// judge has seen enough.
using unit_observer = std::function<bool(const strategy&)>;
bool explore_rest(simulation& subject, exploration& all, const explore_limits& limits,
                  const unit_observer& more, const unit_style& style = {});

}  // namespace sim

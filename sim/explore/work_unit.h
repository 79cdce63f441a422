// work_unit.h - a part of an exploration that can be done elsewhere, and what comes back from it.
// Source:  ours. POPL 2014 for the exploration of which it is a part.
// Shapes:  of graphs a unit is some of their beginnings; else it is one branch at a node, or alternatives of the step that a branch begins with. What
//          it comes to know about nodes above its own first step is not its to act on: it goes back with
//          the rest, to the one owner of these nodes (shared_tree.h). Operations name objects by address:
//          they are the same in every process that gave contexts the same numbers.
// Locks:   none; plain values.
// Errors:  read_* of bytes that are none of these leaves the reader not ok.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "sim/explore/bytes.h"
#include "sim/explore/event_log.h"
#include "sim/explore/graph_beginnings.h"
#include "sim/explore/sleepers.h"
#include "sim/explore/wakeup_tree.h"
#include "sim/machine/machine.h"

namespace sim {

// A step that was taken, with all of its data choices.
struct taken_step {
    operation op;
    uint8_t context = 0;
    std::vector<data_choice> picks;
};

// A branch that is planned, as a value.
struct planned_branch {
    operation op;
    uint8_t context = 0;
    uint32_t count = 0;           // as planned_picks
    std::vector<uint32_t> picks;  // empty: none are planned
    std::vector<planned_branch> below;
    [[nodiscard]] std::unique_ptr<planned_picks> plan() const;
};

// The branches of a list of a forest, which keeps them; and such branches put into a forest.
std::vector<planned_branch> copy_branches(const wakeup_forest& forest, int32_t first);
planned_branch copy_branch(const wakeup_forest& forest, int32_t node);
int32_t plant(wakeup_forest& forest, const std::vector<planned_branch>& branches);

enum class unit_kind : uint8_t { everything, branch, alternatives, graphs };

struct work_unit {
    uint64_t id = 0;
    unit_kind kind = unit_kind::everything;
    std::vector<taken_step> path;             // to the node
    std::vector<std::vector<sleeper>> sleep;  // at each node of the path, and at its end
    planned_branch branch;                    // alternatives: its first step alone
    // Alternatives: the step's data choices up to the one that is to be varied, its next alternative
    // taken. Those before it are not to be varied.
    std::vector<data_choice> picks;
    graph_beginnings graphs;  // and nothing of the above
};

// A sequence that is to be explored from a node that is not the finder's: as reversal.h finds it, with
// all that must be known of its steps.
struct loose_step {
    logged_event event;
    std::vector<data_choice> picks;
    std::vector<uint32_t> clock;
};
struct loose_sequence {
    uint32_t depth = 0;             // of the node
    std::vector<loose_step> steps;  // the last is the operation that raced
};

// A node on the way to the last execution, and the step taken from there.
struct open_node {
    std::vector<sleeper> sleep;  // on entry, then branches explored
    std::vector<planned_branch> branches;
    uint32_t explored = 0;  // how many the latter are
    taken_step step;
    sleeper own;              // the step as it sleeps from now on
    uint32_t first_open = 0;  // of the step's data choices, the first that may be varied
    bool planned = false;     // none may
    // The step of the last of them that may be varied has another alternative.
    [[nodiscard]] bool varies() const;
};

// What is left of a unit: the node it began at, then those below. Of the first only the step counts.
struct unit_rest {
    uint64_t id = 0;
    bool begun = false;  // else nothing has been done
    std::vector<loose_sequence> sequences;
    std::vector<open_node> nodes;
    graph_beginnings graphs;
    bool bound_mattered = false;   // something was left out since it took too many reversals
    bool may_have_missed = false;  // as strategy's
};

// A strategy whose exploration can be cut into units.
class unit_strategy : public strategy {
  public:
    // Explores nothing but this unit of work, from the next begin() on.
    virtual void begin_unit(work_unit unit) = 0;
    // Between two executions: gives what is left of it away.
    virtual unit_rest end_unit() = 0;
    // Executions that did not count, so far: others show all of it, and more.
    [[nodiscard]] virtual uint64_t executions_in_vain() const = 0;
};

void write(byte_writer& to, const work_unit& u);
void write(byte_writer& to, const unit_rest& r);
void write(byte_writer& to, const planned_branch& b);
void write(byte_writer& to, const taken_step& s);
work_unit read_unit(byte_reader& from);
unit_rest read_rest(byte_reader& from);
planned_branch read_branch(byte_reader& from);
taken_step read_step(byte_reader& from);

}  // namespace sim

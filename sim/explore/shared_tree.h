// shared_tree.h - the part of an optimal exploration that several units of work can reach: who owns a
//                 node whose branches are explored by different workers, or at different times.
// Source:  POPL 2014 for sleep sets and wakeup trees; that branches of a node can be explored side by
//          side, ours:
//          (1) The branches of a node have an order, that in which they were handed out. Each is explored
//              with all before it asleep, whether they are done or not: what begins with several of them
//              in some order belongs to the first. So no trace is explored twice.
//          (2) A depth-first search may drop a sequence that is independent of a sleeper's step, since the
//              sleeper's branch was done: had it led to a race with that step, the reversal would have
//              been inserted into what is explored now. Here the branch may still be under way, and what
//              it finds comes too late for a branch that was handed out. Such sleepers are not firm: they
//              cover only sequences that they themselves begin, as in source-DPOR, which finds all
//              traces with no help from other branches. Who was under way when something was put into a
//              planned branch is never firm for it. The price is executions in which nothing
//              is awake any more; few where branches are handed out one after the other.
//              Nobody is firm who was explored before such a sleeper: what was found then may be
//              planned behind the sleeper's step, where he who needs it does not come.
//              Who is explored while such a sleeper sleeps is firm when it is done: the sleeper is then
//              a context that cannot go on before a step that depends on its own, and of the program
//              with that one in it everything was found. What is missing of it begins with the
//              sleeper. (Not so where only some alternatives of a data choice were explored: which
//              others there are, an execution that the sleeper cut short may not have said.)
//          (3) A sequence that one of the branches handed out can begin is dropped: that branch finds it.
//          (4) How a step came out decides what it is independent of. The next branch is handed out only
//              when that of the one before is known, all alternatives of its data choices included.
//          (5) A branch in which alternatives of data choices are planned explores no others there: its
//              siblings' executions say which. It is handed out when all before it are done.
//          Hence the set of executions that end is that of a single depth-first search: one of each trace.
// Shapes:  nodes by number. A unit is out between take and commit or put_back.
// Locks:   none: one owner.
// Errors:  read: false for bytes that no tree can have.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "sim/explore/work_unit.h"

namespace sim {

class shared_tree {
  public:
    // With everything still to be done.
    shared_tree() = default;

    // Hands out a unit. False: there is none now; if none is out, everything is done. The deepest node
    // below or above `near` is served first (a worker goes on where it was), else the shallowest there is.
    static constexpr int32_t anywhere = -1;
    bool take(work_unit& u, int32_t near = anywhere);
    // How many could be handed out now, at most `enough`.
    [[nodiscard]] size_t ready(size_t enough) const;
    [[nodiscard]] size_t out() const { return out_.size(); }
    [[nodiscard]] bool done() const { return !everything_ && out_.empty() && live_ == 0; }

    // What came of a unit; gives the deepest node that it left, to be near.
    int32_t commit(unit_rest rest);
    // As if it had never been taken.
    void put_back(uint64_t id);

    // Which share of the tree as it is known now is done.
    [[nodiscard]] double share_done() const;
    [[nodiscard]] size_t nodes() const { return live_; }

    // With no unit out.
    void write(byte_writer& to) const;
    [[nodiscard]] bool read(byte_reader& from);

  private:
    // Alternatives of the step that the last branch of a node begins with.
    struct open_alternatives {
        taken_step step;  // its data choices as in work_unit::picks
        double part = 1;  // of the branch
    };
    struct node {
        int32_t parent = -1;
        uint32_t depth = 0;
        uint32_t branch = 0;  // of the parent: its place in the parent's sleep
        double part = 1;      // of that branch
        taken_step step;      // taken from the parent
        // On entry, then the branches that were handed out.
        std::vector<sleeper> sleep;
        uint32_t inherited = 0;  // on entry
        int32_t branches = -1;   // planned
        std::vector<open_alternatives> open;
        std::vector<double> out;  // units: parts of the last branch
        std::vector<uint32_t>
            busy;  // of each branch handed out: units, open alternatives, nodes below
        // Of a branch: who of the sleepers was under way when something was put into it. What comes of
        // them after that may have been taken for covered by it: they are never firm for it.
        std::map<int32_t, std::vector<uint32_t>> doubts;
        bool live = false;
    };
    struct unit_out {
        int32_t node = -1;
        uint32_t branch = 0;
        double part = 1;
        work_unit unit;  // without its path
    };

    [[nodiscard]] bool can_give(const node& n) const;
    [[nodiscard]] bool plans_alternatives(int32_t branch) const;
    [[nodiscard]] int32_t choose(int32_t near) const;
    // Who sleeps there, firm or not by now, and for this branch.
    [[nodiscard]] static std::vector<sleeper> sleepers(const node& n, int32_t branch = -1);
    static void doubt(node& n, int32_t branch, const std::vector<sleeper>& asleep);
    [[nodiscard]] static bool busy(const node& n);
    void describe_path(int32_t at, work_unit& u) const;
    int32_t make_node(int32_t parent, const open_node& left);
    void drop_branch(int32_t branch);
    int32_t release_done(int32_t at);  // gives the nearest that is left
    void insert(const loose_sequence& s, const unit_out& from);
    static void leave_alternatives(node& n, const open_node& left);
    [[nodiscard]] uint32_t branches_of(const node& n) const;
    void write_node(byte_writer& to, const node& n) const;
    node read_node(byte_reader& from);

    bool everything_ = true;
    bool alternatives_ = false;  // of data choices are or were planned in some branch
    wakeup_forest forest_;
    std::vector<node> nodes_;
    std::vector<int32_t> free_;
    size_t live_ = 0;
    std::map<uint64_t, unit_out> out_;
    uint64_t next_id_ = 1;
};

}  // namespace sim

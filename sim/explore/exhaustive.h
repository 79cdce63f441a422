// exhaustive.h - depth-first search over all interleavings, with sleep sets.
// Source:  Godefroid 1996 for sleep sets: a choice explored before need not be explored again until
//          something dependent on it has happened.
// Shapes:  a node for each choice on the path; replaying the prefix asks nothing.
// Locks:   none.
// Errors:  a replayed prefix that comes out otherwise is a nondeterministic subject: exit 4.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/machine/machine.h"

namespace sim {

class exhaustive_strategy final : public strategy {
  public:
    bool begin() override;
    uint8_t choose(const choice_view& view) override;
    uint32_t pick(const choice_view& view, uint32_t n) override;
    [[nodiscard]] bool wants_forced() const override { return true; }
    [[nodiscard]] bool wants_operations() const override { return true; }
    [[nodiscard]] bool gives_up_spins() const override { return true; }
    void end(execution_end why) override;
    void restart() override;
    [[nodiscard]] double share_done() const override;

    [[nodiscard]] uint64_t blocked() const { return blocked_; }  // executions cut by a sleep set

  private:
    struct sleeper {
        uint8_t context;
        operation op;
    };
    struct node {
        uint64_t enabled = 0;
        uint64_t done = 0;  // contexts explored from here
        uint8_t chosen = 0;
        uint32_t alternatives = 0;  // data choice: how many; 0 for a choice of context
        uint32_t taken = 0;
        operation op;                // what the chosen context was about to do
        std::vector<sleeper> sleep;  // at entry of the node, plus what has been explored from it
    };
    node& new_node();

    std::vector<node> path_;
    size_t used_ = 0;   // nodes of path_ that are live; the rest keep their memory
    size_t depth_ = 0;  // position in the current execution
    bool first_ = true;
    bool finished_ = false;
    uint64_t blocked_ = 0;
};

}  // namespace sim

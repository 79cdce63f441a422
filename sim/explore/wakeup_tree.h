// wakeup_tree.h - sequences of steps that are still to be explored from one place, as a tree.
// Source:  POPL 2014, wakeup trees. The branch that is being explored is not in its tree: what is
//          inserted always conflicts with it.
// Shapes:  nodes by number in one pool; a list of siblings is its first node, -1: none.
// Locks:   none; host code.
// Errors:  none.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/explore/event_log.h"

namespace sim {

// A sequence to be inserted: events of the log in their order, then one operation more.
class wakeup_sequence {
  public:
    wakeup_sequence(const event_log& log, const logged_event& last, const uint32_t* last_clock)
        : log_(log), last_(last), last_clock_(last_clock) {}
    void add(uint32_t depth) { events_.push_back(depth); }
    [[nodiscard]] bool empty() const { return events_.empty() && !has_last_; }

    // The position of a context's first step; size() if it has none.
    [[nodiscard]] size_t first_of(uint8_t context) const;
    [[nodiscard]] size_t size() const { return events_.size() + (has_last_ ? 1 : 0); }
    [[nodiscard]] const logged_event& at(size_t i) const {
        return i < events_.size() ? log_.at(events_[i]) : last_;
    }
    // Nothing before it in the sequence happens before it.
    [[nodiscard]] bool is_initial(size_t i) const;
    [[nodiscard]] bool independent(const operation& op) const;
    void remove(size_t i);
    // How many alternatives its first data choice has.
    [[nodiscard]] uint32_t alternatives_of(size_t i) const;
    // The data choices of a step; none are known of the last.
    [[nodiscard]] std::vector<uint32_t> picks(size_t i) const;

  private:
    const event_log& log_;
    const logged_event& last_;
    const uint32_t* last_clock_;
    std::vector<uint32_t> events_;
    bool has_last_ = true;
};

// Alternatives of the one data choice of a context's step, of which some are explored.
struct alternatives {
    uint8_t context = 0;
    uint32_t count = 0;  // 0: unknown
    uint64_t mask = 0;

    // Adds to those of the same context in the list. True if that makes all of them.
    static bool add(std::vector<alternatives>& list, const alternatives& more);
};

struct wakeup_node {
    operation op;
    std::vector<uint32_t>
        picks;           // planned alternatives of its data choices; empty: all, or it has none
    uint32_t count = 0;  // of alternatives of the first of them
    int32_t child = -1;
    int32_t next = -1;
    uint8_t context = 0;
};

class wakeup_forest {
  public:
    wakeup_node& at(int32_t node) { return nodes_[static_cast<size_t>(node)]; }
    [[nodiscard]] const wakeup_node& at(int32_t node) const {
        return nodes_[static_cast<size_t>(node)];
    }
    // Takes the first of a list of siblings off it, with all below.
    int32_t take_first(int32_t& first);
    // Gives a single node back.
    void release(int32_t node);
    // Inserts what of the sequence no branch covers. True if something was. `explored` are alternatives of
    // steps independent of the sequence that have been explored from there already.
    bool insert(int32_t& first, wakeup_sequence& v, std::vector<alternatives> explored = {});
    [[nodiscard]] size_t live() const { return nodes_.size() - free_.size(); }

  private:
    int32_t make(const logged_event& e, std::vector<uint32_t> picks, uint32_t count);
    int32_t make_branch(const wakeup_sequence& v);
    void insert_copy(int32_t node, const wakeup_sequence& v);

    std::vector<wakeup_node> nodes_;
    std::vector<int32_t> free_;
};

}  // namespace sim

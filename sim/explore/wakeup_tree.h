// wakeup_tree.h - sequences of steps that are still to be explored from one place, as a tree.
// Source:  POPL 2014, wakeup trees. The branch that is being explored is not in its tree: what is
//          inserted always conflicts with it.
// Shapes:  nodes by number in one pool; a list of siblings is its first node, -1: none.
// Locks:   none; host code.
// Errors:  none.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "sim/dependence.h"
#include "sim/explore/event_log.h"

namespace sim {

// Alternatives that are planned of a step's data choices.
struct planned_picks {
    std::vector<uint32_t> taken;
    uint32_t count = 0;  // of alternatives of the first

    [[nodiscard]] uint64_t mask() const {
        return taken.size() == 1 && taken[0] < 64 ? 1ULL << taken[0] : 0;
    }
};

// A sequence to be inserted: events of the log in their order, then one operation more. Made once and
// filled for each race.
class wakeup_sequence {
  public:
    explicit wakeup_sequence(const event_log& log) : log_(log) {}
    // Empty, of what is to end with this operation; both must stay.
    void begin(const logged_event& last, const uint32_t* last_clock);
    // Appends an event of the log.
    void add(uint32_t depth) {
        const logged_event& e = log_.at(depth);
        append(depth, e.context, e.index);
    }
    void add_last() { append(the_last, last_->context, last_->index); }
    [[nodiscard]] bool empty() const { return steps_.empty(); }
    [[nodiscard]] size_t size() const { return steps_.size(); }
    [[nodiscard]] const logged_event& at(size_t i) const {
        return steps_[i] != the_last ? log_.at(steps_[i]) : *last_;
    }

    // Contexts that have a step in it, as a mask.
    [[nodiscard]] uint64_t members() const { return members_; }
    // Those of whose first step is known that nothing before it in the sequence happens before it: all
    // such, as long as nothing was removed.
    [[nodiscard]] uint64_t initials() const { return initials_; }
    // The same of one member, for sure.
    bool is_initial(uint8_t context);
    // The position of a member's first step.
    [[nodiscard]] size_t first_of(uint8_t context) const;
    [[nodiscard]] bool independent(const operation& op) const;
    void remove_first_of(uint8_t context);
    // Ends it behind the first step with data choices, and plans none of these.
    void end_with_alternatives();
    // The data choices of a step, null if there were none; none are known of the last.
    [[nodiscard]] std::unique_ptr<planned_picks> picks(size_t i) const;
    [[nodiscard]] const uint32_t* clock(size_t i) const {
        return steps_[i] != the_last ? log_.clock(steps_[i]) : last_clock_;
    }

  private:
    static constexpr uint32_t the_last = ~0U;
    void append(uint32_t step, uint8_t context, uint32_t index);
    [[nodiscard]] bool nothing_before(size_t i) const;
    // A write is not before the awaits that it comes after, though they do not happen before it
    // (bypasses.h).
    [[nodiscard]] bool after_await(size_t i) const;

    const event_log& log_;
    const logged_event* last_ = nullptr;
    const uint32_t* last_clock_ = nullptr;
    std::vector<uint32_t> steps_;    // depths
    std::vector<uint8_t> contexts_;  // of the steps
    bool open_end_ = false;          // the data choices of the last are not planned
    bool has_await_ = false;
    uint64_t members_ = 0;
    uint64_t initials_ = 0;
    uint32_t first_[contexts_max] = {};  // which of its steps each member begins with
};

// A member's first step in the sequence happens before all its later ones; so only those are looked at.
inline bool wakeup_sequence::nothing_before(size_t i) const {
    const uint32_t* before = clock(i);
    for (uint64_t rest = members_ & ~(1ULL << contexts_[i]); rest != 0; rest &= rest - 1) {
        const int other = __builtin_ctzll(rest);
        if (before[other] >= first_[other]) {
            return false;
        }
    }
    return !has_await_ || !after_await(i);
}

inline void wakeup_sequence::append(uint32_t step, uint8_t context, uint32_t index) {
    steps_.push_back(step);
    contexts_.push_back(context);
    has_await_ |= only_awaits(at(steps_.size() - 1).op);
    const uint64_t bit = 1ULL << context;
    if ((members_ & bit) == 0) {
        initials_ |= nothing_before(steps_.size() - 1) ? bit : 0;
        members_ |= bit;
        first_[context] = index;
    }
}

// Alternatives of the one data choice of a context's step, of which some are explored.
struct alternatives {
    uint8_t context = 0;
    uint32_t count = 0;  // 0: unknown
    uint64_t mask = 0;

    // Adds to those of the same context in the list. True if that makes all of them.
    static bool add(std::vector<alternatives>& list, const alternatives& more);
};

// Small: there may be more than fit the caches.
struct wakeup_node {
    int32_t child = -1;
    int32_t next = -1;
    std::unique_ptr<planned_picks> picks;  // null: all alternatives, or it has none
    operation op;
    uint8_t context = 0;
};

class wakeup_forest {
  public:
    wakeup_node& at(int32_t node) {
        const auto i = static_cast<uint32_t>(node);
        return chunks_[i / chunk_size][i % chunk_size];
    }
    [[nodiscard]] const wakeup_node& at(int32_t node) const {
        const auto i = static_cast<uint32_t>(node);
        return chunks_[i / chunk_size][i % chunk_size];
    }
    // It is looked at soon; it may be long since it was made.
    void fetch(int32_t node) {
        if (node >= 0) {
            __builtin_prefetch(&at(node));
            __builtin_prefetch(reinterpret_cast<const char*>(&at(node) + 1) - 1);
        }
    }
    // Takes the first of a list of siblings off it, with all below.
    int32_t take_first(int32_t& first);
    // Gives a single node back.
    void release(int32_t node);
    // Inserts what of the sequence no branch covers. True if something was. `explored` are alternatives of
    // steps independent of the sequence that have been explored from there already.
    // `touched`: gets the branches of the list into which something was put, new ones too.
    bool insert(int32_t& first, wakeup_sequence& v, std::vector<alternatives> explored = {},
                std::vector<int32_t>* touched = nullptr);
    // A node that is in no list yet.
    int32_t make(const operation& op, uint8_t context, std::unique_ptr<planned_picks> picks);
    [[nodiscard]] size_t live() const { return made_ - free_.size(); }

  private:
    static bool covers_step(const wakeup_node& n, wakeup_sequence& v);
    int32_t make_branch(const wakeup_sequence& v);
    void insert_copy(int32_t node, const wakeup_sequence& v);

    // Chunks, since a vector that grows holds everything twice for a moment.
    static constexpr uint32_t chunk_size = 1024;
    std::vector<std::unique_ptr<wakeup_node[]>> chunks_;
    uint32_t made_ = 0;
    std::vector<int32_t> free_;
};

}  // namespace sim

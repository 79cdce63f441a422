// sleepers.h - steps that need not be explored from a node, since a branch that began with them was.
// Source:  Godefroid 1996, sleep sets; POPL 2014 for when they cover a sequence.
// Shapes:  a list belongs to a node. A step with data choices may sleep in part.
// Locks:   none; host code.
// Errors:  none.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/explore/wakeup_tree.h"

namespace sim {

// A step need not be explored: all of it, or some alternatives of its one data choice.
struct sleeper {
    operation op;
    uint8_t context = 0;
    bool whole = true;
    // All that its branch found has been inserted by now, so that what it leads to needs no other way to be
    // found. Else it may be asleep for that branch, but a sequence that is merely independent of it is
    // still explored, if only until nothing but sleepers is left.
    bool firm = true;
    uint32_t count = 0;  // of alternatives, if not the whole
    uint64_t alternatives = 0;
};

// As it sleeps once it has been explored, with these alternatives planned (null: with all).
sleeper make_sleeper(const operation& op, uint8_t context, const planned_picks* picks);

[[nodiscard]] bool all_firm(std::span<const sleeper> asleep);

// The branch that began with it has explored, or will explore, what the sequence leads to.
[[nodiscard]] bool covers(const sleeper& s, const wakeup_sequence& v);
// Adds what of the alternatives of a step that has nothing to do with the sequence is explored. True if
// that makes all of them.
[[nodiscard]] bool add_explored(std::vector<alternatives>& explored, const sleeper& s,
                                const wakeup_sequence& v);
// The same of a step that the sequence begins with and plans no alternatives of: they may sleep one by one.
[[nodiscard]] bool add_beginning(std::vector<alternatives>& all, const sleeper& s,
                                 const wakeup_sequence& v);

// Inserts the sequence into the branches of a node, unless those who sleep there or these branches cover
// it. True if something was inserted. Where not all who slept on entry are `firm`, alternatives are not
// planned: the execution that would plan the others may be one that a sleeper cut short.
bool insert_branch(std::span<const sleeper> asleep, wakeup_forest& forest, int32_t& branches,
                   wakeup_sequence& v, bool firm, std::vector<int32_t>* touched = nullptr);

}  // namespace sim

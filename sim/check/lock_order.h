// lock_order.h - in which order locks are taken, by class, over all executions; and the cycles in that.
// Source:  the idea of lockdep: who takes two locks in both orders may deadlock, in this execution or another.
//          Guards and threads as in Havelund's Goodlock: what they exclude is no cycle.
// Shapes:  a class is what heddle_lock_class says, else the name of the lock's object or variable without its
//          numbers, else where it was allocated. Locks of one class are told apart in the orders among them. An
//          edge is "wanted with that one held"; what cannot wait for good wants nothing, but holds.
// Locks:   none; host code.
// Errors:  a cycle that nothing refutes is a finding; it has no schedule, since none is known to show it.
#pragma once

#include "sim/check/checker.h"
#include "sim/check/lessons.h"

namespace sim {

checker& lock_order();

enum class cycle_state : uint8_t {
    witnessed,  // a deadlock that was found waits like that
    refuted,    // everything was explored and nobody waits like that
    open,
};

struct lock_cycle {
    cycle_state state = cycle_state::open;
    std::string name;   // "cache -> tx -> cache"
    std::string where;  // "rt.c:12 rt_add": of its first edge
    std::string text;   // who takes what with what held
};

// Of what was learned; `complete`: of all executions, none was cut.
std::vector<lock_cycle> lock_cycles(const lessons& learned, bool complete);

}  // namespace sim

// dependence.h - which operations do not commute: the one place that decides it.
// Source:  design section 4; Flanagan and Godefroid 2005 for the notion.
// Shapes:  symmetric; operations of one context are ordered by its program and never asked about.
// Locks:   none; a pure function.
// Errors:  none. When in doubt the answer is true: too much dependence costs time, too little is
//          unsound.
#pragma once

#include "sim/machine/operation.h"

namespace sim {

enum class dependence_mode : uint8_t {
    refined,  // awaits do not depend on writes that leave them waiting, and are passed as soon as they hold;
              // updates whose results nobody uses, takes and puts of references commute
    plain,  // every two accesses to an object of which one writes depend
};

// The chosen mode; set once before an exploration.
extern dependence_mode dependence;

// How an operation uses its object.
enum class operation_use : uint8_t { none, read, write };
operation_use use_of(const operation& op);

// Of operations that meet, or that concern more than one object.
bool dependent_closely(const operation& a, const operation& b);

// By anything but the CPUs that they take and give up, or that interrupts may come to.
inline bool dependent_by_object(const operation& a, const operation& b) {
    // Most pairs are loads, or far apart.
    if (a.kind == op_kind::load && b.kind == op_kind::load) {
        return false;
    }
    const bool apart = a.object - b.object >= (b.size == 0 ? 1 : b.size) &&
                       b.object - a.object >= (a.size == 0 ? 1 : a.size);
    if (apart && a.object2 == 0 && b.object2 == 0 && a.kind != op_kind::process_exit &&
        b.kind != op_kind::process_exit) {
        return false;
    }
    return dependent_closely(a, b);
}

inline bool dependent(const operation& a, const operation& b) {
    if (__builtin_expect(a.cpu != 0, 0) && a.cpu == b.cpu) {
        return true;
    }
    return dependent_by_object(a, b);
}

// One that happens only when it holds, while its context needs nothing else. Who waits for a CPU as well, or
// has one to give up, is no such thing, nor is who may be interrupted before and after it.
inline bool only_awaits(const operation& op) {
    return op.kind == op_kind::await && !op.tries && op.cpu == 0;
}

// Of a reader of a lock: those do not concern each other.
bool by_reader(const operation& op);

// Has others of its like that it commutes with, so that a write before it is not before all after it.
bool may_commute(const operation& op);

// Takes and puts that never reach zero are alike for it.
bool awaits_zero(const operation& await);

// A put of a reference that was the last.
bool reaches_zero(const operation& op);

// The objects that an operation uses as a whole, one of which at least it changes; how many. Accesses to words, which
// have no such object, and what concerns nobody: none.
inline constexpr unsigned objects_max = 3;
unsigned objects_of(const operation& op, uint64_t (&objects)[objects_max]);

// Whether an await would hold with this value in its word.
bool holds(const operation& await, uint64_t value);

}  // namespace sim

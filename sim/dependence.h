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
    refined,  // an await depends only on writes that change whether it holds
    plain,    // every two accesses to an object of which one writes depend
};

// The chosen mode; set once before an exploration.
extern dependence_mode dependence;

// How an operation uses its object.
enum class operation_use : uint8_t { none, read, write };
operation_use use_of(const operation& op);

bool dependent(const operation& a, const operation& b);

// Whether an await would hold with this value in its word.
bool holds(const operation& await, uint64_t value);

}  // namespace sim

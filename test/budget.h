// budget.h - how much a test does.
// Source:  ours.
// Shapes:  HEDDLE_BUDGET is "ci" or "full"; anything else, or nothing, is "ci".
// Locks:   none.
// Errors:  none.
#pragma once

#include <cstdlib>
#include <cstring>

namespace sim::test {

inline bool full_budget() {
    const char* budget = std::getenv("HEDDLE_BUDGET");
    return budget != nullptr && std::strcmp(budget, "full") == 0;
}

}  // namespace sim::test

// explored.h - explores a subject of the build in a child and gives back what came out, as text.
// Source:  ours.
// Shapes:  "executions 3, blocked 1, deadlocked 0, complete: none" or a sorted list of finding kinds.
// Locks:   none.
// Errors:  as child.h.
#pragma once

#include <cstdint>
#include <string>

namespace sim::test {

struct exploration {
    std::string strategy = "exhaustive";  // "random", "bounded N"
    uint64_t executions_max = ~0ULL;
    bool compare = true;  // all memory, after every restore
    bool checkers = true;
};

std::string explored(const std::string& path, const exploration& how);

}  // namespace sim::test

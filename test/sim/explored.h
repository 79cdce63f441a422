// explored.h - explores a subject of the build in a child and gives back what came out, as text.
// Source:  ours.
// Shapes:  "executions 3, blocked 1, deadlocked 0, complete: none" or a sorted list of finding kinds.
// Locks:   none.
// Errors:  as child.h.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/dependence.h"

namespace sim::test {

struct exploration {
    std::string strategy =
        "exhaustive";  // "optimal", "optimal GAP", "random", "bounded N", "graph MODEL"
    dependence_mode dependence = dependence_mode::refined;
    uint64_t executions_max = ~0ULL;
    uint32_t steps_max = 100000;
    bool compare = true;  // all memory, after every restore
    bool checkers = true;
    bool deep = false;                        // sections are opened
    bool spins = true;                        // loops that only look wait (spin.h)
    std::vector<std::string> arguments = {};  // of the program
};

std::string explored(const std::string& path, const exploration& how);

// The same in parts.
struct counts {
    uint64_t executions = 0;  // those that deadlocked are among them, those given up are not
    uint64_t given_up = 0;
    uint64_t deadlocked = 0;
    bool complete = false;
    std::string found;  // kinds of findings, sorted, or "none"
    std::string text;   // as explored() says it; if it is something else, nothing above is set
};

counts explored_counts(const std::string& path, const exploration& how);

// "2 12 28": how many traces show with at most 0, 1, 2, ... preemptions, up to a bound or until no
// preemption is left out; no refinement of dependence.
std::string traces_within(const std::string& path, uint32_t bound);

}  // namespace sim::test

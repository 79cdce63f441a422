// bugs.h - the programs of test/programs/bugs and how long samplers take with them.
// Source:  mean executions to the first bug of a study: Zhao et al., ASPLOS 2025, recomputed
//          (exploration.md C2); 0 where the program is not in it.
// Shapes:  counts of executions, pilots included.
// Locks:   none.
// Errors:  as child.h.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace sim::test {

struct study_means {
    double surw = 0;
    double pct = 0;
    double pos = 0;
    double random = 0;
};

struct buggy_program {
    std::string name;     // a subject of the build
    std::string finding;  // the word for the kind
    study_means study;
};

const std::vector<buggy_program>& buggy_programs();

// Executions until the first finding, one for each seed from 1 on; 0: none within the limit. A finding of
// another kind than the program's, or one that its schedule does not show again, is an error.
struct hunt {
    std::vector<uint64_t> executions;
    std::string error;
};
hunt hunt_bug(const buggy_program& program, const std::string& sampler, uint64_t seeds,
              uint64_t executions_max);

}  // namespace sim::test

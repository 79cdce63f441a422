// peers.h - what other tools take for the same programs.
// Source:  measured by us in November 2026 on one machine (2 cores, Debian 12, g++ 12.2, a raw switch of
//          5.3 ns): GenMC 0.10.3 and Nidhugg 0.4 from process start; loom 0.7.2, Relacy at commit 9f25438
//          and shuttle 0.9.0 the exploration alone. Medians of five runs, wall time.
// Shapes:  seconds; none: it was not measured, or explores less than everything there. Where a tool was
//          stopped it is the time until then: it would have taken longer.
// Locks:   none; constants.
// Errors:  none.
#pragma once

#include <cstdint>

namespace bench {

inline constexpr double none = -1;

struct program_row {
    const char* subject;  // PROGRAM_THREADS_ROUNDS
    uint64_t traces;      // that differ by more than the order of independent steps
    double goal_ms;       // without checkers; three times that with them; none: no goal
    double genmc;
    double nidhugg;
    double loom;
    double relacy;   // its full search
    double shuttle;  // its depth-first search
};

inline constexpr program_row program_table[] = {
    {"inc_rmw_2_2", 6, none, 0.052, 0.027, 0.0007, 0.0001, 0.0001},
    {"inc_rmw_2_4", 70, none, 0.059, 0.024, 0.008, 0.0002, 0.0004},
    {"inc_rmw_2_6", 924, none, 0.164, 0.082, 0.11, 0.0022, none},
    {"inc_rmw_2_8", 12870, 12, 2.2, 1.0, none, 0.037, 0.084},
    {"inc_ldst_2_2", 34, none, 0.073, 0.028, 0.004, 0.0002, 0.0004},
    {"inc_ldst_2_4", 3334, none, 0.129, 0.154, none, 0.035, 0.077},
    {"mutex_2_2", 6, none, 0.058, 0.019, 0.0007, 0.0002, 0.0003},
    {"mutex_3_2", 90, none, 0.073, 0.026, 0.34, 0.26, 0.58},
    {"mutex_7_1", 5040, 6, 0.360, 1.028, none, none, none},
    {"ticket_2_2", 6, none, 0.055, 0.022, 0.023, 0.25, none},
    {"ticket_3_1", 6, none, 0.057, 0.022, 5.4, 2.3, none},
    {"treiber_2_1", 46, none, 0.057, 0.030, 0.0044, 0.029, 0.035},
    {"treiber_2_2", 11780, none, 0.76, 4.8, none, 20, none},
    {"treiber_3_1", 68892, 70, 2.8, 10, none, 20, none},
    {"readers_14_1", 8192, 20, 0.224, 2.701, none, none, none},
    {"lastzero_15_1", 147456, 600, none, none, none, none, none},
};

}  // namespace bench

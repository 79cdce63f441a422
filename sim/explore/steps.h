// steps.h - whether two steps concern each other: by what they do, and by the CPUs they need.
// Source:  design section 4: a CPU with several contexts behaves as a lock. Who may run on it follows from
//          who of them can go on, which any step elsewhere may change: so where CPUs are shared, steps of
//          their contexts concern all others.
// Shapes:  contexts by number, as in the machine.
// Locks:   none.
// Errors:  none. In doubt the answer is true.
#pragma once

#include "sim/dependence.h"
#include "sim/machine/machine.h"

namespace sim {

inline bool shares_cpu(uint8_t id) {
    for (uint64_t rest = g.live & ~(1ULL << id); rest != 0; rest &= rest - 1) {
        if (g.contexts[__builtin_ctzll(rest)].cpu == g.contexts[id].cpu) {
            return true;
        }
    }
    return false;
}

inline bool concern(uint8_t a, const operation& x, uint8_t b, const operation& y) {
    return (g.shared_cpus && (shares_cpu(a) || shares_cpu(b))) || dependent(x, y);
}

}  // namespace sim

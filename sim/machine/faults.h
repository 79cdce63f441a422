// faults.h - what may go wrong beside the schedule, as choices of the explorer.
// Source:  design sections 4 and 6: off unless asked for, and then at most so many of a kind in an execution.
// Shapes:  a choice of two, 1 being that it goes wrong; the second of a kind too many gives the execution up: what it
//          would show, others show in which fewer go wrong. So a choice depends on no other context's.
// Locks:   none.
// Errors:  none.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/machine/machine.h"

namespace sim {

inline constexpr uint32_t faults_max = 1000;  // as good as any number

inline bool fault_possible(fault kind) {
    return __builtin_expect(g.limits.faults[static_cast<size_t>(kind)] != 0, 0) && g.choosing &&
           g.current != nullptr;
}

// By a step of its own: the current context is between two operations.
bool fault_chosen_slow(fault kind, uint64_t pc);
inline bool fault_chosen(fault kind, uint64_t pc) {
    return fault_possible(kind) && fault_chosen_slow(kind, pc);
}

// The nth allocation of a context ("": of each), from 1. If some are named, the others succeed.
struct allocation_choice {
    uint32_t nth = 0;
    std::string context;
};
void choose_allocations(std::vector<allocation_choice> which);
bool allocation_fails_slow(uint64_t pc);
inline bool allocation_fails(uint64_t pc) {
    return fault_possible(fault::failed_allocation) && allocation_fails_slow(pc);
}

// As part of the operation that the current context performs.
bool fault_in_operation_slow(fault kind);
inline bool fault_in_operation(fault kind) {
    return fault_possible(kind) && fault_in_operation_slow(kind);
}

}  // namespace sim

// frames.h - variables of calls that have returned.
// Source:  ours.
// Shapes:  of a context that is switched out, what lies below `left_at` on its stack is in no frame of the
//          subject; of the one that runs, what lies below the frame that calls the hook. A place in a dead frame
//          that a later call has taken is in a frame again: it is not told apart. The end of a call is no step:
//          searches that leave out orders of steps that commute may leave out the one in which the call ends first.
// Locks:   none.
// Errors:  a use ends the execution with a finding.
#pragma once

#include <cstdint>

#include "sim/machine/machine.h"
#include "sim/trace/trace.h"

namespace sim {

// Whatever is not the frame of a call that the context that runs is in.
void check_frame_slow(uint64_t address, uint64_t size, bool write, uint64_t pc, uint64_t frame);

// `frame`: where the stack of the function that calls the hook ends.
inline void check_frame(uint64_t offset, uint64_t size, bool write, uint64_t pc, uint64_t frame) {
    const uint64_t address = region_base + offset;
    if (!in_stack_area(address)) {
        return;
    }
    const context* c = g.current;
    if (c != nullptr && __builtin_expect(address - frame >= c->stack_high - frame, 0)) {
        check_frame_slow(address, size, write, pc, frame);
    }
}

// While an execution is written down: which frames there were.
void frames_begin();
void frames_entered(uint64_t function_pc, uint64_t frame);
void frames_left();
// Whose frame it was that held the address last; false: not known.
bool frame_that_ended(uint64_t address, trace_evidence& e);

}  // namespace sim

// invariant.h - what the subject says must hold: at the end, whenever a lock is given up, or at a place of its own.
// Source:  sim/annotate.h; design section 4, What may be observed: in the middle of an execution only what is equal
//          for equivalent interleavings. Hence a check is tied to the release of the lock that guards what it
//          reads, or is an operation that reads it.
// Shapes:  a finding when what held does so no longer: not again before it has held once more. What the check notes
//          (heddle_note) is told with it: the numbers that differ.
// Locks:   none; the subject's check is called by the context that gives the lock up, and still has it.
// Errors:  none.
#pragma once

#include <cstdint>
#include <string>

#include "sim/machine/names.h"

namespace sim {

void invariant_add(const named_invariant& one);
// What was seen until now is set-up's: steps are counted from here.
void invariants_before_race();
// Those of the end of the execution: called alone.
void check_invariants_at_end();
// An operation that reads the object has just been performed by the current context.
void check_invariant_now(const char* name, int (*holds)(void*), void* argument, uint64_t pc);

// A check that is being called says why it does not hold; false: none is.
bool invariant_notes(const char* text);

void check_invariants_of(uint64_t lock, uint64_t pc);
// The current context is about to give the lock up, and holds it exclusively.
inline void lock_given_up(uint64_t lock, uint64_t pc) {
    if (__builtin_expect(subject_names.of_locks != 0, 0)) {
        check_invariants_of(lock, pc);
    }
}

}  // namespace sim

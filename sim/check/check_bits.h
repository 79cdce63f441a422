// check_bits.h - which checkers look, as a mask.
// Source:  design section 4: each can be switched off.
// Locks:   none; plain values.
// Errors:  none.
#pragma once

#include <cstdint>

namespace sim {

// Which work hooks do, and which checkers look (checker.h). "Bare" is undo alone.
enum check_bits : uint32_t {
    check_undo = 1,    // log what is overwritten, so that restore can put it back
    check_memory = 2,  // lifetime and bounds
    check_race = 4,    // happens-before races
    check_leak = 8,
    check_invariant = 16,
    check_uninitialised = 32,
    check_lock_order = 64,
    check_rules = 128,       // what may be done in which context
    check_references = 256,  // takes and puts
    check_listened = check_lock_order | check_rules | check_references,
    check_all = 511,
    check_written_down = 512,  // no checker: an execution is being written down (access_log.h)
};

}  // namespace sim

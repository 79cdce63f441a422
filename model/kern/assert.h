// assert.h - a condition of the model that must hold; natively a trap, simulated a finding.
// Locks:   none; may be called anywhere.
// Errors:  none.
#pragma once

#include "sim/annotate.h"

namespace model::kern {

inline void kassert(bool holds, const char* message) {
    if (!holds) {
        heddle_fail(message);
    }
}

}  // namespace model::kern

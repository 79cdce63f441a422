// watch.h - who wants to know when functions are entered or windows passed.
// Source:  design section 6, Points.
// Shapes:  hooks of the machine: g.watch_entry and g.watch_window, called in the context's name.
// Locks:   none.
// Errors:  none.
#pragma once

#include "sim/machine/machine.h"

namespace sim {

inline void window_passed(const char* name) {
    if (g.watch_window != nullptr) {
        g.watch_window(name);
    }
}

}  // namespace sim

// shrink_litmus.h - the smallest litmus program that still shows something.
// Source:  ours.
// Shapes:  threads and operations are left out, orders made relaxed, one at a time, as long as that can be done.
// Locks:   none.
// Errors:  none.
#pragma once

#include <functional>

#include "test/memory/litmus.h"

namespace sim::test {

[[nodiscard]] litmus_program shrunk(litmus_program program,
                                    const std::function<bool(const litmus_program&)>& shows);

}  // namespace sim::test

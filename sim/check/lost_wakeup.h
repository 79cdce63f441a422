// lost_wakeup.h - would it have helped if the wake-up had come when somebody waited for it?
// Source:  a signal that meets nobody is usual: whoever is to wait later looks first whether it still has to. It was
//          lost if a wake-up now, when nobody can go on, lets the context do more than look and wait again.
// Shapes:  called when an execution has ended since nobody can go on; leaves it as it was. The end of an execution
//          is the same in equivalent interleavings, so what comes out is too.
// Locks:   none.
// Errors:  while an exception is in flight nothing is tried, and nobody is said to go on.
#pragma once

#include <cstdint>

namespace sim {

// Of these contexts those that go on when they are woken, each alone.
uint64_t would_go_on_if_woken(uint64_t contexts);

}  // namespace sim

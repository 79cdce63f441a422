// buffers.h - litmus programs on a small machine with store buffers, every interleaving of it.
// Source:  Owens, Sarkar, Sewell, A better x86 memory model: x86-TSO, TPHOLs 2009; the code is ours.
// Shapes:  a thread's stores go through its queue to memory in order; without queues it is sequential
//          consistency. What the axioms of axioms.h allow must be what this machine shows.
// Locks:   none.
// Errors:  none.
#pragma once

#include "test/memory/litmus_run.h"

namespace sim::test {

[[nodiscard]] litmus_graphs all_runs(const litmus_program& program, bool buffered);

}  // namespace sim::test

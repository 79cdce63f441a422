// enumerate.h - all execution graphs of a litmus program that a memory model allows, by trying every one.
// Source:  ours, and written apart from sim/: no operation is ever performed on a machine, the axioms are
//          asked about whole graphs (axioms.h).
// Shapes:  candidates are all choices of what each read takes in which program order and reads-from have no
//          cycle, times all orders of the writes to each location.
// Locks:   none.
// Errors:  none.
#pragma once

#include "test/memory/axioms.h"
#include "test/memory/litmus_run.h"

namespace sim::test {

struct allowed_graphs {
    litmus_graphs sc;
    litmus_graphs tso;
    litmus_graphs rc11;
    size_t candidates = 0;
};

// How the axioms see a read-modify-write.
enum class updates { one_event, two_events };

[[nodiscard]] allowed_graphs enumerate(const litmus_program& program,
                                       updates as = updates::one_event);

}  // namespace sim::test

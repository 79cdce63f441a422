// litmus_graphs.h - the machine's execution graphs of a litmus program, in the words of the enumerator.
// Source:  ours.
// Shapes:  lines_of(): each graph that was explored, with its outcome, as often as it was.
// Locks:   none.
// Errors:  what a graph cannot be, or what the subject saw though its graph has it otherwise, stands in its line.
#pragma once

#include <string>

#include "sim/memory/model.h"
#include "test/memory/litmus_run.h"
#include "test/memory/litmus_subject.h"

namespace sim::test {

[[nodiscard]] std::string explored_graphs(const litmus_program& program, memory_model model,
                                          const subject_options& options = {});

// The same text of what the enumerator found.
[[nodiscard]] std::string graphs_text(const litmus_graphs& graphs);

}  // namespace sim::test

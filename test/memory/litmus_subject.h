// litmus_subject.h - a litmus program as a subject of the machine, explored.
// Source:  ours.
// Shapes:  what comes back is text, which is to be the same as what the enumerator's graphs give: how many
//          executions there are, and in how many of them each outcome shows.
// Locks:   none; each exploration in a process of its own.
// Errors:  an exploration that is not complete, is blocked or finds something says so in its text.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "sim/machine/machine.h"
#include "test/memory/litmus_run.h"

namespace sim::test {

// `how` makes the strategy, and sets what it needs.
[[nodiscard]] std::string explored_litmus(const litmus_program& program,
                                          const std::function<std::unique_ptr<strategy>()>& how,
                                          const std::string& compiler = "g++");

[[nodiscard]] std::string text_of(const litmus_graphs& graphs);

}  // namespace sim::test

// litmus_subject.h - a litmus program as a subject of the machine, explored.
// Source:  ours.
// Shapes:  what comes back is text: a line for each thing that executions showed, in order, with how often they
//          did. It is compared with the same of the enumerator's graphs.
// Locks:   none; each exploration in a process of its own.
// Errors:  an exploration that is not complete or finds something says so in its last line.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "sim/explore/explorer.h"
#include "test/memory/litmus_run.h"

namespace sim::test {

using seen_texts = std::map<std::string, size_t>;  // how often
[[nodiscard]] std::string lines_of(const seen_texts& seen);

struct subject_options {
    std::string compiler = "g++";
    bool looks_last = false;  // main loads every word when all threads have ended
};

// Asks for the text of each execution that is not given up.
[[nodiscard]] std::string explored_texts(const litmus_program& program, strategy& s,
                                         const subject_options& options,
                                         const std::function<std::string(execution_end)>& text_of);

// A variable of the subject.
[[nodiscard]] int* subject_data(const char* name);

// What the subject's threads have read in this execution.
[[nodiscard]] std::string seen_outcome(const litmus_program& program);

}  // namespace sim::test

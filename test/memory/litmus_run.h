// litmus_run.h - how far the threads of a litmus program have come, given what each of their reads took.
// Source:  ours.
// Shapes:  who decides what a read takes is somebody else: enumerate.h, buffers.h. A write is named by the
//          thread and the operation; -1 is the initial write of its location.
// Locks:   none.
// Errors:  none.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "test/memory/litmus.h"

namespace sim::test {

using write_name = int;
inline constexpr write_name initial_write = -1;
inline constexpr const char* stuck_text = ", stuck";  // behind an outcome: not all have ended

// An operation that was performed.
struct litmus_step {
    int op = 0;  // number in its thread
    bool reads = false;
    bool writes = false;
    write_name source = initial_write;  // what it read from
    int read = 0;
    int written = 0;
};

class litmus_run {
  public:
    explicit litmus_run(const litmus_program& program)
        : program_(&program), steps_(program.size()) {}

    // The operation that the thread performs next, past what it skips; -1: it is done.
    [[nodiscard]] int next(size_t thread) const;
    [[nodiscard]] const litmus_op& op(size_t thread, int number) const {
        return (*program_)[thread][static_cast<size_t>(number)];
    }
    [[nodiscard]] bool done() const;
    // What the thread's next operation can read, if it reads. None: it waits for a mutex that somebody has, or
    // for a value that nobody has written.
    [[nodiscard]] std::vector<write_name> sources(size_t thread) const;
    [[nodiscard]] size_t threads() const { return steps_.size(); }

    // Performs the thread's next operation. If it reads, it takes `source`.
    const litmus_step& perform(size_t thread, write_name source);

    [[nodiscard]] const std::vector<litmus_step>& steps(size_t thread) const {
        return steps_[thread];
    }
    [[nodiscard]] const litmus_step& step_of(write_name write) const;
    [[nodiscard]] static write_name name(size_t thread, int op) {
        return static_cast<int>(thread * litmus_ops_max) + op;
    }
    // Writes to a location that were performed.
    [[nodiscard]] std::vector<write_name> writes_to(int location) const;
    // Uses of a mutex, each behind the one that it read.
    [[nodiscard]] std::vector<write_name> uses_of(int mutex) const;
    // What all reads took: it says what the threads did.
    [[nodiscard]] std::string key() const;
    // What was read, and whether all have ended.
    [[nodiscard]] std::string outcome() const;

  private:
    [[nodiscard]] const litmus_step* step_or_null(size_t thread, int op) const;
    [[nodiscard]] int register_of(size_t thread, int op) const;

    const litmus_program* program_;
    std::vector<std::vector<litmus_step>> steps_;
};

// The value of each operation that reads; -1, "-": it was skipped.
[[nodiscard]] std::string outcome_text(const litmus_program& program,
                                       const std::function<int(size_t thread, size_t op)>& value);

// Orders of the writes to each location, initial ones left out.
using coherence = std::vector<std::vector<write_name>>;

// The same text for the same graph: events, reads-from and coherence.
[[nodiscard]] std::string graph_text(const litmus_run& run, const coherence& co);

// Graphs by their text, with their outcome.
using litmus_graphs = std::map<std::string, std::string>;

// In how many graphs each outcome shows.
[[nodiscard]] std::map<std::string, size_t> outcomes_of(const litmus_graphs& graphs);

}  // namespace sim::test

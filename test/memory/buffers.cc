#include "test/memory/buffers.h"

#include <set>

namespace sim::test {

namespace {

struct machine_state {
    litmus_run run;
    coherence memory;                             // what was written to each location, in order
    std::vector<std::vector<write_name>> queues;  // of each thread, not in memory yet
};

// What a thread sees in a location: its own last store, else what memory has.
write_name seen_by(const machine_state& s, size_t thread, int location) {
    for (size_t i = s.queues[thread].size(); i-- > 0;) {
        const write_name write = s.queues[thread][i];
        const int op = write % static_cast<int>(litmus_ops_max);
        if (s.run.op(thread, op).location == location) {
            return write;
        }
    }
    const auto& memory = s.memory[static_cast<size_t>(location)];
    return memory.empty() ? initial_write : memory.back();
}

class buffer_machine {
  public:
    buffer_machine(const litmus_program& program, bool buffered)
        : program_(program), buffered_(buffered) {}

    litmus_graphs run() {
        go_on({litmus_run(program_), coherence(litmus_locations_max),
               std::vector<std::vector<write_name>>(program_.size())});
        return std::move(graphs_);
    }

  private:
    void go_on(const machine_state& s) {
        std::string key = graph_text(s.run, s.memory);
        if (!seen_.insert(key).second) {
            return;
        }
        bool ended = true;
        for (size_t t = 0; t < program_.size(); ++t) {
            if (!s.queues[t].empty()) {
                ended = false;
                drain_one(s, t);
            }
            if (s.run.next(t) >= 0 && perform(s, t)) {
                ended = false;
            }
        }
        if (ended) {
            graphs_[key] = s.run.outcome();
        }
    }

    void drain_one(machine_state s, size_t thread) {
        to_memory(s, thread, s.queues[thread].front());
        s.queues[thread].erase(s.queues[thread].begin());
        go_on(s);
    }

    // An operation that drains waits for an empty queue, and goes to memory at once. False: not now.
    bool perform(machine_state s, size_t thread) {
        const int number = s.run.next(thread);
        const litmus_op& op = s.run.op(thread, number);
        const bool strong = op.kind != litmus_kind::load && op.order == litmus_order::seq_cst;
        const bool drains = is_update(op) || is_lock(op) || strong;
        if (drains && !s.queues[thread].empty()) {
            return false;
        }
        const write_name source = seen_by(s, thread, op.location);
        const int value = source == initial_write ? 0 : s.run.step_of(source).written;
        if ((op.kind == litmus_kind::lock && value != 0) ||
            (op.kind == litmus_kind::await && value != op.value)) {
            return false;
        }
        const bool writes = s.run.perform(thread, source).writes;
        const write_name write = litmus_run::name(thread, number);
        if (writes && (drains || !buffered_)) {
            to_memory(s, thread, write);
        } else if (writes) {
            s.queues[thread].push_back(write);
        }
        go_on(s);
        return true;
    }

    void to_memory(machine_state& s, size_t thread, write_name write) const {
        const int op = write % static_cast<int>(litmus_ops_max);
        s.memory[static_cast<size_t>(s.run.op(thread, op).location)].push_back(write);
    }

    const litmus_program& program_;
    bool buffered_;
    std::set<std::string> seen_;
    litmus_graphs graphs_;
};

}  // namespace

litmus_graphs all_runs(const litmus_program& program, bool buffered) {
    return buffer_machine(program, buffered).run();
}

}  // namespace sim::test

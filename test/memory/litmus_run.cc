#include "test/memory/litmus_run.h"

#include <fmt/format.h>

#include <algorithm>

namespace sim::test {

const litmus_step* litmus_run::step_or_null(size_t thread, int op) const {
    for (const litmus_step& s : steps_[thread]) {
        if (s.op == op) {
            return &s;
        }
    }
    return nullptr;
}

// What was skipped gives 0.
int litmus_run::register_of(size_t thread, int op) const {
    const litmus_step* s = step_or_null(thread, op);
    return s != nullptr ? s->read : 0;
}

int litmus_run::next(size_t thread) const {
    const std::vector<litmus_step>& steps = steps_[thread];
    const int end = static_cast<int>((*program_)[thread].size());
    int at = steps.empty() ? 0 : steps.back().op + 1;
    while (at < end && op(thread, at).kind == litmus_kind::skip) {
        const litmus_op& o = op(thread, at);
        at += 1 + (register_of(thread, o.from) == o.value ? o.desired : 0);
    }
    return at < end ? at : -1;
}

bool litmus_run::done() const {
    for (size_t t = 0; t < steps_.size(); ++t) {
        if (next(t) >= 0) {
            return false;
        }
    }
    return true;
}

const litmus_step& litmus_run::step_of(write_name write) const {
    const auto thread = static_cast<size_t>(write) / litmus_ops_max;
    return *step_or_null(thread, write % static_cast<int>(litmus_ops_max));
}

const litmus_step& litmus_run::perform(size_t thread, write_name source) {
    litmus_step s;
    s.op = next(thread);
    const litmus_op& o = op(thread, s.op);
    s.reads = is_read(o) || is_lock(o) || o.kind == litmus_kind::await;
    if (s.reads) {
        s.source = source;
        s.read = source == initial_write ? 0 : step_of(source).written;
    }
    switch (o.kind) {
        case litmus_kind::store:
            s.writes = true;
            s.written = o.value + (o.from < 0 ? 0 : register_of(thread, o.from));
            break;
        case litmus_kind::add:
            s.writes = true;
            s.written = s.read + o.value;
            break;
        case litmus_kind::exchange:
            s.writes = true;
            s.written = o.value;
            break;
        case litmus_kind::lock:
        case litmus_kind::unlock:
            s.writes = true;
            s.written = o.kind == litmus_kind::lock ? 1 : 0;
            break;
        case litmus_kind::cas:
            s.writes = s.read == o.value;
            s.written = o.desired;
            break;
        default:
            break;
    }
    steps_[thread].push_back(s);
    return steps_[thread].back();
}

std::vector<write_name> litmus_run::sources(size_t thread) const {
    const litmus_op& o = op(thread, next(thread));
    std::vector<write_name> all = writes_to(o.location);
    all.insert(all.begin(), initial_write);
    if (o.kind == litmus_kind::await) {
        const auto fails = [&](write_name w) {
            return (w == initial_write ? 0 : step_of(w).written) != o.value;
        };
        all.erase(std::remove_if(all.begin(), all.end(), fails), all.end());
    }
    if (!is_lock(o)) {
        return all;
    }
    // Uses of a mutex follow each other: the one that nobody has read is the last.
    for (write_name use : writes_to(o.location)) {
        all.erase(std::find(all.begin(), all.end(), step_of(use).source));
    }
    const int last = all.front() == initial_write ? 0 : step_of(all.front()).written;
    return last == (o.kind == litmus_kind::lock ? 0 : 1) ? all : std::vector<write_name>{};
}

std::vector<write_name> litmus_run::writes_to(int location) const {
    std::vector<write_name> writes;
    for (size_t t = 0; t < steps_.size(); ++t) {
        for (const litmus_step& s : steps_[t]) {
            if (s.writes && op(t, s.op).location == location) {
                writes.push_back(name(t, s.op));
            }
        }
    }
    return writes;
}

std::vector<write_name> litmus_run::uses_of(int mutex) const {
    const std::vector<write_name> all = writes_to(mutex);
    std::vector<write_name> chain;
    while (chain.size() < all.size()) {
        const write_name last = chain.empty() ? initial_write : chain.back();
        chain.push_back(*std::find_if(all.begin(), all.end(),
                                      [&](write_name use) { return step_of(use).source == last; }));
    }
    return chain;
}

namespace {

// "1.0": the first operation of the second thread.
std::string text_of_write(write_name write) {
    const int ops = static_cast<int>(litmus_ops_max);
    return write == initial_write ? "init" : fmt::format("{}.{}", write / ops, write % ops);
}

}  // namespace

std::string litmus_run::key() const {
    std::string text;
    for (size_t t = 0; t < steps_.size(); ++t) {
        text += fmt::format("{}{}:", t == 0 ? "" : " | ", t);
        for (const litmus_step& s : steps_[t]) {
            text += " " + text_of(op(t, s.op));
            if (s.reads) {
                text += fmt::format("({} from {})", s.read, text_of_write(s.source));
            }
        }
    }
    return text;
}

std::string litmus_run::outcome() const {
    const std::string values = outcome_text(*program_, [&](size_t thread, size_t op) {
        const litmus_step* s = step_or_null(thread, static_cast<int>(op));
        return s == nullptr ? -1 : s->read;
    });
    return values + (done() ? "" : stuck_text);
}

std::string outcome_text(const litmus_program& program,
                         const std::function<int(size_t thread, size_t op)>& value) {
    std::string text;
    for (size_t t = 0; t < program.size(); ++t) {
        text += t == 0 ? "" : " |";
        for (size_t i = 0; i < program[t].size(); ++i) {
            if (is_read(program[t][i])) {
                const int v = value(t, i);
                text += (text.empty() ? "" : " ") + (v < 0 ? "-" : std::to_string(v));
            }
        }
    }
    return text;
}

std::string graph_text(const litmus_run& run, const coherence& co) {
    std::string text = run.key();
    for (size_t location = 0; location < co.size(); ++location) {
        text += co[location].empty() ? "" : fmt::format(" ; {}", name_of_location(location));
        for (write_name write : co[location]) {
            text += " " + text_of_write(write);
        }
    }
    return text;
}

std::map<std::string, size_t> outcomes_of(const litmus_graphs& graphs) {
    std::map<std::string, size_t> outcomes;
    for (const auto& [graph, outcome] : graphs) {
        ++outcomes[outcome];
    }
    return outcomes;
}

}  // namespace sim::test

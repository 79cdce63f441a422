#include "test/memory/litmus_subject.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/dependence.h"
#include "sim/program/symbols.h"
#include "test/sim/child.h"

namespace sim::test {

namespace {

void write_table(const litmus_program& program) {
    auto* table = reinterpret_cast<litmus_op*>(subject_data("table"));
    for (size_t t = 0; t < program.size(); ++t) {
        std::copy(program[t].begin(), program[t].end(), table + t * litmus_ops_max);
    }
    *subject_data("threads") = static_cast<int>(program.size());
}

}  // namespace

int* subject_data(const char* name) {
    return reinterpret_cast<int*>(g.subject->address_of_data(name));
}

std::string seen_outcome(const litmus_program& program) {
    const int* got = subject_data("got");
    return outcome_text(
        program, [&](size_t thread, size_t op) { return got[thread * litmus_ops_max + op] - 1; });
}

std::string explored_texts(const litmus_program& program, strategy& s, const subject_options& how,
                           const std::function<std::string(execution_end)>& text_of) {
    return in_child([&]() -> std::string {
        simulation_options options;
        options.checks = 0;
        simulation machine(options);
        std::string error;
        if (!machine.load(subject("litmus_program", how.compiler), error)) {
            return "load: " + error;
        }
        write_table(program);
        *subject_data("looks_last") = how.looks_last ? 1 : 0;
        machine.set_contexts({program_main({"program"})});
        machine.take_snapshot();
        dependence = dependence_mode::plain;
        seen_texts seen;
        const explore_result r = explore(machine, s, {}, [&](execution_end end) {
            if (end != execution_end::pruned) {
                ++seen[text_of(end)];
            }
            return true;
        });
        std::string text = lines_of(seen);
        for (const found_case& f : r.found) {
            if (f.what.kind == finding_kind::deadlock) {
                continue;  // the executions say so
            }
            text += fmt::format("finding {} {}\n", name_of(f.what.kind), f.what.text);
        }
        return text + (r.complete ? "" : "not complete\n");
    });
}

std::string lines_of(const seen_texts& seen) {
    std::string text;
    for (const auto& [what, times] : seen) {
        text += fmt::format("{}{}\n", times == 1 ? "" : fmt::format("{} times: ", times), what);
    }
    return text;
}

}  // namespace sim::test

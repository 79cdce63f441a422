#include "test/memory/litmus_subject.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/dependence.h"
#include "sim/explore/explorer.h"
#include "sim/program/symbols.h"
#include "test/sim/child.h"

namespace sim::test {

namespace {

using outcome_counts = std::map<std::string, size_t>;

std::string text_of(size_t executions, const outcome_counts& outcomes) {
    std::string text = fmt::format("{} executions\n", executions);
    for (const auto& [outcome, times] : outcomes) {
        text += fmt::format("{} times: {}\n", times, outcome);
    }
    return text;
}

int* data(const char* name) {
    return reinterpret_cast<int*>(g.subject->address_of_data(name));
}

void write_table(const litmus_program& program) {
    auto* table = reinterpret_cast<litmus_op*>(data("table"));
    for (size_t t = 0; t < program.size(); ++t) {
        std::copy(program[t].begin(), program[t].end(), table + t * litmus_ops_max);
    }
    *data("threads") = static_cast<int>(program.size());
}

}  // namespace

std::string explored_litmus(const litmus_program& program,
                            const std::function<std::unique_ptr<strategy>()>& how,
                            const std::string& compiler) {
    return in_child([&]() -> std::string {
        simulation_options options;
        options.checks = 0;
        simulation machine(options);
        std::string error;
        if (!machine.load(subject("litmus_program", compiler), error)) {
            return "load: " + error;
        }
        write_table(program);
        machine.set_contexts({program_main({"program"})});
        machine.take_snapshot();
        dependence = dependence_mode::plain;
        const std::unique_ptr<strategy> s = how();
        const int* got = data("got");
        outcome_counts outcomes;
        const explore_result r = explore(machine, *s, {}, [&](execution_end end) {
            if (end != execution_end::pruned) {
                ++outcomes[outcome_text(program, [&](size_t thread, size_t op) {
                    return got[thread * litmus_ops_max + op] - 1;
                })];
            }
            return true;
        });
        return text_of(r.executions, outcomes) +
               (r.complete && r.pruned == 0 && r.deadlocked == 0 && r.found.empty()
                    ? ""
                    : fmt::format("complete {}, blocked {}, deadlocked {}, findings {}\n",
                                  r.complete, r.pruned, r.deadlocked, r.found.size()));
    });
}

std::string text_of(const litmus_graphs& graphs) {
    return text_of(graphs.size(), outcomes_of(graphs));
}

}  // namespace sim::test

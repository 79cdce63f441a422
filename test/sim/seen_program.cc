#include "test/sim/seen_program.h"
#include "test/budget.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <set>

#include "sim/explore/explorer.h"
#include "sim/explore/optimal.h"
#include "sim/program/symbols.h"
#include "test/sim/child.h"
#include "test/sim/explored.h"

namespace sim::test {

namespace {

template <typename T>
T* variable(const char* name) {
    return reinterpret_cast<T*>(g.subject->address_of_data(name));
}

void write_table(const seen_program& p) {
    auto* table = variable<seen_operation>("table");
    for (size_t t = 0; t < p.threads.size(); ++t) {
        for (size_t i = 0; i < p.threads[t].size(); ++i) {
            table[t * p.operations_max + i] = p.threads[t][i];
        }
    }
    *variable<int>("threads") = static_cast<int>(p.threads.size());
    if (!p.cpus.empty()) {
        std::copy(p.cpus.begin(), p.cpus.end(), variable<int>("cpu_of"));
        std::copy(p.levels.begin(), p.levels.end(), variable<int>("level_of"));
    }
    for (const auto& [name, value] : p.given) {
        *variable<int>(name) = value;
    }
}

std::string what_was_seen(const seen_program& p, execution_end end) {
    std::string text = end == execution_end::deadlock ? "waits: " : "";
    const int* seen = variable<int>("seen");
    for (size_t t = 0; t < p.threads.size(); ++t) {
        for (size_t i = 0; i < p.threads[t].size(); ++i) {
            text += fmt::format("{} ", seen[t * p.operations_max + i]);
        }
    }
    for (const char* name : p.shown) {
        text += fmt::format("; {}", *variable<int>(name));
    }
    return text + "\n";
}

std::string explored_here(const seen_program& p, const seen_options& how) {
    simulation_options options;
    options.checks = sim::check_memory | (how.races ? sim::check_race : 0U);
    options.wrong_results = how.wrong_results;
    simulation machine(options);
    std::string error;
    if (!machine.load(subject(p.subject, "g++"), error)) {
        return "load: " + error;
    }
    write_table(p);
    machine.set_contexts({program_main({"program"})});
    machine.take_snapshot();
    optimal_strategy best;
    std::set<std::string> seen;
    const auto look = [&](execution_end end) {
        // An interrupt that waits for its host ends the execution wherever the others are by then.
        const bool cut = end == execution_end::fatal && !p.levels.empty();
        if (end != execution_end::pruned && !cut) {
            seen.insert(what_was_seen(p, end));
        }
        return true;
    };
    const explore_result r = how.units != nullptr ? explore_in_units(machine, *how.units)
                                                  : explore(machine, best, {}, look);
    std::set<std::string> found;
    for (const found_case& f : r.found) {
        found.insert(std::string(name_of(f.what.kind)) + "\n");
    }
    std::string all = fmt::format("{}:{}{}", r.executions, r.complete ? "" : "incomplete ",
                                  best.sleep_blocked() != 0 ? "asleep " : "");
    for (const auto* list : {&seen, &found}) {
        for (const std::string& one : *list) {
            all += one;
        }
    }
    return all;
}

}  // namespace

std::string text_of(const seen_program& p) {
    std::string text;
    for (const auto& [name, value] : p.given) {
        text += fmt::format("{} {}\n", name, value);
    }
    for (size_t t = 0; t < p.cpus.size(); ++t) {
        text += fmt::format("cpu {} level {}\n", p.cpus[t], p.levels[t]);
    }
    for (const auto& list : p.threads) {
        for (const seen_operation& e : list) {
            text += fmt::format("{} {}; ", e.kind, e.value);
        }
        text += "\n";
    }
    return text;
}

void add_interrupts(seen_program& p, small_numbers& numbers, int raise_kind, int restore_kind) {
    p.cpus.assign(p.threads.size(), 1);
    p.levels.assign(p.threads.size(), 0);
    p.levels.back() = 1 + numbers.below(7);
    if (p.threads.size() > 2) {
        const int second = numbers.below(3);
        p.cpus[1] = second == 0 ? 0 : 1;
        p.levels[1] = second == 1 ? 1 + numbers.below(7) : 0;
    }
    for (size_t t = 0; t < p.threads.size(); ++t) {
        std::vector<seen_operation>& list = p.threads[t];
        if (p.cpus[t] == 0 || list.size() + 2 > p.operations_max || numbers.below(3) == 0) {
            continue;
        }
        const int from = numbers.below(static_cast<int>(list.size()));
        const int to = from + 1 + numbers.below(static_cast<int>(list.size()) - from);
        list.insert(list.begin() + to, {restore_kind, 0});
        list.insert(list.begin() + from, {raise_kind, 1 + numbers.below(7)});
    }
}

seen_outcome explore_seen(const seen_program& p, dependence_mode mode,
                          const seen_options& options) {
    const std::string text = in_child([&] {
        dependence = mode;
        return explored_here(p, options);
    });
    const size_t colon = text.find(':');
    EXPECT_TRUE(colon != std::string::npos && std::isdigit(text[0]) != 0) << text;
    return {text.substr(colon + 1), std::strtoull(text.c_str(), nullptr, 10)};
}

int random_rounds() {
    return full_budget() ? 100 : 10;
}

}  // namespace sim::test

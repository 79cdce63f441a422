// Random small programs of atomics, locks, condition variables, semaphores, reader/writer locks and
// awaits: optimal exploration visits each trace that the oracle counts, and none twice.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "sim/dependence.h"
#include "sim/explore/exhaustive.h"
#include "sim/explore/explorer.h"
#include "sim/explore/optimal.h"
#include "sim/program/symbols.h"
#include "test/sim/child.h"
#include "test/sim/explored.h"
#include "test/sim/oracle.h"

namespace sim::test {

namespace {

constexpr size_t operations_max = 8;
constexpr uint64_t interleavings_max = 2'000'000;

void write_table(const table_program& program) {
    auto* table = reinterpret_cast<table_entry*>(g.subject->address_of_data("table"));
    for (size_t t = 0; t < program.size(); ++t) {
        for (size_t i = 0; i < program[t].size(); ++i) {
            table[t * operations_max + i] = program[t][i];
        }
    }
    *reinterpret_cast<int*>(g.subject->address_of_data("threads")) =
        static_cast<int>(program.size());
}

// "optimal", the same with snapshots two events apart (all memory is compared with them), "exhaustive".
std::string explored_table(const table_program& program, const std::string& name) {
    return in_child([&] {
        simulation_options options;
        options.race = options.memory = options.leaks = false;
        options.compare = name == "snapshots";
        simulation machine(options);
        std::string error;
        if (!machine.load(subject("table_program", "g++"), error)) {
            return "load: " + error;
        }
        write_table(program);
        machine.set_contexts({program_main({"program"})});
        machine.take_snapshot();
        dependence = dependence_mode::plain;
        optimal_strategy best(name == "snapshots" ? 2 : 0);
        exhaustive_strategy all;
        explore_result r =
            explore(machine, name == "exhaustive" ? all : static_cast<strategy&>(best), {});
        return fmt::format("finished {}, deadlocked {}{}", r.executions - r.deadlocked,
                           r.deadlocked,
                           name != "exhaustive" && r.pruned != 0 ? ", some asleep" : "");
    });
}

class RandomProgram : public testing::TestWithParam<int> {};

// Ten programs a test, so that a failure is found quickly.
TEST_P(RandomProgram, IsExploredAsTheOracleCounts) {
    for (int i = 0; i < 10; ++i) {
        const auto seed = static_cast<uint64_t>(GetParam() * 10 + i);
        const table_program program = random_program(seed);
        const oracle_count wanted = count_traces(program, interleavings_max);
        ASSERT_FALSE(wanted.too_many) << text_of(program);
        const std::string text =
            fmt::format("finished {}, deadlocked {}", wanted.finished, wanted.deadlocked);
        EXPECT_EQ(explored_table(program, "exhaustive"), text) << seed << "\n" << text_of(program);
        EXPECT_EQ(explored_table(program, "optimal"), text) << seed << "\n" << text_of(program);
        EXPECT_EQ(explored_table(program, "snapshots"), text) << seed << "\n" << text_of(program);
    }
}

INSTANTIATE_TEST_SUITE_P(All, RandomProgram, testing::Range(0, 40));

}  // namespace

}  // namespace sim::test

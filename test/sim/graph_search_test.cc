// Execution graphs against what is known of the small parametric programs: their counts are those of sequential
// consistency, since every access of theirs is seq_cst, and so those of the weaker models, too.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "sim/explore/explorer.h"
#include "sim/explore/graph_search.h"
#include "test/budget.h"
#include "test/sim/child.h"
#include "test/sim/explored.h"

namespace sim::test {

namespace {

struct row {
    std::string subject;
    uint64_t ending = 0;
    uint64_t waiting = 0;
    std::string work;
    bool interrupted = false;
};

void PrintTo(const row& r, std::ostream* out) {
    *out << r.subject;
}

std::vector<row> read_rows() {
    std::ifstream file(HEDDLE_COUNTS);
    std::vector<row> rows;
    for (std::string line; std::getline(file, line);) {
        std::istringstream words(line.substr(0, line.find('#')));
        std::string source, program, threads, rounds;
        row r;
        if (words >> source >> program >> threads >> rounds >> r.ending >> r.waiting >> r.work &&
            r.work != "full") {
            r.subject = program + "_" + threads + "_" + rounds;
            r.interrupted = source == "interrupts.c";
            rows.push_back(r);
        }
    }
    return rows;
}

class GraphCount : public testing::TestWithParam<row> {};

TEST_P(GraphCount, IsThatOfInterleavings) {
    for (const char* model : {"graph sc", "graph tso", "graph c11"}) {
        SCOPED_TRACE(model);
        exploration how;
        how.strategy = model;
        how.dependence = dependence_mode::plain;
        how.compare = GetParam().work == "small";
        how.spins = false;
        const counts c = explored_counts(subject(GetParam().subject, "g++"), how);
        // Not every order of an interrupt is tried by graphs, and they say so.
        EXPECT_EQ(c.complete, !GetParam().interrupted) << c.text;
        EXPECT_EQ(c.executions - c.deadlocked, GetParam().ending) << c.text;
        EXPECT_EQ(c.deadlocked, GetParam().waiting) << c.text;
    }
}

INSTANTIATE_TEST_SUITE_P(All, GraphCount, testing::ValuesIn(read_rows()),
                         [](const auto& i) { return i.param.subject; });

struct kept {
    size_t steps = 0;    // at most, of all that is left to be run
    size_t longest = 0;  // execution
};

kept kept_by(const std::string& what, unsigned rounds) {
    const std::string text = in_child([&]() -> std::string {
        simulation machine;
        std::string error;
        if (!machine.load(subject("grows", "g++"), error)) {
            return "load: " + error;
        }
        chosen_memory = memory_model::c11;
        machine.set_contexts({program_main({"program", what, std::to_string(rounds)})});
        machine.take_snapshot();
        graph_search s;
        explore_limits limits;
        limits.executions_max = 3000;
        explore(machine, s, limits);
        return fmt::format("{} {}", s.kept_steps_max(), s.steps_longest());
    });
    kept k;
    std::istringstream(text) >> k.steps >> k.longest;
    EXPECT_NE(k.longest, 0U) << text;
    return k;
}

// What is left shares the steps that it has in common: as many are kept as an execution has, times a few. Where each
// update could take what another has taken, one revisit follows from another, and each has steps of its own: half of
// the square. Beginnings that share nothing would be twenty times as many steps.
TEST(GraphMemory, GrowsWithTheExecution) {
    for (const unsigned rounds : {4, 8, 16, 32}) {
        const kept words = kept_by("words", rounds);
        EXPECT_LE(words.steps, 3 * words.longest) << rounds;
        const kept updates = kept_by("updates", rounds);
        EXPECT_LE(updates.steps, updates.longest * updates.longest / 2) << rounds;
    }
}

}  // namespace

}  // namespace sim::test

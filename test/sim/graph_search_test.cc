// Execution graphs against what is known of the small parametric programs: their counts are those of sequential
// consistency, since every access of theirs is seq_cst, and so those of the weaker models, too.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

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

}  // namespace

}  // namespace sim::test

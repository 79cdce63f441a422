// In how many execution graphs the parametric programs end: what another tool says of each model, and closed
// forms (peers.txt).
#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "test/sim/child.h"
#include "test/sim/explored.h"

namespace sim::test {

namespace {

struct row {
    std::string subject;
    std::array<uint64_t, 3> ending;  // sc, tso, c11
};

void PrintTo(const row& r, std::ostream* out) {
    *out << r.subject;
}

std::vector<row> read_rows() {
    std::ifstream file(HEDDLE_PEERS);
    std::vector<row> rows;
    for (std::string line; std::getline(file, line);) {
        std::istringstream words(line.substr(0, line.find('#')));
        std::string program, threads, rounds, given_up, orders;
        row r;
        if (words >> program >> threads >> rounds >> r.ending[0] >> r.ending[1] >> r.ending[2] >>
            given_up) {
            words >> orders;
            r.subject = program + "_" + threads + "_" + rounds;
            r.subject += orders.empty() ? "" : "_" + orders;
            rows.push_back(r);
        }
    }
    return rows;
}

class Peers : public testing::TestWithParam<row> {
  protected:
    counts counted(const char* strategy) const {
        exploration how;
        how.strategy = strategy;
        how.dependence = dependence_mode::plain;
        how.compare = false;
        how.spins = false;  // the figures are of loops that are unrolled
        return explored_counts(subject(GetParam().subject, "g++"), how);
    }
    static void expect(const counts& c, uint64_t ending) {
        EXPECT_TRUE(c.complete) << c.text;
        EXPECT_EQ(c.executions - c.deadlocked, ending) << c.text;
        EXPECT_TRUE(c.found == (c.deadlocked == 0 ? "none" : "deadlock")) << c.text;
    }
};

// Up to equivalence there are as many interleavings as sc has graphs.
TEST_P(Peers, HaveAsManyInterleavings) {
    expect(counted("optimal"), GetParam().ending[0]);
}

TEST_P(Peers, HaveAsManyGraphs) {
    constexpr std::array<const char*, 3> models = {"graph sc", "graph tso", "graph c11"};
    for (size_t m = 0; m < models.size(); ++m) {
        SCOPED_TRACE(models[m]);
        expect(counted(models[m]), GetParam().ending[m]);
    }
}

INSTANTIATE_TEST_SUITE_P(All, Peers, testing::ValuesIn(read_rows()),
                         [](const auto& i) { return i.param.subject; });

}  // namespace

}  // namespace sim::test

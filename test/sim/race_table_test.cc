// What test/programs/races.txt says of data races is what heddle finds; test/thread_sanitizer asks another judge.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "test/sim/child.h"
#include "test/sim/explored.h"

namespace sim::test {

namespace {

struct row {
    std::string name;
    std::string verdict;
};

void PrintTo(const row& r, std::ostream* out) {
    *out << r.name;
}

std::vector<row> read_rows() {
    std::ifstream file(HEDDLE_PROGRAMS "/races.txt");
    std::vector<row> rows;
    for (std::string line; std::getline(file, line);) {
        std::istringstream words(line.substr(0, line.find('#')));
        row r;
        if (words >> r.name >> r.verdict) {
            rows.push_back(r);
        }
    }
    return rows;
}

class RaceTable : public testing::TestWithParam<row> {};

TEST_P(RaceTable, SaysWhatIsFound) {
    exploration how;
    how.strategy = "random";
    how.executions_max = 300;
    const counts c = explored_counts(subject("race_" + GetParam().name, "g++"), how);
    ASSERT_NE(c.found, "") << c.text;
    const std::string& verdict = GetParam().verdict;
    const auto found = [&](const char* kind) { return c.found.find(kind) != std::string::npos; };
    EXPECT_EQ(found("data race"), verdict == "race") << c.text;
    EXPECT_TRUE(verdict != "freed" || found("use after free")) << c.text;
    EXPECT_EQ(found("deadlock") || found("lost wakeup"), verdict == "waits") << c.text;
    EXPECT_FALSE(found("endless loop")) << c.text;
}

INSTANTIATE_TEST_SUITE_P(All, RaceTable, testing::ValuesIn(read_rows()),
                         [](const auto& i) { return i.param.name; });

}  // namespace

}  // namespace sim::test

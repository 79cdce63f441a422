// Exact numbers of interleavings of the small parametric programs: closed forms for any size.
#include <gtest/gtest.h>

#include "test/sim/child.h"
#include "test/sim/explored.h"

namespace sim::test {

namespace {

struct row {
    const char* program;  // name_T_N
    uint64_t executions;
};

// Complete executions of depth-first search with sleep sets; the same under both compilers.
const row rows[] = {
    {"inc_rmw_2_2", 6},   {"inc_rmw_2_4", 70},    {"inc_rmw_3_2", 90}, {"inc_ldst_2_2", 34},
    {"inc_ldst_3_1", 36}, {"write_3_2", 90},      {"sb_2_1", 3},       {"sb_2_4", 81},
    {"mp_2_4", 16},       {"mutex_2_2", 6},       {"mutex_3_2", 90},   {"mutex_5_1", 120},
    {"treiber_2_1", 46},  {"treiber_2_2", 11780}, {"readers_5_1", 16}, {"philo_3_1", 6},
    {"philo_5_1", 30},
};

class Count : public testing::TestWithParam<row> {};

TEST_P(Count, IsExact) {
    for (const char* compiler : {"g++", "clang++"}) {
        exploration how;
        how.strategy = "optimal";
        std::string out = explored(subject(GetParam().program, compiler), how);
        EXPECT_EQ(out, "executions " + std::to_string(GetParam().executions) +
                           ", blocked 0, deadlocked 0, complete: none");
        how.strategy = "exhaustive";
        out = explored(subject(GetParam().program, compiler), how);
        std::string begin = "executions " + std::to_string(GetParam().executions) + ",";
        EXPECT_EQ(out.substr(0, begin.size()), begin) << out;
        EXPECT_NE(out.find(", complete: none"), std::string::npos) << out;
    }
}

INSTANTIATE_TEST_SUITE_P(All, Count, testing::ValuesIn(rows),
                         [](const testing::TestParamInfo<row>& i) {
                             return std::string(i.param.program);
                         });

// With a bound the search must be complete below it: at a bound that no interleaving reaches, every
// trace has been seen at least once, and the bound did not matter.
TEST(Bounded, ReachesEverythingWithABoundThatIsNeverMet) {
    exploration how;
    how.strategy = "bounded 60";
    for (const row& r : {row{"inc_ldst_2_2", 34}, row{"sb_2_4", 81}, row{"treiber_2_1", 46}}) {
        std::string out = explored(subject(r.program, "g++"), how);
        EXPECT_NE(out.find(", complete: none"), std::string::npos) << out;
        const std::string begin = "executions ";
        ASSERT_EQ(out.substr(0, begin.size()), begin) << out;
        EXPECT_GE(std::stoull(out.substr(begin.size())), r.executions) << r.program;
    }
}

}  // namespace

}  // namespace sim::test

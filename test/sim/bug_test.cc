// Each sampler finds each bug of test/programs/bugs, with a fixed seed, in far more executions than it
// needs on the mean (bug_table_test.cc prints that), and the token of what it found shows it again.
#include <gtest/gtest.h>

#include "test/sim/bugs.h"

namespace sim::test {

namespace {

constexpr uint64_t executions_max = 5000;
constexpr uint64_t seeds = 3;

class Bug : public testing::TestWithParam<buggy_program> {};

TEST_P(Bug, IsFoundByEachSampler) {
    for (const char* sampler : {"pct", "pos", "surw", "portfolio"}) {
        const hunt h = hunt_bug(GetParam(), sampler, seeds, executions_max);
        ASSERT_EQ(h.error, "") << sampler;
        for (const uint64_t executions : h.executions) {
            EXPECT_NE(executions, 0U) << sampler;
        }
        // What is drawn depends on the seed alone.
        EXPECT_EQ(hunt_bug(GetParam(), sampler, seeds, executions_max).executions, h.executions)
            << sampler;
    }
}

INSTANTIATE_TEST_SUITE_P(All, Bug, testing::ValuesIn(buggy_programs()),
                         [](const testing::TestParamInfo<buggy_program>& i) {
                             return i.param.name;
                         });

}  // namespace

}  // namespace sim::test

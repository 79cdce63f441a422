// Snapshots on the path of a search: when they are made, and that nothing else comes out with them.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "sim/explore/checkpoints.h"
#include "test/sim/child.h"
#include "test/sim/explored.h"

namespace sim::test {

namespace {

// Executions of so many events, of which the last `fresh` are new in each.
void end_executions(checkpoints& c, unsigned executions, size_t events, size_t fresh) {
    for (unsigned i = 0; i < executions; ++i) {
        c.branch(events - fresh);
        c.ended(events, events, events * 7);
    }
}

TEST(Checkpoints, AreMadeWhereManyEventsAreRunAgain) {
    checkpoints deep(checkpoints::automatic);
    EXPECT_FALSE(deep.wanted(1000));
    end_executions(deep, 1000, 400, 20);
    EXPECT_TRUE(deep.wanted(400));
    checkpoints shallow(checkpoints::automatic);
    end_executions(shallow, 1000, 20, 10);
    EXPECT_FALSE(shallow.wanted(20));
}

// What an exploration begins with says little about its rest.
TEST(Checkpoints, FollowWhatTheExplorationIsLikeNow) {
    checkpoints c(checkpoints::automatic);
    end_executions(c, 1'000'000, 20, 10);
    ASSERT_FALSE(c.wanted(400));
    end_executions(c, 10'000, 400, 20);
    EXPECT_TRUE(c.wanted(400));
    end_executions(c, 10'000, 20, 10);
    EXPECT_FALSE(c.wanted(20));
}

// Half of the events are new in each execution, and still half of them need not be run again.
TEST(Checkpoints, AreMadeWhereExecutionsBranchEarly) {
    checkpoints c(checkpoints::automatic);
    end_executions(c, 10'000, 230, 90);
    EXPECT_TRUE(c.wanted(140));
}

// What loops for good takes seconds and shows nothing here.
std::vector<std::string> traps() {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(HEDDLE_TRAP_SOURCES)) {
        const std::string name = entry.path().filename().string();
        if (!name.starts_with("endless") && (name.ends_with(".c") || name.ends_with(".cc"))) {
            names.push_back(name);
        }
    }
    std::sort(names.begin(), names.end());
    return names;
}

class CheckpointTrap : public testing::TestWithParam<std::string> {};

// A snapshot before every event: whatever the machine and its checkers keep goes back to each of them.
TEST_P(CheckpointTrap, ComesOutAsFromTheRoot) {
    exploration how;
    how.executions_max = 100;
    how.strategy = "optimal 0";
    const std::string from_root = explored(subject(GetParam(), "g++"), how);
    how.strategy = "optimal 1";
    EXPECT_EQ(explored(subject(GetParam(), "g++"), how), from_root);
}

std::string name_of_trap(const testing::TestParamInfo<std::string>& info) {
    std::string name = info.param;
    std::replace_if(
        name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
    return name;
}

INSTANTIATE_TEST_SUITE_P(All, CheckpointTrap, testing::ValuesIn(traps()), name_of_trap);

}  // namespace

}  // namespace sim::test

// Snapshots on the path of a search: when they are made, and that nothing else comes out with them.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "sim/explore/checkpoints.h"
#include "test/sim/child.h"
#include "test/sim/explored.h"

namespace sim::test {

namespace {

// Executions of so many events, of which the last `fresh` are new in each.
void end_executions(checkpoints& c, unsigned executions, size_t events, size_t fresh) {
    for (unsigned i = 0; i < executions; ++i) {
        c.branch(events - fresh);
        c.ended(events, events, events * 7, 4);
    }
}

// The depths below `events` before which one is wanted.
std::vector<size_t> places(const checkpoints& c, size_t events) {
    std::vector<size_t> depths;
    for (size_t depth = 0; depth < events; ++depth) {
        if (c.wanted(depth)) {
            depths.push_back(depth);
        }
    }
    return depths;
}

TEST(Checkpoints, LieShortlyBeforeWhereExecutionsBranch) {
    checkpoints c(checkpoints::automatic);
    EXPECT_TRUE(places(c, 1000).empty());
    end_executions(c, 1000, 400, 20);
    ASSERT_EQ(places(c, 400).size(), 1U);
    EXPECT_GT(places(c, 400)[0], 370U);
    EXPECT_LE(places(c, 400)[0], 380U);
}

TEST(Checkpoints, AreNotMadeWhereEachExecutionWouldDropThem) {
    checkpoints c(checkpoints::automatic);
    end_executions(c, 1000, 400, 400);
    EXPECT_TRUE(places(c, 400).empty());
}

// A snapshot is lost whenever an execution branches at the root: one of a hundred here, and ninety.
TEST(Checkpoints, AreMadeAsOftenAsTheyPay) {
    checkpoints seldom(checkpoints::automatic);
    checkpoints often(checkpoints::automatic);
    for (int i = 0; i < 100; ++i) {
        end_executions(seldom, 1, 12, 12);
        end_executions(seldom, 99, 12, 2);
        end_executions(often, 90, 12, 12);
        end_executions(often, 10, 12, 2);
    }
    EXPECT_EQ(places(seldom, 12), std::vector<size_t>{10});
    EXPECT_TRUE(places(often, 12).empty());
}

// What an exploration begins with says little about its rest.
TEST(Checkpoints, FollowWhatTheExplorationIsLikeNow) {
    checkpoints c(checkpoints::automatic);
    end_executions(c, 1'000'000, 20, 20);
    ASSERT_TRUE(places(c, 400).empty());
    end_executions(c, 20'000, 400, 20);
    EXPECT_FALSE(places(c, 400).empty());
    end_executions(c, 20'000, 400, 400);
    EXPECT_TRUE(places(c, 400).empty());
}

// The forward race: the branches are spread over the upper half.
TEST(Checkpoints, AreSpreadAsBranchesAre) {
    checkpoints c(checkpoints::automatic);
    for (unsigned i = 0; i < 10'000; ++i) {
        end_executions(c, 1, 230, 20 + i * 37 % 190);
    }
    EXPECT_GE(places(c, 230).size(), 3U);
    EXPECT_LT(places(c, 230).size(), 20U);
}

TEST(Checkpoints, FitExecutionsOfAnyLength) {
    checkpoints c(checkpoints::automatic);
    end_executions(c, 3000, 100'000, 10);
    ASSERT_EQ(places(c, 100'000).size(), 1U);
    EXPECT_GT(places(c, 100'000)[0], 98'000U);
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

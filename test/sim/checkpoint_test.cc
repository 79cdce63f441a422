// Snapshots on the path of a search: when they are made.
#include <gtest/gtest.h>

#include "sim/explore/checkpoints.h"

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

}  // namespace

}  // namespace sim::test

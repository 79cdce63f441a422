// The share of an exploration that is done, and the size that is guessed from it.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <memory>

#include "sim/explore/estimate.h"
#include "sim/explore/exhaustive.h"
#include "sim/explore/explorer.h"
#include "sim/explore/optimal.h"
#include "test/sim/child.h"

namespace sim::test {

namespace {

TEST(SizeEstimate, SaysNothingBeforeThereIsSomethingToJudgeBy) {
    size_estimate e;
    e.add(size_estimate::executions_ignored - 1, 0.5);
    EXPECT_FALSE(e.known());
    e.add(size_estimate::executions_ignored, 0);
    EXPECT_FALSE(e.known());
    e.add(size_estimate::executions_ignored, 0.5);
    EXPECT_TRUE(e.known());
    EXPECT_DOUBLE_EQ(e.total_low(), 64);
    EXPECT_DOUBLE_EQ(e.total_high(), 64);
}

TEST(SizeEstimate, IsAsWideAsItsRecentPast) {
    size_estimate e;
    e.add(100, 0.1);  // 1000, and too long ago at the end
    e.add(400, 0.1);  // 4000
    e.add(500, 0.1);  // 5000
    e.add(600, 0.2);  // 3000
    EXPECT_DOUBLE_EQ(e.total_low(), 3000);
    EXPECT_DOUBLE_EQ(e.total_high(), 5000);
    EXPECT_DOUBLE_EQ(e.share_low(), 600.0 / 5000);
    EXPECT_DOUBLE_EQ(e.share_high(), 600.0 / 3000);
}

TEST(SizeEstimate, ExpectsAsMuchGrowthAgain) {
    size_estimate e;
    e.add(100, 0.1);    // 1000
    e.add(150, 0.075);  // 2000
    EXPECT_DOUBLE_EQ(e.total_low(), 1000);
    EXPECT_DOUBLE_EQ(e.total_high(), 4000);
    EXPECT_DOUBLE_EQ(e.share_lost(), 0.1);
    e.add(200, 0.5);
    EXPECT_DOUBLE_EQ(e.share_lost(), 0);
}

// Explores a subject and says of the shares at every execution whether they were possible, what the last
// one was, and how often the guess at `all` executions was wrong by more than a factor of four.
std::string shares_of(const std::string& name, bool exhaustive, double all = 0) {
    return in_child([&]() -> std::string {
        simulation machine;
        std::string error;
        if (!machine.load(subject(name, "g++"), error)) {
            return "load: " + error;
        }
        machine.set_contexts({program_main({"program"})});
        machine.take_snapshot();
        std::unique_ptr<strategy> s;
        if (exhaustive) {
            s = std::make_unique<exhaustive_strategy>();
        } else {
            s = std::make_unique<optimal_strategy>();
        }
        size_estimate e;
        uint64_t seen = 0;
        uint64_t wrong = 0;
        double share = 0;
        bool possible = true;
        explore(machine, *s, {}, [&](execution_end) {
            share = s->share_done();
            possible &= share > 0 && share <= 1 + 1e-9;
            e.add(++seen, share);
            wrong += e.known() && (e.total_low() > all * 4 || e.total_high() < all / 4);
            return true;
        });
        return fmt::format("{}, last {:.6f}{}", possible ? "possible" : "impossible", share,
                           all == 0 ? "" : fmt::format(", {} wrong of {}", wrong, seen));
    });
}

// Whatever the shape of the tree, the last execution makes it whole.
TEST(ShareDone, IsOneAtTheEnd) {
    for (const char* name : {"inc_rmw_3_2", "mutex_3_2", "philo_5_1", "peterson_2_2", "readers_9_1",
                             "inc_ldst_2_3", "casw_3_1"}) {
        for (bool exhaustive : {false, true}) {
            SCOPED_TRACE(fmt::format("{} {}", name, exhaustive ? "exhaustive" : "optimal"));
            EXPECT_EQ(shares_of(name, exhaustive), "possible, last 1.000000");
        }
    }
}

// 2^8 executions; the guess is at 67 first and at most at 664.
TEST(ShareDone, GuessesTheSizeOfTheTree) {
    EXPECT_EQ(shares_of("readers_9_1", false, 256), "possible, last 1.000000, 0 wrong of 256");
}

}  // namespace

}  // namespace sim::test

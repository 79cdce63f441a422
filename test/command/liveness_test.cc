// Who waits for whom, and wake-ups that came too early.
#include <gtest/gtest.h>

#include "test/command/heddle_call.h"
#include "test/command/told.h"

namespace scenario::test {

namespace {

class Waits : public testing::TestWithParam<const char*> {};

TEST_P(Waits, AreToldAsAChainOrWithTheWakeUpThatWasMissed) {
    expect_told_by_one_and_two(GetParam());
}

// A signal that met nobody is no reason where locks are taken in two orders (lost_near), nor where whoever waits
// would look and wait again (lost_not): these are deadlocks.
INSTANTIATE_TEST_SUITE_P(Liveness, Waits,
                         testing::Values("live_lost", "live_lost_near", "live_lost_not",
                                         "live_missed", "live_ring", "live_overwritten"),
                         [](const auto& one) { return std::string(one.param); });

TEST(Liveness, NobodyWaitsForGoodWhereTheOrderIsKept) {
    EXPECT_TRUE(is_proved({subject_path("live_missed_near")}));
    EXPECT_TRUE(is_proved({subject_path("live_ring_near")}));
    EXPECT_TRUE(is_proved({subject_path("live_overwritten_near")}));
}

}  // namespace

}  // namespace scenario::test

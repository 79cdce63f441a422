// What must hold whenever a lock is given up, or at a place of its own.
#include <gtest/gtest.h>

#include "test/command/heddle_call.h"
#include "test/command/told.h"

namespace scenario::test {

namespace {

const std::string file = "test/programs/checkers/invariants.c:";

TEST(Invariant, OfALockIsLookedAtWhenItIsGivenUp) {
    EXPECT_EQ(finding_told({subject_path("invariant_lock")}),
              "  invariant violated in move at " + file +
                  "30\n"
                  "      \"as many are queued as were taken\" does not hold when t1 on cpu1 gives "
                  "lock up\n"
                  "      0 preemptions, 7 steps; seen in 3 executions\n");
    EXPECT_TRUE(is_proved({subject_path("invariant_lock_near")}));
    EXPECT_TRUE(is_proved({subject_path("invariant_lock"), "--no-check", "invariant"}));
}

TEST(Invariant, AtAPlaceOfItsOwnIsAnOperation) {
    EXPECT_EQ(finding_told({subject_path("invariant_now")}),
              "  invariant violated in main at " + file +
                  "57\n"
                  "      \"the word is small\" does not hold where main on cpu0 looks: it is 3\n"
                  "      0 preemptions, 8 steps; seen in 4 executions\n");
    EXPECT_TRUE(is_proved({subject_path("invariant_now_near")}));
    EXPECT_TRUE(is_proved({subject_path("invariant_now_near"), "--dependence", "plain"}));
}

}  // namespace

}  // namespace scenario::test

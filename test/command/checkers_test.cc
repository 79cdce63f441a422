// The checkers of rules: each finds its seeded defect alone, with a report that says all, and leaves the program
// that is nearly the same in peace.
#include <gtest/gtest.h>

#include "test/command/heddle_call.h"
#include "test/command/told.h"
#include "test/viz/golden.h"

namespace scenario::test {

namespace {

struct seeded {
    const char* program;  // "rules_mutex": a subject, that with _near, and a file in golden/
    const char* checker;
    std::vector<std::string> more = {};  // arguments
};

std::vector<std::string> explore(const std::string& name, const seeded& one) {
    std::vector<std::string> words = {"explore", subject_path(name)};
    words.insert(words.end(), one.more.begin(), one.more.end());
    return words;
}

class Seeded : public testing::TestWithParam<seeded> {};

TEST_P(Seeded, IsFoundByItsCheckerAlone) {
    const std::string name = GetParam().program;
    heddle_call heddle;
    std::vector<std::string> words = explore(name, GetParam());
    const heddle_result found = heddle.run(words);
    EXPECT_EQ(found.status, 1) << found.out << found.err;
    ::test::expect_golden(name + ".txt", report_of(name, found));
    words.insert(words.end(), {"--no-check", GetParam().checker});
    const heddle_result blind = heddle.run(words);
    EXPECT_EQ(blind.status, 0) << blind.out << blind.err;
}

TEST_P(Seeded, IsNotSeenWhereTheRuleIsKept) {
    heddle_call heddle;
    const heddle_result r =
        heddle.run(explore(std::string(GetParam().program) + "_near", GetParam()));
    EXPECT_EQ(r.status, 0) << r.out << r.err;
}

// One report of each of the other checkers; what is nearly the same and right stands in test/programs/traps as well.
struct reported {
    const char* program;
    const char* checker;  // "" it cannot be switched off
};

class Reports : public testing::TestWithParam<reported> {};

TEST_P(Reports, SayWhatHappenedWhereAndOnWhichCpu) {
    const std::string name = GetParam().program;
    heddle_call heddle;
    const heddle_result found = heddle.run({"explore", subject_path(name)});
    EXPECT_EQ(found.status, 1) << found.out << found.err;
    ::test::expect_golden(name + ".txt", report_of(name, found));
    if (*GetParam().checker != '\0') {
        const heddle_result blind =
            heddle.run({"explore", subject_path(name), "--no-check", GetParam().checker});
        EXPECT_EQ(blind.status, 0) << blind.out << blind.err;
    }
}

INSTANTIATE_TEST_SUITE_P(Checkers, Reports,
                         testing::Values(reported{"trap_missing_release_race", "race"},
                                         reported{"trap_freed_elsewhere", "memory"},
                                         reported{"trap_stack_of_ended_thread", "memory"},
                                         reported{"trap_behind_block", "memory"},
                                         reported{"trap_uninitialised_read", "uninitialised"},
                                         reported{"trap_leak_with_owner", "leak"},
                                         reported{"invariant_lock", "invariant"},
                                         reported{"invariant_now", "invariant"},
                                         reported{"trap_null_dereference", ""},
                                         reported{"locking_recursive", ""},
                                         reported{"locking_unlock", ""}),
                         [](const auto& one) { return std::string(one.param.program); });

TEST(NoReport, OfMutexesInRightHandsSayNothing) {
    EXPECT_TRUE(is_proved({subject_path("locking_recursive_near")}));
    EXPECT_TRUE(is_proved({subject_path("locking_unlock_near")}));
}

// Both orders of two locks: what is said of them once it is known whether they meet.
class Orders : public testing::TestWithParam<const char*> {};

TEST_P(Orders, AreWitnessedOrRefutedWhenAllIsExplored) {
    const std::string name = GetParam();
    heddle_call heddle;
    const heddle_result one = heddle.run({"explore", subject_path(name)});
    ::test::expect_golden(name + "_all.txt", report_of(name, one));
    const heddle_result two = heddle.run({"explore", subject_path(name), "-j", "2"});
    EXPECT_EQ(report_of(name, one), report_of(name, two));
}

INSTANTIATE_TEST_SUITE_P(LockOrder, Orders,
                         testing::Values("lock_order_both", "lock_order_gate", "lock_order_guard",
                                         "lock_order_busy", "lock_order_readers"),
                         [](const auto& one) { return std::string(one.param); });

INSTANTIATE_TEST_SUITE_P(LockOrder, Seeded,
                         testing::Values(seeded{"lock_order_both", "lock-order", {"-n", "1"}},
                                         seeded{"lock_order_readers", "lock-order", {"-n", "2"}}),
                         [](const auto& one) { return std::string(one.param.program); });

INSTANTIATE_TEST_SUITE_P(References, Seeded,
                         testing::Values(seeded{"references_twice", "references"},
                                         seeded{"references_zero", "references"},
                                         seeded{"references_wrong", "references"}),
                         [](const auto& one) { return std::string(one.param.program); });

// Others find these; which reference it is and where it is put otherwise says the ledger.
class Missing : public testing::TestWithParam<const char*> {};

TEST_P(Missing, ReferenceIsEvidenceOfWhatItKeepsFromBecomingFree) {
    const std::string name = GetParam();
    expect_told_by_one_and_two(name);
    heddle_call heddle;
    const heddle_result near = heddle.run({"explore", subject_path(name + "_near")});
    EXPECT_EQ(near.status, 0) << near.out << near.err;
}

INSTANTIATE_TEST_SUITE_P(References, Missing,
                         testing::Values("references_wait", "references_leak", "references_handed"),
                         [](const auto& one) { return std::string(one.param); });

INSTANTIATE_TEST_SUITE_P(
    Rules, Seeded,
    testing::Values(seeded{"rules_mutex", "rules"}, seeded{"rules_may", "rules"},
                    seeded{"rules_read", "rules"}, seeded{"rules_interrupt", "rules"},
                    seeded{"rules_grace", "rules"}, seeded{"rules_barrier", "rules"},
                    seeded{"rules_free", "rules"}, seeded{"rules_slots", "rules"},
                    seeded{"rules_balance", "rules"}),
    [](const auto& one) { return std::string(one.param.program); });

}  // namespace

}  // namespace scenario::test

// Loops that only look (sim/machine/spin.h): written as people write them, they end under every strategy,
// with the executions that an await would have had; and who looks for good is found.
#include <gtest/gtest.h>

#include "test/sim/child.h"
#include "test/sim/explored.h"

namespace sim::test {

namespace {

constexpr const char* compilers[] = {"g++", "clang++"};

struct lock_case {
    const char* subject;
    uint64_t ending;  // 0: a register that is dead may hide an iteration, so compilers differ
    uint64_t given_up;
};

void PrintTo(const lock_case& c, std::ostream* out) {
    *out << c.subject;
}

class Spin : public testing::TestWithParam<lock_case> {};

// As many end as in counts.txt, where the same lock awaits its turn; ticket and Peterson's are cut as often
// as by Nidhugg.
TEST_P(Spin, EndsAsOftenAsWithAnAwait) {
    for (const char* compiler : compilers) {
        for (const char* strategy : {"optimal", "exhaustive"}) {
            SCOPED_TRACE(std::string(compiler) + ", " + strategy);
            exploration how;
            how.strategy = strategy;
            const counts c = explored_counts(subject(GetParam().subject, compiler), how);
            EXPECT_TRUE(c.complete) << c.text;
            EXPECT_EQ(c.found, "none") << c.text;
            EXPECT_EQ(c.deadlocked, 0U) << c.text;
            EXPECT_NE(c.given_up, 0U) << c.text;
            if (GetParam().ending != 0) {
                EXPECT_EQ(c.executions, GetParam().ending) << c.text;
            }
            if (GetParam().given_up != 0 && how.strategy == "optimal") {
                EXPECT_EQ(c.given_up, GetParam().given_up) << c.text;
            }
        }
    }
}

// Plain dependence, where an await and a load are the same to the search, changes nothing.
TEST_P(Spin, DoesNotDependOnTheRefinements) {
    exploration how;
    how.strategy = "optimal";
    how.dependence = dependence_mode::plain;
    const counts c = explored_counts(subject(GetParam().subject, "g++"), how);
    EXPECT_TRUE(c.complete) << c.text;
    if (GetParam().ending != 0) {
        EXPECT_EQ(c.executions, GetParam().ending) << c.text;
    }
}

TEST_P(Spin, IsNoObstacleToABound) {
    exploration how;
    how.strategy = "bounded 2";
    const counts c = explored_counts(subject(GetParam().subject, "g++"), how);
    EXPECT_TRUE(c.complete) << c.text;
    EXPECT_EQ(c.found, "none") << c.text;
}

// Nobody is starved: no execution needs more steps than a few hundred.
TEST_P(Spin, EndsWhereverARandomWalkGoes) {
    for (const char* compiler : compilers) {
        exploration how;
        how.strategy = "random";
        how.steps_max = 500;
        how.executions_max = 300;
        const std::string text = explored(subject(GetParam().subject, compiler), how);
        EXPECT_EQ(text, "executions 300, blocked 0, deadlocked 0, not complete: none");
    }
}

INSTANTIATE_TEST_SUITE_P(
    All, Spin,
    testing::Values(lock_case{"spin_ticket_2_1", 2, 2}, lock_case{"spin_ticket_2_2", 6, 10},
                    lock_case{"spin_ticket_3_1", 6, 24}, lock_case{"spin_ticket_3_2", 90, 474},
                    lock_case{"spin_peterson_2_1", 4, 6}, lock_case{"spin_peterson_2_2", 48, 88},
                    lock_case{"spin_test_and_set_2_2", 0, 0},
                    lock_case{"spin_test_and_set_3_1", 0, 0},
                    lock_case{"spin_compare_and_swap_2_2", 6, 10},
                    lock_case{"spin_test_test_and_set_2_2", 34, 46},
                    lock_case{"spin_seqlock_2_1", 23, 12}, lock_case{"spin_seqlock_3_1", 552, 708}),
    [](const testing::TestParamInfo<lock_case>& i) { return std::string(i.param.subject); });

struct stuck_case {
    const char* name;
    const char* found;
    bool complete;
};

void PrintTo(const stuck_case& c, std::ostream* out) {
    *out << c.name;
}

class Stuck : public testing::TestWithParam<stuck_case> {};

TEST_P(Stuck, IsToldFromLookingOn) {
    for (const char* compiler : compilers) {
        for (const char* strategy : {"optimal", "exhaustive", "bounded 3"}) {
            exploration how;
            how.strategy = strategy;
            how.steps_max = 2000;
            how.executions_max = 2000;
            const counts c =
                explored_counts(subject(std::string("stuck_") + GetParam().name, compiler), how);
            EXPECT_EQ(c.found, GetParam().found) << compiler << ", " << strategy << ": " << c.text;
            EXPECT_EQ(c.complete, GetParam().complete) << compiler << ", " << strategy;
        }
        if (GetParam().complete) {
            exploration how;
            how.strategy = "random";
            how.steps_max = 2000;
            how.executions_max = 500;
            const counts c =
                explored_counts(subject(std::string("stuck_") + GetParam().name, compiler), how);
            EXPECT_EQ(c.found, GetParam().found) << compiler << ", random: " << c.text;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(
    All, Stuck,
    testing::Values(stuck_case{"never", "livelock", true}, stuck_case{"opposite", "livelock", true},
                    stuck_case{"mixed", "livelock", true}, stuck_case{"long", "none", true},
                    stuck_case{"back", "none", true}, stuck_case{"clock", "none", false},
                    stuck_case{"writes", "none", true}, stuck_case{"asleep", "none", true},
                    stuck_case{"shows", "assertion failed, data race", true}),
    [](const testing::TestParamInfo<stuck_case>& i) { return std::string(i.param.name); });

}  // namespace

}  // namespace sim::test

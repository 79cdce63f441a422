// Executions that a finding or the step bound ends: everything behind them is found all the same.
#include <gtest/gtest.h>

#include "test/sim/child.h"
#include "test/sim/explored.h"

namespace sim::test {

namespace {

struct cut_case {
    const char* name;
    const char* found;
};

class CutShort : public testing::TestWithParam<cut_case> {};

TEST_P(CutShort, HidesNothing) {
    for (const char* compiler : {"g++", "clang++"}) {
        for (const char* strategy : {"optimal", "exhaustive", "bounded 3"}) {
            exploration how;
            how.strategy = strategy;
            how.steps_max = 60;
            const counts c =
                explored_counts(subject(std::string("cut_") + GetParam().name, compiler), how);
            EXPECT_EQ(c.found, GetParam().found) << compiler << ", " << strategy << ": " << c.text;
        }
    }
}

// Nothing is cut here, but what waits while time passes would be ordered behind all that was, by the time that
// has passed.
TEST(TimePasses, HidesNoOrderOfThoseWhoWait) {
    for (const char* compiler : {"g++", "clang++"}) {
        for (const char* strategy : {"optimal", "exhaustive", "bounded 1"}) {
            exploration how;
            how.strategy = strategy;
            const counts c = explored_counts(subject("holds_asleep", compiler), how);
            EXPECT_EQ(c.found, "assertion failed")
                << compiler << ", " << strategy << ": " << c.text;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(All, CutShort,
                         testing::Values(cut_case{"after_post", "assertion failed"},
                                         cut_case{"after_unlock", "assertion failed"},
                                         cut_case{"behind", "assertion failed, crash"},
                                         cut_case{"not_owner", "unlock by non-owner"},
                                         cut_case{"error_check", "none"},
                                         cut_case{"spin", "assertion failed"}),
                         [](const testing::TestParamInfo<cut_case>& i) {
                             return std::string(i.param.name);
                         });

}  // namespace

}  // namespace sim::test

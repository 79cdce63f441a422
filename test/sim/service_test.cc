// Time that passes for the sake of services: as long as somebody may be woken by that, and not for ever.
#include <gtest/gtest.h>

#include "test/sim/child.h"
#include "test/sim/explored.h"

namespace sim::test {

namespace {

struct service_case {
    const char* program;
    const char* found;
};

void PrintTo(const service_case& c, std::ostream* out) {
    *out << c.program;
}

class Services : public testing::TestWithParam<service_case> {};

TEST_P(Services, LetTimePass) {
    for (const char* compiler : {"g++", "clang++"}) {
        for (const char* strategy : {"optimal", "exhaustive", "bounded 2", "random"}) {
            SCOPED_TRACE(std::string(compiler) + ", " + strategy);
            exploration how;
            how.strategy = strategy;
            how.executions_max = 20;
            const counts c = explored_counts(
                subject(std::string("services_") + GetParam().program, compiler), how);
            EXPECT_EQ(c.found, GetParam().found) << c.text;
            EXPECT_EQ(c.deadlocked, c.found == "none" ? 0 : c.executions) << c.text;
        }
    }
}

// By graphs, too, who awaits a word looks again when time has passed, and that alone lets no more time pass.
TEST_P(Services, LetTimePassByGraphs) {
    for (const char* strategy : {"graph sc", "graph tso", "graph c11"}) {
        SCOPED_TRACE(strategy);
        exploration how;
        how.strategy = strategy;
        const counts c =
            explored_counts(subject(std::string("services_") + GetParam().program, "g++"), how);
        EXPECT_TRUE(c.complete) << c.text;
        EXPECT_EQ(c.found, GetParam().found) << c.text;
        EXPECT_EQ(c.executions, 1U) << c.text;
    }
}

INSTANTIATE_TEST_SUITE_P(
    All, Services,
    testing::Values(service_case{"stuck", "deadlock"}, service_case{"comes", "none"},
                    service_case{"late", "deadlock"}, service_case{"steps", "none"},
                    service_case{"housekeeping", "deadlock"}, service_case{"on_the_way", "none"}),
    [](const auto& one) { return std::string(one.param.program); });

}  // namespace

}  // namespace sim::test

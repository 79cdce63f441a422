// Timeouts and task queues of the model, explored on their own: whose they are when they are taken back, what a barrier
// waits for, and what is found where somebody does not keep to that.
#include <gtest/gtest.h>

#include "test/sim/child.h"
#include "test/sim/explored.h"

namespace sim::test {

namespace {

struct queue_case {
    const char* name;
    const char* found = "none";
};

void PrintTo(const queue_case& c, std::ostream* out) {
    *out << c.name;
}

class KernQueues : public testing::TestWithParam<queue_case> {};

TEST_P(KernQueues, AreProvedOrFoundOut) {
    for (const char* compiler : {"g++", "clang++"}) {
        SCOPED_TRACE(compiler);
        exploration how;
        how.strategy = "optimal";
        how.arguments = {GetParam().name};
        const counts c = explored_counts(subject("kern_queues", compiler), how);
        EXPECT_TRUE(c.complete) << c.text;
        EXPECT_EQ(c.found, GetParam().found) << c.text;
        EXPECT_GT(c.executions, 1U) << c.text;
        RecordProperty(compiler, c.text);
    }
}

// Where nothing commutes by its meaning the same comes out.
TEST_P(KernQueues, DoNotDependOnTheRefinements) {
    exploration how;
    how.strategy = "bounded 2";
    how.dependence = dependence_mode::plain;
    how.arguments = {GetParam().name};
    const counts c = explored_counts(subject("kern_queues", "g++"), how);
    EXPECT_EQ(c.found, GetParam().found) << c.text;
}

INSTANTIATE_TEST_SUITE_P(
    All, KernQueues,
    testing::Values(queue_case{"del_owns"}, queue_case{"barrier"}, queue_case{"rearmed"},
                    queue_case{"two_barriers"}, queue_case{"fired"}, queue_case{"ticked"},
                    queue_case{"two_arm"}, queue_case{"wrong_del", "data race, use after free"},
                    queue_case{"wrong_locked", "deadlock"},
                    queue_case{"wrong_inside", "barrier inside its own queue, deadlock"},
                    queue_case{"task_owns"}, queue_case{"task_barrier"},
                    queue_case{"task_del_barrier"}, queue_case{"task_twice"},
                    queue_case{"task_two_barriers"}, queue_case{"task_barrier_and_del"},
                    queue_case{"wrong_task_del", "data race, use after free"},
                    queue_case{"wrong_task_locked", "deadlock"},
                    queue_case{"wrong_task_inside", "barrier inside its own queue, deadlock"}),
    [](const auto& one) { return std::string(one.param.name); });

}  // namespace

}  // namespace sim::test

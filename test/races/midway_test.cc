// reach and always: what is judged while an execution runs.
#include "test/races/small_race.h"

namespace scenario::test {

namespace {

using nlohmann::json;

heddle_result explored(const heddle_call& heddle, const std::string& clauses,
                       const std::string& expects) {
    return run_with(heddle, "explore",
                    "schedule any { " + clauses + " }\nexpect fixed { " + expects + " }");
}

// The destroy waits for a packet that is being sent.
TEST(Reach, FindsAStateOfSeveralContexts) {
    heddle_call heddle;
    const heddle_result r = explored(
        heddle, "explore dfs preemptions 1",
        "reach (net0 in if_output and adm blocked on \"ifrm\"); reach (done P1 and not start A1)");
    EXPECT_EQ(r.status, 0) << r.out << r.err;
}

TEST(Reach, SaysThatNotFoundIsNoProof) {
    heddle_call heddle;
    const heddle_result r = explored(heddle, "explore dfs preemptions 0",
                                     "reach (net0 in arpresolve and adm blocked on \"ifrm\")");
    EXPECT_EQ(r.status, 1) << r.out;
    EXPECT_TRUE(r.says("it was not reached")) << r.out;
    EXPECT_TRUE(r.says("no proof")) << r.out;
}

// Whether a destroy has to wait for a packet that touches it no more depends on the order of independent steps.
TEST(Exists, SaysThatAWaitNotSeenIsNoProof) {
    heddle_call heddle;
    const heddle_result r =
        explored(heddle, "explore dfs preemptions 0", "exists (adm blocked on \"ifrm\")");
    EXPECT_EQ(r.status, 1) << r.out;
    EXPECT_TRUE(r.says("nobody was seen to wait so")) << r.out;
    EXPECT_TRUE(r.says("of equivalent interleavings")) << r.out;
}

// A state of an execution that an order gave up is no state of that order.
TEST(Reach, LooksNotAtWhatWasCut) {
    heddle_call heddle;
    const heddle_result r =
        explored(heddle, "order net0@lock conf_lock < adm@done; explore dfs preemptions 0",
                 "reach (net0 in if_output)");
    EXPECT_EQ(r.status, 1) << r.out;
}

TEST(Always, IsJudgedAtEachRelease) {
    heddle_call heddle;
    const heddle_result right = explored(heddle, "explore dfs preemptions 1",
                                         "always (ifconfig em0 and (route 10.0.2.0/24 or no "
                                         "ifconfig em1)) when free conf_lock; no bug");
    EXPECT_EQ(right.status, 0) << right.out << right.err;
    // Between off the list and its routes being gone there is a release.
    const heddle_result wrong =
        explored(heddle, "explore dfs preemptions 0",
                 "always (ifconfig em1 or no route 10.0.2.0/24) when free conf_lock");
    EXPECT_EQ(wrong.status, 1) << wrong.out;
    EXPECT_TRUE(wrong.says("it did not hold at a release of the lock")) << wrong.out;
}

TEST(Always, AsksForObservables) {
    heddle_call heddle;
    const heddle_result r =
        explored(heddle, "explore dfs preemptions 1",
                 "always (route 10.9.0.1 == route linear 10.9.0.1) when free conf_lock; no bug");
    EXPECT_EQ(r.status, 0) << r.out << r.err;
    const heddle_result wrong = explored(heddle, "explore dfs preemptions 0",
                                         "always (route 10.9.0.1 != none) when free conf_lock");
    EXPECT_EQ(wrong.status, 1) << wrong.out;
}

// The machine goes on as if nobody had looked: the same executions, the same findings.
TEST(Always, ChangesNothing) {
    auto result = [](const std::string& more) {
        heddle_call heddle;
        std::filesystem::copy(std::string(HEDDLE_RACES) + "/if_destroy/no_wait.patch",
                              heddle.folder());
        const heddle_result r = run_with(
            heddle, "explore",
            "variant broken { patch no_wait.patch }\nschedule any { explore dfs preemptions 1 }\n"
            "expect broken { exists (bug use-after-free); no deadlock; " +
                more + " }",
            {"--json"});
        EXPECT_EQ(r.status, 0) << r.out << r.err;
        return result_of(r);
    };
    EXPECT_EQ(result(""), result("always (ifconfig em0) when free conf_lock"));
}

}  // namespace

}  // namespace scenario::test

// Constraints of a schedule that explores: what remains, what is cut, what is said of it.
#include "test/races/small_race.h"

namespace scenario::test {

namespace {

using nlohmann::json;

json explored(const std::string& clauses, const std::string& expectations, int status) {
    heddle_call heddle;
    const heddle_result r = run_with(
        heddle, "explore", "schedule s { " + clauses + " }\nexpect fixed { " + expectations + " }",
        {"--json"});
    EXPECT_EQ(r.status, status) << r.out << r.err;
    return r.status == 2 ? json() : result_of(r)["variants"][0];
}

// Every interleaving of that order is explored, none of the other.
TEST(Orders, HoldInEverythingThatIsExplored) {
    const json r = explored("order adm@done A1 < net0@before P1; explore dfs preemptions 1",
                            "forall (fate P1 == dropped and fate P2 == dropped)", 0);
    EXPECT_GT(r["executions"], 0);
    EXPECT_EQ(r["verdict"], "complete to 1 preemption");
    EXPECT_NE(r["assumes"].dump().find("adm passes 'done A1' before net0 passes 'before P1'"),
              std::string::npos)
        << r;
    explored("order net0@done P1 < adm@before A1; explore dfs preemptions 1",
             "forall (fate P1 == forwarded em1); exists (fate P2 == dropped);"
             "exists (fate P2 == forwarded em1)",
             0);
}

// What is cut is no execution: its findings and its outcomes are nobody's.
TEST(Orders, CutWhatCannotBeContinued) {
    const json r =
        explored("order net0@lock conf_lock < adm@done; explore dfs preemptions 0", "no bug", 1);
    EXPECT_EQ(r["executions"], 0);
    EXPECT_GT(r["blocked"], 0);
    EXPECT_EQ(r["verdict"], "infeasible");
}

TEST(Orders, BothWaysTogetherMakeTheWhole) {
    // One preemption suffices for each outcome; an order that is free to hold costs none of them.
    const std::string outcomes =
        "exists (fate P1 == forwarded em1); exists (fate P1 == dropped);"
        "exists (adm blocked on \"ifrm\")";
    explored("explore dfs preemptions 1", outcomes, 0);
    explored("order net0@enter if_input < adm@done; explore dfs preemptions 1", outcomes, 0);
    explored("order adm@enter if_clone_destroy < net0@done P2; explore dfs preemptions 1", outcomes,
             0);
}

TEST(Orders, ThatContradictEachOtherAreInfeasible) {
    const json r = explored(
        "order net0@done P1 < adm@before A1; order adm@done A1 < net0@before P1;"
        "explore dfs preemptions 1",
        "no bug", 1);
    EXPECT_EQ(r["verdict"], "infeasible");
}

TEST(Orders, OfPointsThatNeverComeUpAreInfeasible) {
    const json r = explored("order net0@enter if_put nth 90 < adm@done; explore dfs preemptions 0",
                            "no bug", 1);
    EXPECT_EQ(r["verdict"], "infeasible");
}

TEST(Orders, AreFollowedByARandomWalk) {
    explored("order adm@done A1 < net0@before P1; explore random executions 50 seed 3",
             "forall (fate P1 == dropped)", 0);
}

TEST(Explore, StepsCutAnExecution) {
    EXPECT_EQ(explored("explore dfs preemptions 0 steps 20", "no deadlock", 3)["verdict"],
              "inconclusive");
}

TEST(Prefixes, AreRunBeforeTheRestIsExplored) {
    const json r = explored("run net0 until enter if_output dev em1; explore dfs preemptions 1",
                            "forall (fate P1 == forwarded em1); exists (fate P2 == dropped)", 0);
    EXPECT_NE(r["assumes"].dump().find("every execution begins with the runs of schedule s"),
              std::string::npos);
    EXPECT_EQ(explored("run net0 until blocked; explore dfs preemptions 1", "no bug", 1)["verdict"],
              "infeasible");
}

TEST(Prunes, LookForNothingBeforeTheirPoint) {
    const json all = explored("explore dfs preemptions 1", "no bug", 0);
    const json late = explored("prune until net0 at before P2; explore dfs preemptions 1",
                               "no bug; forall (fate P1 == forwarded em1)", 0);
    EXPECT_LT(late["executions"], all["executions"]);
    EXPECT_NE(late["assumes"].dump().find("until net0 is at 'before P2'"), std::string::npos);
}

// A finding of a constrained exploration comes back from its token, points and all.
TEST(Orders, FindingsAreReplayedWithTheirPoints) {
    heddle_call heddle;
    std::filesystem::copy(std::string(HEDDLE_RACES) + "/if_destroy/no_wait.patch", heddle.folder());
    const heddle_result r = run_with(heddle, "explore",
                                     "variant broken { patch no_wait.patch }\n"
                                     "schedule s { order net0@enter if_output dev em1 < adm@done "
                                     "A1; explore dfs preemptions 1 }\n"
                                     "expect broken { exists (bug use-after-free) }",
                                     {"--json"});
    EXPECT_EQ(r.status, 0) << r.out << r.err;
    const json findings = result_of(r)["variants"][0]["findings"];
    ASSERT_FALSE(findings.empty());
    for (const json& f : findings) {
        const heddle_result once = heddle.run({"replay", "t.race", f["token"], "--json"});
        EXPECT_EQ(once.status, 0) << f << once.err;
        EXPECT_NE(once.out.find("\"finding\":\"" + f["kind"].get<std::string>()), std::string::npos)
            << f;
    }
}

}  // namespace

}  // namespace scenario::test

#include "viz/story.h"

#include <gtest/gtest.h>

#include "test/viz/recorder.h"
#include "test/viz/traces.h"

namespace {

viz::story told(const sim::trace& t, uint32_t rows_max) {
    viz::story_options options;
    options.rows_max = rows_max;
    return viz::tell(t, options);
}

std::vector<sim::trace> all_traces() {
    return {test::destroyed_interface(), test::deadlock(),   test::lost_wakeup(),
            test::unremarked_deadlock(), test::data_race(),  test::single_cpu(),
            test::five_cpus(),           test::long_run(300)};
}

const viz::story_row* row_with(const viz::story& s, const std::string& text) {
    for (const viz::story_row& row : s.rows) {
        if (row.text.find(text) != std::string::npos) {
            return &row;
        }
    }
    return nullptr;
}

TEST(Story, EveryStepIsInExactlyOneRow) {
    for (const sim::trace& t : all_traces()) {
        for (const uint32_t rows_max : {0U, 5U, 20U, 40U, 200U}) {
            const viz::story s = told(t, rows_max);
            ASSERT_EQ(s.row_of_step.size(), s.steps + 1);
            std::vector<uint32_t> count(s.rows.size(), 0);
            for (uint32_t step = 1; step <= s.steps; ++step) {
                const viz::story_row& row = s.rows[s.row_of_step[step]];
                ++count[s.row_of_step[step]];
                EXPECT_LE(row.first_step, step);
                EXPECT_GE(row.last_step, step);
            }
            for (size_t i = 0; i < s.rows.size(); ++i) {
                uint32_t steps = s.rows[i].kind == viz::row_kind::step ? 1 : 0;
                for (const viz::fold_part& part : s.rows[i].parts) {
                    steps += part.steps;
                }
                EXPECT_EQ(count[i], steps) << "row " << i;
            }
        }
    }
}

TEST(Story, KeepsWithinItsRowsApartFromWhatTheFindingNames) {
    for (const sim::trace& t : all_traces()) {
        for (uint32_t rows_max = 10; rows_max < 60; ++rows_max) {
            EXPECT_LE(told(t, rows_max).rows.size(), rows_max);
        }
    }
}

TEST(Story, NothingIsFoldedWithoutALimit) {
    for (const sim::trace& t : all_traces()) {
        for (const viz::story_row& row : told(t, 0).rows) {
            EXPECT_NE(row.kind, viz::row_kind::fold);
        }
    }
}

TEST(Story, TheStepsOfAFindingAreAlwaysShown) {
    for (const uint32_t rows_max : {1U, 3U, 10U}) {
        const viz::story s = told(test::destroyed_interface(), rows_max);
        const viz::story_row& freed = s.rows[s.row_of_step[88]];
        const viz::story_row& used = s.rows[s.row_of_step[91]];
        EXPECT_EQ(freed.kind, viz::row_kind::step);
        EXPECT_EQ(freed.evidence, std::vector<std::string>{"freed"});
        EXPECT_TRUE(used.at_finding);
        EXPECT_EQ(s.rows.back().kind, viz::row_kind::finding);
        EXPECT_EQ(s.rows.back().text, "USE AFTER FREE in ip_output (ip_output.cc:412)");
    }
}

TEST(Story, ReferencesOfTheFreedObjectComeBeforeOtherThings) {
    const viz::story s = told(test::destroyed_interface(), 22);
    for (const uint32_t step : {33U, 36U, 63U, 64U}) {
        EXPECT_EQ(s.rows[s.row_of_step[step]].kind, viz::row_kind::step) << step;
    }
}

TEST(Story, AFoldNamesTheCallThatAllOfItShares) {
    const viz::story s = told(test::destroyed_interface(), 60);
    const viz::story_row& row = s.rows[s.row_of_step[25]];
    ASSERT_EQ(row.kind, viz::row_kind::fold);
    ASSERT_EQ(row.parts.size(), 1U);
    EXPECT_EQ(row.parts[0].function, "rtable_match");
}

TEST(Story, CallsComeFromStacksWhereThereAreNoRemarks) {
    const viz::story s = told(test::data_race(), 40);
    const viz::story_row* call = row_with(s, "worker()");
    ASSERT_NE(call, nullptr);
    EXPECT_EQ(call->kind, viz::row_kind::call);
    EXPECT_EQ(call->depth, 0U);
    EXPECT_EQ(s.rows[s.row_of_step[6]].depth, 2U);
    EXPECT_EQ(s.rows[s.row_of_step[7]].function, "");  // has no stack
}

TEST(Story, PrimitivesGiveWayToTheirCallers) {
    const sim::trace t = test::destroyed_interface();
    EXPECT_EQ(row_with(told(t, 0), "lock if_map mutex")->function, "if_map_remove");
    viz::story_options options;
    options.plumbing = {};
    EXPECT_EQ(row_with(viz::tell(t, options), "lock if_map mutex")->function, "mutex::enter");
}

TEST(Story, ALeaveThatNobodyEnteredChangesNothing) {
    test::recorder r("a.race", "fixed");
    const uint32_t c = r.context("main", 0);
    r.enter(c, "outer", "a.cc", 1);
    r.enter(c, "skipped_by_an_exception", "a.cc", 2);
    r.remark(c, "leave", "stranger");
    r.remark(c, "leave", "outer");
    r.step(c, "load", "x", "read 0");
    EXPECT_EQ(told(r.take(), 0).rows.back().depth, 0U);
}

TEST(Story, EvidenceOfAWaitIsTheRowThatWaits) {
    const viz::story s = told(test::deadlock(), 40);
    const viz::story_row* wait = row_with(s, "waits for arp mutex");
    ASSERT_NE(wait, nullptr);
    EXPECT_EQ(wait->kind, viz::row_kind::blocked);
    EXPECT_EQ(wait->evidence, std::vector<std::string>{"waits for"});
    EXPECT_TRUE(s.rows[s.row_of_step[wait->first_step]].evidence.empty());
}

TEST(Story, WaitsAreReadOffTheEnabledContexts) {
    const viz::story s = told(test::unremarked_deadlock(), 40);
    const struct {
        const char* text;
        uint32_t context;
        bool evidence;
    } waits[] = {{"waits for tick mutex", 2, false},
                 {"waits for arp mutex, held by net0", 1, true},
                 {"waits for rtable mutex, held by adm", 0, true}};
    for (const auto& wait : waits) {
        const viz::story_row* row = row_with(s, wait.text);
        ASSERT_NE(row, nullptr) << wait.text;
        EXPECT_EQ(row->kind, viz::row_kind::blocked);
        EXPECT_EQ(row->context, wait.context);
        EXPECT_EQ(!row->evidence.empty(), wait.evidence) << wait.text;
    }
    EXPECT_EQ(s.rows.back().kind, viz::row_kind::finding);
    EXPECT_FALSE(s.rows[s.row_of_step[s.steps]].at_finding);  // the last step did not do it
}

TEST(Story, PreemptionsAreCountedAndMarked) {
    const viz::story s = told(test::destroyed_interface(), 30);
    EXPECT_EQ(s.preemptions, 2U);
    EXPECT_EQ(s.rows[s.row_of_step[34]].preempted, 0U);
    EXPECT_EQ(s.rows[s.row_of_step[64]].preempted, viz::no_context);  // the other one waited
}

}  // namespace

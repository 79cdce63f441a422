// What a program's text allows is no finding, but stands in the report.
#include <gtest/gtest.h>

#include "test/command/heddle_call.h"
#include "test/command/told.h"

namespace scenario::test {

namespace {

const std::string file = "test/programs/checkers/";

std::string without_times(const heddle_result& r) {
    std::string out;
    for (const std::string& line : r.lines()) {
        out += line.find("\"timing\"") == std::string::npos ? line + "\n" : "";
    }
    return out;
}

TEST(Allowed, IsNoFindingAndSaysWhy) {
    heddle_call heddle;
    const heddle_result r = heddle.run({"explore", subject_path("allowed"), "--width", "1000"});
    EXPECT_EQ(r.status, 0) << r.out;
    EXPECT_NE(r.out.find("  allowed: the data race at " + file +
                         "allowed.c:7 in 4 executions: the counter is a statistic\n"),
              std::string::npos)
        << r.out;
    EXPECT_NE(r.out.find("; the data race at " + file +
                         "allowed.c:7 does no harm: the counter is a statistic\n"),
              std::string::npos)
        << r.out;
}

// Its accesses are steps: both orders of the two were tried.
TEST(Allowed, RaceIsExploredAsAnyOther) {
    heddle_call heddle;
    const heddle_result r = heddle.run({"explore", subject_path("allowed"), "--json"});
    EXPECT_NE(r.out.find("\"executions\":4,\"blocked\":0"), std::string::npos) << r.out;
}

TEST(Allowed, IsTheSameForTwoProcesses) {
    heddle_call heddle;
    const std::string one =
        without_times(heddle.run({"explore", subject_path("allowed"), "--json"}));
    EXPECT_EQ(one,
              without_times(heddle.run({"explore", subject_path("allowed"), "-j", "2", "--json"})));
    EXPECT_NE(
        one.find(
            "{\"type\":\"allowed\",\"variant\":\"program\",\"kind\":\"data race\",\"where\":\"" +
            file + "allowed.c:7\",\"reason\":\"the counter is a statistic\",\"executions\":4}"),
        std::string::npos)
        << one;
}

TEST(Allowed, WhatAllowsNothingIsTold) {
    const std::string all = told({subject_path("allowed_in_vain")});
    const std::string here = "  program: " + file + "allowed_in_vain.c:";
    EXPECT_EQ(
        all.substr(0, all.find("\n\n")),
        here +
            "7: the annotation allows nothing: it gives no reason (heddle: allow KIND: REASON)\n" +
            here +
            "14: the annotation allows nothing: there is no finding 'datarace' (heddle: allow "
            "KIND: REASON)\n" +
            here + "16: a leak is allowed there, but there was none");
    EXPECT_NE(all.find("data race in main at " + file + "allowed_in_vain.c:15"), std::string::npos)
        << all;
}

}  // namespace

}  // namespace scenario::test

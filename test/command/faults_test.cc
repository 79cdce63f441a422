// What may go wrong beside the schedule: only where it is asked for, and then as a choice that a token names.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "test/command/heddle_call.h"
#include "test/command/told.h"

namespace scenario::test {

namespace {

struct asked {
    const char* program;
    const char* option;
    const char* finding;  // its first line
    const char* assumed;
};

class faults : public testing::TestWithParam<asked> {};

TEST_P(faults, AreFoundOnlyWhereTheyMayHappen) {
    const std::string program = std::string("fault_") + GetParam().program;
    const std::string first = finding_told({subject_path(program), GetParam().option, "1"});
    EXPECT_EQ(first.substr(0, first.find('\n')), GetParam().finding) << first;
    EXPECT_TRUE(is_proved({subject_path(program)}));
    EXPECT_TRUE(is_proved({subject_path(program + "_near"), GetParam().option, "1"}));
}

TEST_P(faults, AreNamedByWhatAProofAssumes) {
    heddle_call heddle;
    const std::string near = subject_path(std::string("fault_") + GetParam().program + "_near");
    const heddle_result r = heddle.run({"explore", near, GetParam().option, "1", "--json"});
    EXPECT_NE(r.out.find(std::string("at most 1 in an execution: ") + GetParam().assumed),
              std::string::npos)
        << r.out;
    EXPECT_EQ(heddle.run({"explore", near, "--json"}).out.find("at most"), std::string::npos);
}

TEST_P(faults, AreRepeatedByTheirToken) {
    heddle_call heddle;
    const std::string path = subject_path(std::string("fault_") + GetParam().program);
    for (const char* strategy : {"optimal", "exhaustive", "bounded", "random"}) {
        const std::string line =
            told({path, GetParam().option, "1", "--strategy", strategy, "-n", "200"});
        const size_t begin = line.find("h1/");
        ASSERT_NE(begin, std::string::npos) << strategy << ": " << line;
        const std::string token = line.substr(begin, line.find(' ', begin) - begin);
        const heddle_result r =
            heddle.run({"replay", path, token, GetParam().option, "1", "--json"});
        EXPECT_NE(r.out.find("\"findings\":1}"), std::string::npos)
            << strategy << ": " << r.out << r.err;
    }
}

// Every moment of every kind of wait, and each once: searches that share nothing but the machine agree.
TEST(EarlyTimers, ComeAtEveryMoment) {
    heddle_call heddle;
    const auto executions = [&](const std::vector<std::string>& more) {
        std::vector<std::string> words = {"explore", subject_path("timed"), "--json"};
        words.insert(words.end(), more.begin(), more.end());
        const heddle_result r = heddle.run(words);
        const auto variant = nlohmann::json::parse(r.lines().back()).at("variants").at(0);
        EXPECT_EQ(variant.at("verdict"), "proved") << r.out;
        return variant.at("executions").get<int>();
    };
    EXPECT_EQ(executions({}), 3);
    for (const char* often : {"1", "2"}) {
        const int optimal = executions({"--early-timers", often});
        EXPECT_GT(optimal, 20);
        for (const char* dependence : {"plain", "refined"}) {
            EXPECT_EQ(executions({"--early-timers", often, "--strategy", "exhaustive",
                                  "--dependence", dependence}),
                      optimal)
                << often << " " << dependence;
        }
        EXPECT_EQ(executions({"--early-timers", often, "-j", "2"}), optimal);
    }
}

INSTANTIATE_TEST_SUITE_P(
    all, faults,
    testing::Values(asked{"allocation", "--fail-allocations",
                          "  crash in main at test/programs/checkers/faults.c:27",
                          "allocations fail"},
                    asked{"spurious", "--spurious-wakeups",
                          "  assertion failed in main at test/programs/checkers/faults.c:59",
                          "spurious wakeups"},
                    asked{"reuse", "--reuse",
                          "  assertion failed in main at test/programs/checkers/faults.c:95",
                          "blocks that a context has freed are used by it again"},
                    asked{"timer", "--early-timers",
                          "  use after free in answer at test/programs/checkers/faults.c:117",
                          "waits run out though others can run"}),
    [](const auto& one) { return std::string(one.param.program); });

}  // namespace

}  // namespace scenario::test

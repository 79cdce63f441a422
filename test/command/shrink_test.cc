// shrink: the shortest schedule of the same failure, with what is certain about it.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "test/command/heddle_call.h"

namespace scenario::test {

namespace {

using json = nlohmann::ordered_json;

// The token of the first finding of an exploration.
std::string found_by(const heddle_call& heddle, std::vector<std::string> words) {
    words.insert(words.begin(), "explore");
    words.emplace_back("--json");
    const heddle_result r = heddle.run(words);
    const json last = json::parse(r.lines().back());
    return last.at("variants").at(0).at("findings").at(0).at("token");
}

std::string random_token(const heddle_call& heddle) {
    return found_by(heddle, {subject_path("long_run"), "--seed", "1", "-n", "500", "--first"});
}

TEST(Shrink, MakesAThousandStepsOfHundredsOfPreemptionsTwo) {
    heddle_call heddle;
    const std::string path = subject_path("long_run");
    const std::string token = random_token(heddle);
    const heddle_result r = heddle.run({"shrink", path, token, "--json"});
    EXPECT_EQ(r.status, 0) << r.err;
    const json result = json::parse(r.lines().back());
    EXPECT_EQ(result.at("type"), "result");
    EXPECT_EQ(result.at("verb"), "shrink");
    EXPECT_EQ(result.at("kind"), "assertion failed");
    EXPECT_GE(result.at("before").at("steps"), 1000U);
    EXPECT_GE(result.at("before").at("preemptions"), 100U);
    EXPECT_EQ(result.at("after").at("preemptions"), 2U) << r.out;
    EXPECT_EQ(result.at("certified"), true) << r.out;
    EXPECT_EQ(json::parse(r.lines().front()).at("type"), "timing");
    // What comes back is a token like any other.
    const std::string small = result.at("token");
    EXPECT_LT(small.size(), token.size() / 10);
    const heddle_result shown = heddle.run({"replay", path, small});
    EXPECT_NE(shown.out.find("!seen"), std::string::npos) << shown.out;
}

TEST(Shrink, IsTheSameBytesInTwoProcesses) {
    heddle_call heddle;
    const std::string path = subject_path("long_run");
    const std::string token = random_token(heddle);
    const std::string text = heddle.run({"shrink", path, token}).out;
    EXPECT_EQ(text, heddle.run({"shrink", path, token}).out);
    EXPECT_NE(text.find("certified: no schedule with fewer preemptions fails so"),
              std::string::npos)
        << text;
    EXPECT_NE(text.find("replay " + path + " h1/long_run.so/program/"), std::string::npos) << text;
}

TEST(Shrink, SaysThatThereIsNothingToShrink) {
    heddle_call heddle;
    const heddle_result r =
        heddle.run({"shrink", subject_path("long_run"), "h1/long_run.so/program/-"});
    EXPECT_EQ(r.status, 1);
    EXPECT_EQ(r.out, "");
    EXPECT_NE(r.err.find("there is nothing to shrink"), std::string::npos) << r.err;
    EXPECT_NE(r.err.find("heddle replay "), std::string::npos) << r.err;
}

TEST(Shrink, SaysWhenTheTokenDiverges) {
    heddle_call heddle;
    const heddle_result r =
        heddle.run({"shrink", subject_path("long_run"), "h1/long_run.so/program/nobody:f:3:t1"});
    EXPECT_EQ(r.status, 4);
    EXPECT_NE(r.err.find("diverged: 1 of 1 choices"), std::string::npos) << r.err;
}

struct race_case {
    const char* variant;
    const char* kind;
    const char* bug;  // as an expectation says it
    uint32_t preemptions;
};

class races : public testing::TestWithParam<race_case> {};

// The fewest preemptions are those that the bounded search finds; the block is the same schedule.
TEST_P(races, AreShrunkToABlockThatRuns) {
    heddle_call heddle;
    const race_case& c = GetParam();
    const std::string token = found_by(heddle, {"forward", "--variant", c.variant, "--strategy",
                                                "surw", "-n", "30000", "--no-check", "race"});
    const heddle_result r = heddle.run({"shrink", token, "--no-check", "race", "--json"});
    ASSERT_EQ(r.status, 0) << r.err;
    const json result = json::parse(r.lines().back());
    EXPECT_EQ(result.at("kind"), c.kind);
    EXPECT_GT(result.at("before").at("preemptions"), c.preemptions) << r.out;
    EXPECT_EQ(result.at("after").at("preemptions"), c.preemptions) << r.out;
    EXPECT_EQ(result.at("certified"), true) << r.out;
    // Evidence of set-up is not later than the failure.
    const heddle_result again =
        heddle.run({"replay", result.at("token").get<std::string>(), "--no-check", "race"});
    EXPECT_EQ(again.status, 0) << again.err;
    const std::string race = HEDDLE_FORWARD_RACE;
    std::filesystem::copy(std::filesystem::path(race).parent_path(), heddle.folder() / "race");
    const std::filesystem::path pasted = heddle.folder() / "race" / "pasted.race";
    std::ofstream(pasted) << contents(race) << result.at("schedule").get<std::string>() << "expect "
                          << c.variant << " {\n    shrunk: bug " << c.bug << "\n}\n";
    const heddle_result ran =
        heddle.run({"run", pasted.string(), "--variant", c.variant, "--no-check", "race"});
    EXPECT_EQ(ran.status, 0) << ran.out << ran.err;
    EXPECT_NE(ran.out.find("shrunk: (bug "), std::string::npos) << ran.out;
}

INSTANTIATE_TEST_SUITE_P(
    All, races,
    testing::Values(race_case{"late_wait", "use after free", "use-after-free", 2},
                    race_case{"no_wait", "use after free", "use-after-free", 1},
                    race_case{"early_put", "use after free", "use-after-free", 2},
                    race_case{"check_before_queue", "lost wakeup", "lost-wakeup", 2}),
    [](const testing::TestParamInfo<race_case>& i) { return std::string(i.param.variant); });

}  // namespace

}  // namespace scenario::test

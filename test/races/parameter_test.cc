// param: a race is a scenario for each value, with tokens that know theirs.
#include "test/races/small_race.h"

namespace scenario::test {

namespace {

using nlohmann::json;

// The small race again, before which there were $n packets.
const char* const more_packets =
    "param n 1..3\n"
    "before { repeat $n { em0 < IP 10.0.1.9.1234 > 10.9.0.5.53: udp 64 as Q$i } }\n"
    "schedule any { explore dfs preemptions 0 }\n"
    "expect fixed { no bug; exists (fate Q$n == forwarded em1) }\n";

std::vector<std::string> names_of(const json& result) {
    std::vector<std::string> names;
    for (const json& v : result.value("variants", json::array())) {
        names.push_back(v["name"]);
    }
    return names;
}

TEST(Parameter, MakesAScenarioForEachValue) {
    heddle_call heddle;
    const heddle_result r = run_with(heddle, "explore", more_packets, {"--json"});
    EXPECT_EQ(r.status, 0) << r.out << r.err;
    const json result = result_of(r);
    EXPECT_EQ(names_of(result),
              (std::vector<std::string>{"fixed with n=1", "fixed with n=2", "fixed with n=3"}));
    for (const char* fate : {"fate Q1 ==", "fate Q2 ==", "fate Q3 =="}) {
        EXPECT_NE(r.out.find(fate), std::string::npos) << r.out;
    }
    // Rows of the ladder, too.
    const heddle_result ladder = run_with(heddle, "ladder", more_packets, {"--json"});
    EXPECT_EQ(names_of(result_of(ladder)), names_of(result)) << ladder.err;
}

TEST(Parameter, OneValueCanBeAskedFor) {
    heddle_call heddle;
    const heddle_result r =
        run_with(heddle, "explore", more_packets, {"--json", "--variant", "fixed with n=2"});
    EXPECT_EQ(names_of(result_of(r)), std::vector<std::string>{"fixed with n=2"}) << r.err;
    std::string chosen = more_packets;
    chosen.replace(chosen.find("1..3"), 4, "1..3 value 2");
    const heddle_result given = run_with(heddle, "explore", chosen, {"--json"});
    EXPECT_EQ(names_of(result_of(given)), std::vector<std::string>{"fixed"}) << given.err;
    EXPECT_TRUE(given.says("n is 2 (of 1..3)")) << given.out;
}

TEST(Parameter, TokensKnowTheirValues) {
    heddle_call heddle;
    const char* const lines =
        "param n 1..2\n"
        "before { repeat $n { em0 < IP 10.0.1.9.1234 > 10.9.0.5.53: udp 64 as Q$i } }\n"
        "variant no_wait { patch no_wait.patch }\n"
        "schedule any { explore dfs preemptions 1 }\n"
        "expect no_wait { exists (bug use-after-free) }\n";
    std::filesystem::copy_file(std::string(HEDDLE_RACES) + "/if_destroy/no_wait.patch",
                               heddle.folder() / "no_wait.patch");
    const heddle_result r = run_with(heddle, "explore", lines, {"--json"});
    const json result = result_of(r);
    ASSERT_EQ(names_of(result), (std::vector<std::string>{"no_wait with n=1", "no_wait with n=2"}))
        << r.out << r.err;
    for (const json& v : result["variants"]) {
        ASSERT_FALSE(v["findings"].empty()) << r.out;
        const std::string token = v["findings"][0]["token"];
        const heddle_result again = heddle.run({"replay", "t.race", token, "--json"});
        EXPECT_EQ(again.status, 0) << token << again.err;
        EXPECT_NE(again.out.find("\"finding\":\"use after free\""), std::string::npos) << token;
        EXPECT_EQ(again.out.find("\"drift\":[\""), std::string::npos) << again.out.substr(0, 400);
    }
}

TEST(Parameter, EveryValueMustBeRight) {
    heddle_call heddle;
    const heddle_result wrong =
        run_with(heddle, "check",
                 "param n 1..2\nexpect fixed { exists (fate P$n == dropped) }\n"
                 "expect fixed { exists (fate P$n$n == dropped) }\n");
    EXPECT_EQ(wrong.status, 2) << wrong.out;
    const heddle_result three =
        run_with(heddle, "check", "param n 1..3\nexpect fixed { exists (fate P$n == dropped) }\n");
    EXPECT_EQ(three.status, 2) << three.out;
    EXPECT_NE(three.err.find("with n=3:"), std::string::npos) << three.err;
    const heddle_result many =
        run_with(heddle, "check", "param n 1..300\nexpect fixed { exists (fate P1 == dropped) }\n");
    EXPECT_EQ(many.status, 2) << many.out;
    EXPECT_NE(many.err.find("more than 256 combinations"), std::string::npos) << many.err;
}

}  // namespace

}  // namespace scenario::test

// Races that are sampled: the strategy that the file names, with its depth, seed and executions.
#include "test/races/small_race.h"

namespace scenario::test {

namespace {

struct sampled {
    const char* strategy;  // as the file says it
    const char* text;      // as the report does
};

class samplers : public testing::TestWithParam<sampled> {};

TEST_P(samplers, RunSoManyExecutionsAndSayWhatThatIsWorth) {
    heddle_call heddle;
    const std::string lines = std::string("schedule s { explore ") + GetParam().strategy +
                              " executions 50 }\nexpect fixed { forall (no bug) }\n";
    const heddle_result r = run_with(heddle, "explore", lines, {"--json"});
    EXPECT_EQ(r.status, 0) << r.out << r.err;
    const nlohmann::json variant = result_of(r).at("variants").at(0);
    const std::string verdict = variant.at("verdict");
    EXPECT_EQ(verdict.rfind("not refuted in ", 0), 0U) << verdict;
    EXPECT_NE(r.out.find(GetParam().text), std::string::npos) << r.out;
    const bool promises = std::string(GetParam().strategy).rfind("pct", 0) == 0;
    EXPECT_EQ(r.out.find("with probability at least 1/(n k^1)") != std::string::npos, promises);
}

INSTANTIATE_TEST_SUITE_P(All, samplers,
                         testing::Values(sampled{"pct depth 2 seed 3", "pct, depth 2, seed 3"},
                                         sampled{"pos seed 4", "pos, seed 4"},
                                         sampled{"surw", "surw, seed 1"},
                                         sampled{"portfolio", "portfolio, seed 1"}),
                         [](const testing::TestParamInfo<sampled>& i) {
                             const std::string words = i.param.strategy;
                             return words.substr(0, words.find(' '));
                         });

class refused_depths : public testing::TestWithParam<const char*> {};

TEST_P(refused_depths, AreAnsweredWithWhatOneIs) {
    heddle_call heddle;
    const std::string lines = std::string("schedule s { explore ") + GetParam() +
                              " }\nexpect fixed { forall (no bug) }\n";
    const heddle_result r = run_with(heddle, "check", lines);
    EXPECT_EQ(r.status, 2);
    EXPECT_NE(r.err.find("t.race:17:22: error: "), std::string::npos) << r.err;
    EXPECT_NE(r.err.find("depth 3"), std::string::npos) << r.err;
}

INSTANTIATE_TEST_SUITE_P(All, refused_depths,
                         testing::Values("pos depth 3", "pct depth 0", "pct depth 101"));

// An option wins over the file.
TEST(Samplers, TakeTheDepthThatIsTyped) {
    heddle_call heddle;
    const heddle_result r = run_with(
        heddle, "explore",
        "schedule s { explore pct depth 2 executions 20 }\nexpect fixed { forall (no bug) }\n",
        {"--json", "--depth", "4"});
    EXPECT_TRUE(r.says("pct, depth 4, seed 1")) << r.out << r.err;
}

}  // namespace

}  // namespace scenario::test

// The races of the model by memory models: under sc as many graphs as interleavings, and the fixed model is right under
// weaker ones.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "test/command/heddle_call.h"
#include "test/races/all_races.h"

namespace scenario::test {

namespace {

using nlohmann::json;

json fixed_of(const std::string& race, const std::vector<std::string>& how) {
    heddle_call heddle;
    std::vector<std::string> words = {"explore", race, "--variant", "fixed", "--json"};
    words.insert(words.end(), how.begin(), how.end());
    const heddle_result r = heddle.run(words);
    return r.lines().empty() ? json{{"verdict", r.err}, {"executions", 0}}
                             : json::parse(r.lines().back()).at("variants").at(0);
}

class SmallRace : public testing::TestWithParam<std::string> {};

TEST_P(SmallRace, HasAsManyGraphsAsInterleavings) {
    const json all = fixed_of(GetParam(), {"--strategy", "optimal", "--dependence", "plain"});
    const json graphs = fixed_of(GetParam(), {"--memory", "sc", "--dependence", "plain"});
    EXPECT_EQ(all.at("verdict"), "proved");
    EXPECT_EQ(graphs.at("verdict"), "proved");
    EXPECT_EQ(graphs.at("executions"), all.at("executions"));
}

INSTANTIATE_TEST_SUITE_P(All, SmallRace,
                         testing::Values("expire", "claim", "proxy_delete", "swap_next_hop",
                                         "set_next_hop", "listing", "stale_route"),
                         [](const auto& i) { return i.param; });

// Graphs do not try every order of interrupts.
TEST(InterruptedRace, IsNotProvedByGraphs) {
    const json weak = fixed_of("receive", {"--memory", "c11"});
    EXPECT_EQ(weak.at("verdict").get<std::string>().rfind("not refuted in ", 0), 0U);
}

// Without interrupts, and without steps that come before all others: a graph has no order for either.
std::vector<std::string> races_of_graphs() {
    std::vector<std::string> races = all_races();
    std::erase_if(races, [](const std::string& race) {
        std::ifstream in(race);
        const std::string text(std::istreambuf_iterator<char>(in), {});
        return text.find("\ninterrupt on ") != std::string::npos ||
               text.find("schedule any {\n    run ") != std::string::npos;
    });
    return races;
}

class WeakRace : public testing::TestWithParam<std::string> {};

TEST_P(WeakRace, IsRightByEveryModel) {
    for (const char* model : {"tso", "c11"}) {
        SCOPED_TRACE(model);
        const json weak = fixed_of(GetParam(), {"--memory", model, "--reversals", "2"});
        const std::string verdict = weak.at("verdict");
        EXPECT_TRUE(verdict == "proved" || verdict == "complete to 2 reversals") << verdict;
    }
}

INSTANTIATE_TEST_SUITE_P(All, WeakRace, testing::ValuesIn(races_of_graphs()), race_test_name);

}  // namespace

}  // namespace scenario::test

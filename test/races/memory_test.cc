// The races of the model by memory models: under sc as many graphs as interleavings, and the fixed model is right under
// weaker ones.
#include <gtest/gtest.h>

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
                                         "set_next_hop", "listing"),
                         [](const auto& i) { return i.param; });

// Those whose schedule asks for an order of steps have no graphs.
bool has_order(const std::string& race) {
    return race.ends_with("/receive.race") || race.ends_with("/unseen_reader.race") ||
           race.ends_with("/stale_route.race");
}

std::vector<std::string> races_without_order() {
    std::vector<std::string> races = all_races();
    std::erase_if(races, has_order);
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

INSTANTIATE_TEST_SUITE_P(All, WeakRace, testing::ValuesIn(races_without_order()), race_test_name);

}  // namespace

}  // namespace scenario::test

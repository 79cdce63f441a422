// Every race comes out the same whether or not operations may commute by their meaning: the verdict of each
// variant, what is found and where, what holds of what is expected.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "test/budget.h"
#include "test/command/heddle_call.h"
#include "test/races/all_races.h"

namespace scenario::test {

namespace {

using nlohmann::json;

using sim::test::full_budget;

// A line for each fact that does not depend on how much was run for it.
std::set<std::string> facts(const heddle_result& r) {
    std::set<std::string> all;
    for (const std::string& line : r.lines()) {
        const json said = json::parse(line);
        const std::string type = said.at("type");
        if (type == "expectation") {
            all.insert(said.at("variant").get<std::string>() + ": " +
                       said.at("text").get<std::string>() +
                       (said.at("holds").get<bool>() ? " holds" : " does not hold"));
        } else if (type == "result") {
            for (const json& v : said.at("variants")) {
                const std::string name = v.at("name");
                all.insert(name + ": " + v.at("verdict").get<std::string>());
                for (const json& f : v.at("findings")) {
                    all.insert(name + ": " + f.at("kind").get<std::string>() + " in " +
                               f.at("where").get<std::string>());
                }
            }
        }
    }
    return all;
}

class SameUnderPlain : public testing::TestWithParam<std::string> {};

// By the strategy that the file names; within the budget of CI by one preemption, which every race ends in.
TEST_P(SameUnderPlain, IsFoundInTheRace) {
    heddle_call heddle;
    std::vector<std::string> words = {"explore", GetParam(), "--json"};
    if (!full_budget()) {
        words.insert(words.end(), {"-p", "1"});
    }
    const heddle_result refined = heddle.run(words);
    words.insert(words.end(), {"--dependence", "plain"});
    const heddle_result plain = heddle.run(words);
    EXPECT_GE(facts(refined).size(), 2U) << refined.out << refined.err;
    EXPECT_EQ(facts(refined), facts(plain)) << plain.err;
    EXPECT_EQ(refined.status, plain.status);
}

INSTANTIATE_TEST_SUITE_P(All, SameUnderPlain, testing::ValuesIn(all_races()), race_test_name);

}  // namespace

}  // namespace scenario::test

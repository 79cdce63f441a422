// A mistake that no checker sees, only an expectation: its own file says what happens then, and what holds of fixed
// tells that it is one. A ladder must not call it safe.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>
#include <string>

#include "test/command/heddle_call.h"

namespace scenario::test {

namespace {

const std::string stale_route = HEDDLE_RACES "/route_cache/stale_route.race";

heddle_result call(std::vector<std::string> words) {
    heddle_call heddle;
    return heddle.run(std::move(words));
}

// What heddle says of variants that differ from fixed, as JSON.
std::vector<nlohmann::json> broken_of(const heddle_result& r) {
    std::vector<nlohmann::json> found;
    for (const std::string& line : r.lines()) {
        nlohmann::json j = nlohmann::json::parse(line);
        if (j.at("type") == "broken") {
            found.push_back(std::move(j));
        }
    }
    return found;
}

TEST(Broken, FailsInTheLadderWhereItIsNotHidden) {
    const heddle_result r = call({"ladder", stale_route, "--width", "200"});
    EXPECT_EQ(r.status, 0) << r.out << r.err;
    const auto shows = [&](const char* row) {
        return std::regex_search(r.out, std::regex(row, std::regex::multiline));
    };
    EXPECT_TRUE(shows("^  fixed +safe to 3 ")) << r.out;
    EXPECT_TRUE(shows("^  by_validity +fails at 0 .*fails at 0 .*fails at 0 .*fails at 0 "))
        << r.out;
    EXPECT_TRUE(shows("^  read_late +fails at 1 .*proved .*proved .*proved .*fails at 1 "))
        << r.out;
    EXPECT_TRUE(shows("^  read_late: forall .* holds of fixed, and not here$")) << r.out;
    EXPECT_TRUE(r.says("fails at N: what holds of fixed does not")) << r.out;
}

TEST(Broken, IsToldWithAnExecution) {
    const heddle_result r = call({"explore", stale_route, "--json"});
    EXPECT_EQ(r.status, 0) << r.out << r.err;
    const std::vector<nlohmann::json> broken = broken_of(r);
    ASSERT_FALSE(broken.empty());
    for (const nlohmann::json& b : broken) {
        EXPECT_NE(b.at("variant"), "fixed");
        EXPECT_LE(b.at("preemptions"), 3);
        const heddle_result replay = call({"replay", stale_route, b.at("token"), "--json"});
        EXPECT_EQ(replay.status, 0) << replay.err;
        EXPECT_EQ(replay.err.find("drift"), std::string::npos) << replay.err;
    }
    EXPECT_EQ(broken_of(call({"explore", stale_route, "--variant", "fixed", "--json"})).size(), 0U);
}

// Which execution is first depends on the number of processes there. What happens alone being expected is looked
// for by one; that something never does, by all.
TEST(Broken, IsTheSameForAnyNumberOfProcesses) {
    heddle_call heddle;
    std::filesystem::copy(HEDDLE_RACES "/arp_hold", heddle.folder());
    const std::string race = heddle.folder() / "reply.race";
    std::ofstream(race, std::ios::app) << "expect one_look { no leak }\n";
    std::vector<std::string> words = {"explore",    race,      "--variant", "one_look",
                                      "--strategy", "optimal", "--json"};
    const std::vector<nlohmann::json> alone = broken_of(heddle.run(words));
    ASSERT_FALSE(alone.empty());
    for (const nlohmann::json& b : alone) {
        EXPECT_TRUE(b.at("preemptions").is_null());
        EXPECT_EQ(b.at("token"), "");
    }
    words.insert(words.end(), {"-j", "3"});
    EXPECT_EQ(broken_of(heddle.run(words)), alone);
    words.resize(words.size() - 3);
    const heddle_result shown = heddle.run(words);
    EXPECT_TRUE(std::regex_search(shown.out, std::regex("one_look +fails "))) << shown.out;
}

// Which other holds of all is no matter of a patch that is tried: that is judged as fixed is.
TEST(Broken, IsNotSaidOfAPatch) {
    const heddle_result r = call({"explore", HEDDLE_RACES "/divert_reuse/close.race", "--patch",
                                  HEDDLE_NO_LINKS_PATCH, "--json"});
    EXPECT_EQ(r.status, 1) << r.err;
    EXPECT_TRUE(broken_of(r).empty()) << r.out;
}

}  // namespace

}  // namespace scenario::test

// Every race of scenarios/races, as its user runs it: what its file expects holds, under every regime, the
// same bytes come out of two processes, and each finding comes back from its token.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "test/command/heddle_call.h"
#include "test/races/all_races.h"

namespace scenario::test {

namespace {

using nlohmann::json;

json result_of(const heddle_result& r) {
    return json::parse(r.lines().back());
}

// Whether the file expects one; where it does not, what goes wrong is a packet's fate or a table.
bool expects_finding(const std::string& race) {
    std::ifstream in(race);
    const std::string text(std::istreambuf_iterator<char>(in), {});
    return text.find("(bug ") != std::string::npos || text.find("(bug)") != std::string::npos;
}

class Race : public testing::TestWithParam<std::string> {};

TEST_P(Race, DoesWhatItsFileExpects) {
    heddle_call heddle;
    const heddle_result r = heddle.run({"explore", GetParam()});
    EXPECT_EQ(r.status, 0) << r.out << r.err;
    EXPECT_EQ(r.out.find("FAILED"), std::string::npos) << r.out;
    // A packet and a command must stay small enough to be explored.
    const size_t at = r.out.find("together ");
    ASSERT_NE(at, std::string::npos) << r.out;
    // A SYN that reopens a connection ends one and begins another; a ring or a hold queue is full when many are in it.
    const bool has_many = GetParam().ends_with("/divert_reuse/reopen.race") ||
                          GetParam().ends_with("/if_start/full_ring.race") ||
                          GetParam().ends_with("/clone_race/full_hold_queue.race");
    EXPECT_LE(std::stoi(r.out.substr(at + 9)), has_many ? 340 : 250) << r.out;
}

TEST_P(Race, StandsOnItsLadder) {
    heddle_call heddle;
    const heddle_result r = heddle.run({"ladder", GetParam()});
    EXPECT_EQ(r.status, 0) << r.out << r.err;
}

TEST_P(Race, GivesTheSameBytesTwice) {
    heddle_call heddle;
    const std::vector<std::string> words = {"explore", GetParam(), "-p", "1", "--json"};
    const json first = result_of(heddle.run(words));
    EXPECT_EQ(first, result_of(heddle.run(words)));
}

TEST_P(Race, ReplaysEachFindingFromItsToken) {
    heddle_call heddle;
    const json result = result_of(heddle.run({"explore", GetParam(), "--json"}));
    size_t replayed = 0;
    for (const json& variant : result.at("variants")) {
        for (const json& finding : variant.at("findings")) {
            const std::vector<std::string> words = {"replay", GetParam(), finding.at("token"),
                                                    "--json"};
            const heddle_result once = heddle.run(words);
            EXPECT_EQ(once.out, heddle.run(words).out) << finding;
            const std::string kind =
                "\"finding\":\"" + finding.at("kind").get<std::string>() + "\"";
            EXPECT_NE(once.out.find(kind), std::string::npos) << finding << once.out;
            ++replayed;
        }
    }
    EXPECT_EQ(replayed > 0, expects_finding(GetParam()));
}

INSTANTIATE_TEST_SUITE_P(All, Race, testing::ValuesIn(all_races()), race_test_name);

}  // namespace

}  // namespace scenario::test

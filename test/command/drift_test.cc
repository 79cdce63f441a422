// A token outlives edits of its subject, and the replay says what is not where it was.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "test/command/heddle_call.h"

namespace scenario::test {

namespace {

using json = nlohmann::ordered_json;

struct edit {
    const char* name;
    int number;
    const char* drift;  // a part of what is said; "": nothing is where it was not
};

void PrintTo(const edit& e, std::ostream* out) {
    *out << e.name;
}

std::string token_of(const heddle_call& heddle) {
    const heddle_result r = heddle.run({"explore", subject_path("edited_0"), "--json"});
    const json last = json::parse(r.lines().back());
    const json& found = last.at("variants").at(0).at("findings").at(0);
    EXPECT_EQ(found.at("kind"), "deadlock");
    return found.at("token");
}

// A token belongs to a file of its name: the edited program takes the place of the first.
std::string as_the_first(const heddle_call& heddle, int number) {
    const std::filesystem::path to = heddle.folder() / "edited_0.so";
    std::filesystem::copy_file(subject_path("edited_" + std::to_string(number)), to);
    return to.string();
}

class edits : public testing::TestWithParam<edit> {};

TEST_P(edits, ReplaysToTheSameFinding) {
    heddle_call heddle;
    const std::string token = token_of(heddle);
    const std::string path = as_the_first(heddle, GetParam().number);
    const heddle_result r = heddle.run({"replay", path, token, "--json"});
    EXPECT_EQ(r.status, 0) << r.err;
    const json header = json::parse(r.lines().front());
    const json finding = json::parse(r.lines().back());
    EXPECT_EQ(finding.value("kind", finding.value("finding", "")), "deadlock") << r.lines().back();
    const std::string wanted = GetParam().drift;
    EXPECT_EQ(header.contains("drift"), !wanted.empty()) << r.lines().front();
    if (wanted.empty()) {
        EXPECT_EQ(r.err.find("drift: "), std::string::npos) << r.err;
        return;
    }
    EXPECT_NE(header.at("drift").at(0).get<std::string>().find(wanted), std::string::npos)
        << header.at("drift");
    EXPECT_NE(r.err.find("drift: choice 1, "), std::string::npos) << r.err;
}

INSTANTIATE_TEST_SUITE_P(
    All, edits,
    testing::Values(edit{"nothing", 0, ""}, edit{"print_before", 1, ""},
                    edit{"statistic_before", 2, "now at"}, edit{"statistic_between", 3, "now at"},
                    edit{"print_between", 4, ""}, edit{"local_renamed", 5, ""},
                    edit{"statement_removed", 6, ""}, edit{"function_moved", 7, ""},
                    edit{"call_added", 8, "now at"}, edit{"all_behind", 9, ""},
                    edit{"function_gone", 10, "in another function"}),
    [](const testing::TestParamInfo<edit>& i) { return std::string(i.param.name); });

TEST(Drift, OfWhatIsGoneIsAnError) {
    heddle_call heddle;
    const std::string token = token_of(heddle);
    const heddle_result r = heddle.run({"replay", as_the_first(heddle, 11), token});
    EXPECT_EQ(r.status, 4);
    EXPECT_NE(r.err.find("choice 1, "), std::string::npos) << r.err;
    EXPECT_NE(r.err.find("left out"), std::string::npos) << r.err;
}

// What replay follows to a failure, shrink and explain do as well, and say as much.
TEST(Drift, IsToldByWhoShrinksAndExplains) {
    for (const char* verb : {"shrink", "explain"}) {
        heddle_call heddle;
        const std::string token = token_of(heddle);
        const heddle_result r = heddle.run({verb, as_the_first(heddle, 2), token, "--json"});
        EXPECT_EQ(r.status, 0) << r.err;
        EXPECT_NE(r.err.find("drift: choice 1, "), std::string::npos) << verb << r.err;
        const json result = json::parse(r.lines().back());
        EXPECT_EQ(result.at("kind"), "deadlock");
        EXPECT_NE(result.at("drift").at(0).get<std::string>().find("now at"), std::string::npos);
        EXPECT_EQ(result.at("lost"), "");
    }
}

// A leak is found when the execution is over: the choice that is lost was not needed.
TEST(Drift, OfAChoiceThatIsNotNeededIsNoError) {
    heddle_call heddle;
    const std::string path = subject_path("leaks");
    for (const char* verb : {"replay", "shrink", "explain"}) {
        const heddle_result r = heddle.run({verb, path, "h1/leaks.so/program/nobody:f:3:t1"});
        EXPECT_EQ(r.status, 0) << verb << r.err;
        EXPECT_NE(r.err.find("drift: choice 1, "), std::string::npos) << verb << r.err;
    }
}

TEST(Drift, OfWhatIsGoneIsAnErrorOfWhoShrinksAndExplains) {
    for (const char* verb : {"shrink", "explain"}) {
        heddle_call heddle;
        const std::string token = token_of(heddle);
        const heddle_result r = heddle.run({verb, as_the_first(heddle, 11), token});
        EXPECT_EQ(r.status, 4) << verb;
        EXPECT_NE(r.err.find("nothing is found without"), std::string::npos) << r.err;
    }
}

// A token that was made before there were witnesses.
TEST(Drift, OfATokenWithoutWitnesses) {
    heddle_call heddle;
    std::string token = token_of(heddle);
    for (size_t dot = token.find('.', token.find("/program/")); dot != std::string::npos;
         dot = token.find('.', dot)) {
        token.erase(dot, token.find(':', dot) - dot);
    }
    EXPECT_EQ(heddle.run({"replay", subject_path("edited_0"), token, "-q"}).status, 0);
    const heddle_result r = heddle.run({"replay", subject_path("edited_0"), token});
    EXPECT_NE(r.out.find("DEADLOCK"), std::string::npos) << r.out;
}

}  // namespace

}  // namespace scenario::test

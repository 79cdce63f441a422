// fences: each memory order weakened alone, against what test/programs/weak/weakened.txt says of it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>
#include <sstream>

#include "test/command/heddle_call.h"
#include "test/command/told.h"
#include "test/viz/golden.h"

namespace scenario::test {

namespace {

using json = nlohmann::json;

// A line of the file of which one order is another than published.
struct weakened_row {
    std::string verdict;  // under c11
    std::string macro;
    std::string order;
};

bool is_order(const std::string& macro) {
    const size_t equals = macro.find('=');
    return equals != std::string::npos && std::isdigit(macro[equals + 1]) == 0;
}

// Those of a program that is called `name`: its source and all macros that are no orders.
std::vector<weakened_row> rows_of(const std::string& name) {
    std::ifstream file(HEDDLE_PROGRAMS "/weak/weakened.txt");
    std::vector<weakened_row> rows;
    for (std::string line; std::getline(file, line);) {
        std::istringstream words(line.substr(0, line.find('#')));
        std::string sc;
        std::string tso;
        std::string source;
        weakened_row r;
        words >> sc >> tso >> r.verdict >> source;
        std::string called = source.substr(0, source.find('.'));
        int orders = 0;
        for (std::string macro; words >> macro;) {
            if (is_order(macro)) {
                ++orders;
                r.macro = macro.substr(0, macro.find('='));
                r.order = macro.substr(macro.find('=') + 1);
            } else {
                called += "_" + macro;
            }
        }
        std::replace(called.begin(), called.end(), '=', '_');
        if (called == name && orders == 1) {
            rows.push_back(r);
        }
    }
    return rows;
}

// The expression that begins at a place of a source.
std::string expression_at(const std::string& source, uint32_t line, uint32_t column) {
    std::istringstream lines(contents(HEDDLE_PROGRAMS "/weak/" + source));
    std::string text;
    for (uint32_t i = 0; i < line; ++i) {
        std::getline(lines, text);
    }
    text.erase(0, column - 1);
    int depth = 0;
    for (size_t i = 0; i < text.size(); ++i) {
        depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
        if (text[i] == ')' && depth == 0) {
            return text.substr(0, i + 1);
        }
    }
    return text;
}

std::vector<json> fences_of(const std::string& subject, int status) {
    heddle_call heddle;
    const heddle_result r = heddle.run({"fences", subject_path(subject), "--json"});
    EXPECT_EQ(r.status, status) << r.out << r.err;
    std::vector<json> all;
    for (const std::string& line : r.lines()) {
        all.push_back(json::parse(line));
    }
    return all;
}

// The one place whose text names that macro; none if it names it twice, or nothing comes there.
const json* place_of(const std::vector<json>& all, const std::string& source,
                     const std::string& macro) {
    const json* found = nullptr;
    for (const json& p : all) {
        if (p.at("type") == "place" && p.at("what") != "failed_cas") {
            const std::string text = expression_at(source, p.at("line"), p.at("column"));
            if (std::regex_search(text, std::regex("\\b" + macro + "\\b"))) {
                if (found != nullptr) {
                    return nullptr;
                }
                found = &p;
            }
        }
    }
    return found;
}

// Whether nothing is found with that order, as far as one not stronger than it holds, or it was tried.
bool holds_with(const json& place, const std::string& order) {
    const auto at_least = [&](const std::string& weaker) {
        return weaker == order || weaker == "relaxed" || order == "seq_cst" ||
               (order == "acq_rel" && weaker != "seq_cst");
    };
    const json& weakest = place.at("weakest");
    return std::any_of(weakest.begin(), weakest.end(), at_least);
}

class fences_of_weak_programs : public testing::TestWithParam<const char*> {};

TEST_P(fences_of_weak_programs, SaysOfEachOrderWhatIsKnownOfIt) {
    const std::string name = GetParam();
    const std::string source =
        name.starts_with("chase_lev") ? "chase_lev.c" : name.substr(0, name.find('_')) + ".c";
    const std::vector<json> all = fences_of("weak_" + name, 0);
    size_t looked_at = 0;
    for (const weakened_row& row : rows_of(name)) {
        const json* place = place_of(all, source, row.macro);
        if (place == nullptr) {
            continue;
        }
        ++looked_at;
        SCOPED_TRACE(row.macro + "=" + row.order + ": " + place->dump());
        EXPECT_EQ(holds_with(*place, row.order), row.verdict == "ok");
        if (row.order == "relaxed") {
            EXPECT_EQ(place->at("verdict"),
                      row.verdict == "ok" ? "not needed by this scenario" : "needed");
        }
    }
    EXPECT_GT(looked_at, 0U);
    EXPECT_TRUE(all.back().at("complete").get<bool>());
}

INSTANTIATE_TEST_SUITE_P(All, fences_of_weak_programs,
                         testing::Values("chase_lev", "chase_lev_SIZE_1", "chase_lev_TAKES_2",
                                         "chase_lev_THIEVES_2_STEALS_1", "locks_P_queue",
                                         "locks_P_ticket", "message_P_fences",
                                         "message_P_flag_PLAIN", "message_P_passed",
                                         "peterson_P_accesses", "peterson_P_accesses_ROUNDS_2",
                                         "peterson_P_exchange", "references_P_last", "seqlock"),
                         [](const auto& one) { return std::string(one.param); });

TEST(Fences, ATokenOfAWeakenedPlaceFailsByItself) {
    const std::vector<json> all = fences_of("weak_peterson_P_accesses", 0);
    heddle_call heddle;
    size_t replayed = 0;
    for (const json& p : all) {
        if (p.at("type") == "place" && p.at("verdict") == "needed") {
            const json& failing = p.at("tried").back().at("outcome") == "fails"
                                      ? p.at("tried").back()
                                      : p.at("tried").front();
            const std::string token = failing.at("token");
            const std::string order = failing.at("order");
            const heddle_result r =
                heddle.run({"replay", subject_path("weak_peterson_P_accesses"), token, "--json"});
            EXPECT_EQ(r.status, 0) << r.err;
            EXPECT_NE(r.out.find("assertion failed"), std::string::npos) << token;
            EXPECT_NE(r.out.find("\"order\":\"" + order + "\""), std::string::npos) << r.out;
            // Without what was weakened there is no such execution.
            const std::string strong = token.substr(0, token.find(",weakened."));
            ASSERT_NE(strong, token);
            const heddle_result kept =
                heddle.run({"replay", subject_path("weak_peterson_P_accesses"), strong, "--json"});
            EXPECT_EQ(kept.out.find("assertion failed"), std::string::npos) << strong;
            ++replayed;
        }
    }
    EXPECT_EQ(replayed, 4U);
}

TEST(Fences, ATokenThatWeakensNothingOfTheSubjectIsRefused) {
    heddle_call heddle;
    for (const char* place : {"weakened.nowhere~4~load~relaxed", "weakened.announce~4~load~weak",
                              "weakened.announce~4~jump~relaxed", "weakened.load~relaxed"}) {
        const heddle_result r = heddle.run(
            {"replay", subject_path("weak_peterson_P_accesses"),
             std::string("h1/weak_peterson_P_accesses.so/program/-/memory.c11,") + place});
        EXPECT_EQ(r.status, 2) << place;
        EXPECT_NE(r.err.find(place), std::string::npos) << r.err;
    }
}

TEST(Fences, AWeakenedPlaceToWhichNobodyComesIsSaid) {
    heddle_call heddle;
    const std::string place = "weakened.announce~4~load~relaxed";
    const heddle_result r =
        heddle.run({"replay", subject_path("weak_peterson_P_accesses"),
                    "h1/weak_peterson_P_accesses.so/program/-/memory.c11," + place});
    EXPECT_EQ(r.status, 0);
    EXPECT_NE(r.err.find("drift: " + place), std::string::npos) << r.err;
}

// The line of orders.cc that holds the text.
uint32_t line_with(const std::string& text) {
    std::ifstream file(HEDDLE_COMMAND_TESTS "/orders.cc");
    uint32_t n = 1;
    for (std::string line; std::getline(file, line) && line.find(text) == std::string::npos;) {
        ++n;
    }
    return n;
}

TEST(Fences, APlaceIsWhereTheProgramAsksALibraryForIt) {
    const std::vector<json> all = fences_of("orders", 0);
    const auto weakest = [&](const std::string& text, const std::string& what) {
        std::vector<std::string> orders;
        for (const json& p : all) {
            if (p.at("type") == "place" && p.at("line") == line_with(text) &&
                p.at("what") == what) {
                orders.push_back(p.at("weakest").at(0));
                if (p.at("verdict") == "needed") {
                    heddle_call heddle;
                    const heddle_result r = heddle.run(
                        {"replay", subject_path("orders"), p.at("tried").at(0).at("token")});
                    EXPECT_EQ(r.err, "");
                    EXPECT_NE(r.out.find("!! "), std::string::npos) << r.out;
                }
            }
        }
        return orders;
    };
    using orders = std::vector<std::string>;
    EXPECT_EQ(weakest("x.store(1)", "store"), orders{"seq_cst"});
    EXPECT_EQ(weakest("x.store(1)", "load"), orders{"seq_cst"});
    EXPECT_EQ(weakest("y = 1", "store"), orders{"seq_cst"});
    EXPECT_EQ(weakest("y = 1", "load"), orders{"seq_cst"});
    EXPECT_EQ(weakest("full_.store", "store"), orders{"release"});
    EXPECT_EQ(weakest("full_ == 0", "load"), orders{"acquire"});
    EXPECT_EQ(weakest("++sum", "update"), (orders{"relaxed", "relaxed"}));
}

// Each of two orders does what the other does.
TEST(Fences, WhatIsNotNeededAloneMayBeNeededTogether) {
    const json alone = fences_of("fenced_twice", 0).back();
    EXPECT_EQ(alone.at("needed"), 1);
    EXPECT_EQ(alone.at("places"), 3);
    ASSERT_EQ(alone.at("together").at("outcome"), "fails");
    heddle_call heddle;
    const std::string token = alone.at("together").at("token");
    const heddle_result r = heddle.run({"replay", subject_path("fenced_twice"), token});
    EXPECT_EQ(r.err, "");
    EXPECT_NE(r.out.find("ASSERTION FAILED"), std::string::npos) << r.out;
    const heddle_result shown = heddle.run({"fences", subject_path("fenced_twice")});
    EXPECT_NE(shown.out.find(token), std::string::npos) << shown.out;

    const json both = fences_of("weak_peterson_P_accesses", 0).back();
    EXPECT_EQ(both.at("together").at("outcome"), "holds");
    EXPECT_EQ(fences_of("weak_message_P_fences", 0).back().at("together"), nullptr);
}

TEST(Fences, TellsWhatAnX86Needs) {
    heddle_call heddle;
    const heddle_result r = heddle.run(
        {"fences", subject_path("weak_peterson_P_accesses"), "--memory", "tso", "--json"});
    EXPECT_EQ(r.status, 0);
    std::vector<int> needed;
    for (const std::string& line : r.lines()) {
        const json p = json::parse(line);
        if (p.at("type") == "place" && p.at("verdict") == "needed") {
            needed.push_back(p.at("line"));
        }
    }
    ASSERT_EQ(needed.size(), 1U);
    EXPECT_NE(expression_at("peterson.c", needed[0], 1).find("TURN_STORE"), std::string::npos);
}

TEST(Fences, LooksAtOneFunctionIfAsked) {
    heddle_call heddle;
    const std::string subject = subject_path("weak_chase_lev");
    const heddle_result r = heddle.run({"fences", subject, "--in", "take", "--json"});
    EXPECT_EQ(r.status, 0);
    EXPECT_EQ(json::parse(r.lines().back()).at("places"), 2);
    const heddle_result none = heddle.run({"fences", subject, "--in", "body"});
    EXPECT_EQ(none.status, 2);
    EXPECT_NE(none.err.find("performed in body"), std::string::npos) << none.err;
}

TEST(Fences, StatusSaysWhatIsKnown) {
    heddle_call heddle;
    const heddle_result wrong = heddle.run({"fences", subject_path("weak_sb")});
    EXPECT_EQ(wrong.status, 1);
    EXPECT_NE(wrong.out.find("it fails as it is"), std::string::npos) << wrong.out;
    const heddle_result few = heddle.run({"fences", subject_path("weak_chase_lev"), "-n", "3"});
    EXPECT_EQ(few.status, 3) << few.out;
    EXPECT_NE(few.out.find("unknown"), std::string::npos);
    const heddle_result named =
        heddle.run({"fences", subject_path("weak_chase_lev"), "--variant", "fixed"});
    EXPECT_EQ(named.status, 2);
    EXPECT_NE(named.err.find("has no variants"), std::string::npos) << named.err;
}

// Who leaves a read section releases it to whoever waits for a grace period: without that, an entry is freed while it is read.
TEST(Fences, OfARaceAreTheModels) {
    heddle_call heddle;
    const heddle_result r =
        heddle.run({"fences", "claim", "--reversals", "0", "--in", "smr_read_leave", "--json"});
    ASSERT_EQ(r.status, 0) << r.out << r.err;
    const json place = json::parse(r.lines().at(0));
    EXPECT_EQ(place.at("what"), "store");
    EXPECT_EQ(place.at("weakest"), json::array({"release"}));
    EXPECT_EQ(place.at("verdict"), "needed");
    const json result = json::parse(r.lines().back());
    EXPECT_EQ(result.at("places"), 1);
    EXPECT_EQ(result.at("verdict"), "complete to 0 reversals");
    const std::string token = place.at("tried").at(0).at("token");
    const heddle_result shown = heddle.run({"replay", "claim", token});
    EXPECT_EQ(shown.err, "");
    EXPECT_NE(shown.out.find("DATA RACE"), std::string::npos) << shown.out;
    // Nothing is wrong with it as it stands.
    const std::string strong = token.substr(0, token.find(",weakened."));
    EXPECT_EQ(heddle.run({"replay", "claim", strong}).out.find("DATA RACE"), std::string::npos);
    const heddle_result none = heddle.run({"fences", "claim", "--variant", "nobody"});
    EXPECT_EQ(none.status, 2);
    EXPECT_NE(none.err.find("nobody"), std::string::npos) << none.err;
}

TEST(Fences, IsTheSameByTwoProcesses) {
    heddle_call heddle;
    const std::string subject = subject_path("weak_locks_P_queue");
    EXPECT_EQ(heddle.run({"fences", subject, "--json"}).out,
              heddle.run({"fences", subject, "--json", "-j", "2"}).out);
}

TEST(Fences, TellsAllInATable) {
    heddle_call heddle;
    const std::string name = "weak_peterson_P_accesses";
    const heddle_result r =
        heddle.run({"fences", subject_path(name), "--width", "100", "--color", "never"});
    EXPECT_EQ(r.status, 0);
    // How far into its function an access is, is the compiler's choice.
    const std::string report =
        std::regex_replace(report_of(name, r), std::regex("(weakened\\.[a-z_]+~)[0-9]+~"), "$1N~");
    ::test::expect_golden("fences_peterson.txt", report);
}

}  // namespace

}  // namespace scenario::test

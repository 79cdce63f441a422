// scenarios/races/routing.md: what is said there of each race of routes and neighbours is what the command says.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "test/budget.h"
#include "test/command/heddle_call.h"
#include "test/races/all_races.h"

namespace scenario::test {

namespace {

using nlohmann::json;

struct row {
    std::string race;
    std::string item;
    std::string verdict;
    uint64_t executions = 0;
};

constexpr uint64_t executions_of_ci = 1000;

std::vector<row> rows() {
    static const std::regex shape(
        R"(\| `([a-z_/]+)` \| ([0-9]+|-) \| .* \| (proved|complete to [0-9]+) in ([0-9,]+) \|)");
    std::vector<row> all;
    std::ifstream in(HEDDLE_RACES "/routing.md");
    std::string line;
    while (std::getline(in, line)) {
        if (!line.starts_with("| `")) {
            continue;
        }
        std::smatch part;
        if (!std::regex_match(line, part, shape)) {
            ADD_FAILURE() << line;
            continue;
        }
        std::string number = part[4];
        std::erase(number, ',');
        all.push_back({part[1], part[2], part[3], std::stoull(number)});
    }
    return all;
}

std::string file_of(const row& r) {
    return HEDDLE_RACES "/" + r.race + ".race";
}

bool is_proved(const row& r) {
    return r.verdict == "proved";
}

json explored(const row& r) {
    std::vector<std::string> words = {"explore", file_of(r), "--variant", "fixed", "--json"};
    if (is_proved(r)) {
        words.insert(words.end(), {"--strategy", "optimal"});
    }
    heddle_call heddle;
    const heddle_result result = heddle.run(words);
    EXPECT_EQ(result.status, 0) << r.race << result.err;
    return json::parse(result.lines().back()).at("variants").at(0);
}

TEST(RoutingTable, SaysOfEachRaceWhatTheCommandSays) {
    size_t asked = 0;
    for (const row& r : rows()) {
        if (r.executions > executions_of_ci && !sim::test::full_budget()) {
            continue;
        }
        const json fixed = explored(r);
        EXPECT_EQ(fixed.at("verdict"), is_proved(r) ? r.verdict : r.verdict + " preemptions")
            << r.race;
        EXPECT_EQ(fixed.at("executions"), r.executions) << r.race;
        EXPECT_TRUE(fixed.at("findings").empty()) << r.race;
        ++asked;
    }
    EXPECT_GE(asked, 30U);
}

TEST(RoutingTable, HasEachRaceOfRoutesAndNeighbours) {
    std::set<std::string> said;
    for (const row& r : rows()) {
        EXPECT_TRUE(said.insert(r.race).second) << r.race << " stands there twice";
        EXPECT_TRUE(std::filesystem::exists(file_of(r))) << r.race;
    }
    static const std::regex tagged(R"((^|\n)tags [^\n]*\b(route|arp)\b)");
    for (const std::string& file : all_races()) {
        const std::string name = std::filesystem::path(file)
                                     .lexically_relative(HEDDLE_RACES)
                                     .replace_extension()
                                     .string();
        std::ifstream in(file);
        const std::string text(std::istreambuf_iterator<char>(in), {});
        EXPECT_TRUE(!std::regex_search(text, tagged) || said.contains(name))
            << name << " is about routes or neighbours, and has no row in routing.md";
    }
}

TEST(RoutingTable, ShowsEachItemAndProvesAtLeastHalf) {
    const std::vector<row> all = rows();
    for (int item = 1; item <= 10; ++item) {
        EXPECT_TRUE(std::any_of(all.begin(), all.end(), [&](const row& r) {
            return r.item == std::to_string(item);
        })) << item;
    }
    const auto proofs = std::count_if(all.begin(), all.end(), is_proved);
    EXPECT_GE(all.size(), 12U);
    EXPECT_GE(2 * static_cast<size_t>(proofs), all.size());
    for (const row& r : all) {
        EXPECT_TRUE(is_proved(r) || std::stoi(r.verdict.substr(12)) >= 2) << r.race;
    }
}

}  // namespace

}  // namespace scenario::test

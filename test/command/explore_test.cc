// explore: verdicts, exit status, the schema of the result, what a subject prints.
#include <gtest/gtest.h>

#include <cstring>
#include <nlohmann/json.hpp>

#include "test/command/heddle_call.h"

namespace scenario::test {

namespace {

using json = nlohmann::ordered_json;

struct explored {
    const char* what;
    std::vector<std::string> words;  // behind "explore"
    int status;
    const char* verdict;
    uint64_t executions;  // 0: how many is the strategy's business
};

class explorations : public testing::TestWithParam<explored> {};

json result_of(const heddle_result& r) {
    return r.lines().empty() ? json() : json::parse(r.lines().back());
}

TEST_P(explorations, HasItsVerdictAndStatus) {
    heddle_call heddle;
    std::vector<std::string> words = GetParam().words;
    words[0] = subject_path(words[0]);
    words.insert(words.begin(), {"explore", "--json"});
    const heddle_result r = heddle.run(words);
    EXPECT_EQ(r.status, GetParam().status) << r.err;
    const json variant = result_of(r).at("variants").at(0);
    EXPECT_EQ(variant.at("verdict"), GetParam().verdict);
    if (GetParam().executions != 0) {
        EXPECT_EQ(variant.at("executions"), GetParam().executions);
    }
}

INSTANTIATE_TEST_SUITE_P(
    All, explorations,
    testing::Values(
        explored{"sb", {"sb"}, 0, "proved", 3}, explored{"mutex", {"mutex"}, 0, "proved", 90},
        explored{"few", {"mutex", "-n", "5"}, 0, "not refuted in 5", 5},
        explored{"random", {"sb", "--strategy", "random", "-n", "20"}, 0, "not refuted in 20", 20},
        explored{"seed", {"sb", "--seed", "3", "-n", "20"}, 0, "not refuted in 20", 20},
        explored{"pct", {"mutex", "--depth", "2", "-n", "20"}, 0, "not refuted in 20", 20},
        explored{"pos", {"mutex", "--strategy", "pos", "-n", "20"}, 0, "not refuted in 20", 20},
        explored{"surw", {"mutex", "--strategy", "surw", "-n", "20"}, 0, "not refuted in 20", 20},
        explored{"portfolio", {"sb", "--strategy", "portfolio"}, 0, "proved", 0},
        explored{"sampled", {"deadlock", "--strategy", "portfolio", "-n", "200"}, 1, "found", 0},
        explored{"bound0", {"sb", "-p", "0"}, 0, "complete to 0 preemptions", 0},
        explored{"delay0", {"sb", "--delays", "0"}, 0, "complete to 0 delays", 1},
        explored{
            "delay1", {"sb", "--strategy", "delay", "--delays", "1"}, 0, "complete to 1 delay", 4},
        explored{"sc", {"weak_sb", "--memory", "sc"}, 0, "proved", 3},
        explored{"tso", {"weak_sb", "--memory", "tso"}, 1, "found", 4},
        explored{"c11", {"weak_sb", "--memory", "c11"}, 1, "found", 4},
        explored{"reversals",
                 {"weak_sb", "--memory", "c11", "--reversals", "0"},
                 0,
                 "complete to 0 reversals",
                 1},
        explored{"drawn", {"weak_sb", "--memory", "c11", "--seed", "1"}, 1, "found", 0},
        explored{"assertion", {"assertion"}, 1, "found", 1},
        explored{"short",
                 {"mutex", "--strategy", "exhaustive", "--steps", "3", "-n", "4"},
                 3,
                 "inconclusive",
                 4},
        explored{"first", {"deadlock", "--first"}, 1, "found", 2}),
    [](const testing::TestParamInfo<explored>& i) { return std::string(i.param.what); });

// Where the bound never matters it is a proof.
TEST(Explore, IsAProofWhereTheBoundNeverMatters) {
    heddle_call heddle;
    const heddle_result r = heddle.run({"explore", subject_path("sb"), "-p", "50", "--json"});
    EXPECT_EQ(result_of(r).at("variants").at(0).at("verdict"), "proved");
    EXPECT_EQ(result_of(r).at("variants").at(0).at("bound"), 50);
}

std::vector<std::string> keys_of(const json& object) {
    std::vector<std::string> keys;
    for (const auto& [key, value] : object.items()) {
        keys.push_back(key);
    }
    return keys;
}

TEST(Explore, EndsWithAResultOfTheFixedSchema) {
    heddle_call heddle;
    const heddle_result r = heddle.run({"explore", subject_path("deadlock"), "--json"});
    EXPECT_EQ(r.status, 1);
    EXPECT_EQ(r.err, "");
    const json last = result_of(r);
    EXPECT_EQ(keys_of(last), (std::vector<std::string>{"type", "scenario", "variants"}));
    EXPECT_EQ(last.at("type"), "result");
    EXPECT_EQ(last.at("scenario"), "deadlock.so");
    ASSERT_EQ(last.at("variants").size(), 1U);
    const json& variant = last.at("variants").at(0);
    EXPECT_EQ(keys_of(variant),
              (std::vector<std::string>{"name", "verdict", "executions", "blocked", "redundant",
                                        "complete", "bound", "assumes", "findings"}));
    EXPECT_EQ(variant.at("name"), "program");
    EXPECT_TRUE(variant.at("bound").is_null());
    ASSERT_EQ(variant.at("findings").size(), 1U);
    const json& finding = variant.at("findings").at(0);
    EXPECT_EQ(keys_of(finding),
              (std::vector<std::string>{"kind", "where", "token", "preemptions"}));
    EXPECT_EQ(finding.at("kind"), "deadlock");
    EXPECT_EQ(finding.at("preemptions"), 1);
    const std::string where = finding.at("where");
    EXPECT_NE(where.find("deadlock.cc:"), std::string::npos) << where;
}

std::string without_timing(const heddle_result& r) {
    std::string text;
    size_t timings = 0;
    for (const std::string& line : r.lines()) {
        const bool timing = json::parse(line).at("type") == "timing";
        timings += timing ? 1 : 0;
        text += timing ? "" : line + "\n";
    }
    EXPECT_EQ(timings, 1U);
    return text;
}

TEST(Explore, GivesTheSameBytesInTwoProcesses) {
    heddle_call heddle;
    for (const char* name : {"sb", "mutex", "deadlock", "assertion", "talk"}) {
        const std::vector<std::string> words = {"explore", subject_path(name), "--json", "--", "x"};
        EXPECT_EQ(without_timing(heddle.run(words)), without_timing(heddle.run(words))) << name;
    }
    const std::vector<std::string> walk = {
        "explore", subject_path("mutex"), "--json", "--seed", "7", "-n", "50"};
    EXPECT_EQ(without_timing(heddle.run(walk)), without_timing(heddle.run(walk)));
    for (const char* sampler : {"pct", "pos", "surw", "portfolio"}) {
        const std::vector<std::string> drawn = {
            "explore", subject_path("deadlock"), "--json", "--strategy", sampler, "-n", "50"};
        EXPECT_EQ(without_timing(heddle.run(drawn)), without_timing(heddle.run(drawn))) << sampler;
    }
}

// What pct promises stands below the table, with its numbers; the others promise nothing.
TEST(Explore, SaysHowLikelyPctWasToFindABug) {
    heddle_call heddle;
    const heddle_result pct =
        heddle.run({"explore", subject_path("mutex"), "--depth", "2", "-n", "30"});
    EXPECT_NE(pct.out.find("bug of depth 2 with probability at least 1/(n k^1)"), std::string::npos)
        << pct.out;
    const heddle_result pos =
        heddle.run({"explore", subject_path("mutex"), "--strategy", "pos", "-n", "30"});
    EXPECT_EQ(pos.out.find("probability"), std::string::npos) << pos.out;
    EXPECT_NE(heddle.run({"list", "strategies"}).out.find("portfolio"), std::string::npos);
}

TEST(Explore, SilencesTheProgramAndPassesItsArguments) {
    heddle_call heddle;
    const heddle_result good = heddle.run({"explore", subject_path("talk")});
    EXPECT_EQ(good.status, 0) << good.out;
    EXPECT_EQ(good.out.find("talk on"), std::string::npos);
    EXPECT_EQ(good.err, "");
    const heddle_result bad = heddle.run({"explore", subject_path("talk"), "--", "one", "-n"});
    EXPECT_EQ(bad.status, 1);
    EXPECT_NE(bad.out.find("status 2"), std::string::npos) << bad.out;
    EXPECT_NE(bad.out.find(" -- one -n\n"), std::string::npos) << bad.out;
}

// What follows from a subject that goes another way each time is nothing; and its author wants to know
// where it did.
TEST(Explore, NamesBothOperationsOfASubjectThatIsNotDeterministic) {
    heddle_call heddle;
    const std::vector<std::vector<std::string>> searches = {
        {"--strategy", "optimal", "--dependence", "plain"},
        {"--strategy", "exhaustive"},
        {"-p", "3"}};
    for (const std::vector<std::string>& search : searches) {
        std::vector<std::string> line = {"explore", subject_path("host_counter"), "--json"};
        line.insert(line.end(), search.begin(), search.end());
        const heddle_result r = heddle.run(line);
        EXPECT_EQ(r.status, 4) << search[1] << ": " << r.out;
        EXPECT_EQ(result_of(r).at("variants").at(0).at("verdict"), "inconclusive");
        std::string note;
        for (const std::string& text : r.lines()) {
            const json object = json::parse(text);
            note += object.at("type") == "note" ? object.at("text").get<std::string>() : "";
        }
        for (const char* part :
             {"not deterministic", "rmw cell[0]", "rmw cell[1]", "host_counter.c:"}) {
            EXPECT_NE(note.find(part), std::string::npos) << part << " is not in: " << note;
        }
    }
}

// Contexts of one CPU take turns only where one of them waits.
TEST(Explore, KnowsWhoSharesACpu) {
    heddle_call heddle;
    const heddle_result one = heddle.run({"explore", subject_path("shared_cpu"), "--json"});
    EXPECT_EQ(one.status, 0) << one.out;
    EXPECT_EQ(result_of(one).at("variants").at(0).at("verdict"), "proved");
    EXPECT_EQ(result_of(one).at("variants").at(0).at("executions"), 2) << one.out;
    EXPECT_EQ(result_of(one).at("variants").at(0).at("blocked"), 0) << one.out;
    const heddle_result two = heddle.run({"explore", subject_path("apart_cpus"), "--json"});
    EXPECT_EQ(two.status, 1) << two.out;
    // Who comes first matters even where the first steps do not.
    for (const char* bound : {"", "0"}) {
        std::vector<std::string> line = {"explore", subject_path("cpu_order"), "--json"};
        if (*bound != 0) {
            line.insert(line.end(), {"-p", bound});
        }
        const heddle_result order = heddle.run(line);
        EXPECT_EQ(result_of(order).at("variants").at(0).at("verdict"), "found") << order.out;
    }
}

// Without a number of executions time is the only bound, whatever explores.
TEST(Explore, StopsWhenItsTimeIsUp) {
    for (const std::vector<std::string>& way : {std::vector<std::string>{"--strategy", "pos"},
                                                {"--strategy", "exhaustive"},
                                                {"--strategy", "optimal"},
                                                {"-p", "9"}}) {
        heddle_call heddle;
        std::vector<std::string> line = {"explore", subject_path("beyond"), "--time", "1"};
        line.insert(line.end(), way.begin(), way.end());
        const heddle_result r = heddle.run(line);
        EXPECT_EQ(r.status, 0) << r.err << r.out;
        EXPECT_NE(r.out.find("stopped after 1 s, as asked"), std::string::npos) << r.out;
    }
}

// Where no strategy is asked for, what is left of the executions is worth more as samples; the same for any -j.
TEST(Explore, DrawsWhatIsOutOfReach) {
    const auto explored = [](const std::vector<std::string>& options) {
        heddle_call heddle;
        std::vector<std::string> line = {"explore", subject_path("crowd"), "--json"};
        line.insert(line.end(), options.begin(), options.end());
        return heddle.run(line);
    };
    const heddle_result drawn = explored({"-n", "4000"});
    EXPECT_EQ(drawn.status, 1) << drawn.err;
    EXPECT_EQ(json::parse(drawn.lines().front()).at("text"), "optimal, then portfolio, seed 1");
    EXPECT_EQ(result_of(drawn).at("variants").at(0).at("executions"), 4000);
    EXPECT_NE(drawn.out.find("out of reach: 3000 more"), std::string::npos) << drawn.out;
    EXPECT_EQ(result_of(explored({"-n", "4000", "-j", "3"})), result_of(drawn));
    for (const std::vector<std::string>& asked :
         {std::vector<std::string>{"--strategy", "optimal", "-n", "4000"},
          {"--checkpoint", "rest", "-n", "4000"}}) {
        const heddle_result all = explored(asked);
        EXPECT_EQ(json::parse(all.lines().front()).at("text"), "optimal");
        EXPECT_EQ(result_of(all).at("variants").at(0).at("verdict"), "not refuted in 4000");
    }
    heddle_call heddle;
    const heddle_result in_reach =
        heddle.run({"explore", subject_path("large"), "--json", "-n", "14400"});
    EXPECT_EQ(result_of(in_reach).at("variants").at(0).at("verdict"), "proved") << in_reach.out;
}

// Who could go on again has no claim on the CPU that it gave up.
TEST(Explore, WhoWaitsGivesItsCpuUp) {
    heddle_call heddle;
    const heddle_result r = heddle.run({"explore", subject_path("cpu_given_up"), "--json"});
    EXPECT_EQ(r.status, 1) << r.err;
    EXPECT_EQ(result_of(r).at("variants").at(0).at("verdict"), "found") << r.out;
}

// Nothing is proved where an execution is given up that no other one need stand for.
TEST(Explore, ProvesNothingWhereSomebodySpinsOnASharedCpu) {
    heddle_call heddle;
    for (const char* strategy : {"optimal", "exhaustive"}) {
        const heddle_result all =
            heddle.run({"explore", subject_path("spins_beside"), "--strategy", strategy});
        EXPECT_EQ(all.out.find("proved"), std::string::npos) << all.out;
        EXPECT_NE(all.out.find("spins on a CPU that it shares"), std::string::npos) << all.out;
    }
    EXPECT_EQ(heddle.run({"explore", subject_path("spins_beside"), "-p", "1"}).status, 1);
}

// What the contexts of a CPU do there is ordered by it, in whatever way they came to it; nothing else is.
TEST(Explore, KnowsWhatACpuOrders) {
    const std::vector<std::vector<std::string>> ways = {
        {}, {"-p", "2"}, {"--strategy", "delay"}, {"--strategy", "random", "-n", "2000"}};
    for (const char* name : {"cpu_data", "cpu_data_later", "cpu_data_left", "cpu_data_in_turn",
                             "cpu_data_apart", "cpu_data_moved"}) {
        const bool races =
            std::strstr(name, "apart") != nullptr || std::strstr(name, "moved") != nullptr;
        for (const std::vector<std::string>& way : ways) {
            std::vector<std::string> line = {"explore", subject_path(name), "--json"};
            line.insert(line.end(), way.begin(), way.end());
            heddle_call heddle;
            const heddle_result r = heddle.run(line);
            EXPECT_EQ(r.status, races ? 1 : 0) << name << ": " << r.out;
            if (races) {
                EXPECT_NE(r.out.find("data race"), std::string::npos) << name << ": " << r.out;
            }
        }
    }
}

TEST(Explore, TellsPeopleTheReplayCommandFirst) {
    heddle_call heddle;
    const heddle_result r = heddle.run({"explore", subject_path("deadlock"), "--color", "never"});
    const size_t command = r.out.find("  heddle replay ");
    const size_t place = r.out.find("deadlock in main at ");
    EXPECT_NE(command, std::string::npos) << r.out;
    EXPECT_NE(place, std::string::npos) << r.out;
    EXPECT_LT(command, place);
    EXPECT_NE(r.out.find("next:\n"), std::string::npos);
    EXPECT_EQ(heddle.run({"explore", subject_path("deadlock"), "-q"}).out.find("next:"),
              std::string::npos);
}

TEST(Explore, IsColouredOnlyWhereThatIsWanted) {
    heddle_call heddle;
    const std::vector<std::string> words = {"explore", subject_path("sb")};
    EXPECT_EQ(heddle.run(words).out.find('\033'), std::string::npos);
    EXPECT_NE(heddle.run({"explore", subject_path("sb"), "--color", "always"}).out.find('\033'),
              std::string::npos);
}

TEST(Explore, MakesItsOwnSubjects) {
    heddle_call heddle;
    const std::string source = std::string(HEDDLE_PROGRAMS) + "/traps/assert_fails.c";
    const heddle_result made = heddle.run({"cc", "-o", "x.so", source});
    ASSERT_EQ(made.status, 0) << made.err;
    EXPECT_EQ(heddle.run({"explore", "x.so"}).status, 1);
}

// Executions are schedules; what they show may have been shown before.
TEST(Explored, SaysHowManyTracesLieWithinABound) {
    heddle_call heddle;
    const heddle_result r = heddle.run({"explore", "--json", subject_path("sb"), "-p", "1"});
    const json variant = result_of(r).at("variants").at(0);
    EXPECT_EQ(variant.at("executions").get<int>() - variant.at("redundant").get<int>(), 3);
    const json strategy = json::parse(r.lines().front());
    EXPECT_EQ(strategy.at("type"), "strategy");
    EXPECT_EQ(strategy.at("traces"), json::parse("[2,3]"));
    const heddle_result text = heddle.run({"explore", subject_path("sb"), "-p", "1"});
    EXPECT_NE(text.out.find("2; 3 within 0, 1 preemptions"), std::string::npos) << text.out;
}

// What other tools read of an exploration: the same findings, with the steps of each.
TEST(Explore, WritesReportsForOtherTools) {
    heddle_call heddle;
    const std::string path = subject_path("deadlock");
    EXPECT_EQ(heddle.run({"explore", path, "-q", "--report", "x.xml"}).status, 1);
    const std::string junit = contents(heddle.folder() / "x.xml");
    EXPECT_NE(junit.find("<testsuite name=\"deadlock.so\" tests=\"1\" failures=\"1\""),
              std::string::npos)
        << junit;
    EXPECT_EQ(heddle.run({"explore", path, "-q", "--report", "x.sarif"}).status, 1);
    const json log = json::parse(contents(heddle.folder() / "x.sarif"));
    const json& result = log.at("runs").at(0).at("results").at(0);
    EXPECT_EQ(result.at("ruleId"), "deadlock");
    EXPECT_EQ(result.at("codeFlows").at(0).at("threadFlows").size(), 2U);
    EXPECT_EQ(heddle.run({"explore", path, "--report", "x.doc"}).status, 2);
}

}  // namespace

}  // namespace scenario::test

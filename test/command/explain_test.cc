// explain: from where on nothing averts a failure, and the orders without which it does not happen.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "test/command/heddle_call.h"
#include "test/viz/golden.h"

namespace scenario::test {

namespace {

using json = nlohmann::ordered_json;

std::string found_by(const heddle_call& heddle, std::vector<std::string> words) {
    words.insert(words.begin(), "explore");
    words.emplace_back("--json");
    const json last = json::parse(heddle.run(words).lines().back());
    return last.at("variants").at(0).at("findings").at(0).at("token");
}

// Two locks taken in two orders: both are needed, and together they are enough.
TEST(Explain, SaysByWhichOrdersADeadlockHappens) {
    heddle_call heddle;
    const std::string path = subject_path("deadlock");
    const std::string token = found_by(heddle, {path});
    const json result = json::parse(heddle.run({"explain", path, token, "--json"}).lines().back());
    const std::string sentence = result.at("sentence");
    EXPECT_EQ(sentence.rfind("fails iff ", 0), 0U) << sentence;
    EXPECT_NE(sentence.find("locks second (step "), std::string::npos) << sentence;
    EXPECT_NE(sentence.find("waits for second (test/programs/traps/deadlock.cc:12"),
              std::string::npos)
        << sentence;
    EXPECT_NE(sentence.find("waits for first (test/programs/traps/deadlock.cc:16"),
              std::string::npos)
        << sentence;
    EXPECT_EQ(result.at("orders").size(), 2U);
    EXPECT_EQ(result.at("all_interleavings"), true);
    EXPECT_EQ(result.at("turning_step"), 2U);
    EXPECT_EQ(result.at("turning_decided"), true);
    const std::string text = heddle.run({"explain", path, token}).out;
    EXPECT_NE(text.find("DEADLOCK"), std::string::npos) << text;
    EXPECT_NE(text.find("from here on nothing averts it"), std::string::npos) << text;
    EXPECT_NE(text.find("decided: all interleavings were run"), std::string::npos) << text;
}

// Where contexts share a CPU, to get it is a step with a name.
TEST(Explain, SaysWhoTakesACpu) {
    heddle_call heddle;
    const std::string path = subject_path("cpu_order");
    const std::string text = heddle.run({"explain", path, found_by(heddle, {path})}).out;
    EXPECT_NE(text.find("take cpu1"), std::string::npos) << text;
    EXPECT_NE(text.find("t2 takes cpu1 (step 1"), std::string::npos) << text;
}

TEST(Explain, SaysWhenTheOrderDoesNotMatter) {
    heddle_call heddle;
    const std::string path = subject_path("assertion");
    const std::string token = found_by(heddle, {path});
    const json result = json::parse(heddle.run({"explain", path, token, "--json"}).lines().back());
    EXPECT_EQ(result.at("always"), true);
    EXPECT_EQ(result.at("turning_step"), 0U);
    EXPECT_EQ(result.at("sentence").get<std::string>().rfind("fails whatever the order", 0), 0U);
}

// Two accesses race wherever nothing orders them. That some continuations were sampled and all show it is no
// moment from which on nothing averts it.
TEST(Explain, NamesNoMomentOfADataRaceUnlessItIsDecided) {
    heddle_call heddle;
    std::ofstream(heddle.folder() / "far.c") << R"(#include <pthread.h>
#include <stdatomic.h>
atomic_int many;
int plain;
static void* act(void* argument) {
    for (int i = 0; i < 40; ++i) {
        atomic_fetch_add_explicit(&many, 1, memory_order_relaxed);
    }
    ++plain;
    return argument;
}
int main(void) {
    pthread_t thread;
    pthread_create(&thread, NULL, act, NULL);
    act(NULL);
    pthread_join(thread, NULL);
}
)";
    ASSERT_EQ(heddle.run({"cc", "-o", "far.so", "far.c"}).status, 0);
    const std::string token = found_by(heddle, {"far.so", "--first"});
    const std::vector<std::string> words = {"explain", "far.so", token, "--budget-time", "1"};
    std::vector<std::string> asked = words;
    asked.emplace_back("--json");
    const json result = json::parse(heddle.run(asked).lines().back());
    ASSERT_EQ(result.at("kind"), "data race");
    ASSERT_EQ(result.at("turning_decided"), false);
    const std::string text = heddle.run(words).out;
    EXPECT_NE(text.find("DATA RACE"), std::string::npos) << text;
    EXPECT_EQ(text.find("nothing averts it"), std::string::npos) << text;
}

// Of several findings, alike or not, the one whose orders are told is the one that the view is about.
TEST(Explain, TellsWhatItExplains) {
    for (const char* name : {"plain_race", "freed_race", "cpu_data_apart", "cpu_data_moved"}) {
        heddle_call heddle;
        const std::string token = found_by(heddle, {subject_path(name), "--first"});
        const std::vector<std::string> words = {"explain", subject_path(name), token,
                                                "--budget-time", "1"};
        std::vector<std::string> asked = words;
        asked.emplace_back("--json");
        const json result = json::parse(heddle.run(asked).lines().back());
        const std::string text = heddle.run(words).out;
        const size_t why = text.find("why: ");
        ASSERT_NE(why, std::string::npos) << text;
        const std::string kind = result.at("kind");
        EXPECT_EQ(text.substr(why + 5, kind.size()), kind) << text;
        const std::string message = result.at("message");
        const std::string begin = message.substr(0, message.find(" while "));
        EXPECT_EQ(text.find(begin, why), why + 5 + kind.size() + 2) << text;
    }
}

// The packet has passed a place before the administrator comes there, and uses what is freed after that.
TEST(Explain, TellsTheStoryOfTheFirstRace) {
    heddle_call heddle;
    const std::string token =
        found_by(heddle, {"forward", "--variant", "no_wait", "--no-check", "race"});
    const heddle_result r = heddle.run({"explain", token, "--no-check", "race", "--json"});
    ASSERT_EQ(r.status, 0) << r.err;
    const json result = json::parse(r.lines().back());
    const std::string sentence = result.at("sentence");
    EXPECT_EQ(sentence.rfind("fails iff net0 ", 0), 0U) << sentence;
    EXPECT_NE(sentence.find("adm frees "), std::string::npos) << sentence;
    EXPECT_NE(sentence.find("it (step ", sentence.find(" before net0 ")), std::string::npos)
        << sentence;
    EXPECT_GE(result.at("complete_to"), 1) << r.out;
    EXPECT_EQ(result.at("turning_decided"), true) << r.out;
    EXPECT_LT(result.at("turning_step"), result.at("steps"));
    EXPECT_GT(result.at("passes"), 0U);
}

// Below the columns and the command that replays it: what is said of the failure.
std::string explained_of(const std::string& name, const std::string& model) {
    heddle_call heddle;
    const std::string token = found_by(heddle, {subject_path(name), "--memory", model});
    const heddle_result r =
        heddle.run({"explain", subject_path(name), token, "--width", "100", "--color", "never"});
    EXPECT_EQ(r.status, 0) << r.err;
    return r.out.substr(std::min(r.out.find('\n', r.out.find("\nreplay: ") + 1), r.out.size()));
}

TEST(Explain, NamesTheMissingMemoryOrder) {
    for (const char* name :
         {"missing_release", "missing_both", "missing_plain", "missing_turn", "weak_sb"}) {
        ::test::expect_golden(std::string("explain_") + name + ".txt", explained_of(name, "c11"));
    }
    ::test::expect_golden("explain_weak_sb_tso.txt", explained_of("weak_sb", "tso"));
}

// Plain accesses race whatever the orders of others are.
TEST(Explain, SaysThatNoMemoryOrderIsMissing) {
    const std::string text = explained_of("plain_race", "c11");
    EXPECT_NE(text.find("no memory order is missing"), std::string::npos) << text;
    heddle_call heddle;
    const std::string path = subject_path("deadlock");
    const heddle_result r = heddle.run({"explain", path, found_by(heddle, {path}), "--json"});
    EXPECT_EQ(json::parse(r.lines().back()).at("missing_orders"), nullptr);
}

TEST(Explain, ListsTheAccessesThatHadToBeStronger) {
    heddle_call heddle;
    const std::string path = subject_path("missing_both");
    const std::string token = found_by(heddle, {path, "--memory", "c11"});
    const heddle_result r = heddle.run({"explain", path, token, "--json"});
    const json missing = json::parse(r.lines().back()).at("missing_orders");
    EXPECT_EQ(missing.at("answer"), "found");
    ASSERT_EQ(missing.at("ways").at(0).size(), 2U) << missing;
    std::vector<std::string> needs;
    for (const json& place : missing.at("ways").at(0)) {
        EXPECT_EQ(place.at("order"), "relaxed");
        needs.push_back(place.at("what").get<std::string>() + " " +
                        place.at("needs").get<std::string>());
    }
    std::sort(needs.begin(), needs.end());
    EXPECT_EQ(needs, (std::vector<std::string>{"load acquire", "store release"}));
}

TEST(Explain, IsTheSameBytesInTwoProcesses) {
    heddle_call heddle;
    // Short, so that no clock ends it however busy the machine is.
    const std::string path = subject_path("deadlock");
    const std::string token = found_by(heddle, {path, "--seed", "1", "-n", "500", "--first"});
    const std::string text = heddle.run({"explain", path, token}).out;
    EXPECT_EQ(text, heddle.run({"explain", path, token}).out);
    EXPECT_NE(text.find("deadlock.cc"), std::string::npos) << text;
}

TEST(Explain, SaysThatThereIsNothingToExplain) {
    heddle_call heddle;
    const heddle_result r =
        heddle.run({"explain", subject_path("long_run"), "h1/long_run.so/program/-"});
    EXPECT_EQ(r.status, 1);
    EXPECT_EQ(r.out, "");
    EXPECT_NE(r.err.find("there is nothing to explain"), std::string::npos) << r.err;
}

}  // namespace

}  // namespace scenario::test

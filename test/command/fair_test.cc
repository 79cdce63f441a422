// Loops that write while they wait: what is said of them, and that a token holds all of it.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "test/command/heddle_call.h"

namespace scenario::test {

namespace {

using json = nlohmann::ordered_json;
using words = std::vector<std::string>;

json result_of(const heddle_call& heddle, const std::string& name, const words& more) {
    words all = {"explore", subject_path(name), "--json", "--steps", "2000"};
    all.insert(all.end(), more.begin(), more.end());
    for (const std::string& line : heddle.run(all).lines()) {
        json said = json::parse(line);
        if (said.at("type") == "result") {
            return said.at("variants").at(0);
        }
    }
    return {};
}

// Without the ends of lines.
std::string joined(const std::string& text) {
    std::string all;
    for (char c : text) {
        const bool blank = c == ' ' || c == '\n';
        if (!blank || all.empty() || all.back() != ' ') {
            all += blank ? ' ' : c;
        }
    }
    return all;
}

TEST(Fair, AProofSaysWhatItAssumes) {
    const heddle_call heddle;
    for (const char* name : {"fair_counts", "fair_backs_off"}) {
        const json r = result_of(heddle, name, {});
        EXPECT_EQ(r.at("verdict"), "proved") << r;
        const std::string assumes = r.at("assumes").dump();
        EXPECT_NE(assumes.find("contexts are scheduled fairly: in the loop at "), std::string::npos)
            << assumes;
        EXPECT_NE(assumes.find("test/programs/fair.c:"), std::string::npos) << assumes;
        const std::string text = heddle.run({"explore", subject_path(name), "--steps", "2000"}).out;
        EXPECT_NE(text.find("only when nobody else can"), std::string::npos) << text;
    }
    // Where everything ends, nothing of the kind is assumed.
    EXPECT_EQ(result_of(heddle, "sb", {}).at("assumes").dump().find("fairly"), std::string::npos);
}

TEST(Fair, IsTheSameHoweverManyProcessesExplore) {
    const heddle_call heddle;
    for (const char* name : {"fair_counts", "fair_backs_off", "fair_polite"}) {
        const json alone = result_of(heddle, name, {"-j", "1"});
        EXPECT_FALSE(alone.empty());
        EXPECT_EQ(result_of(heddle, name, {"-j", "2"}), alone) << name;
    }
}

TEST(Fair, ALivelockIsReplayedAndShrunk) {
    const heddle_call heddle;
    const json r = result_of(heddle, "fair_polite", {});
    ASSERT_EQ(r.at("findings").size(), 1U) << r;
    const json& found = r.at("findings").at(0);
    EXPECT_EQ(found.at("kind"), "livelock");
    const std::string token = found.at("token");
    EXPECT_NE(token.find("/loop.enter~"), std::string::npos) << token;
    const words again = {"replay", subject_path("fair_polite"), token, "--steps", "2000"};
    const heddle_result first = heddle.run(again);
    EXPECT_EQ(heddle.run(again).out, first.out);
    const heddle_result shrunk =
        heddle.run({"shrink", subject_path("fair_polite"), token, "--steps", "2000"});
    const std::string message = joined(shrunk.out);
    EXPECT_NE(first.out.find("LIVELOCK"), std::string::npos) << first.out;
    for (const char* part :
         {"livelock", "nobody gets on: t1 on cpu1 repeats ", "; t2 on cpu2 repeats ",
          "load wants[0] in enter (test/programs/fair.c:",
          "store wants[1] in enter (test/programs/fair.c:"}) {
        EXPECT_NE(message.find(part), std::string::npos) << part << " is not in: " << message;
    }
    EXPECT_NE(shrunk.out.find("certified: no schedule with fewer preemptions fails so"),
              std::string::npos)
        << shrunk.out;
}

}  // namespace

}  // namespace scenario::test

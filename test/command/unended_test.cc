// Executions that the step bound cuts: what goes round is said, with its lines.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "test/command/heddle_call.h"

namespace scenario::test {

namespace {

using nlohmann::json;

// "test/programs/unended.c:26": where the source says this.
std::string place_of(const std::string& text) {
    std::istringstream source(contents(std::string(HEDDLE_PROGRAMS) + "/unended.c"));
    size_t number = 1;
    for (std::string line; std::getline(source, line); ++number) {
        if (line.find(text) != std::string::npos) {
            return "(test/programs/unended.c:" + std::to_string(number) + ")";
        }
    }
    return "no line says " + text;
}

std::string notes_of(const heddle_result& r) {
    std::string notes;
    for (const std::string& line : r.lines()) {
        const json said = json::parse(line);
        notes += said.at("type") == "note" ? said.at("text").get<std::string>() + "\n" : "";
    }
    return notes;
}

TEST(Unended, NamesTheOperationsThatRepeat) {
    heddle_call heddle;
    const heddle_result r = heddle.run({"explore", subject_path("unended_tries"), "--json",
                                        "--steps", "200", "--strategy", "random", "-n", "10"});
    const std::string notes = notes_of(r);
    EXPECT_NE(notes.find(" did not end within 200 steps; --steps N allows more\n"),
              std::string::npos)
        << notes;
    for (const char* part :
         {"t1 on cpu1 repeats ", "t2 on cpu2 repeats ", "trylock lock in take ",
          "rmw tries in take ", "load done in second ", "store tries in second "}) {
        EXPECT_NE(notes.find(part), std::string::npos) << part << " is not in: " << notes;
    }
    for (const char* line : {"pthread_mutex_trylock", "atomic_fetch_add(&tries",
                             "atomic_load(&done)", "atomic_store(&tries, i)"}) {
        EXPECT_NE(notes.find(place_of(line)), std::string::npos)
            << place_of(line) << " is not in: " << notes;
    }
}

// One context goes round alone: that of the others is not said.
TEST(Unended, IsTheSameHoweverManyProcessesExplore) {
    heddle_call heddle;
    std::vector<std::string> words = {"explore", subject_path("unended_tries"), "--json", "--steps",
                                      "60"};
    const heddle_result one = heddle.run(words);
    EXPECT_NE(notes_of(one).find("repeats "), std::string::npos) << one.out;
    words.insert(words.end(), {"-j", "2"});
    EXPECT_EQ(notes_of(one), notes_of(heddle.run(words)));
}

// Long, but nothing is done twice within so few steps.
TEST(Unended, SaysThatNothingGoesRound) {
    heddle_call heddle;
    const heddle_result r = heddle.run(
        {"explore", subject_path("sb"), "--json", "--steps", "3", "--strategy", "exhaustive"});
    EXPECT_EQ(r.status, 3);
    EXPECT_NE(notes_of(r).find("nothing goes round"), std::string::npos) << notes_of(r);
}

}  // namespace

}  // namespace scenario::test

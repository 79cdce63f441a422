// -j, checkpoints: the result is the same bytes, by however many processes and in however many goes.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "test/command/heddle_call.h"

namespace scenario::test {

namespace {

using json = nlohmann::ordered_json;
using words = std::vector<std::string>;

std::string result_of(const heddle_call& heddle, const std::string& name, const words& more) {
    words all = {"explore", subject_path(name), "--json"};
    all.insert(all.end(), more.begin(), more.end());
    std::string text;
    for (const std::string& line : heddle.run(all).lines()) {
        text += json::parse(line).at("type") == "timing" ? "" : line + "\n";
    }
    return text;
}

TEST(Jobs, GiveTheSameBytes) {
    const heddle_call heddle;
    for (const char* name :
         {"large", "waits", "plain_race", "freed_race", "freed_beside", "mutex", "deadlock"}) {
        const std::string alone = result_of(heddle, name, {"-j", "1"});
        EXPECT_NE(alone.find("\"result\""), std::string::npos) << alone;
        EXPECT_EQ(result_of(heddle, name, {"-j", "2"}), alone) << name;
        EXPECT_EQ(result_of(heddle, name, {"-j", "3"}), alone) << name;
    }
}

// Beginnings of graphs need nothing of each other: so many processes, so many beginnings at once.
TEST(Jobs, GiveTheSameBytesByGraphs) {
    const heddle_call heddle;
    for (const char* name : {"large", "waits", "plain_race", "freed_race", "mutex", "deadlock",
                             "weak_chase_lev_TAKES_2", "weak_locks_P_ticket", "weak_seqlock"}) {
        const auto by = [&](const char* jobs, const char* model) {
            return result_of(heddle, name, {"-j", jobs, "--memory", model});
        };
        const std::string alone = by("1", "c11");
        EXPECT_NE(alone.find("\"result\""), std::string::npos) << alone;
        EXPECT_EQ(by("2", "c11"), alone) << name;
        EXPECT_EQ(by("3", "c11"), alone) << name;
        EXPECT_EQ(by("2", "tso"), by("1", "tso")) << name;
    }
    const words few = {"--memory", "sc", "--reversals", "6"};
    const std::string bounded = result_of(heddle, "large", few);
    EXPECT_NE(bounded.find("complete to 6 reversals"), std::string::npos) << bounded;
    words by_two = few;
    by_two.insert(by_two.end(), {"-j", "2"});
    EXPECT_EQ(result_of(heddle, "large", by_two), bounded);
}

// What is advised next can be done: graphs know no preemptions.
TEST(Jobs, ThatWereCutAreToldHowToGoOn) {
    const heddle_call heddle;
    const heddle_result cut =
        heddle.run({"explore", subject_path("large"), "--memory", "c11", "-n", "300", "-j", "2"});
    EXPECT_NE(cut.out.find("few reversals first"), std::string::npos) << cut.out;
    EXPECT_NE(cut.out.find(" --reversals 3"), std::string::npos) << cut.out;
    EXPECT_EQ(cut.out.find(" -p 3"), std::string::npos) << cut.out;
    const heddle_result few =
        heddle.run({"explore", subject_path("large"), "--memory", "c11", "--reversals", "3"});
    EXPECT_NE(few.out.find("complete to 3 reversals"), std::string::npos) << few.out;
}

// Of an exploration by interleavings, or by `model`.
void expect_to_go_on(const char* name, const char* model) {
    const heddle_call heddle;
    const std::string file = heddle.folder() / "left";
    const auto by = [&](words more) {
        if (*model != 0) {
            more.insert(more.end(), {"--memory", model});
        }
        return result_of(heddle, name, more);
    };
    const std::string whole = by({});
    std::string part = by({"-n", "100", "--checkpoint", file});
    EXPECT_NE(part.find("--resume"), std::string::npos) << part;
    part = by({"-n", "900", "-j", "2", "--resume", file});
    EXPECT_NE(part, whole);
    std::filesystem::copy(file, file + ".again");
    EXPECT_EQ(by({"--resume", file}), whole) << name;
    EXPECT_EQ(by({"--resume", file + ".again", "-j", "2"}), whole);
}

TEST(Checkpoint, GoesOnWhereItWasStopped) {
    for (const char* name : {"large", "waits"}) {
        expect_to_go_on(name, "");
        expect_to_go_on(name, "c11");
    }
}

TEST(Checkpoint, ThatDoesNotFitIsAnError) {
    const heddle_call heddle;
    const std::string file = heddle.folder() / "left";
    const words resumed = {"explore", subject_path("large"), "--resume", file};
    EXPECT_EQ(heddle.run(resumed).status, 2);
    result_of(heddle, "large", {"-n", "100", "--checkpoint", file});
    const std::string good = contents(file);
    const heddle_result other = heddle.run({"explore", subject_path("waits"), "--resume", file});
    EXPECT_EQ(other.status, 2);
    EXPECT_NE(other.err.find("is about another exploration"), std::string::npos) << other.err;
    const heddle_result weaker =
        heddle.run({"explore", subject_path("large"), "--memory", "c11", "--resume", file});
    EXPECT_EQ(weaker.status, 2);
    EXPECT_NE(weaker.err.find("is about another exploration"), std::string::npos) << weaker.err;
    std::string bad = good;
    bad[bad.size() / 2] = static_cast<char>(bad[bad.size() / 2] ^ 1);
    std::ofstream(file, std::ios::binary) << bad;
    const heddle_result damaged = heddle.run(resumed);
    EXPECT_EQ(damaged.status, 2);
    EXPECT_NE(damaged.err.find("is damaged"), std::string::npos) << damaged.err;
    EXPECT_EQ(contents(file), bad);
    std::ofstream(file, std::ios::binary) << "something else\n";
    EXPECT_NE(heddle.run(resumed).err.find("is no checkpoint"), std::string::npos);
}

}  // namespace

}  // namespace scenario::test

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

TEST(Checkpoint, GoesOnWhereItWasStopped) {
    const heddle_call heddle;
    const std::string file = heddle.folder() / "left";
    for (const char* name : {"large", "waits"}) {
        const std::string whole = result_of(heddle, name, {});
        std::string part = result_of(heddle, name, {"-n", "100", "--checkpoint", file});
        EXPECT_NE(part.find("--resume"), std::string::npos) << part;
        part = result_of(heddle, name, {"-n", "900", "-j", "2", "--resume", file});
        EXPECT_NE(part, whole);
        std::filesystem::copy(file, file + ".again");
        EXPECT_EQ(result_of(heddle, name, {"--resume", file}), whole) << name;
        EXPECT_EQ(result_of(heddle, name, {"--resume", file + ".again", "-j", "2"}), whole);
        std::filesystem::remove(file + ".again");
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

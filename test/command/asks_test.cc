// What a program asks the system for is the same in every execution, or is said not to be.
#include <gtest/gtest.h>
#include <sys/personality.h>

#include "test/command/heddle_call.h"

namespace scenario::test {

namespace {

bool addresses_can_be_fixed() {
    constexpr unsigned long ask = 0xffffffff;
    const int now = personality(ask);
    const bool can =
        now != -1 && personality(static_cast<unsigned long>(now) | ADDR_NO_RANDOMIZE) != -1;
    personality(static_cast<unsigned long>(now));
    return can;
}

class Asks : public testing::TestWithParam<const char*> {};

// A digest of what was explored: all but how long it took.
std::string without_timing(const heddle_result& r) {
    std::string text;
    for (const std::string& line : r.lines()) {
        text += line.find("\"timing\"") == std::string::npos ? line + "\n" : "";
    }
    return text;
}

TEST_P(Asks, GetsTheSameInEveryExecutionAndProcess) {
    heddle_call heddle;
    const std::vector<std::string> words = {
        "explore", subject_path(std::string("asks_") + GetParam()), "--json"};
    const heddle_result first = heddle.run(words);
    EXPECT_EQ(first.status, 0) << first.out << first.err;
    EXPECT_NE(first.out.find("\"verdict\":\"proved\""), std::string::npos) << first.out;
    EXPECT_EQ(without_timing(first), without_timing(heddle.run(words)));
}

INSTANTIATE_TEST_SUITE_P(All, Asks,
                         testing::Values("getrandom", "getentropy", "rand", "clock", "time", "heap",
                                         "syscall", "number", "pages", "device"),
                         [](const testing::TestParamInfo<const char*>& i) {
                             return std::string(i.param);
                         });

// Nobody can give a virtual cycle counter: what differs is said, with both operations.
// Nor files that are others each time.
TEST(AsksTheHost, IsSaidNotToBeDeterministic) {
    heddle_call heddle;
    for (const char* question : {"cycles", "file"}) {
        const heddle_result r =
            heddle.run({"explore", subject_path(std::string("asks_") + question)});
        EXPECT_EQ(r.status, 4) << question << r.out << r.err;
        EXPECT_NE(r.out.find("the subject is not deterministic"), std::string::npos) << r.out;
        EXPECT_NE(r.out.find("then: "), std::string::npos) << r.out;
        EXPECT_NE(r.out.find("now: "), std::string::npos) << r.out;
    }
}

// Where the host has put something is the same in every execution, and in every process that may have it so.
TEST(AsksTheHost, GetsTheSameAddress) {
    for (const char* question : {"library", "environment"}) {
        heddle_call heddle;
        const std::vector<std::string> words = {
            "explore", subject_path(std::string("asks_") + question), "--json"};
        const heddle_result first = heddle.run(words);
        EXPECT_EQ(first.status, 0) << first.out << first.err;
        EXPECT_NE(first.out.find("\"verdict\":\"proved\""), std::string::npos) << first.out;
        if (addresses_can_be_fixed()) {
            EXPECT_EQ(without_timing(first), without_timing(heddle.run(words))) << question;
        }
    }
}

TEST(ManyThreads, AreMoreThanTheMachineHas) {
    heddle_call heddle;
    const heddle_result r = heddle.run({"explore", subject_path("many_threads")});
    EXPECT_EQ(r.status, 1) << r.out << r.err;
    EXPECT_NE(r.out.find("more than 64 contexts"), std::string::npos) << r.out << r.err;
}

}  // namespace

}  // namespace scenario::test

// The 14 cases of upstream's regress/sys/netinet/arp, alone and beside what an administrator does on another CPU: each
// comes out as its file says, and no outcome that it names is missing. With HEDDLE_BUDGET=full without a bound.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "test/command/heddle_call.h"

namespace scenario::test {

namespace {

std::vector<std::string> cases() {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(HEDDLE_RACES "/arp_cases")) {
        if (entry.path().extension() == ".race") {
            names.push_back(entry.path().stem().string());
        }
    }
    std::sort(names.begin(), names.end());
    return names;
}

std::string path_of(const std::string& name) {
    return HEDDLE_RACES "/arp_cases/" + name + ".race";
}

class ArpCase : public testing::TestWithParam<std::string> {};

TEST_P(ArpCase, ComesOutAsItsFileSays) {
    heddle_call heddle;
    const heddle_result r = heddle.run({"explore", path_of(GetParam())});
    EXPECT_EQ(r.status, 0) << r.out << r.err;
    EXPECT_EQ(r.out.find("FAILED"), std::string::npos) << r.out;
}

TEST_P(ArpCase, ComesOutSoInEveryInterleaving) {
    heddle_call heddle;
    const heddle_result r = heddle.run({"explore", path_of(GetParam()), "--strategy", "optimal"});
    EXPECT_EQ(r.status, 0) << r.out << r.err;
    EXPECT_NE(r.out.find("proved"), std::string::npos) << r.out;
}

// Each case alone and beside each of the commands.
TEST(ArpCases, AreAll) {
    const std::vector<std::string> names = cases();
    const std::vector<std::string> beside = {"", "_del", "_route", "_down", "_destroy", "_timer"};
    EXPECT_EQ(names.size(), 14 * beside.size());
    for (size_t at = 0; at < names.size(); at += beside.size()) {
        for (const std::string& what : beside) {
            EXPECT_TRUE(std::filesystem::exists(path_of(names[at] + what))) << names[at] << what;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(All, ArpCase, testing::ValuesIn(cases()),
                         [](const auto& one) { return one.param; });

}  // namespace

}  // namespace scenario::test

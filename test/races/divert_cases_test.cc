// The cases of upstream's regress/sys/net/pf_divert that the model knows, alone and while another CPU closes the socket: each
// comes out as its file says in every interleaving, and no outcome that it names is missing.
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
    for (const auto& entry : std::filesystem::directory_iterator(HEDDLE_RACES "/divert")) {
        if (entry.path().extension() == ".race") {
            names.push_back(entry.path().stem().string());
        }
    }
    std::sort(names.begin(), names.end());
    return names;
}

class DivertCase : public testing::TestWithParam<std::string> {};

TEST_P(DivertCase, ComesOutSoInEveryInterleaving) {
    heddle_call heddle;
    const std::string path = HEDDLE_RACES "/divert/" + GetParam() + ".race";
    const heddle_result r = heddle.run({"explore", path, "--strategy", "optimal"});
    EXPECT_EQ(r.status, 0) << r.out << r.err;
    EXPECT_NE(r.out.find("proved"), std::string::npos) << r.out;
    EXPECT_EQ(r.out.find("FAILED"), std::string::npos) << r.out;
}

// Each case alone, and while its socket is closed.
TEST(DivertCases, AreAll) {
    const std::vector<std::string> names = cases();
    EXPECT_EQ(names.size(), 13U * 2);
    for (size_t at = 0; at + 1 < names.size(); at += 2) {
        EXPECT_EQ(names[at] + "_close", names[at + 1]);
    }
}

INSTANTIATE_TEST_SUITE_P(All, DivertCase, testing::ValuesIn(cases()),
                         [](const auto& one) { return one.param; });

}  // namespace

}  // namespace scenario::test

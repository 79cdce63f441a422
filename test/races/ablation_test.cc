// What the links between states and pcbs are for. With the function that makes them empty, a socket that speaks in the name
// of a far host (divert-reply) leaves its state behind when it is closed: what comes then is still taken for ours, and the
// port is given to the next one. While it is open its packets find it by their addresses, as before.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "test/command/heddle_call.h"

namespace scenario::test {

namespace {

heddle_result without_links(const std::string& name) {
    heddle_call heddle;
    return heddle.run(
        {"explore", HEDDLE_RACES "/" + name + ".race", "--patch", HEDDLE_NO_LINKS_PATCH});
}

std::string name_of(const testing::TestParamInfo<const char*>& one) {
    std::string name = one.param;
    std::replace(name.begin(), name.end(), '/', '_');
    return name;
}

class replies : public testing::TestWithParam<const char*> {};

TEST_P(replies, FailWithoutLinks) {
    const heddle_result r = without_links(GetParam());
    EXPECT_EQ(r.status, 1) << r.out << r.err;
    EXPECT_NE(r.out.find("FAILED"), std::string::npos) << r.out;
    EXPECT_TRUE(r.says("does not hold")) << r.out;
    EXPECT_FALSE(r.says("could not run")) << r.out;
}

INSTANTIATE_TEST_SUITE_P(All, replies,
                         testing::Values("divert/udp_reply_close", "divert/udp_reply_to_close",
                                         "divert/tcp_reply_close", "divert_reuse/close"),
                         name_of);

class others : public testing::TestWithParam<const char*> {};

TEST_P(others, ComeOutAsBefore) {
    const heddle_result r = without_links(GetParam());
    EXPECT_EQ(r.status, 0) << r.out << r.err;
}

INSTANTIATE_TEST_SUITE_P(All, others,
                         testing::Values("divert/udp_reply", "divert/udp_reply_to",
                                         "divert/tcp_reply", "divert/icmp_reply_to"),
                         name_of);

}  // namespace

}  // namespace scenario::test

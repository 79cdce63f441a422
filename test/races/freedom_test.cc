// What a race lets go wrong beside the order of steps: packets that are lost, allocations that fail, time that passes.
#include "test/races/small_race.h"

namespace scenario::test {

namespace {

// P1 waits for an answer that may never come.
const std::string resolves =
    R"(scenario t "a packet waits for the address of its next hop"
topology {
    router r cpus 2 {
        ifconfig em0 inet 10.0.1.1/24 lladdr 02:00:00:00:01:01
        ifconfig em1 inet 10.0.2.1/24 lladdr 02:00:00:00:02:01
        sysctl net.inet.ip.forwarding=1
        route add 10.9.0.0/16 10.0.2.2
    }
}
cpu 0 thread net0 {
    em0 < IP 10.0.1.9.1234 > 10.9.0.5.53: udp 64 as P1
    em1 < ARP 10.0.2.2 is-at 02:00:00:00:02:02 as P2
}
)";

nlohmann::json explored(const heddle_call& heddle, const std::string& lines,
                        std::vector<std::string> words = {}) {
    std::ofstream(heddle.folder() / "t.race") << resolves << lines << "\n";
    words.insert(words.begin(), {"explore", "t.race", "--json"});
    const heddle_result r = heddle.run(words);
    EXPECT_EQ(r.status, 0) << r.out << r.err;
    return result_of(r).at("variants").at(0);
}

bool assumes(const nlohmann::json& variant, const std::string& what) {
    for (const auto& one : variant.at("assumes")) {
        if (one == what) {
            return true;
        }
    }
    return false;
}

TEST(Freedom, APacketThatMayBeLostIsHeldForOrForwarded) {
    heddle_call heddle;
    const nlohmann::json variant =
        explored(heddle,
                 "may lose P2\n"
                 "expect fixed {\n"
                 "    forall (no bug)\n"
                 "    forall (fate P1 == held and fate P2 == lost or fate P1 == forwarded em1)\n"
                 "    exists (fate P2 == lost)\n"
                 "    exists (fate P1 == forwarded em1)\n"
                 "    forall (not fate P1 == lost)\n"
                 "}");
    EXPECT_EQ(variant.at("verdict"), "proved") << variant;
    EXPECT_EQ(variant.at("executions"), 2);
    EXPECT_TRUE(assumes(variant, "at most 1 in an execution: packets are lost on the wire"))
        << variant;
}

TEST(Freedom, NoPacketIsLostUnlessItMayBe) {
    heddle_call heddle;
    const nlohmann::json variant =
        explored(heddle, "expect fixed { forall (fate P1 == forwarded em1) }");
    EXPECT_EQ(variant.at("executions"), 1);
    EXPECT_TRUE(assumes(variant, "no packet is lost on the wire")) << variant;
}

// Asked for on the command line, each packet may be: both, one of them, or none.
TEST(Freedom, SoManyPacketsMayBeLost) {
    heddle_call heddle;
    const std::string expected =
        "expect fixed { forall (no bug); exists (fate P1 == lost); exists (fate P2 == lost) }";
    EXPECT_EQ(explored(heddle, expected, {"--lose-packets", "1"}).at("executions"), 3);
    EXPECT_EQ(explored(heddle, expected, {"--lose-packets", "2"}).at("executions"), 4);
}

TEST(Freedom, ALostPacketIsRepeatedByItsToken) {
    heddle_call heddle;
    std::ofstream(heddle.folder() / "t.race")
        << resolves << "may lose P2\nexpect fixed { forall (not fate P1 == held) }\n";
    const heddle_result r = heddle.run({"explore", "t.race"});
    EXPECT_EQ(r.status, 1);
    const size_t begin = r.out.find("h1/");
    ASSERT_NE(begin, std::string::npos) << r.out;
    const std::string token = r.out.substr(begin, r.out.find_first_of(" \n", begin) - begin);
    const heddle_result again = heddle.run({"replay", "t.race", token});
    EXPECT_TRUE(again.says("the packet is lost")) << again.out << again.err;
}

// The first allocation of net0 is its copy of P1, the second the question who has the next hop.
TEST(Freedom, OneAllocationOfOneContextMayFail) {
    heddle_call heddle;
    const nlohmann::json variant =
        explored(heddle,
                 "fail alloc nth 1 in net0\n"
                 "expect fixed {\n"
                 "    forall (fate P1 == forwarded em1 or fate P1 == dropped nobufs)\n"
                 "    exists (fate P1 == dropped nobufs)\n"
                 "    exists (fate P1 == forwarded em1)\n"
                 "    no leak mbuf\n"
                 "}");
    EXPECT_EQ(variant.at("executions"), 2) << variant;
    EXPECT_TRUE(assumes(variant, "at most 1 in an execution: allocations fail")) << variant;
}

// What has no memory for a packet drops it, or does not send it: nothing else goes wrong.
TEST(Freedom, TheStackGoesOnWhereAnyAllocationFails) {
    heddle_call heddle;
    const nlohmann::json variant =
        explored(heddle, "expect fixed { forall (no bug); no leak mbuf rtentry ifaddr ifnet }",
                 {"--fail-allocations", "2"});
    EXPECT_EQ(variant.at("verdict"), "proved") << variant;
    EXPECT_GT(variant.at("executions"), 3) << variant;
}

// An entry has expired, its timer has not come yet: it does during the race, or it does not.
const std::string expired =
    "before { arp -s 10.0.2.3 02:00:00:00:02:03 temp; advance 1200s; advance 1s }\n";

TEST(Freedom, ATimerThatMayFireDoesOrDoesNot) {
    heddle_call heddle;
    const nlohmann::json variant = explored(heddle,
                                            expired +
                                                "timer arptimer may fire\n"
                                                "expect fixed {\n"
                                                "    forall (no bug)\n"
                                                "    exists (arp 10.0.2.3 == incomplete)\n"
                                                "    exists (arp 10.0.2.3 == 02:00:00:00:02:03)\n"
                                                "}",
                                            {"--strategy", "optimal"});
    EXPECT_EQ(variant.at("verdict"), "proved") << variant;
    EXPECT_GT(variant.at("executions"), 2) << variant;
}

TEST(Freedom, NoTimerFiresUnlessItMay) {
    heddle_call heddle;
    const nlohmann::json variant =
        explored(heddle, expired + "expect fixed { forall (arp 10.0.2.3 == 02:00:00:00:02:03) }");
    EXPECT_EQ(variant.at("executions"), 1) << variant;
}

// A schedule names it as any context. There it fires, and softclock does what is to be done.
TEST(Freedom, ATimerThatMayFireIsAContext) {
    heddle_call heddle;
    std::ofstream(heddle.folder() / "t.race")
        << resolves << expired
        << "timer arptimer may fire\n"
           "schedule late { run net0 until done\nrun timer:arptimer until done }\n"
           "expect fixed { late: fate P1 == forwarded em1 and arp 10.0.2.3 == incomplete }\n";
    const heddle_result r = heddle.run({"explore", "t.race"});
    EXPECT_EQ(r.status, 0) << r.out << r.err;
}

TEST(Freedom, ATimerThatNobodyKnowsIsRefused) {
    heddle_call heddle;
    const heddle_result r =
        run_with(heddle, "explore", "timer arptimr may fire\nexpect fixed { no bug }");
    EXPECT_EQ(r.status, 2);
    EXPECT_NE(r.err.find("17:7: error: the model has no timer 'arptimr'"), std::string::npos)
        << r.err;
    EXPECT_NE(r.err.find("did you mean 'arptimer'?"), std::string::npos) << r.err;
}

// Time that passes is a step where others look at the clock, and nothing to others.
TEST(Freedom, TimeThatPassesIsAStep) {
    heddle_call heddle;
    const nlohmann::json variant =
        explored(heddle, "cpu 1 thread adm { advance 31s }\nexpect fixed { forall (no bug) }");
    EXPECT_EQ(variant.at("verdict"), "proved") << variant;
}

}  // namespace

}  // namespace scenario::test

// Contexts that exist without being written: packets that a card hands to softnets, and services that are placed.
#include "test/races/small_race.h"

namespace scenario::test {

namespace {

using nlohmann::json;

const char* const by_ring =
    "cpu 0 thread net0 { em0 queue 0 < IP 10.0.1.9.1234 > 10.9.0.5.53: udp 64 as P1 }\n";
const char* const all_ends =
    "expect fixed { no bug; exists (fate P1 == forwarded em1); exists (fate P1 == dropped) }\n";

// The lines of `heddle explore --json` over these contexts.
std::vector<json> explored(const std::string& contexts, std::vector<std::string> words = {}) {
    heddle_call heddle;
    std::ofstream(heddle.folder() / "s.race") << "scenario s \"a packet for a softnet\"\n"
                                              << small_topology << contexts;
    words.insert(words.begin(), {"explore", "s.race", "--json"});
    const heddle_result r = heddle.run(words);
    EXPECT_EQ(r.status, 0) << r.out << r.err;
    std::vector<json> lines;
    for (const std::string& line : r.lines()) {
        lines.push_back(json::parse(line));
    }
    return lines;
}

json variant_of(const std::vector<json>& lines) {
    return lines.empty() ? json{} : lines.back().at("variants").at(0);
}

// On which processor a context of the race runs, of those that did something.
int cpu_of(const std::vector<json>& lines, const std::string& context) {
    for (const json& line : lines) {
        if (line.value("type", "") == "context" && line.value("name", "") == context) {
            return line.at("cpu").get<int>();
        }
    }
    return -1;
}

TEST(Softnet, WorksOnWhatARingHasReceived) {
    const std::vector<json> lines = explored(
        std::string(by_ring) +
        "cpu 1 thread adm { A1: route delete 10.9.0.0/16 }\n"
        "schedule first { run net0 until done; run softnet0 until enter ip_forward;\n"
        "    run softnet0 until enter em_start dev em1; run softnet0 until blocked;\n"
        "    run adm until done }\n"
        "schedule any { explore dfs preemptions 1 }\n"
        "expect fixed { no bug; exists (fate P1 == dropped); reach (softnet0 in ip_output)\n"
        "    exists (softnet0 blocked); first: fate P1 == forwarded em1 }\n");
    EXPECT_EQ(variant_of(lines).at("verdict"), "complete to 1 preemption");
    EXPECT_GT(cpu_of(lines, "softnet0"), 1) << "behind those of the race";
}

// Two rings, two softnets: neither orders what it does after the other.
TEST(Softnet, EachHasARing) {
    const std::vector<json> lines = explored(
        "cpu 0 thread net0 { em0 queue 2 < IP 10.0.1.9.1234 > 10.9.0.5.53: udp 64 as P1 }\n"
        "cpu 1 thread net1 { em0 queue 1 < IP 10.0.1.9.1234 > 10.9.0.5.53: udp 64 as P2 }\n"
        "schedule any { explore dfs preemptions 1 }\n"
        "expect fixed { no bug; forall (fate P1 == forwarded em1 and fate P2 == forwarded em1)\n"
        "    reach (softnet0 in ip_output and softnet1 in ip_output) }\n");
    EXPECT_EQ(variant_of(lines).at("verdict"), "complete to 1 preemption");
}

// The card's interrupt comes at any moment of who runs on its CPU.
TEST(Softnet, IsGivenPacketsByInterrupts) {
    const std::vector<json> lines = explored(
        "cpu 0 thread net0 { em0 < IP 10.0.1.9.1234 > 10.9.0.5.53: udp 64 as P1 }\n"
        "interrupt on cpu 0 as rx { em0 queue 0 < IP 10.0.1.9.1234 > 10.9.0.5.53: udp 64 as P2 }\n"
        "expect fixed { no bug; forall (fate P1 == forwarded em1 and fate P2 == forwarded em1) }\n",
        {"--strategy", "optimal"});
    EXPECT_EQ(variant_of(lines).at("verdict"), "proved");
}

TEST(Softnet, HasNothingToDoIfThePacketIsLost) {
    const std::vector<json> lines =
        explored("may lose P1\n" + std::string(by_ring) +
                     "cpu 1 thread adm { A1: route delete 10.9.0.0/16 }\n"
                     "expect fixed { no bug; exists (fate P1 == lost)\n"
                     "    exists (fate P1 == forwarded em1) }\n",
                 {"-p", "1"});
    EXPECT_EQ(variant_of(lines).at("verdict"), "complete to 1 preemption");
}

// Beside others on one CPU there are fewer interleavings: each once, by searches that share nothing, by two processes.
TEST(Placed, ServicesShareTheCpuWithWhoRunsThere) {
    const std::string race =
        std::string(by_ring) + "cpu 1 thread adm { A1: route delete 10.9.0.0/16 }\n" + all_ends;
    const auto proved = [](const std::string& contexts, std::vector<std::string> words) {
        words.insert(words.end(), {"--dependence", "plain"});
        const json v = variant_of(explored(contexts, words));
        EXPECT_EQ(v.at("verdict"), "proved") << v;
        return v.at("executions").get<int>();
    };
    const std::string placed = "place softnet0 on cpu 1\n" + race;
    const int together = proved(placed, {"--strategy", "optimal"});
    EXPECT_EQ(proved(placed, {"--strategy", "exhaustive"}), together);
    EXPECT_EQ(proved(placed, {"--strategy", "optimal", "-j", "2"}), together);
    EXPECT_LT(together, proved(race, {"--strategy", "optimal"}));
    const std::vector<json> lines = explored(placed, {"-p", "1"});
    EXPECT_EQ(cpu_of(lines, "softnet0"), 1);
}

// What is not placed does not come to a CPU that is taken by something placed.
TEST(Placed, OthersHaveACpuOfTheirOwn) {
    const std::vector<json> lines =
        explored("place smr on cpu 1\n" + std::string(by_ring) +
                     "cpu 0 thread adm { A1: route delete 10.9.0.0/16 }\n" + all_ends,
                 {"-p", "1"});
    EXPECT_EQ(cpu_of(lines, "smr"), 1);
    EXPECT_EQ(cpu_of(lines, "adm"), 0);
    EXPECT_GT(cpu_of(lines, "softnet0"), 1);
}

TEST(Placed, SeveralRoutersHaveTheirOwn) {
    heddle_call heddle;
    std::ofstream(heddle.folder() / "two.race") << R"(scenario two "two routers"
topology {
    router a cpus 1 { ifconfig em0 inet 10.0.1.1/24 lladdr 02:00:00:00:01:01 }
    router b cpus 2 { ifconfig em0 inet 10.0.1.2/24 lladdr 02:00:00:00:01:02 }
}
place b:softnet1 on cpu a:0
place softnet0 on cpu a:0
cpu a:0 thread x { a:em0 queue 0 < ARP who-has 10.0.1.1 tell 10.0.1.9 as P }
cpu b:0 thread y { b:em0 queue 1 < ARP who-has 10.0.1.2 tell 10.0.1.9 as Q }
schedule one { run x until done; run a:softnet0 until blocked; run y until done
    run b:softnet1 until enter arpinput; run b:softnet1 until blocked }
schedule any { explore dfs preemptions 0 }
expect fixed { no bug; one: fate P == delivered arp and fate Q == delivered arp
    reach (b:softnet1 in arpinput) }
)";
    const heddle_result r = heddle.run({"explore", "two.race"});
    EXPECT_EQ(r.status, 0) << r.out << r.err;
    EXPECT_TRUE(r.says("b:softnet1 on cpu0")) << r.out;
    EXPECT_TRUE(r.says("a:softnet0 on cpu0")) << r.out;
    const heddle_result unknown = heddle.run({"check", "two.race"});
    EXPECT_EQ(unknown.status, 0) << unknown.err;
}

}  // namespace

}  // namespace scenario::test

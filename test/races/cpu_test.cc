// Contexts of a race that share a CPU: what the stack keeps for each CPU is theirs without a lock.
#include "test/races/small_race.h"

namespace scenario::test {

namespace {

TEST(OneCpu, OrdersWhatItsContextsDoToItsData) {
    heddle_call heddle;
    const std::string lines =
        "cpu 0 thread net1 { em0 < IP 10.0.1.9.1234 > 10.9.0.5.53: udp 64 as P3 }\n"
        "expect fixed { forall (no bug) }\n";
    const heddle_result r = run_with(heddle, "explore", lines, {"-p", "0", "--json"});
    EXPECT_EQ(r.status, 0) << r.err << r.out;
    const nlohmann::json variant = result_of(r).at("variants").at(0);
    EXPECT_TRUE(variant.at("findings").empty()) << variant;
    EXPECT_EQ(variant.at("verdict"), "complete to 0 preemptions") << variant;
}

// Each interleaving once: as many by a search that knows nothing of wakeup trees, and by two processes.
TEST(OneCpu, IsProvedByOptimalSearch) {
    heddle_call heddle;
    std::ofstream(heddle.folder() / "s.race")
        << "scenario s \"two contexts of one CPU forward while a route is deleted\"\n"
        << small_topology
        << R"(cpu 0 thread net0 { em0 < IP 10.0.1.9.1234 > 10.9.0.5.53: udp 64 as P1 }
cpu 0 thread net1 { em0 < IP 10.0.1.9.1234 > 10.9.0.5.53: udp 64 as P2 }
cpu 1 thread adm { A1: route delete 10.9.0.0/16 }
expect fixed { no bug; exists (fate P1 == forwarded em1); exists (fate P2 == dropped) }
)";
    const auto proved = [&](std::vector<std::string> more) {
        more.insert(more.begin(), {"explore", "s.race", "--json"});
        const heddle_result r = heddle.run(more);
        EXPECT_EQ(r.status, 0) << r.err << r.out;
        const nlohmann::json variant = result_of(r).at("variants").at(0);
        EXPECT_EQ(variant.at("verdict"), "proved") << variant;
        return variant.at("executions").get<int>();
    };
    const int plain = proved({"--strategy", "optimal", "--dependence", "plain"});
    EXPECT_GT(plain, 1000);
    EXPECT_EQ(proved({"--strategy", "exhaustive", "--dependence", "plain"}), plain);
    EXPECT_EQ(proved({"--strategy", "optimal", "--dependence", "plain", "-j", "2"}), plain);
    EXPECT_LT(proved({"--strategy", "optimal"}), plain);
}

}  // namespace

}  // namespace scenario::test

// Interrupts of a race: a packet that is received at any moment between two operations of the CPU's thread.
#include "test/races/small_race.h"

namespace scenario::test {

namespace {

nlohmann::json explore_with(const std::string& contexts, std::vector<std::string> words) {
    heddle_call heddle;
    std::ofstream(heddle.folder() / "s.race")
        << "scenario s \"a packet is received in an interrupt\"\n"
        << small_topology << contexts;
    words.insert(words.begin(), {"explore", "s.race", "--json"});
    const heddle_result r = heddle.run(words);
    EXPECT_NE(r.lines().size(), 0U) << r.err;
    return result_of(r).at("variants").at(0);
}

const char* const both_on_one_cpu =
    R"(cpu 0 thread net0 { em0 < IP 10.0.1.9.1234 > 10.9.0.5.53: udp 64 as P1 }
interrupt on cpu 0 as rx { em0 < IP 10.0.1.9.1234 > 10.9.0.5.53: udp 64 as P2 }
expect fixed { no bug; forall (fate P1 == forwarded em1 and fate P2 == forwarded em1) }
)";

const std::vector<std::vector<std::string>> ways = {{"--strategy", "optimal"},
                                                    {"--strategy", "exhaustive"},
                                                    {"--strategy", "optimal", "-j", "2"},
                                                    {"-p", "1"}};

// Whoever holds a mutex that the interrupt takes is at its level: the interrupt comes before or behind.
TEST(Interrupt, IsKeptOutByTheMutexesOfItsHost) {
    for (const std::vector<std::string>& way : ways) {
        const nlohmann::json v = explore_with(both_on_one_cpu, way);
        EXPECT_TRUE(v.at("findings").empty()) << v;
        if (way[0] != "-p") {
            EXPECT_EQ(v.at("verdict"), "proved") << v;
            EXPECT_EQ(v.at("executions"), 60) << v;
        }
    }
}

// One of a higher level than theirs is not.
TEST(Interrupt, OfAHigherLevelWaitsForAMutexOfItsHost) {
    const nlohmann::json v = explore_with(
        "cpu 0 thread net0 { em0 < IP 10.0.1.9.1234 > 10.9.0.5.53: udp 64 as P1 }\n"
        "interrupt on cpu 0 level 6 as rx { em0 < IP 10.0.1.9.1234 > 10.9.0.5.53: udp 64 as P2 }\n"
        "expect fixed { no bug }\n",
        {"-p", "1"});
    EXPECT_EQ(v.at("findings").at(0).at("kind"), "deadlock") << v;
}

// The level of the send queue's mutex is needed: without, the interrupt waits for its host.
TEST(Interrupt, WaitsForAMutexOfItsHostThatRaisesNoLevel) {
    const std::string patch = std::string("patch ") + HEDDLE_RACES + "/interrupt/queue_level.patch";
    const std::string contexts = std::string("variant low { ") + patch + " }\n" + both_on_one_cpu +
                                 "expect low { exists (bug deadlock) }\n";
    for (std::vector<std::string> way : ways) {
        way.insert(way.end(), {"--variant", "low"});
        const nlohmann::json v = explore_with(contexts, way);
        EXPECT_EQ(v.at("verdict"), "found") << v;
        const nlohmann::json& first = v.at("findings").at(0);
        EXPECT_EQ(first.at("kind"), "deadlock") << v;
        EXPECT_NE(first.at("where").get<std::string>().find("ifq_"), std::string::npos) << v;
        EXPECT_EQ(first.at("preemptions"), 1) << v;
    }
}

// On a CPU without a host it is beside the others: each interleaving once, as many by a search without wakeup trees.
TEST(Interrupt, HarmsNobodyOnACpuOfItsOwn) {
    const std::string contexts =
        R"(cpu 0 thread net0 { em0 < IP 10.0.1.9.1234 > 10.9.0.5.53: udp 64 as P1 }
interrupt on cpu 1 as rx { em0 < IP 10.0.1.9.1234 > 10.9.0.5.53: udp 64 as P2 }
expect fixed { no bug; forall (fate P1 == forwarded em1 and fate P2 == forwarded em1) }
)";
    for (const char* strategy : {"optimal", "exhaustive"}) {
        const nlohmann::json v =
            explore_with(contexts, {"--strategy", strategy, "--dependence", "plain"});
        EXPECT_EQ(v.at("verdict"), "proved") << v;
        EXPECT_EQ(v.at("executions"), 298) << v;
    }
}

}  // namespace

}  // namespace scenario::test

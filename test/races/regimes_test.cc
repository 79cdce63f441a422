// Every regime that the project knows fits the model as it is, and makes one that works: packets, timers, commands
// and the packet filter under the lock that it puts back, without a deadlock.
#include <filesystem>

#include "test/races/small_race.h"

namespace scenario::test {

namespace {

std::vector<std::string> known_regimes() {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(HEDDLE_RACES "/../regimes")) {
        if (entry.path().extension() == ".patch") {
            names.push_back(entry.path().stem());
        }
    }
    std::sort(names.begin(), names.end());
    return names;
}

class regimes : public testing::TestWithParam<std::string> {};

TEST_P(regimes, FitTheModelAndLetItWork) {
    heddle_call heddle;
    std::string topology = small_topology;
    topology.insert(topology.rfind("    }\n}"),
                    "        pf { pass in on em0 proto udp to any port 53\n block return in on em0 "
                    "proto tcp }\n"
                    "        pfctl -e\n");
    std::ofstream(heddle.folder() / "t.race")
        << "scenario t \"everything under a coarse lock\"\nregime " << GetParam() << "\n"
        << topology << R"(
cpu 0 thread net0 {
    em0 < IP 10.0.1.9.1234 > 10.9.0.5.53: udp 64 as P1
    em0 < IP 10.0.1.9.1234 > 10.9.0.5.80: Flags [S], seq 5, win 100, length 0 as P2
}
cpu 1 thread adm { ifconfig em1 destroy; pfctl -k 10.0.1.9; pf purge }
schedule any { explore dfs preemptions 1 }
expect fixed under )"
        << GetParam() << R"( {
    forall (no bug)
    forall (fate P1 == forwarded em1 or fate P1 == dropped)
    exists (fate P1 == forwarded em1)
    forall (fate P2 == dropped match)
    no leak mbuf rtentry ifnet pf_state pf_state_key
}
)";
    const heddle_result r = heddle.run({"ladder", "t.race"});
    EXPECT_EQ(r.status, 0) << r.out << r.err;
}

INSTANTIATE_TEST_SUITE_P(All, regimes, testing::ValuesIn(known_regimes()),
                         [](const auto& i) { return std::string(i.param); });

}  // namespace

}  // namespace scenario::test

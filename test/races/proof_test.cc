// The fixed stack has no interleaving that breaks the race of forward.race: not up to some bound, but all of
// them, with the operations that are in it and what the proof says that it assumes.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "test/budget.h"
#include "test/command/heddle_call.h"

namespace scenario::test {

namespace {

using nlohmann::json;

json proved(const std::string& race, std::vector<std::string> more) {
    heddle_call heddle;
    more.insert(more.begin(),
                {"explore", race, "--variant", "fixed", "--strategy", "optimal", "--json"});
    const heddle_result r = heddle.run(more);
    EXPECT_EQ(r.status, 0) << r.err;
    const json fixed = json::parse(r.lines().back()).at("variants").at(0);
    EXPECT_EQ(fixed.at("verdict"), "proved");
    EXPECT_GE(fixed.at("assumes").size(), 6U);
    EXPECT_TRUE(fixed.at("findings").empty());
    return fixed.at("executions");
}

// The same with a packet that has no route through the interface: as many as there are, with one process or two;
// and without anything that commutes by its meaning.
TEST(Proof, OfAnInterfaceThatIsDestroyedBesideAPacket) {
    heddle_call heddle;
    const std::string race = (heddle.folder() / "beside.race").string();
    std::ofstream(race) << R"(scenario beside "em1 is destroyed while a packet finds no route"
topology {
    router r cpus 2 {
        ifconfig em0 inet 10.0.1.1/24 lladdr 02:00:00:00:01:01
        ifconfig em1 inet 10.0.2.1/24 lladdr 02:00:00:00:02:01
        sysctl net.inet.ip.forwarding=1
    }
}
cpu 0 thread net0 { em0 < IP 10.0.1.9.1234 > 10.0.3.2.53: udp 64 as P1 }
cpu 1 thread adm { ifconfig em1 destroy }
expect fixed { forall (no bug) }
)";
    EXPECT_EQ(proved(race, {}), 873);
    EXPECT_EQ(proved(race, {"-j", "2"}), 873);
    EXPECT_EQ(proved(race, {"--dependence", "plain"}), 82728);
}

TEST(Proof, OfTheInterfaceThatIsDestroyedWhileAPacketIsForwarded) {
    if (!sim::test::full_budget()) {
        GTEST_SKIP() << "takes a quarter of a minute; HEDDLE_BUDGET=full";
    }
    EXPECT_EQ(proved(HEDDLE_RACES "/if_destroy/forward.race", {"-j", "2"}), 130353);
}

// What the files of these explore is bounded, or a proof that says no number.
struct proof {
    const char* race;
    uint64_t executions;
};
constexpr proof proofs[] = {
    {"route_tree/longer_prefix", 337},      {"route_tree/emptied_table", 113},
    {"route_tree/default_route", 122},      {"route_tree/two_readers", 9560},
    {"if_growth/growth_reader", 3},         {"if_growth/growth_destroy", 22383},
    {"index_reuse/outlived", 14525},        {"arp_destroy/destroy_unresolved", 58522},
    {"arp_destroy/destroy_answered", 6878}, {"arp_destroy/destroy_expired", 6755},
    {"next_hop/expire_next_hop", 3},        {"next_hop/change_held", 7},
    {"arp_hold/two_answers", 44},           {"route_tree/overtaken", 170},
    {"route_tree/overtaken_below", 166},    {"route_tree/overtaken_stale", 158},
};

TEST(Proof, OfRoutesAndNeighbours) {
    for (const proof& p : proofs) {
        if (p.executions > 200 && !sim::test::full_budget()) {
            continue;
        }
        EXPECT_EQ(proved(std::string(HEDDLE_RACES "/") + p.race + ".race", {}), p.executions)
            << p.race;
    }
}

}  // namespace

}  // namespace scenario::test

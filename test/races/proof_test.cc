// The fixed stack has no interleaving that breaks a race: not up to some bound, but all of them, with what the proof says
// that it assumes. The races of routes and neighbours are in routing_table_test.cc.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

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

}  // namespace

}  // namespace scenario::test

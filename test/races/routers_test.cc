// Several routers in one scenario: their packets, their tables, their processors.
#include "test/races/small_race.h"

namespace scenario::test {

namespace {

const char* const two_routers = R"(scenario two "two routers"
topology {
    router a cpus 1 {
        ifconfig em0 inet 10.0.1.1/24 lladdr 02:00:00:00:01:01
        ifconfig em1 inet 10.0.2.1/24 lladdr 02:00:00:00:02:01
        sysctl net.inet.ip.forwarding=1
        arp -s 10.0.2.2 02:00:00:00:02:02
    }
    router b cpus 1 {
        ifconfig em0 inet 10.0.2.2/24 lladdr 02:00:00:00:02:02
    }
}
cpu a:0 thread x { a:em0 < IP 10.0.1.9.7 > 10.0.2.2.53: udp 8 as P }
cpu b:0 thread y { b:em0 < IP 10.0.2.1 > 10.0.2.2: icmp echo request id 2 seq 3 len 8 as Q }
after { on b ifconfig em0 destroy }
schedule any { explore dfs preemptions 1 }
)";

TEST(Routers, LiveSideBySide) {
    heddle_call heddle;
    std::ofstream(heddle.folder() / "two.race")
        << two_routers
        << "expect fixed { forall (fate P == forwarded a:em1 and fate Q == delivered)\n"
        << "  forall (a:em1 > P and no b:em0 > P and stat ips_total == 2)\n"
        << "  final (no ifconfig b:em0 and ifconfig a:em0 and no route 10.0.2.0/24 on b)\n"
        << "  exists (start P before done Q and start Q before done P) }\n";
    const heddle_result r = heddle.run({"explore", "two.race"});
    EXPECT_EQ(r.status, 0) << r.out << r.err;
    EXPECT_TRUE(r.says("x on cpu0")) << r.out;
    EXPECT_TRUE(r.says("y on cpu1")) << r.out;
}

}  // namespace

}  // namespace scenario::test

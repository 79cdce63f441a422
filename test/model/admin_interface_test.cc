// What netstat says of interfaces and routes; names of the administrator for interfaces.
#include <gtest/gtest.h>

#include "test/model/network.h"

namespace {

using namespace model_test;
using namespace model::netinet;

TEST(netstat, shows_interfaces) {
    network n;
    n.set_up();
    n.run("ifconfig em1 mtu 100 down");
    n.run("ifconfig em1 10.1.0.1/16 alias up");
    n.run("ifconfig em2 create");
    // Each address was told to the neighbours once.
    ip_packet p;
    p.payload = 120;  // two fragments of it leave
    EXPECT_EQ(n.input("em0", p.frame()), "forwarded em1");
    EXPECT_EQ(n.input("em0", bytes(13)), "dropped tooshort");
    EXPECT_EQ(n.run("netstat -in"),
              "Name    Mtu   Network     Address              Ipkts Ifail    Opkts Ofail Colls\n"
              "em0     1500  <Link>      02:00:00:00:01:01        2     1        1     0     0\n"
              "em0     1500  10.0.1/24   10.0.1.1                 2     1        1     0     0\n"
              "em1     100   <Link>      02:00:00:00:02:01        0     0        4     0     0\n"
              "em1     100   10.0.2/24   10.0.2.1                 0     0        4     0     0\n"
              "em1     100   10.1/16     10.1.0.1                 0     0        4     0     0\n"
              "em2*    1500  <Link>      02:00:00:00:00:02        0     0        0     0     0\n");
    const std::string statistics = n.run("netstat -s");
    for (const char* line : {"\t1 output datagram fragmented\n", "\t2 fragments created\n",
                             "\t0 fragment floods\n", "\t0 malformed fragments dropped\n"}) {
        EXPECT_NE(statistics.find(line), std::string::npos) << line << statistics;
    }
}

TEST(netstat, shows_routes_as_route_does) {
    network n;
    n.set_up();
    const std::string routes = n.run("netstat -rn");
    EXPECT_EQ(routes, n.run("route -n show"));
    EXPECT_NE(routes.find("10.9/16            10.0.2.2           UGS"), std::string::npos)
        << routes;
}

TEST(ifconfig, descriptions_and_groups) {
    network n;
    n.run("ifconfig em0 description uplink group egress group lan");
    EXPECT_NE(n.run("ifconfig em0")
                  .find("\tdescription: uplink\n\tindex 1 priority 0 llprio 3\n"
                        "\tgroups: egress lan\n"),
              std::string::npos)
        << n.run("ifconfig em0");
    EXPECT_EQ(n.fails("ifconfig em0 group lan"), "ifconfig: SIOCAIFGROUP: File exists\n");
    EXPECT_EQ(n.fails("ifconfig em0 group lan1"), "ifconfig: SIOCAIFGROUP: Invalid argument\n");
    EXPECT_EQ(n.fails("ifconfig em0 group a_name_of_sixteen"),
              "ifconfig: SIOCAIFGROUP: Invalid argument\n");
    EXPECT_EQ(n.fails("ifconfig em0 -group wan"),
              "ifconfig: SIOCDIFGROUP: No such file or directory\n");
    n.run("ifconfig em0 -group egress -group lan -description");
    EXPECT_EQ(n.run("ifconfig em0").find("groups"), std::string::npos);
    EXPECT_EQ(n.run("ifconfig em0").find("description"), std::string::npos);
}

}  // namespace

// Routes that lead nowhere, interface routes, flush: what the administrator can ask for beside routers.
#include "test/model/network.h"

namespace kern = model::kern;
using namespace model::net;
using namespace model::netinet;
using namespace model_test;

namespace {

// The one message that leaves by em0: type and code of an ICMP error; 255, 255 if there is none.
std::pair<int, int> error_to_sender(network& n) {
    std::vector<bytes> frames = n.sent(0);
    EXPECT_LE(frames.size(), 1U);
    if (frames.empty()) {
        return {255, 255};
    }
    const icmp_view icmp(ip_of(frames[0]).payload());
    return {icmp.type(), icmp.code()};
}
constexpr std::pair<int, int> silence = {255, 255};

class route_reject : public ::testing::Test {
  protected:
    void SetUp() override { n.set_up(); }
    std::string forwards(uint32_t dst) {
        ip_packet p;
        p.header.destination = dst;
        return n.input("em0", p.frame());
    }
    network n;
};

}  // namespace

TEST_F(route_reject, tells_who_sends) {
    n.run("route add -reject 10.9.4.0/24 127.0.0.1");
    EXPECT_EQ(forwards(ip(10, 9, 4, 1)), "dropped reject");
    EXPECT_EQ(error_to_sender(n), std::pair(int{icmp_unreach}, int{icmp_unreach_host}));
    EXPECT_EQ(forwards(ip(10, 9, 5, 1)), "forwarded em1");
    EXPECT_EQ(n.count(counter::ips_noroute), 0);
    n.run("route delete 10.9.4.0/24 127.0.0.1");
    EXPECT_EQ(forwards(ip(10, 9, 4, 1)), "forwarded em1");
    n.expect_conserved();
}

TEST_F(route_reject, tells_nobody_of_what_a_black_hole_took) {
    n.run("route add -blackhole 10.9.0.5 127.0.0.1");
    EXPECT_EQ(forwards(far), "dropped blackhole");
    EXPECT_EQ(error_to_sender(n), silence);
    n.expect_conserved();
}

TEST_F(route_reject, answers_a_socket_with_an_error) {
    n.run("socket udp bind 10.0.1.1.53 as S");
    n.run("route add -reject 10.8.0.0/16 127.0.0.1");
    n.run("route add -reject 10.8.0.1 127.0.0.1");
    n.run("route add -blackhole 10.7.0.0/16 127.0.0.1");
    EXPECT_NE(n.fails("send S 8 to 10.8.0.2.53").find("Network is unreachable"), std::string::npos);
    EXPECT_NE(n.fails("send S 8 to 10.8.0.1.53").find("No route to host"), std::string::npos);
    n.run("send S 8 to 10.7.0.1.53");
    EXPECT_TRUE(n.sent(0).empty());
    EXPECT_TRUE(n.sent(1).empty());
    n.run("close S");
    n.expect_conserved();
}

// A neighbour that does not answer has the same flag, and keeps its own fate.
TEST_F(route_reject, is_not_a_neighbour_that_does_not_answer) {
    ip_packet p;
    p.header.destination = ip(10, 0, 2, 77);
    for (unsigned asked = 0; asked <= arp_maxtries; ++asked) {
        n.input("em0", p.frame());
        n.pass(1);
    }
    EXPECT_EQ(n.input("em0", p.frame()), "dropped hostdown");
}

TEST_F(route_reject, leads_to_no_router_and_learns_no_size) {
    n.run("route add -reject 10.8.0.0/16 127.0.0.1");
    EXPECT_EQ(n.fails("route add 10.6.0.0/16 10.8.0.1"),
              "add net 10.6.0.0/16: gateway 10.8.0.1: Network is unreachable\n");
    EXPECT_EQ(n.fails("route add -reject -iface 10.6.0.0/16 10.0.1.1"),
              "add net 10.6.0.0/16: gateway 10.0.1.1: Invalid argument\n");
    const configuring lock(n.st);
    rtentry* rt = rtalloc_locked(n.st, ip(10, 8, 0, 1), RT_RESOLVE, 0);
    ASSERT_NE(rt, nullptr);
    EXPECT_TRUE(rt_is_nowhere(*rt));
    EXPECT_TRUE(rtisvalid(rt));
    rtfree(rt);
}

TEST_F(route_reject, is_shown_on_lo0) {
    n.run("route add -reject 10.9.4.0/24 127.0.0.1");
    n.run("route add -blackhole -nostatic 10.9.5.5 127.0.0.1");
    const std::string table = n.run("route -n show -inet");
    EXPECT_NE(
        table.find("10.9.4/24          127.0.0.1          UGRS       0        -     -     8 lo0\n"),
        std::string::npos)
        << table;
    EXPECT_NE(
        table.find("10.9.5.5           127.0.0.1          UGHB       0        -     -     8 lo0\n"),
        std::string::npos)
        << table;
    EXPECT_EQ(n.run("route get 10.9.4.7"),
              "   route to: 10.9.4.7\n"
              "destination: 10.9.4.0\n"
              "       mask: 255.255.255.0\n"
              "    gateway: 127.0.0.1\n"
              "  interface: lo0\n"
              "   priority: 8 (static)\n"
              "      flags: <UP,GATEWAY,REJECT,STATIC>\n");
}

TEST_F(route_reject, becomes_another_by_a_change_of_the_interface_none) {
    n.run("route add -reject 10.9.4.0/24 127.0.0.1");
    n.run("ifconfig em1 destroy");  // what leads nowhere does not go with an interface
    EXPECT_EQ(forwards(ip(10, 9, 4, 1)), "dropped reject");
    n.run("route flush");
    EXPECT_EQ(forwards(ip(10, 9, 4, 1)), "dropped noroute");
}

TEST_F(route_reject, an_mtu_of_its_own_bounds_what_is_sent) {
    n.run("route add -mtu 600 10.8.0.0/16 10.0.2.2");
    ip_packet p;
    p.header.destination = ip(10, 8, 0, 1);
    p.header.dont_fragment = true;
    p.payload = 600;
    EXPECT_EQ(n.input("em0", p.frame()), "dropped needfrag");
    EXPECT_EQ(error_to_sender(n), std::pair(int{icmp_unreach}, int{icmp_unreach_needfrag}));
    EXPECT_EQ(n.fails("route add -mtu 60 10.6.0.0/16 10.0.2.2"), "route: 60: bad value\n");
    EXPECT_NE(n.run("route show").find("600     8 em1"), std::string::npos);
}

TEST_F(route_reject, an_interface_route_asks_for_each_host) {
    n.run("route add -iface -cloning 192.168.7.0/24 10.0.2.1");
    n.forget_wires();
    ip_packet p;
    p.header.destination = ip(192, 168, 7, 9);
    EXPECT_EQ(n.input("em0", p.frame()), "held");
    std::vector<bytes> frames = n.sent(1);
    ASSERT_EQ(frames.size(), 1U);
    EXPECT_EQ(arp_of(frames[0]).tpa, ip(192, 168, 7, 9));
    EXPECT_EQ(arp_of(frames[0]).spa, ip(10, 0, 2, 1));
    n.input("em1", arp_frame(em1_lladdr, {arpop_reply, lladdr_of(ip(192, 168, 7, 9)),
                                          ip(192, 168, 7, 9), em1_lladdr, ip(10, 0, 2, 1)}));
    EXPECT_EQ(n.input("em0", p.frame()), "forwarded em1");
    EXPECT_NE(n.run("route show").find("UCS "), std::string::npos);
    EXPECT_EQ(n.fails("route add -iface 192.168.8.0/24 10.0.2.9"),
              "add net 192.168.8.0/24: gateway 10.0.2.9: Network is unreachable\n");
    EXPECT_EQ(n.fails("route add -cloning 192.168.8.0/24 10.0.2.9"),
              "add net 192.168.8.0/24: gateway 10.0.2.9: Invalid argument\n");
    n.run("route delete 192.168.7.0/24");
    EXPECT_EQ(n.input("em0", p.frame()), "dropped noroute");
    n.expect_conserved();
}

TEST_F(route_reject, flush_leaves_what_addresses_brought) {
    n.run("route add -reject 10.9.4.0/24 127.0.0.1");
    EXPECT_EQ(n.run("route flush"),
              "10.0.1.9             02:00:00:00:01:09    done\n"
              "10.0.2.2             02:00:00:00:02:02    done\n"
              "10.9/16              10.0.2.2             done\n"
              "10.9.4/24            127.0.0.1            done\n");
    const std::string table = n.run("route show");
    EXPECT_EQ(table.find("10.9"), std::string::npos) << table;
    EXPECT_NE(table.find("10.0.1.1 "), std::string::npos) << table;
    EXPECT_NE(table.find("10.0.2/24"), std::string::npos) << table;
    EXPECT_EQ(n.run("route -q flush -inet"), "");
    EXPECT_EQ(n.fails("route flush 10.9.0.0/16").substr(0, 7), "route: ");
    n.expect_conserved();
}

// Routing domains: the same prefixes twice, and nobody sees what is the other's; tables by number.
#include <gtest/gtest.h>

#include "model/admin/monitor.h"
#include "model/net/if.h"
#include "model/netinet/socket.h"
#include "test/model/twice.h"

namespace {

using namespace model_test;
using model::net::counter;

TEST(rdomain, a_packet_goes_by_the_table_of_its_interface) {
    twice n;
    EXPECT_EQ(n.input("em0", ip_packet{}.frame()), "forwarded em1");
    EXPECT_EQ(n.input("em2", ip_packet{}.frame()), "dropped noroute");
    // The error goes back where it came from.
    EXPECT_EQ(n.sent(0).size(), 0U);
    EXPECT_EQ(n.sent(2).size(), 1U);
    n.run("route -T 1 add 10.9.0.0/16 10.0.2.2");
    n.run("arp -V 1 -s 10.0.2.2 02:00:00:00:02:02");
    EXPECT_EQ(n.input("em2", ip_packet{}.frame()), "forwarded em3");
    n.run("route delete 10.9.0.0/16");
    EXPECT_EQ(n.input("em0", ip_packet{}.frame()), "dropped noroute");
    EXPECT_EQ(n.input("em2", ip_packet{}.frame()), "forwarded em3");
}

TEST(rdomain, addresses_of_another_are_not_ours) {
    twice n;
    n.run("ifconfig em1 inet 10.0.7.1/24 alias");
    EXPECT_EQ(n.input("em0", echo_request(sender, ip(10, 0, 7, 1))), "delivered icmp");
    EXPECT_EQ(n.sent(0).size(), 1U);
    EXPECT_EQ(n.input("em2", echo_request(sender, ip(10, 0, 7, 1))), "dropped noroute");
    EXPECT_EQ(n.input("em2", echo_request(sender, ip(10, 0, 1, 1))), "delivered icmp");
    EXPECT_EQ(n.sent(0).size(), 0U);
    EXPECT_EQ(n.sent(2).size(), 2U);
}

TEST(rdomain, neighbours_of_another_are_not_ours) {
    twice n;
    n.run("arp -V 1 -s 10.0.1.7 02:00:00:00:09:07");
    EXPECT_EQ(n.run("arp -an").find("10.0.1.7"), std::string::npos);
    EXPECT_NE(n.run("arp -V 1 -an").find("02:00:00:00:09:07     em2"), std::string::npos);
    const model::netinet::ether_arp request = {model::netinet::arpop_request,
                                               lladdr_of(ip(10, 0, 1, 8)), ip(10, 0, 1, 8), 0,
                                               ip(10, 0, 1, 1)};
    EXPECT_EQ(n.input("em2", arp_frame(model::net::ether_broadcast, request)), "delivered arp");
    EXPECT_EQ(n.sent(2).size(), 1U);
    EXPECT_EQ(n.run("arp -an").find("10.0.1.8"), std::string::npos);
    EXPECT_NE(n.run("arp -V 1 -an").find("10.0.1.8"), std::string::npos);
}

TEST(rdomain, sockets_of_another_get_nothing) {
    twice n;
    n.run("socket udp bind 10.0.1.1.53 as A");
    n.run("socket udp bind 10.0.1.1.53 rtable 1 as B");
    EXPECT_NE(n.fails("socket udp bind 10.0.1.1.53 rtable 1 as C").find("in use"),
              std::string::npos);
    n.fails("socket udp bind 10.0.1.1.54 rtable 9 as D");
    n.run("send B 8 to 10.0.1.9.7");
    EXPECT_EQ(n.sent(0).size(), 0U);
    EXPECT_EQ(n.sent(2).size(), 1U);
    n.run("close A");
    n.run("close B");
}

TEST(rdomain, a_move_takes_addresses_and_their_routes_away) {
    twice n;
    n.run("route add 10.8.0.0/16 10.0.1.9");
    n.run("ifconfig em0 rdomain 2");
    EXPECT_EQ(n.run("ifconfig em0").find("inet "), std::string::npos);
    EXPECT_NE(n.run("ifconfig em0").find(" rdomain 2 mtu 1500"), std::string::npos);
    n.fails("route get 10.8.0.1");
    n.fails("route get 10.0.1.9");
    n.run("route get 10.9.0.5");  // over em1, which has not moved
    n.run("ifconfig em0 inet 10.0.1.1/24");
    n.fails("route get 10.0.1.1");
    n.run("route -T 2 get 10.0.1.1");
    n.run("ifconfig em0 -rdomain");
    EXPECT_EQ(n.run("ifconfig em0").find("rdomain"), std::string::npos);
    n.fails("route -T 2 get 10.0.1.1");
}

TEST(rdomain, a_table_of_route_is_no_domain) {
    twice n;
    n.run("route -T 7 add default 10.0.2.2");  // which is a neighbour in domain 0
    EXPECT_NE(n.run("route -T 7 show").find("default"), std::string::npos);
    EXPECT_EQ(n.run("route show").find("default"), std::string::npos);
    EXPECT_NE(n.run("netstat -rn -T 7").find("10.0.2.2"), std::string::npos);
    EXPECT_NE(n.fails("ifconfig em0 rdomain 7").find("SIOCSIFRDOMAIN: Invalid argument"),
              std::string::npos);
    n.fails("ifconfig em0 rdomain 256");
    n.fails("route -T 256 show");
    n.fails("route -T 8 show");
    n.fails("route -T 8 get 10.0.2.2");
    n.fails("route -T 8 delete default");
    // What goes with an address goes from every table of its domain.
    n.run("ifconfig em1 10.0.2.1 delete");
    n.fails("route -T 7 get 10.5.0.1");
}

TEST(rdomain, fragments_of_another_are_of_another_packet) {
    twice n;
    ip_packet first;
    first.header.destination = ip(10, 0, 1, 1);
    bytes f = first.frame();
    const auto cut = [&](uint16_t off) {
        bytes g = f;
        ip_of(g).set_off(off);
        ip_of(g).update_sum();
        return g;
    };
    constexpr uint16_t more = 0x2000;
    EXPECT_EQ(n.input("em0", cut(more)), "held");
    EXPECT_EQ(n.input("em2", cut(1)), "held");  // would be the rest of it
    n.expect_conserved();
}

TEST(rdomain, a_route_that_is_refused_makes_no_table) {
    twice n;
    EXPECT_NE(n.fails("route -T 7 add 10.7.0.0/16 10.0.77.1").find("Network is unreachable"),
              std::string::npos);
    n.fails("route -T 7 add -iface 10.7.0.0/16 10.0.77.1");
    n.fails("route -T 7 add -cloning 10.7.0.0/16 10.0.2.2");
    n.fails("route -T 7 add 10.7.0.0/16 10.0.1.1");
    n.fails("route -T 7 show");
    n.run("ifconfig em0 rdomain 7");  // so that it can be made a domain still
    n.run("route -T 7 show");
    n.run("route -T 6 add -iface 10.7.0.0/16 10.0.2.1");
    n.run("route -T 6 get 10.7.0.1");
    n.run("route -T 5 add -blackhole 10.7.0.0/16 127.0.0.1");
    EXPECT_NE(n.run("route -T 5 show").find("10.7/16"), std::string::npos);
}

TEST(rdomain, the_loopback_of_a_domain_stays) {
    twice n;
    n.run("ifconfig lo0 create");
    EXPECT_NE(n.fails("ifconfig lo0 rdomain 1").find("SIOCSIFRDOMAIN: Operation not permitted"),
              std::string::npos);
    n.run("ifconfig lo0 rdomain 0");
    n.run("ifconfig lo2 create");
    n.run("ifconfig lo2 rdomain 1");
    n.run("ifconfig lo2 rdomain 0");  // that one is nobody's
    n.run("ifconfig lo1 create");
    n.run("ifconfig lo1 rdomain 1");
    n.run("ifconfig lo1 up");
    n.fails("ifconfig lo1 rdomain 0");
    n.fails("ifconfig lo1 rdomain 2");
    n.fails("route -T 2 show");  // nor does that make a domain
}

TEST(rdomain, what_a_domain_sends_to_itself_goes_by_its_own_loopback) {
    twice n;
    n.run("ifconfig lo0 create");
    n.run("ifconfig lo0 up");
    n.run("socket udp bind 10.0.1.1.53 rtable 1 as A");
    n.run("socket udp bind 10.0.2.1.54 rtable 1 as B");
    const auto sent = [&](const char* ifname) {
        const std::string all = n.run("netstat -in");
        const size_t at = all.find(ifname);
        return all.substr(at, all.find('\n', at) - at);
    };
    const std::string before = sent("lo0");
    n.run("send B 8 to 10.0.1.1.53");  // at once: there is none
    EXPECT_EQ(sent("lo0"), before);
    n.run("ifconfig lo1 create");
    n.run("ifconfig lo1 rdomain 1");
    n.run("ifconfig lo1 up");
    const std::string unused = sent("lo1");
    n.run("send B 8 to 10.0.1.1.53");
    EXPECT_EQ(sent("lo0"), before);
    EXPECT_NE(sent("lo1"), unused);
    EXPECT_EQ(n.st.routes.loindex.load(), model::net::if_unit_locked(n.st, "lo0")->if_index);
    n.run("ifconfig lo1 destroy");
    EXPECT_EQ(model::net::rtable_get(n.st, 1)->loindex.load(), 0U);
    n.run("send B 8 to 10.0.1.1.53");
    n.run("close A");
    n.run("close B");
}

TEST(rdomain, neighbours_and_groups_do_not_move) {
    twice n;
    n.run("socket udp bind *.5000 as S");
    n.run("join S 224.1.2.3 on em1");
    n.run("arp -s 10.0.2.7 02:00:00:00:02:07");
    ip_packet p;
    p.header.destination = ip(10, 0, 2, 8);  // nobody knows it: held
    EXPECT_EQ(n.input("em0", p.frame()), "held");
    const uint32_t held = n.last_packet();
    n.run("ifconfig em1 rdomain 1");
    EXPECT_NE(n.fate(held), "held");
    EXPECT_EQ(n.run("arp -an").find("10.0.2."), std::string::npos);
    EXPECT_EQ(n.run("arp -V 1 -an").find("em1"), std::string::npos);
    ip_packet group;
    group.header.destination = ip(224, 1, 2, 3);
    group.to = 0x01005e010203;
    EXPECT_EQ(n.input("em1", group.frame()), "dropped notmember");
    n.run("ifconfig em1 rdomain 0");
    EXPECT_EQ(n.input("em1", group.frame()), "dropped notmember");
    n.run("leave S 224.1.2.3");
    n.run("join S 224.1.2.3 on em1");
    n.run("close S");
    n.expect_conserved();
}

TEST(rdomain, who_listens_hears_of_one_table) {
    twice n;
    n.run("route monitor as M");
    n.run("route -T 1 monitor as N");
    n.run("route monitor tables as A");
    n.run("route -T 1 add 10.7.0.0/16 10.0.2.2");
    EXPECT_EQ(n.run("route read M all"), "");
    EXPECT_NE(n.run("route read N all").find("RTM_ADD"), std::string::npos);
    EXPECT_NE(n.run("route read A all").find("RTM_ADD"), std::string::npos);
    n.run("route add 10.7.0.0/16 10.0.2.2");
    EXPECT_EQ(n.run("route read N all"), "");
    EXPECT_NE(n.run("route read M all").find("RTM_ADD"), std::string::npos);
    n.fails("route -T 1 add 10.7.0.0/16 10.0.77.2");
    EXPECT_EQ(n.run("route read M all"), "");
    EXPECT_NE(n.run("route read N all").find("RTM_ADD"), std::string::npos);
    // Addresses are those of the domain, also for a table that is none; interfaces are everybody's.
    n.run("route -T 7 add 10.7.0.0/16 10.0.2.2");
    n.run("route -T 7 monitor as S");
    n.run("ifconfig em3 inet 10.0.9.1/24 alias");
    EXPECT_EQ(n.run("route read M all"), "");
    EXPECT_EQ(n.run("route read S all"), "");
    EXPECT_NE(n.run("route read N all").find("RTM_NEWADDR"), std::string::npos);
    n.run("ifconfig em1 inet 10.0.9.1/24 alias");
    EXPECT_NE(n.run("route read S all").find("RTM_NEWADDR"), std::string::npos);
    EXPECT_EQ(n.run("route read N all"), "");
    n.run("ifconfig vether0 create");
    EXPECT_NE(n.run("route read N all").find("RTM_IFANNOUNCE"), std::string::npos);
    for (const char* name : {"M", "N", "S", "A"}) {
        n.run(std::string("route read ") + name + " all");
        std::string known;
        const std::string_view words[] = {"knows", name};
        EXPECT_TRUE(model::admin::observe_monitor(n.st, words, known));
        EXPECT_EQ(known, "in_step") << name;
        n.run(std::string("route close ") + name);
    }
}

}  // namespace

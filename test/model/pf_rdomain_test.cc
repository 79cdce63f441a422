// pf and routing domains: rules that choose a table, rules of a domain, states that lead from one domain into another.
#include <gtest/gtest.h>

#include <cerrno>

#include "model/pf/pf_invariant.h"
#include "model/pf/pf_ioctl.h"
#include "test/model/twice.h"

namespace {

using namespace model_test;
namespace pf = model::pf;

struct filtered_twice : twice {
    explicit filtered_twice(const std::string& rules) {
        run("route -T 1 add 10.9.0.0/16 10.0.2.2");
        run("arp -V 1 -s 10.0.2.2 02:00:00:00:02:02");
        load(rules);
        run("pfctl -e");
        forget_wires();
    }
    ~filtered_twice() {
        EXPECT_TRUE(pf::pf_trees_sound(&st));
        EXPECT_TRUE(pf::pf_rulesets_sound(&st));
    }
    void load(const std::string& rules) { run("pfctl -f -\n" + rules); }
    // How many lines of `pfctl -s states` have this in them.
    size_t states(std::string_view text) {
        const std::string all = run("pfctl -s states");
        size_t count = 0;
        for (size_t at = 0; at < all.size();) {
            const size_t end = all.find('\n', at);
            count += all.substr(at, end - at).find(text) != std::string::npos ? 1 : 0;
            at = end + 1;
        }
        return count;
    }
};

bytes there() {
    return ip_packet{}.frame();
}
// The answer to it.
bytes back() {
    ip_packet p;
    p.header.source = far;
    p.header.destination = sender;
    p.to = em1_lladdr;
    bytes f = p.frame();
    std::span<uint8_t> ports = ip_of(f).payload();
    std::swap(ports[0], ports[2]);
    std::swap(ports[1], ports[3]);
    return f;
}

TEST(pf_rdomain, a_rule_chooses_the_table_of_a_packet) {
    filtered_twice n("pass in on em0 rtable 1 no state\npass out no state");
    EXPECT_EQ(n.input("em0", there()), "forwarded em3");
    n.load("pass no state");
    EXPECT_EQ(n.input("em0", there()), "forwarded em1");
    n.load("match in on em0 rtable 1\npass no state");
    EXPECT_EQ(n.input("em0", there()), "forwarded em3");
    n.load("match in on em0 rtable 1\npass in on em0 rtable 0 no state");
    EXPECT_EQ(n.input("em0", there()), "forwarded em1");
    n.expect_conserved();
}

TEST(pf_rdomain, a_state_leads_into_the_other_domain_and_back) {
    filtered_twice n("pass in on em0 rtable 1\npass out");
    EXPECT_EQ(n.input("em0", there()), "forwarded em3");
    EXPECT_EQ(n.run("pfctl -s states"),
              "all udp (1) 10.9.0.5:515 (10.9.0.5:515) <- (1) 10.0.1.9:1 (10.0.1.9:1)       "
              "NO_TRAFFIC:SINGLE\n"
              "all udp (1) 10.0.1.9:1 -> (1) 10.9.0.5:515       SINGLE:NO_TRAFFIC\n");
    // The second packet goes the way of the first, by the state alone.
    n.load("block in\npass out");
    EXPECT_EQ(n.input("em0", there()), "forwarded em3");
    EXPECT_EQ(n.sent(3).size(), 2U);
    // What comes back is meant for a host of domain 1, until the state says which one it is.
    EXPECT_EQ(n.input("em3", back()), "forwarded em0");
    EXPECT_EQ(n.sent(2).size(), 0U);
    EXPECT_EQ(n.states("MULTIPLE:MULTIPLE"), 0U);
    EXPECT_EQ(n.states("SINGLE:MULTIPLE") + n.states("MULTIPLE:SINGLE"), 2U);
    n.expect_conserved();
}

TEST(pf_rdomain, the_same_ends_in_two_domains_are_two_connections) {
    filtered_twice n("pass");
    EXPECT_EQ(n.input("em0", there()), "forwarded em1");
    EXPECT_EQ(n.states("10.9.0.5"), 2U);
    EXPECT_EQ(n.input("em2", there()), "forwarded em3");
    EXPECT_EQ(n.states("10.9.0.5"), 4U);
    EXPECT_EQ(n.states("(1) "), 2U);
    EXPECT_EQ(n.input("em3", back()), "forwarded em2");
    EXPECT_EQ(n.states("MULTIPLE"), 2U);
    n.load("block");
    EXPECT_EQ(n.input("em1", back()), "forwarded em0");
    EXPECT_EQ(n.states("MULTIPLE"), 4U);
}

TEST(pf_rdomain, a_rule_of_a_domain) {
    filtered_twice n("pass no state\nblock in on rdomain 1");
    EXPECT_EQ(n.input("em0", there()), "forwarded em1");
    EXPECT_EQ(n.input("em2", there()), "dropped match");
    n.load("pass no state\nblock in on ! rdomain 1");
    EXPECT_EQ(n.input("em0", there()), "dropped match");
    EXPECT_EQ(n.input("em2", there()), "forwarded em3");
    // A table that is no domain is of one all the same.
    n.run("route -T 7 add 10.9.0.0/16 10.0.2.2");
    n.load("pass no state\nmatch in on em0 rtable 7\nblock out on ! rdomain 0");
    EXPECT_EQ(n.input("em0", there()), "forwarded em1");
    EXPECT_EQ(n.input("em2", there()), "dropped match");
}

TEST(pf_rdomain, a_socket_of_the_other_domain_answers) {
    filtered_twice n("pass in on em0 proto udp rtable 1\npass out");
    n.run("socket udp bind 10.0.1.1.515 rtable 1 as S");
    ip_packet p;
    p.header.destination = ip(10, 0, 1, 1);
    bytes f = p.frame();
    std::span<uint8_t> udp = ip_of(f).payload();
    udp[4] = udp[6] = udp[7] = 0;  // a length that is true, and no checksum
    udp[5] = 8;
    EXPECT_EQ(n.input("em0", f), "delivered S");
    n.run("send S 4 to 10.0.1.9.1");
    EXPECT_EQ(n.sent(2).size(), 0U);
    EXPECT_EQ(n.sent(0).size(), 1U);
    n.run("close S");
}

TEST(pf_rdomain, an_error_finds_its_way_back) {
    filtered_twice n("pass in on em0 rtable 1\npass out");
    EXPECT_EQ(n.input("em0", there()), "forwarded em3");
    bytes quoted = n.sent(3).at(0);
    ip_packet p;
    p.header.protocol = model::netinet::ipproto_icmp;
    p.header.source = next_hop;
    p.header.destination = sender;
    p.payload = model::netinet::icmp_minlen + model::netinet::ip_size_min + 8;
    p.to = em1_lladdr;
    bytes f = p.frame();
    const model::netinet::icmp_view icmp(ip_of(f).payload());
    icmp.set_type(model::netinet::icmp_unreach);
    icmp.set_code(model::netinet::icmp_unreach_host);
    const std::span<uint8_t> original = packet_of(quoted);
    std::copy_n(original.begin(), icmp.data().size(), icmp.data().begin());
    icmp.update_sum();
    EXPECT_EQ(n.input("em3", f), "forwarded em0");
}

TEST(pf_rdomain, a_table_must_be_there) {
    filtered_twice n("pass");
    EXPECT_NE(n.fails("pfctl -f -\npass in rtable 9").find("stdin:1: rtable 9 does not exist"),
              std::string::npos);
    EXPECT_NE(n.fails("pfctl -f -\nanchor \"a\" {\npass in rtable 9\n}").find("rtable 9"),
              std::string::npos);
    n.run("route -T 9 add 10.9.0.0/16 10.0.2.2");
    n.run("pfctl -f -\npass in rtable 9");
    EXPECT_NE(
        n.fails("pfctl -f -\npass on rdomain 9").find("number 9 is not a valid routing domain"),
        std::string::npos);
    n.fails("pfctl -f -\npass on rdomain 8");
    EXPECT_EQ(n.run("pfctl -s rules"), "pass in all flags S/SA rtable 9\n");
    // Who does not ask pfctl is told by pf.
    std::vector<pf::pf_trans_element> main = {{}};
    pf::pf_ioc_xbegin(n.st, main);
    pf::pf_rule_spec spec;
    spec.rtableid = 10;
    EXPECT_EQ(pf::pf_ioc_addrule(n.st, main[0], spec), EBUSY);
    spec.rtableid = 9;
    EXPECT_EQ(pf::pf_ioc_addrule(n.st, main[0], spec), 0);
    pf::pf_ioc_xrollback(n.st, main);
}

}  // namespace

// Packets that come in: what is wrong with them, whose they are, what is answered.
#include <gtest/gtest.h>

#include <functional>

#include "test/model/network.h"

namespace {

using namespace model_test;
using namespace model::netinet;
using model::net::counter;

// ---- what is wrong with a packet ----------------------------------------------------------------

struct bad_packet {
    const char* fate;
    counter which;
    std::function<void(bytes&)> spoil;
    bool sum_again;
};

TEST(ip_input, drops_what_is_wrong_and_says_why) {
    const bad_packet cases[] = {
        {"dropped toosmall", counter::ips_toosmall, [](bytes& f) { f.resize(14 + 19); }, false},
        {"dropped badvers", counter::ips_badvers, [](bytes& f) { f[14] = 0x65; }, true},
        {"dropped badhlen", counter::ips_badhlen, [](bytes& f) { f[14] = 0x44; }, false},
        {"dropped badhlen", counter::ips_badhlen, [](bytes& f) { f[14] = 0x4f; }, false},
        {"dropped badsum", counter::ips_badsum, [](bytes& f) { f[14 + 8] ^= 1; }, false},
        {"dropped badlen", counter::ips_badlen, [](bytes& f) { ip_of(f).set_total_size(19); },
         true},
        {"dropped tooshort", counter::ips_tooshort,
         [](bytes& f) { ip_of(f).set_total_size(f.size() - 14 + 1); }, true},
        {"dropped badaddr", counter::ips_badaddr,
         [](bytes& f) { ip_of(f).set_source(inaddr_loopback); }, true},
        {"dropped badaddr", counter::ips_badaddr,
         [](bytes& f) { ip_of(f).set_destination(inaddr_loopback); }, true},
        {"dropped badaddr", counter::ips_badaddr,
         [](bytes& f) { ip_of(f).set_source(ip(224, 0, 0, 5)); }, true},
        {"dropped badaddr", counter::ips_badaddr,
         [](bytes& f) { ip_of(f).set_source(inaddr_broadcast); }, true},
        {"dropped cantforward", counter::ips_cantforward,
         [](bytes& f) { ip_of(f).set_source(ip(0, 0, 0, 0)); }, true},
        {"dropped cantforward", counter::ips_cantforward,
         [](bytes& f) { ip_of(f).set_source(ip(240, 0, 0, 1)); }, true},
    };
    for (const bad_packet& c : cases) {
        network n;
        n.set_up();
        bytes f = ip_packet{}.frame();
        c.spoil(f);
        if (c.sum_again) {
            ip_of(f).update_sum();
        }
        EXPECT_EQ(n.input("em0", f), c.fate);
        EXPECT_EQ(n.count(c.which), 1) << c.fate;
        EXPECT_EQ(n.count(counter::ips_total), 1);
        EXPECT_TRUE(n.sent(0).empty());
        EXPECT_TRUE(n.sent(1).empty());
        n.expect_conserved();
    }
}

TEST(ip_input, what_the_link_added_is_cut_off) {
    network n;
    n.set_up();
    bytes f = ip_packet{}.frame();
    f.resize(f.size() + 18);  // Ethernet pads to 60 bytes
    EXPECT_EQ(n.input("em0", f), "forwarded em1");
    EXPECT_EQ(n.sent(1).at(0).size(), f.size() - 18);
}

// ---- whose it is --------------------------------------------------------------------------------

TEST(ip_input, a_host_forwards_nothing) {
    network n;
    n.set_up();
    n.run("sysctl net.inet.ip.forwarding=0");
    EXPECT_EQ(n.input("em0", ip_packet{}.frame()), "dropped cantforward");
    EXPECT_EQ(n.count(counter::ips_cantforward), 1);
}

TEST(ip_input, a_host_takes_only_what_is_for_that_interface) {
    network n;
    n.set_up();
    const bytes f = echo_request(sender, ip(10, 0, 2, 1));
    EXPECT_EQ(n.input("em0", f), "delivered icmp");  // a router takes it
    n.run("sysctl net.inet.ip.forwarding=0");
    EXPECT_EQ(n.input("em0", f), "dropped wrongif");
    EXPECT_EQ(n.count(counter::ips_wrongif), 1);
}

TEST(ip_input, groups) {
    network n;
    n.set_up();
    ip_packet p;
    p.to = 0x01005e000001;
    p.header.destination = ip(224, 0, 0, 9);
    EXPECT_EQ(n.input("em0", p.frame()), "dropped notmember");
    bytes all_hosts = echo_request(sender, ip(224, 0, 0, 1));
    model::net::ether_header_put(all_hosts.data(),
                                 {0x01005e000001, lladdr_of(sender), model::net::ethertype_ip});
    EXPECT_EQ(n.input("em0", all_hosts), "dropped bmcastecho");
    n.run("sysctl net.inet.icmp.bmcastecho=1");
    EXPECT_EQ(n.input("em0", all_hosts), "delivered icmp");
    EXPECT_EQ(ip_of(n.sent(0).at(0)).source(), ip(10, 0, 1, 1));
}

constexpr uint8_t unknown_protocol = 253;  // RFC 3692: for experiments

TEST(ip_input, broadcasts_are_ours_and_are_not_answered) {
    network n;
    n.set_up();
    for (const uint32_t dst : {ip(10, 0, 1, 255), ip(10, 0, 2, 255), inaddr_broadcast}) {
        ip_packet p;
        p.header.protocol = unknown_protocol;
        p.header.destination = dst;
        p.to = model::net::ether_broadcast;
        EXPECT_EQ(n.input("em0", p.frame()), "dropped noproto") << dst;
    }
    // Nor one that only its IP address makes a broadcast.
    ip_packet unicast;
    unicast.header.protocol = unknown_protocol;
    unicast.header.destination = ip(10, 0, 1, 255);
    EXPECT_EQ(n.input("em0", unicast.frame()), "dropped noproto");
    EXPECT_TRUE(n.sent(0).empty());
    EXPECT_EQ(n.count(counter::icps_oldicmp), 4);
}

TEST(ip_input, directed_broadcast_passes_if_asked_to) {
    network n;
    n.set_up();
    n.run("sysctl net.inet.ip.directed-broadcast=1");
    ip_packet p;
    p.header.destination = ip(10, 0, 2, 255);
    EXPECT_EQ(n.input("em0", p.frame()), "forwarded em1");
    EXPECT_EQ(ether_of(n.sent(1).at(0)).dhost, model::net::ether_broadcast);
}

TEST(ip_input, unknown_protocol_is_unreachable) {
    network n;
    n.set_up();
    ip_packet p;
    p.header.protocol = unknown_protocol;
    p.header.destination = ip(10, 0, 1, 1);
    EXPECT_EQ(n.input("em0", p.frame()), "dropped noproto");
    std::vector<bytes> errors = n.sent(0);
    ASSERT_EQ(errors.size(), 1U);
    const icmp_view icmp(ip_of(errors[0]).payload());
    EXPECT_EQ(icmp.type(), icmp_unreach);
    EXPECT_EQ(icmp.code(), icmp_unreach_protocol);
}

// ---- echo ---------------------------------------------------------------------------------------

TEST(icmp_input, answers_an_echo_request) {
    network n;
    n.set_up();
    bytes request = echo_request(sender, ip(10, 0, 1, 1));
    EXPECT_EQ(n.input("em0", request), "delivered icmp");
    std::vector<bytes> replies = n.sent(0);
    ASSERT_EQ(replies.size(), 1U);
    bytes& reply = replies[0];
    EXPECT_EQ(ether_of(reply).dhost, lladdr_of(sender));
    EXPECT_EQ(ether_of(reply).shost, em0_lladdr);
    const ip_view ip = ip_of(reply);
    EXPECT_EQ(ip.source(), model_test::ip(10, 0, 1, 1));
    EXPECT_EQ(ip.destination(), sender);
    EXPECT_EQ(ip.ttl(), 255);
    EXPECT_EQ(in_cksum(ip.header()), 0);
    const icmp_view icmp(ip.payload());
    EXPECT_EQ(icmp.type(), icmp_echoreply);
    EXPECT_TRUE(icmp.sum_is_right());
    const icmp_view asked(ip_of(request).payload());
    EXPECT_EQ(icmp.id(), asked.id());
    EXPECT_EQ(icmp.sequence(), asked.sequence());
    EXPECT_TRUE(std::ranges::equal(icmp.data(), asked.data()));
    // The reply is a packet of ours: nobody's number is on it.
    EXPECT_EQ(model::net::wire_frame_or_null(n.st.wires[0], n.st.wires[0].length - 1)->packet, 0U);
    EXPECT_EQ(n.count(counter::icps_reflect), 1);
    n.expect_conserved();
}

TEST(icmp_input, bad_messages) {
    network n;
    n.set_up();
    bytes sum = echo_request(sender, ip(10, 0, 1, 1));
    sum.back() ^= 1;
    EXPECT_EQ(n.input("em0", sum), "dropped badsum");
    EXPECT_EQ(n.count(counter::icps_checksum), 1);

    ip_packet small;
    small.header.protocol = ipproto_icmp;
    small.header.destination = ip(10, 0, 1, 1);
    small.payload = 7;
    EXPECT_EQ(n.input("em0", small.frame()), "dropped tooshort");
    EXPECT_EQ(n.count(counter::icps_tooshort), 1);
    EXPECT_TRUE(n.sent(0).empty());
}

// As upstream: nobody looks at it, and the answer has it, too.
TEST(icmp_input, a_request_with_a_code_is_answered) {
    network n;
    n.set_up();
    bytes request = echo_request(sender, ip(10, 0, 1, 1));
    const icmp_view icmp(ip_of(request).payload());
    icmp.set_code(1);
    icmp.update_sum();
    n.input("em0", request);
    std::vector<bytes> replies = n.sent(0);
    ASSERT_EQ(replies.size(), 1U);
    const icmp_view answered(ip_of(replies[0]).payload());
    EXPECT_EQ(answered.type(), icmp_echoreply);
    EXPECT_EQ(answered.code(), 1);
    EXPECT_TRUE(answered.sum_is_right());
    EXPECT_EQ(n.count(counter::icps_badcode), 0);
}

TEST(icmp_input, everything_else_ends_here) {
    for (const uint8_t type : {icmp_echoreply, icmp_unreach, uint8_t{13}}) {
        network n;
        n.set_up();
        bytes f = echo_request(sender, ip(10, 0, 1, 1), 28);
        const icmp_view icmp(ip_of(f).payload());
        icmp.set_type(type);
        icmp.data()[0] = 0x45;  // the packet that an error is about has a header
        icmp.update_sum();
        EXPECT_EQ(n.input("em0", f), "delivered icmp");
        EXPECT_TRUE(n.sent(0).empty());
    }
}

TEST(icmp_input, who_says_to_be_us_is_answered_by_us_to_us) {
    network n;
    n.set_up();
    EXPECT_EQ(n.input("em0", echo_request(ip(10, 0, 2, 1), ip(10, 0, 1, 1))), "delivered icmp");
    EXPECT_TRUE(n.sent(0).empty());
    EXPECT_TRUE(n.sent(1).empty());
    n.expect_conserved();
}

}  // namespace

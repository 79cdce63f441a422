// Packets that go on, and what their senders are told when they do not.
#include <gtest/gtest.h>

#include <cerrno>

#include "model/netinet/ip_icmp.h"
#include "model/netinet/ip_output.h"
#include "test/model/network.h"

namespace {

using namespace model_test;
using namespace model::netinet;
using model::net::counter;

// The one ICMP error that left by em`unit`: type and code, and what it quotes.
struct error_seen {
    int type = -1;
    int code = -1;
    uint32_t value = 0;
    bytes quoted;
    bytes frame;
};

error_seen the_error(network& n, unsigned unit) {
    std::vector<bytes> frames = n.sent(unit);
    EXPECT_EQ(frames.size(), 1U);
    if (frames.size() != 1) {
        return {};
    }
    const ip_view ip = ip_of(frames[0]);
    EXPECT_EQ(ip.protocol(), ipproto_icmp);
    EXPECT_EQ(in_cksum(ip.header()), 0);
    const icmp_view icmp(ip.payload());
    EXPECT_TRUE(icmp.sum_is_right());
    const auto quoted = icmp.data();
    return {icmp.type(), icmp.code(), icmp.gateway(), bytes(quoted.begin(), quoted.end()),
            frames[0]};
}

TEST(ip_forward, one_hop_further) {
    network n;
    n.set_up();
    bytes in = ip_packet{}.frame();
    EXPECT_EQ(n.input("em0", in), "forwarded em1");
    std::vector<bytes> frames = n.sent(1);
    ASSERT_EQ(frames.size(), 1U);
    bytes& out = frames[0];
    EXPECT_EQ(ether_of(out).dhost, lladdr_of(next_hop));
    EXPECT_EQ(ether_of(out).shost, em1_lladdr);
    EXPECT_EQ(ip_of(out).ttl(), 63);
    EXPECT_EQ(in_cksum(ip_of(out).header()), 0);
    // Nothing else has changed.
    ip_of(out).set_ttl(64);
    ip_of(out).update_sum();
    EXPECT_TRUE(std::equal(in.begin() + 14, in.end(), out.begin() + 14, out.end()));
    EXPECT_EQ(n.count(counter::ips_forward), 1);
    EXPECT_TRUE(n.sent(0).empty());
    n.expect_conserved();
}

TEST(ip_forward, time_exceeded) {
    for (const uint8_t ttl : {uint8_t{0}, uint8_t{1}}) {
        network n;
        n.set_up();
        ip_packet p;
        p.header.ttl = ttl;
        p.payload = 100;
        const bytes in = p.frame();
        EXPECT_EQ(n.input("em0", in), "dropped ttl");
        EXPECT_TRUE(n.sent(1).empty());
        error_seen e = the_error(n, 0);
        ASSERT_EQ(e.type, icmp_timxceed);
        EXPECT_EQ(e.code, icmp_timxceed_intrans);
        EXPECT_EQ(ip_of(e.frame).source(), ip(10, 0, 1, 1));
        EXPECT_EQ(ip_of(e.frame).destination(), sender);
        EXPECT_EQ(ip_of(e.frame).ttl(), 255);
        // The header as it came in, and eight bytes more.
        ASSERT_EQ(e.quoted.size(), 28U);
        EXPECT_TRUE(std::equal(e.quoted.begin(), e.quoted.end(), in.begin() + 14));
    }
}

TEST(ip_forward, no_route) {
    network n;
    n.set_up();
    ip_packet p;
    p.header.destination = ip(172, 16, 0, 1);
    EXPECT_EQ(n.input("em0", p.frame()), "dropped noroute");
    const error_seen e = the_error(n, 0);
    EXPECT_EQ(e.type, icmp_unreach);
    EXPECT_EQ(e.code, icmp_unreach_host);
    EXPECT_EQ(n.count(counter::ips_noroute), 1);
}

TEST(ip_forward, interface_gone) {
    network n;
    n.set_up();
    n.run("ifconfig em1 destroy");
    EXPECT_EQ(n.input("em0", ip_packet{}.frame()), "dropped noroute");
    EXPECT_EQ(the_error(n, 0).code, icmp_unreach_host);
    n.expect_conserved();
}

TEST(ip_forward, needs_to_be_fragmented_but_may_not) {
    network n;
    n.set_up();
    n.run("ifconfig em1 mtu 576");
    ip_packet p;
    p.header.dont_fragment = true;
    p.payload = 576 - 20 + 1;
    bytes in = p.frame();
    EXPECT_EQ(n.input("em0", in), "dropped needfrag");
    const error_seen e = the_error(n, 0);
    EXPECT_EQ(e.type, icmp_unreach);
    EXPECT_EQ(e.code, icmp_unreach_needfrag);
    EXPECT_EQ(e.value, 576U);
    EXPECT_EQ(e.quoted[8], 64) << "the time to live of the packet as it came in";
    EXPECT_EQ(n.count(counter::ips_cantfrag), 1);
    p.payload = 576 - 20;
    EXPECT_EQ(n.input("em0", p.frame()), "forwarded em1");
}

TEST(ip_forward, fragments_what_is_too_large) {
    network n;
    n.set_up();
    n.run("ifconfig em1 mtu 576");
    ip_packet p;
    p.payload = 1400;
    const bytes in = p.frame();
    EXPECT_EQ(n.input("em0", in), "forwarded em1");
    std::vector<bytes> frames = n.sent(1);
    ASSERT_EQ(frames.size(), 3U);
    bytes joined;
    for (bytes& f : frames) {
        const ip_view ip = ip_of(f);
        EXPECT_LE(ip.total_size(), 576U);
        EXPECT_EQ(ip.total_size(), f.size() - 14);
        EXPECT_EQ(ip.id(), 77);
        EXPECT_EQ(in_cksum(ip.header()), 0);
        EXPECT_EQ(ip.fragment_offset(), joined.size());
        EXPECT_EQ(ip.more_fragments(), &f != &frames.back());
        joined.insert(joined.end(), ip.payload().begin(), ip.payload().end());
    }
    EXPECT_TRUE(std::equal(joined.begin(), joined.end(), in.begin() + 34, in.end()));
    n.expect_conserved();
}

TEST(ip_forward, a_fragment_of_a_fragment_keeps_its_place) {
    network n;
    n.set_up();
    n.run("ifconfig em1 mtu 100");
    ip_packet p;
    p.payload = 160;
    bytes in = p.frame();
    ip_of(in).set_off(ip_mf | 10);
    ip_of(in).update_sum();
    EXPECT_EQ(n.input("em0", in), "forwarded em1");
    std::vector<bytes> frames = n.sent(1);
    ASSERT_EQ(frames.size(), 2U);
    EXPECT_EQ(ip_of(frames[0]).fragment_offset(), 80U);
    EXPECT_EQ(ip_of(frames[1]).fragment_offset(), 160U);
    EXPECT_TRUE(ip_of(frames[1]).more_fragments());
}

TEST(ip_forward, options_with_the_copy_flag_are_in_every_fragment) {
    network n;
    n.set_up();
    n.run("ifconfig em1 mtu 100");
    ip_packet p;
    p.payload = 120;
    bytes in = p.frame();
    const std::vector<uint8_t> options = {7, 3, 4, 148, 4, 0, 0, 0};  // record route, router alert
    in[14] = 0x47;
    in.insert(in.begin() + 34, options.begin(), options.end());
    ip_of(in).set_total_size(in.size() - 14);
    ip_of(in).update_sum();
    EXPECT_EQ(n.input("em0", in), "forwarded em1");
    std::vector<bytes> frames = n.sent(1);
    ASSERT_EQ(frames.size(), 2U);
    EXPECT_EQ(ip_of(frames[0]).header_size(), 28U);
    EXPECT_EQ(ip_of(frames[1]).header_size(), 24U);
    EXPECT_EQ(frames[1][34], 148);
    EXPECT_EQ(ip_of(frames[0]).payload().size() + ip_of(frames[1]).payload().size(), 120U);
}

TEST(ip_forward, what_may_not_be_forwarded) {
    struct refused {
        uint32_t destination;
        model::net::ether_addr to;
    };
    for (const refused& c : {refused{far, model::net::ether_broadcast},
                             refused{far, 0x01005e000001}, refused{ip(0, 1, 2, 3), em0_lladdr}}) {
        network n;
        n.set_up();
        n.run("route add default 10.0.2.2");
        ip_packet p;
        p.header.destination = c.destination;
        p.to = c.to;
        EXPECT_EQ(n.input("em0", p.frame()), "dropped cantforward");
        EXPECT_TRUE(n.sent(0).empty());
    }
}

// ---- redirects ----------------------------------------------------------------------------------

TEST(ip_forward, redirects_who_could_go_there_directly) {
    network n;
    n.set_up();
    n.run("route add 10.8.0.0/16 10.0.1.2");
    n.run("arp -s 10.0.1.2 02:00:00:00:01:02");
    ip_packet p;
    p.header.destination = ip(10, 8, 0, 1);
    EXPECT_EQ(n.input("em0", p.frame()), "forwarded em0");
    std::vector<bytes> frames = n.sent(0);
    ASSERT_EQ(frames.size(), 2U);
    EXPECT_EQ(ether_of(frames[0]).dhost, lladdr_of(ip(10, 0, 1, 2)));
    const icmp_view icmp(ip_of(frames[1]).payload());
    EXPECT_EQ(icmp.type(), icmp_redirect);
    EXPECT_EQ(icmp.code(), icmp_redirect_host);
    EXPECT_EQ(icmp.gateway(), ip(10, 0, 1, 2));
}

// Whether a packet between two hosts of em0 makes the router send a redirect.
bool redirects(network& n) {
    ip_packet p;
    p.header.source = ip(10, 8, 0, 9);
    p.header.destination = ip(10, 8, 0, 1);
    n.forget_wires();
    EXPECT_EQ(n.input("em0", p.frame()), "forwarded em0");
    return n.sent(0).size() == 2;
}

TEST(ip_forward, reasons_for_no_redirect) {
    network n;
    n.set_up();
    n.run("ifconfig em0 inet 10.8.0.200/16 alias");
    n.run("arp -s 10.8.0.1 02:00:00:00:08:01");
    n.run("arp -s 10.8.0.9 02:00:00:00:08:09");
    EXPECT_TRUE(redirects(n));
    n.run("sysctl net.inet.ip.redirect=0");
    EXPECT_FALSE(redirects(n));
    n.run("sysctl net.inet.ip.redirect=1");
    // Published for another: it may be asked for directly. For us: the sender cannot know better.
    n.run("arp -s 10.8.0.1 02:00:00:00:08:aa pub");
    EXPECT_TRUE(redirects(n));
    n.run("route delete -priority 8 10.8.0.1");
    n.run("arp -s 10.8.0.1 02:00:00:00:01:01 pub");
    EXPECT_FALSE(redirects(n));
}

TEST(ip_forward, no_redirect_to_the_default_router) {
    network n;
    n.set_up();
    n.run("route add default 10.0.1.2");
    n.run("arp -s 10.0.1.2 02:00:00:00:01:02");
    ip_packet p;
    p.header.destination = ip(10, 8, 0, 1);
    EXPECT_EQ(n.input("em0", p.frame()), "forwarded em0");
    EXPECT_EQ(n.sent(0).size(), 1U);
}

TEST(ip_forward, no_redirect_for_who_is_not_on_the_link) {
    network n;
    n.set_up();
    n.run("route add 10.8.0.0/16 10.0.1.2");
    n.run("arp -s 10.0.1.2 02:00:00:00:01:02");
    ip_packet p;
    p.header.source = ip(192, 0, 2, 1);
    p.header.destination = ip(10, 8, 0, 1);
    EXPECT_EQ(n.input("em0", p.frame()), "forwarded em0");
    EXPECT_EQ(n.sent(0).size(), 1U);
}

// ---- rules of errors ----------------------------------------------------------------------------

TEST(icmp_error, never_about_these) {
    struct silent {
        const char* what;
        void (*change)(bytes&);
    };
    const silent cases[] = {
        {"a fragment that is not the first", [](bytes& f) { ip_of(f).set_off(5); }},
        {"a source that is a group", [](bytes& f) { ip_of(f).set_source(0xe0000001); }},
        {"a source that is nobody", [](bytes& f) { ip_of(f).set_source(0); }},
        {"a source that is everybody", [](bytes& f) { ip_of(f).set_source(inaddr_broadcast); }},
        {"an error",
         [](bytes& f) {
             f[14 + 9] = ipproto_icmp;
             f[14 + 20] = icmp_unreach;
         }},
    };
    for (const silent& c : cases) {
        network n;
        n.set_up();
        ip_packet p;
        p.header.ttl = 1;
        bytes f = p.frame();
        c.change(f);
        // Some of them would not come so far.
        model::net::mbuf* m = model::net::m_devget(n.st, f.data() + 14, f.size() - 14);
        icmp_error(n.st, icmp_quote_of(*m), icmp_timxceed, icmp_timxceed_intrans, 0);
        model::net::m_freem(n.st, m);
        EXPECT_TRUE(n.sent(0).empty()) << c.what;
        EXPECT_EQ(n.count(counter::icps_oldicmp), 1) << c.what;
    }
}

TEST(icmp_error, about_a_query_and_about_a_first_fragment) {
    network n;
    n.set_up();
    bytes query = echo_request(sender, far);
    ip_of(query).set_ttl(1);
    ip_of(query).update_sum();
    n.input("em0", query);
    EXPECT_EQ(the_error(n, 0).type, icmp_timxceed);
    ip_packet p;
    p.header.ttl = 1;
    bytes first = p.frame();
    ip_of(first).set_off(ip_mf);
    ip_of(first).update_sum();
    n.input("em0", first);
    EXPECT_EQ(the_error(n, 0).type, icmp_timxceed);
}

TEST(icmp_error, at_most_so_many_a_second) {
    network n;
    n.set_up();
    n.run("sysctl net.inet.icmp.errppslimit=3");
    ip_packet p;
    p.header.ttl = 1;
    for (int i = 0; i < 5; ++i) {
        n.input("em0", p.frame());
    }
    EXPECT_EQ(n.sent(0).size(), 3U);
    EXPECT_EQ(n.count(counter::icps_toofreq), 2);
    n.pass(1);
    n.input("em0", p.frame());
    EXPECT_EQ(n.sent(0).size(), 1U);
    n.run("sysctl net.inet.icmp.errppslimit=-1");
    for (int i = 0; i < 20; ++i) {
        n.input("em0", p.frame());
    }
    EXPECT_EQ(n.sent(0).size(), 20U);
}

// ---- packets of ours ----------------------------------------------------------------------------

int output_to(network& n, uint32_t dst, unsigned flags) {
    model::net::mbuf* m = model::net::m_get(n.st, 40);
    const ip_view ip({m->data, m->len});
    ip.write({.protocol = ipproto_udp, .destination = dst}, 0);
    uint32_t mtu = 0;
    return ip_output(n.st, m, nullptr, flags, &mtu);
}

TEST(ip_output, chooses_the_source_by_the_way_out) {
    network n;
    n.set_up();
    EXPECT_EQ(output_to(n, sender, 0), 0);
    EXPECT_EQ(ip_of(n.sent(0).at(0)).source(), ip(10, 0, 1, 1));
    n.run("sysctl net.inet.ip.ttl=99");
    EXPECT_EQ(output_to(n, far, 0), 0);
    std::vector<bytes> frames = n.sent(1);
    EXPECT_EQ(ip_of(frames.at(0)).ttl(), 99);
    EXPECT_EQ(ip_of(frames.at(0)).source(), ip(10, 0, 2, 1));
    EXPECT_EQ(ether_of(frames.at(0)).dhost, lladdr_of(next_hop));
    EXPECT_EQ(n.count(counter::ips_localout), 2);
}

TEST(ip_output, errors) {
    network n;
    n.set_up();
    EXPECT_EQ(output_to(n, ip(0, 0, 0, 7), 0), ENETUNREACH);
    EXPECT_EQ(output_to(n, ip(172, 16, 0, 1), 0), EHOSTUNREACH);
    EXPECT_EQ(output_to(n, ip(10, 0, 2, 255), 0), EACCES);
    EXPECT_EQ(output_to(n, ip(10, 0, 2, 255), IP_ALLOWBROADCAST), 0);
    EXPECT_EQ(ether_of(n.sent(1).at(0)).dhost, model::net::ether_broadcast);
    n.run("ifconfig em1 down");
    EXPECT_EQ(output_to(n, far, 0), ENETDOWN);
    n.expect_conserved();
}

TEST(ip_output, identifications_differ) {
    network n;
    n.set_up();
    EXPECT_EQ(output_to(n, far, 0), 0);
    EXPECT_EQ(output_to(n, far, 0), 0);
    std::vector<bytes> frames = n.sent(1);
    EXPECT_NE(ip_of(frames.at(0)).id(), ip_of(frames.at(1)).id());
}

}  // namespace

// Options of packets: who records what in them, which are wrong and where, and which an answer gives back.
#include <gtest/gtest.h>

#include "model/netinet/ip_options.h"
#include "test/model/network.h"

namespace {

using namespace model_test;
using namespace model::netinet;
using model::net::counter;
using options_bytes = std::vector<uint8_t>;

constexpr uint32_t us = ip(10, 0, 1, 1);

bytes with_options(bytes f, const options_bytes& options) {
    f[14] = static_cast<uint8_t>(0x40 | (20 + options.size()) / 4);
    f.insert(f.begin() + 14 + 20, options.begin(), options.end());
    ip_of(f).set_total_size(f.size() - 14);
    ip_of(f).update_sum();
    return f;
}

options_bytes options_of(bytes& f) {
    const auto header = ip_of(f).header();
    EXPECT_EQ(in_cksum(header), 0);
    return {header.begin() + 20, header.end()};
}

struct wrong_option {
    options_bytes options;
    int pointer;  // of the parameter problem; -1: a source route that is refused
};

TEST(ip_options, what_is_wrong_is_pointed_at) {
    const wrong_option cases[] = {
        {{1, 1, 1, 7}, 24},                  // no room for a length
        {{7, 1, 4, 0}, 21},                  // shorter than itself
        {{7, 0, 4, 0}, 21},                  // nothing at all
        {{1, 7, 8, 4}, 22},                  // longer than the header
        {{7, 2, 0, 0}, 21},                  // no pointer
        {{7, 3, 3, 0}, 22},                  // into itself
        {{148, 5, 0, 0}, 21},                // router alert behind the end
        {{68, 3, 5, 0}, 21},                 // no flags
        {{68, 7, 5, 0, 0, 0, 0, 0}, 21},     // no timestamp
        {{68, 8, 4, 0, 0, 0, 0, 0}, 22},     // into itself
        {{68, 8, 5, 2, 0, 0, 0, 0}, 23},     // no such flag
        {{68, 8, 5, 1, 0, 0, 0, 0}, 20},     // an address and no time
        {{68, 8, 9, 0xf0, 0, 0, 0, 0}, 20},  // sixteen who had no room
        {{131, 7, 4, 10, 9, 0, 5, 0}, -1},
        {{137, 7, 4, 10, 9, 0, 5, 0}, -1},
    };
    for (const wrong_option& c : cases) {
        network n;
        n.set_up();
        const bytes f = with_options(ip_packet{}.frame(), c.options);
        EXPECT_EQ(n.input("em0", f), c.pointer < 0 ? "dropped srcroute" : "dropped badoptions");
        EXPECT_EQ(n.count(counter::ips_badoptions), 1);
        std::vector<bytes> errors = n.sent(0);
        ASSERT_EQ(errors.size(), 1U);
        const icmp_view icmp(ip_of(errors[0]).payload());
        EXPECT_EQ(icmp.type(), c.pointer < 0 ? icmp_unreach : icmp_paramprob);
        EXPECT_EQ(icmp.code(), c.pointer < 0 ? icmp_unreach_srcfail : 0);
        EXPECT_EQ(icmp.gateway(), c.pointer < 0 ? 0 : static_cast<uint32_t>(c.pointer) << 24)
            << int{c.options[0]} << " " << int{c.options[1]};
        EXPECT_TRUE(std::equal(icmp.data().begin(), icmp.data().end(), f.begin() + 14));
        n.expect_conserved();
    }
}

struct acted_on {
    options_bytes in;
    options_bytes out;
};

TEST(ip_options, a_router_records) {
    // Uptime is 1000 seconds; that is no time of day.
    const acted_on cases[] = {
        {{1, 1, 1, 0}, {1, 1, 1, 0}},
        {{0, 7, 99, 99}, {0, 7, 99, 99}},  // nothing behind the end is looked at
        {{148, 4, 0, 0}, {148, 4, 0, 0}},  // router alert
        {{99, 4, 1, 2}, {99, 4, 1, 2}},    // whatever that is
        {{7, 7, 4, 0, 0, 0, 0, 0}, {7, 7, 8, 10, 0, 2, 1, 0}},
        {{7, 7, 8, 1, 2, 3, 4, 0}, {7, 7, 8, 1, 2, 3, 4, 0}},  // full
        {{1, 7, 7, 4, 9, 9, 9, 9}, {1, 7, 7, 8, 10, 0, 2, 1}},
        {{68, 8, 5, 0, 0, 0, 0, 0}, {68, 8, 9, 0, 0x80, 0x0f, 0x42, 0x40}},
        {{68, 8, 9, 0, 1, 2, 3, 4}, {68, 8, 9, 0x10, 1, 2, 3, 4}},  // no room: counted
        {{68, 12, 5, 1, 0, 0, 0, 0, 0, 0, 0, 0},
         {68, 12, 13, 1, 10, 0, 1, 1, 0x80, 0x0f, 0x42, 0x40}},
        {{68, 12, 5, 3, 10, 0, 2, 1, 0, 0, 0, 0},
         {68, 12, 13, 3, 10, 0, 2, 1, 0x80, 0x0f, 0x42, 0x40}},
        {{68, 12, 5, 3, 10, 0, 2, 7, 0, 0, 0, 0}, {68, 12, 5, 3, 10, 0, 2, 7, 0, 0, 0, 0}},
    };
    for (const acted_on& c : cases) {
        network n;
        n.set_up();
        EXPECT_EQ(n.input("em0", with_options(ip_packet{}.frame(), c.in)), "forwarded em1");
        std::vector<bytes> out = n.sent(1);
        ASSERT_EQ(out.size(), 1U);
        EXPECT_EQ(options_of(out[0]), c.out) << int{c.in[0]} << " " << int{c.in[3]};
    }
}

TEST(ip_options, who_has_no_way_records_nothing) {
    network n;
    n.set_up();
    ip_packet p;
    p.header.destination = ip(192, 0, 2, 1);
    EXPECT_EQ(n.input("em0", with_options(p.frame(), {7, 7, 4, 0, 0, 0, 0, 0})), "dropped noroute");
    EXPECT_EQ(n.sent(0).size(), 1U);
}

TEST(ip_options, an_answer_gives_back_what_was_recorded) {
    const acted_on cases[] = {
        {{1, 1, 1, 1}, {}},
        {{148, 4, 0, 0}, {}},
        {{7, 11, 8, 10, 7, 7, 7, 0, 0, 0, 0, 0}, {7, 11, 12, 10, 7, 7, 7, 10, 0, 1, 1, 0}},
        {{1, 1, 7, 7, 4, 0, 0, 0, 0, 1, 1, 0}, {7, 7, 8, 10, 0, 1, 1, 0}},
        {{148, 4, 0, 0, 68, 8, 5, 0, 0, 0, 0, 0}, {68, 8, 9, 0, 0x80, 0x0f, 0x42, 0x40}},
        {{130, 3, 1, 1}, {130, 3, 1, 0}},
    };
    for (const acted_on& c : cases) {
        network n;
        n.set_up();
        const bytes asked = echo_request(sender, us);
        EXPECT_EQ(n.input("em0", with_options(asked, c.in)), "delivered icmp");
        std::vector<bytes> replies = n.sent(0);
        ASSERT_EQ(replies.size(), 1U);
        EXPECT_EQ(options_of(replies[0]), c.out) << int{c.in[0]};
        const icmp_view icmp(ip_of(replies[0]).payload());
        EXPECT_EQ(icmp.type(), icmp_echoreply);
        EXPECT_TRUE(icmp.sum_is_right());
        EXPECT_TRUE(std::equal(icmp.data().begin(), icmp.data().end(), asked.begin() + 42));
        EXPECT_EQ(ip_of(replies[0]).total_size() + 14, replies[0].size());
        n.expect_conserved();
    }
}

TEST(ip_options, source_routes_are_followed_if_asked_to) {
    network n;
    n.set_up();
    n.run("sysctl net.inet.ip.sourceroute=1");
    ip_packet p;
    p.header.destination = us;
    for (const uint8_t kind : {ipopt_lsrr, ipopt_ssrr}) {
        // A strict one may not go by a router.
        const bytes f = with_options(p.frame(), {kind, 7, 4, 10, 9, 0, 5, 0});
        EXPECT_EQ(n.input("em0", f), kind == ipopt_lsrr ? "forwarded em1" : "dropped srcroute");
    }
    std::vector<bytes> out = n.sent(1);
    ASSERT_EQ(out.size(), 1U);
    EXPECT_EQ(ip_of(out[0]).destination(), far);
    EXPECT_EQ(options_of(out[0]), (options_bytes{131, 7, 8, 10, 0, 2, 1, 0}));
    // Back to where it came from, and nobody is told of a better way.
    n.forget_wires();
    EXPECT_EQ(n.input("em0", with_options(p.frame(), {131, 7, 4, 10, 0, 1, 9, 0})),
              "forwarded em0");
    EXPECT_EQ(n.sent(0).size(), 1U);
    // The end of the route is us, or not yet us.
    EXPECT_EQ(n.input("em0", with_options(echo_request(sender, us), {131, 7, 8, 10, 9, 0, 5, 0})),
              "delivered icmp");
    EXPECT_EQ(n.input("em0", with_options(ip_packet{}.frame(), {131, 7, 4, 10, 9, 0, 5, 0})),
              "forwarded em1");
    EXPECT_EQ(n.input("em0", with_options(ip_packet{}.frame(), {137, 7, 4, 10, 9, 0, 5, 0})),
              "dropped srcroute");
    n.expect_conserved();
}

TEST(ip_options, the_second_fragment_has_those_that_are_copied) {
    network n;
    n.set_up();
    n.run("ifconfig em1 mtu 100");
    ip_packet p;
    p.payload = 120;
    const options_bytes options = {7, 3, 4, 148, 4, 0, 0, 0};
    EXPECT_EQ(n.input("em0", with_options(p.frame(), options)), "forwarded em1");
    std::vector<bytes> out = n.sent(1);
    ASSERT_EQ(out.size(), 2U);
    EXPECT_EQ(options_of(out[0]), options);
    EXPECT_EQ(options_of(out[1]), (options_bytes{148, 4, 0, 0}));
}

}  // namespace

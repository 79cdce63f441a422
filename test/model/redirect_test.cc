// Redirects that come in: who may say so, what becomes of the route, for how long.
#include <gtest/gtest.h>

#include <string>

#include "model/admin/observe.h"
#include "model/admin/text.h"
#include "model/net/rttimer.h"
#include "model/netinet/icmp_redirect.h"
#include "test/model/network.h"

namespace {

using namespace model;
using namespace model::net;
using namespace model::netinet;
using namespace model_test;

constexpr uint32_t us = ip(10, 0, 2, 1);
constexpr uint32_t better = ip(10, 0, 2, 3);

// A host on em1 (and, as nothing forwards, on em0), which follows redirects.
struct host : network {
    host() {
        set_up_interfaces();
        run("arp -s 10.0.2.2 02:00:00:00:02:02");
        run("arp -s 10.0.2.3 02:00:00:00:02:03");
        run("route add 10.9.0.0/16 10.0.2.2");
        run("sysctl net.inet.icmp.rediraccept=1");
    }
    std::string value(const std::string& words) {
        std::string out;
        EXPECT_TRUE(admin::observe(st, admin::split_words(words), out)) << words;
        return out;
    }
};

struct redirect {
    uint32_t from = next_hop;
    uint32_t gateway = better;
    uint32_t about = far;
    uint8_t code = icmp_redirect_host;
    size_t quoted = ip_size_min + 8;
};

bytes frame_of(const redirect& r) {
    bytes f = echo_request(r.from, us, r.quoted);
    ether_header_put(f.data(), {em1_lladdr, lladdr_of(r.from), ethertype_ip});
    const icmp_view icmp(ip_of(f).payload());
    icmp.set_type(icmp_redirect);
    icmp.set_code(r.code);
    icmp.set_void(r.gateway);
    if (r.quoted >= ip_size_min) {
        ip_view(icmp.data())
            .write({.ttl = 63, .protocol = ipproto_udp, .source = us, .destination = r.about}, 0);
    }
    icmp.update_sum();
    return f;
}

TEST(redirect, a_network_gets_a_host_route_beside_it) {
    host n;
    EXPECT_EQ(n.input("em1", frame_of({})), "delivered icmp");
    EXPECT_EQ(n.value("route 10.9.0.5"), "10.9.0.5/32");
    EXPECT_EQ(n.value("route paths 10.9.0.5"), "10.0.2.3 56");
    EXPECT_EQ(n.value("route 10.9.0.6"), "10.9.0.0/16");
    EXPECT_NE(n.run("route get 10.9.0.5").find("<UP,GATEWAY,HOST,DYNAMIC>"), std::string::npos);
    EXPECT_EQ(n.count(counter::rts_dynamic), 1);
    EXPECT_EQ(n.run("netstat -rs"),
              "routing:\n\t0 bad routing redirects\n\t1 dynamically created route\n"
              "\t0 new gateways due to redirects\n\t0 destinations found unreachable\n");
    // What follows goes by it.
    n.forget_wires();
    n.run("socket udp connect 10.9.0.5.53 as S");
    n.run("send S 8");
    const std::vector<bytes> sent = n.sent(1);
    ASSERT_EQ(sent.size(), 1U);
    EXPECT_EQ(ether_of(sent[0]).dhost, lladdr_of(better));
}

TEST(redirect, a_host_route_gets_another_gateway) {
    host n;
    n.run("route add 10.9.0.5 10.0.2.2");
    n.run("route monitor as M");
    n.input("em1", frame_of({}));
    EXPECT_EQ(n.value("route paths 10.9.0.5"), "10.0.2.3 8");
    EXPECT_NE(n.run("route get 10.9.0.5").find("<UP,GATEWAY,HOST,MODIFIED,STATIC>"),
              std::string::npos);
    EXPECT_EQ(n.count(counter::rts_newgateway), 1);
    EXPECT_EQ(n.value("monitor queued M"),
              "change 10.9.0.5/32 10.0.2.3 + redirect 10.9.0.5/32 10.0.2.3");
    // What the administrator made stays.
    n.pass(601);
    EXPECT_EQ(n.value("route paths 10.9.0.5"), "10.0.2.3 8");
    EXPECT_EQ(kern::pool_live(n.st.rttimer_pool), 0);
}

TEST(redirect, what_was_made_for_it_goes_when_its_time_is_up) {
    host n;
    n.run("sysctl net.inet.icmp.redirtimeout=30");
    n.input("em1", frame_of({}));
    n.pass(29);
    EXPECT_EQ(n.value("route 10.9.0.5"), "10.9.0.5/32");
    // By the one that is the gateway now; its time begins anew.
    n.input("em1", frame_of({.from = better, .gateway = next_hop}));
    EXPECT_EQ(n.value("route paths 10.9.0.5"), "10.0.2.2 56");
    EXPECT_TRUE(rt_timers_linked(&n.st));
    n.pass(29);
    EXPECT_EQ(n.value("route 10.9.0.5"), "10.9.0.5/32");
    n.pass(2);
    EXPECT_EQ(n.value("route 10.9.0.5"), "10.9.0.0/16");
    EXPECT_EQ(kern::pool_live(n.st.rttimer_pool), 0);
}

TEST(redirect, without_a_time_it_stays) {
    host n;
    n.run("sysctl net.inet.icmp.redirtimeout=0");
    n.input("em1", frame_of({}));
    EXPECT_EQ(kern::pool_live(n.st.rttimer_pool), 0);
    n.pass(100000);
    EXPECT_EQ(n.value("route 10.9.0.5"), "10.9.0.5/32");
}

struct refused {
    const char* why;
    redirect r;
    const char* fate = "delivered icmp";
    bool bad = true;  // counted as a bad redirect
};

TEST(redirect, what_is_not_believed) {
    const refused cases[] = {
        {"not from the gateway", {.from = ip(10, 0, 2, 7)}},
        {"the gateway is nobody's neighbour", {.gateway = ip(10, 7, 0, 1)}},
        {"the gateway is behind a router", {.gateway = ip(10, 9, 0, 1)}},
        {"on another network", {.gateway = ip(10, 0, 1, 9)}},
        {"it is us", {.gateway = us}},
        {"it is everybody", {.gateway = ip(10, 0, 2, 255)}},
        {"it is a group", {.gateway = ip(224, 0, 0, 1)}},
        {"it is this host", {.gateway = ip(127, 0, 0, 1)}},
        {"about a neighbour", {.about = ip(10, 0, 2, 9)}},
        {"about us", {.about = us}},
        {"about a group", {.about = ip(224, 0, 0, 5)}},
        {"about this host", {.about = ip(127, 0, 0, 1)}},
        {"no such code", {.code = 4}, "delivered icmp", false},
        {"nothing quoted", {.quoted = 0}, "dropped badlen", false},
        {"half a header quoted", {.quoted = ip_size_min - 1}, "dropped badlen", false},
        {"no ports quoted", {.quoted = ip_size_min + 7}, "dropped badlen", false},
    };
    for (const refused& c : cases) {
        host n;
        const int64_t routes = kern::pool_live(n.st.rtentry_pool);
        EXPECT_EQ(n.input("em1", frame_of(c.r)), c.fate) << c.why;
        EXPECT_EQ(n.count(counter::rts_badredirect), c.bad ? 1 : 0) << c.why;
        EXPECT_EQ(n.count(counter::icps_badcode) + n.count(counter::icps_badlen), c.bad ? 0 : 1)
            << c.why;
        EXPECT_EQ(n.value("route 10.9.0.5"), "10.9.0.0/16") << c.why;
        kern::smr_flush(n.st.smr);
        EXPECT_EQ(kern::pool_live(n.st.rtentry_pool), routes) << c.why;
        n.expect_conserved();
    }
}

TEST(redirect, a_header_that_claims_to_be_longer_than_what_is_quoted) {
    host n;
    bytes f = frame_of({.quoted = ip_size_min + 8});
    const icmp_view icmp(ip_of(f).payload());
    icmp.data()[0] = 0x4f;
    icmp.update_sum();
    EXPECT_EQ(n.input("em1", f), "dropped badlen");
    icmp.data()[0] = 0x44;
    icmp.update_sum();
    EXPECT_EQ(n.input("em1", f), "dropped badlen");
}

TEST(redirect, who_forwards_follows_none_nor_who_does_not_want_to) {
    for (const char* line :
         {"sysctl net.inet.icmp.rediraccept=0", "sysctl net.inet.ip.forwarding=1"}) {
        host n;
        n.run(line);
        n.run("socket raw icmp as R");
        EXPECT_EQ(n.input("em1", frame_of({})), "dropped noredirect") << "no program sees it";
        EXPECT_EQ(n.value("route 10.9.0.5"), "10.9.0.0/16") << line;
        EXPECT_EQ(n.count(counter::rts_badredirect), 0);
    }
}

TEST(redirect, codes_for_networks_and_services_are_about_the_host) {
    for (const uint8_t code : {0, 2, 3}) {
        host n;
        n.input("em1", frame_of({.code = code}));
        EXPECT_EQ(n.value("route paths 10.9.0.5"), "10.0.2.3 56");
    }
}

TEST(redirect, who_listens_is_told_by_whom_and_why_not) {
    host n;
    n.run("route monitor as M");
    n.input("em1", frame_of({}));
    n.input("em1", frame_of({.from = ip(10, 0, 2, 7)}));
    EXPECT_EQ(n.value("monitor queued M"),
              "add 10.9.0.5/32 10.0.2.3 + redirect 10.9.0.5/32 10.0.2.3 + redirect 10.9.0.5/32 "
              "10.0.2.3 refused");
    const std::string lines = n.run("route read M 3");
    EXPECT_NE(lines.find("author 10.0.2.2, flags <UP,GATEWAY,HOST,DYNAMIC>"), std::string::npos)
        << lines;
    EXPECT_NE(lines.find("author 10.0.2.7, Invalid argument"), std::string::npos) << lines;
    EXPECT_EQ(n.value("monitor knows M"), "in_step");
}

}  // namespace

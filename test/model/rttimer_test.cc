// Path MTU discovery and the timers of routes: what is learnt, from whom, and when it is forgotten.
#include "model/net/rttimer.h"

#include <gtest/gtest.h>

#include "model/netinet/icmp_mtudisc.h"
#include "test/model/peer.h"
#include "test/model/together.h"

namespace {

namespace kern = model::kern;
using namespace model_test;
using namespace model::netinet;
using model::net::rt_timers_linked;
using model::net::rtentry;

constexpr const char* from_router = "IP 10.0.2.2 > 10.0.2.1: icmp unreachable needfrag mtu ";

// A UDP socket S of 10.0.2.1.53; 10.9/16 is behind 10.0.2.2.
class rttimer_of : public ::testing::Test {
  protected:
    rttimer_of() { p.run("socket udp bind 10.0.2.1.53 as S"); }

    // The router on the way cannot pass on what S sent to 10.9.0.5.
    void needfrag(const std::string& mtu,
                  const std::string& quoted = "IP 10.0.2.1.53 > 10.9.0.5.7: udp 1400") {
        p.says(from_router + mtu + " quoting " + quoted, "em1");
    }
    uint32_t mtu_of(uint32_t dst) {
        rtentry* rt = rtalloc(p.st, dst, 0, 0);
        const uint32_t mtu = rt->rt_mtu.load();
        rtfree(rt);
        return mtu;
    }
    std::string flags_of(uint32_t dst) {
        rtentry* rt = rtalloc(p.st, dst, 0, 0);
        const uint32_t flags = rt->rt_flags.load();
        const bool host = rt->rt_plen == 32;
        rtfree(rt);
        return std::string(host ? "host" : "net") +
               ((flags & model::net::RTF_DYNAMIC) != 0 ? " dynamic" : "") +
               ((flags & model::net::RTF_CLONED) != 0 ? " cloned" : "");
    }
    int64_t timers() { return kern::pool_live(p.st.rttimer_pool); }
    bool holds() { return rt_timers_linked(&p.st) != 0; }
    int64_t routes() {
        kern::smr_flush(p.st.smr);
        return kern::pool_live(p.st.rtentry_pool);
    }

    peer p{4};
};

TEST_F(rttimer_of, a_size_is_learnt_used_and_forgotten) {
    const int64_t before = routes();
    needfrag("600");
    EXPECT_EQ(flags_of(far), "host dynamic");
    EXPECT_EQ(mtu_of(far), 600U);
    EXPECT_EQ(mtu_of(far + 1), 0U);  // nobody else behind the same gateway
    EXPECT_EQ(timers(), 1);
    EXPECT_TRUE(holds());
    EXPECT_EQ(p.run("route -n get 10.9.0.5"),
              "   route to: 10.9.0.5\n"
              "destination: 10.9.0.5\n"
              "       mask: 255.255.255.255\n"
              "    gateway: 10.0.2.2\n"
              "  interface: em1\n"
              " if address: 10.0.2.1\n"
              "   priority: 8 (static)\n"
              "      flags: <UP,GATEWAY,HOST,DYNAMIC>\n"
              "     use      mtu   expire\n"
              "       -      600      600\n");
    p.forget_wires();
    p.run("send S 1000 to 10.9.0.5.7");
    EXPECT_EQ(p.hears(1).size(), 2U);
    p.run("send S 1000 to 10.9.0.6.7");
    EXPECT_EQ(p.hears(1).size(), 1U);

    p.pass(599);
    EXPECT_EQ(mtu_of(far), 600U);
    p.pass(1);
    EXPECT_EQ(flags_of(far), "net");
    EXPECT_EQ(timers(), 0);
    p.run("send S 1000 to 10.9.0.5.7");
    EXPECT_EQ(p.hears(1).size(), 1U);
    EXPECT_EQ(routes(), before);
}

TEST_F(rttimer_of, what_is_told_again_begins_anew) {
    needfrag("600");
    p.pass(400);
    needfrag("700");  // not smaller: the time alone begins anew
    EXPECT_EQ(timers(), 1);
    p.pass(400);
    EXPECT_EQ(mtu_of(far), 600U);
    needfrag("500");
    EXPECT_EQ(mtu_of(far), 500U);
    p.pass(600);
    EXPECT_EQ(flags_of(far), "net");
}

TEST_F(rttimer_of, of_a_neighbour_the_size_alone_is_forgotten) {
    const std::string quoted = "IP 10.0.2.1.53 > 10.0.2.7.7: udp 1400";
    const uint32_t neighbour = ip(10, 0, 2, 7);
    needfrag("600", quoted);
    EXPECT_EQ(flags_of(neighbour), "host cloned");
    EXPECT_EQ(mtu_of(neighbour), 600U);
    p.pass(600);
    EXPECT_EQ(flags_of(neighbour), "host cloned");
    EXPECT_EQ(mtu_of(neighbour), 0U);
    EXPECT_EQ(timers(), 0);
}

TEST_F(rttimer_of, a_router_that_names_no_size_means_the_next_plateau) {
    needfrag("0", "IP 10.0.2.1.53 > 10.9.0.5.7: udp 1472");
    EXPECT_EQ(mtu_of(far), 1492U);
    needfrag("0", "IP 10.0.2.1.53 > 10.9.0.5.7: udp 1400");
    EXPECT_EQ(mtu_of(far), 1006U);
}

TEST_F(rttimer_of, what_is_not_believed) {
    p.run("socket udp bind *.54 as W");
    p.run("arp -s 10.0.2.8 02:00:00:00:02:08 permanent");
    const struct {
        const char* what;
        const char* mtu;
        const char* quoted;
    } cases[] = {
        {"smaller than a size may be", "295", "IP 10.0.2.1.53 > 10.9.0.5.7: udp 1400"},
        {"no smaller than the interface's", "1500", "IP 10.0.2.1.53 > 10.9.0.5.7: udp 1400"},
        {"nobody's port", "600", "IP 10.0.2.1.55 > 10.9.0.5.7: udp 1400"},
        {"not from there", "600", "IP 10.0.1.1.54 > 10.9.0.5.7: udp 1400"},
        {"no address of ours", "600", "IP 10.0.1.9.54 > 10.9.0.5.7: udp 1400"},
        {"no connection", "600", "IP 10.0.2.1.53 > 10.9.0.5.7: Flags [S], seq 7, win 1, length 0"},
        {"no ping", "600", "IP 10.0.2.1 > 10.9.0.5: icmp echo request id 1 seq 1 len 1400"},
        {"to nowhere", "600", "IP 10.0.2.1.53 > 99.0.0.5.7: udp 1400"},
        {"to ourselves", "600", "IP 10.0.2.1.53 > 10.0.1.1.7: udp 1400"},
        {"to a neighbour for good", "600", "IP 10.0.2.1.53 > 10.0.2.8.7: udp 1400"},
    };
    for (const auto& c : cases) {
        needfrag(c.mtu, c.quoted);
        EXPECT_EQ(mtu_of(far), 0U) << c.what;
        EXPECT_EQ(mtu_of(ip(10, 0, 2, 8)), 0U) << c.what;
    }
    p.run("socket raw icmp as R");
    needfrag("600", "IP 10.0.2.1 > 10.9.0.5: icmp echo request id 1 seq 1 len 1400");
    EXPECT_EQ(mtu_of(far), 600U);
}

TEST_F(rttimer_of, a_route_that_is_deleted_takes_its_timer_along) {
    const int64_t before = routes();
    needfrag("600");
    p.run("route delete -host 10.9.0.5");
    EXPECT_EQ(timers(), 0);
    EXPECT_TRUE(holds());
    EXPECT_EQ(routes(), before);
    needfrag("600");
    p.run("ifconfig em1 destroy");
    EXPECT_EQ(timers(), 0);
}

TEST_F(rttimer_of, a_change_of_the_route_takes_it_along_too) {
    p.run("arp -s 10.0.2.3 02:00:00:00:02:03");
    needfrag("600");
    p.run("route change -host 10.9.0.5 10.0.2.3");
    EXPECT_EQ(timers(), 0);
    EXPECT_EQ(mtu_of(far), 0U);
    EXPECT_TRUE(holds());
}

TEST_F(rttimer_of, expires_by_name) {
    needfrag("600");
    EXPECT_EQ(kern::timeout_fire(p.st.timeouts, "rttimer"), 1);
    kern::timeout_flush(p.st.timeouts);
    EXPECT_EQ(flags_of(far), "net");
}

// Learnt by two, deleted by one, and out of time all the while.
TEST_F(rttimer_of, nothing_is_lost_beside_deletions_and_expiry) {
    const int64_t before = routes();
    constexpr unsigned rounds = 400;
    together(0, 4, [&](unsigned cpu) {
        std::string out;
        for (unsigned n = 0; n < rounds; ++n) {
            if (cpu < 2) {
                icmp_mtudisc(p.st, far + n % 3, 600 + n % 2, 1500, 0);
            } else if (cpu == 2) {
                const std::string host = "10.9.0." + std::to_string(5 + n % 3);
                (void)model::admin::command(p.st, "route delete -host " + host, out);
            } else {
                (void)kern::timeout_fire(p.st.timeouts, "rttimer");
            }
        }
    });
    EXPECT_TRUE(holds());
    p.pass(ip_mtudisc_timeout + 1);
    EXPECT_EQ(timers(), 0);
    EXPECT_EQ(routes(), before);
}

}  // namespace

// Packets, commands and the destruction of interfaces at the same time, on a bounded number of each.
// What it looks for is found by the sanitizers; what it checks itself is that nothing is lost.
#include <gtest/gtest.h>

#include "model/netinet/ip_var.h"
#include "test/model/router.h"
#include "test/model/together.h"

namespace kern = model::kern;
using namespace model::net;
using namespace model_test;

namespace {

constexpr uint32_t host = ip(10, 0, 2, 2);
constexpr uint32_t net9 = ip(10, 9, 0, 0);

void set_up_em1(stack& st) {
    const configuring lock(st);
    ifnet* ifp;
    ASSERT_EQ(if_clone_create_locked(st, "em1", &ifp), 0);
    ASSERT_EQ(model::netinet::in_ifinit_locked(st, *ifp, ip(10, 0, 2, 1), 24), 0);
}

// em0 with the neighbour who sends, and gets the errors.
void set_up_em0(stack& st) {
    add_address(st, "em0", ip(10, 0, 1, 1), 24);
    ASSERT_EQ(add_neighbour(st, ip(10, 0, 1, 9), 0x020000000901), 0);
    st.ip->forwarding.store(1);
}

void expect_nothing_left(stack& st) {
    kern::smr_flush(st.smr);
    EXPECT_EQ(kern::pool_live(st.mbuf_pool), 0);
    EXPECT_EQ(kern::pool_live(st.ifnet_pool), 1);  // em0
    EXPECT_EQ(kern::pool_live(st.ifaddr_pool), 1);
    EXPECT_EQ(kern::pool_live(st.rtentry_pool), 4);
    EXPECT_EQ(kern::pool_live(st.llinfo_pool), 2);
    EXPECT_TRUE(if_idxmap_referenced(&st));
    EXPECT_TRUE(configuration_holds(st));
}

}  // namespace

TEST(net_stress, forwarding_while_the_way_out_is_destroyed_and_made) {
    stack st("r", 4);
    set_up_em0(st);
    const bytes packet = udp_frame(0x020000000000, ip(10, 0, 1, 9), ip(10, 9, 0, 5), 64);
    std::atomic<bool> done{false};
    std::atomic<int64_t> sent{0};
    together(0, 4, [&](unsigned cpu) {
        if (cpu == 3) {
            for (int round = 0; round < 150; ++round) {
                set_up_em1(st);
                EXPECT_EQ(add_neighbour(st, host, 0x020000000202), 0);
                EXPECT_EQ(add_gateway(st, net9, 16, host), 0);
                EXPECT_EQ(if_clone_destroy(st, "em1"), 0);
            }
            done.store(true);
            return;
        }
        while (!done.load(std::memory_order_relaxed) || sent.load() < 1000) {
            EXPECT_EQ(if_input(st, "em0", packet.data(), packet.size(), 0), 0);
            sent.fetch_add(1);
        }
    });
    EXPECT_EQ(counter_of(st, counter::if_ipackets), sent.load());
    EXPECT_EQ(counter_of(st, counter::ips_total), sent.load());
    expect_nothing_left(st);
}

TEST(net_stress, cloning_and_holding_while_the_way_out_is_destroyed_and_made) {
    stack st("r", 4);
    set_up_em0(st);
    std::atomic<bool> done{false};
    together(0, 4, [&](unsigned cpu) {
        if (cpu == 3) {
            for (int round = 0; round < 150; ++round) {
                set_up_em1(st);
                add_gateway(st, net9, 16, host);
                EXPECT_EQ(if_clone_destroy(st, "em1"), 0);
            }
            done.store(true);
            return;
        }
        random_numbers random(cpu);
        for (unsigned sent = 0; sent < 1000 || !done.load(std::memory_order_relaxed); ++sent) {
            const uint32_t dst = ip(10, random.below(2) * 9, 2, 2 + random.below(4));
            const bytes packet = udp_frame(0x020000000000, ip(10, 0, 1, 9), dst, 64);
            EXPECT_EQ(if_input(st, "em0", packet.data(), packet.size(), 0), 0);
        }
    });
    expect_nothing_left(st);
}

TEST(net_stress, routes_change_under_lookups) {
    stack st("r", 4);
    add_address(st, "em0", ip(10, 0, 1, 1), 24);
    add_address(st, "em1", ip(10, 0, 2, 1), 24);
    ASSERT_EQ(add_gateway(st, ip(10, 0, 0, 0), 8, ip(10, 0, 1, 2)), 0);
    std::atomic<bool> done{false};
    together(0, 4, [&](unsigned cpu) {
        if (cpu == 3) {
            for (unsigned round = 0; round < 1500; ++round) {
                const auto plen = static_cast<uint8_t>(9 + round % 24);
                EXPECT_EQ(add_gateway(st, net9, plen, ip(10, 0, 2, 2)), 0);
                {
                    const configuring lock(st);
                    EXPECT_EQ(rtrequest_change_locked(st, net9, plen, RTP_ANY, ip(10, 0, 1, 3), 0),
                              0);
                }
                EXPECT_EQ(delete_route(st, net9, plen, RTP_ANY), 0);
            }
            done.store(true);
            return;
        }
        for (unsigned found = 0; found < 1000 || !done.load(std::memory_order_relaxed); ++found) {
            rtentry* rt = rtalloc(st, ip(10, 9, 0, 0), 0, 0);
            ASSERT_NE(rt, nullptr);  // the short prefix is always there
            ASSERT_NE(rt_getll(*rt), rt);
            EXPECT_EQ(rt_getll(*rt)->rt_dest, rt->rt_gateway);
            rtfree(rt);
        }
    });
}

// Routes: adding, deleting, cloning, next hops, purging.
#include <gtest/gtest.h>

#include <cerrno>

#include "test/model/router.h"
#include "test/model/together.h"

namespace kern = model::kern;
using namespace model::net;
using namespace model_test;

namespace {

constexpr uint32_t host = ip(10, 0, 2, 2);
constexpr uint32_t net9 = ip(10, 9, 0, 0);

// em0 10.0.1.1/24, em1 10.0.2.1/24.
class route : public ::testing::Test {
  protected:
    void SetUp() override {
        add_address(st, "em0", ip(10, 0, 1, 1), 24);
        add_address(st, "em1", ip(10, 0, 2, 1), 24);
    }

    // "10.0.2.0/24" of the best route to the address, "" if none.
    std::string way_to(uint32_t dst, unsigned flags = 0) {
        rtentry* rt = rtalloc(st, dst, flags, 0);
        if (rt == nullptr) {
            return "";
        }
        char text[32];
        snprintf(text, sizeof text, "%u.%u.%u.%u/%u", rt->rt_dest >> 24, rt->rt_dest >> 16 & 255,
                 rt->rt_dest >> 8 & 255, rt->rt_dest & 255, rt->rt_plen);
        rtfree(rt);
        return text;
    }

    uint32_t flags_of(uint32_t dst) {
        rtentry* rt = rtalloc(st, dst, 0, 0);
        const uint32_t flags = rt->rt_flags.load();
        rtfree(rt);
        return flags;
    }

    int64_t live() {
        kern::smr_flush(st.smr);
        return kern::pool_live(st.rtentry_pool);
    }

    stack st{"r", 2};
};

}  // namespace

TEST_F(route, of_an_address) {
    EXPECT_EQ(way_to(ip(10, 0, 1, 1)), "10.0.1.1/32");
    EXPECT_EQ(way_to(ip(10, 0, 1, 255)), "10.0.1.255/32");
    EXPECT_EQ(way_to(ip(10, 0, 1, 7)), "10.0.1.0/24");
    EXPECT_EQ(way_to(ip(10, 0, 3, 7)), "");
    EXPECT_EQ(counter_of(st, counter::rts_unreach), 1);
    EXPECT_EQ(flags_of(ip(10, 0, 1, 1)) & RTF_LOCAL, RTF_LOCAL);
    EXPECT_EQ(flags_of(ip(10, 0, 1, 7)) & RTF_CLONING, RTF_CLONING);
    EXPECT_EQ(live(), 6);
}

TEST_F(route, a_connected_host_is_cloned_once) {
    EXPECT_EQ(way_to(host), "10.0.2.0/24");
    EXPECT_EQ(way_to(host, RT_RESOLVE), "10.0.2.2/32");
    EXPECT_EQ(way_to(host, RT_RESOLVE), "10.0.2.2/32");
    EXPECT_EQ(live(), 7);
    EXPECT_EQ(kern::pool_live(st.llinfo_pool), 3);  // two addresses of ours, one neighbour
    rtentry* rt = rtalloc(st, host, 0, 0);
    EXPECT_EQ(
        rt->rt_flags.load() & (RTF_CLONED | RTF_HOST | RTF_LLINFO | RTF_CLONING | RTF_CONNECTED),
        RTF_CLONED | RTF_HOST | RTF_LLINFO);
    EXPECT_EQ(rt->rt_priority.load(), RTP_CONNECTED - 1);
    rtfree(rt);
}

TEST_F(route, two_contexts_that_clone_get_the_same_route) {
    for (uint32_t n = 2; n < 100; ++n) {
        rtentry* got[2];
        together(0, 2,
                 [&](unsigned cpu) { got[cpu] = rtalloc(st, ip(10, 0, 2, n), RT_RESOLVE, 0); });
        EXPECT_EQ(got[0], got[1]);
        rtfree(got[0]);
        rtfree(got[1]);
    }
}

TEST_F(route, gateway_keeps_its_next_hop) {
    EXPECT_EQ(add_gateway(st, net9, 16, host), 0);
    rtentry* rt = rtalloc(st, ip(10, 9, 0, 5), 0, 0);
    ASSERT_TRUE(rtisvalid(rt));
    rtentry* ll = rt_getll(*rt);
    EXPECT_EQ(ll->rt_dest, host);
    EXPECT_EQ(rt_getll(*ll), ll);
    EXPECT_EQ(rt->rt_ifidx, ll->rt_ifidx);
    EXPECT_EQ(rt->rt_ifa->ifa_addr, ip(10, 0, 2, 1));
    EXPECT_EQ(ll->rt_flags.load() & RTF_CACHED, RTF_CACHED);
    EXPECT_EQ(delete_route(st, net9, 16, RTP_ANY), 0);
    EXPECT_FALSE(rtisvalid(rt));
    EXPECT_EQ(ll->rt_flags.load() & RTF_CACHED, 0U);
    kern::smr_flush(st.smr);
    EXPECT_EQ(rt_getll(*rt), ll);  // deleted, but as whole as it was
    rtfree(rt);
    EXPECT_EQ(live(), 7);
}

TEST_F(route, errors_of_add_and_delete) {
    EXPECT_EQ(add_gateway(st, net9, 16, host), 0);
    EXPECT_EQ(add_gateway(st, net9, 16, host), EEXIST);
    EXPECT_EQ(add_gateway(st, net9, 16, ip(10, 0, 2, 3)), EEXIST);
    EXPECT_EQ(add_gateway(st, ip(10, 8, 0, 0), 16, ip(172, 16, 0, 1)), ENETUNREACH);
    EXPECT_EQ(add_gateway(st, ip(10, 8, 0, 0), 16, ip(10, 9, 0, 1)), ENETUNREACH);
    EXPECT_EQ(add_gateway(st, ip(10, 8, 0, 0), 16, ip(10, 0, 2, 255)), ENETUNREACH);
    rt_addrinfo info;
    info.dest = ip(10, 8, 0, 0);
    info.plen = 16;
    info.ifidx = 99;
    EXPECT_EQ(add_route(st, info), ENXIO);
    info.ifidx = 1;
    info.flags = RTF_GATEWAY;
    info.gateway = host;  // is on em1
    EXPECT_EQ(add_route(st, info), EHOSTUNREACH);
    EXPECT_EQ(delete_route(st, ip(10, 8, 0, 0), 16, RTP_ANY), ESRCH);
    EXPECT_EQ(delete_route(st, net9, 17, RTP_ANY), ESRCH);
    EXPECT_EQ(delete_route(st, net9, 16, RTP_CONNECTED), ESRCH);
    EXPECT_EQ(delete_route(st, net9, 16, RTP_STATIC), 0);
}

TEST_F(route, lower_priority_number_wins) {
    rt_addrinfo info;
    info.dest = net9;
    info.plen = 16;
    info.ifidx = 1;
    for (const unsigned priority : {48U, 8U, 32U, 56U}) {
        info.priority = priority;
        EXPECT_EQ(add_route(st, info), 0);
        EXPECT_EQ(add_route(st, info), EEXIST);
    }
    for (const unsigned priority : {8U, 32U, 48U, 56U}) {
        rtentry* rt = rtalloc(st, ip(10, 9, 0, 5), 0, 0);
        ASSERT_NE(rt, nullptr);
        EXPECT_EQ(rt->rt_priority.load(), priority);
        rtfree(rt);
        EXPECT_EQ(delete_route(st, net9, 16, priority), 0);
    }
    EXPECT_EQ(way_to(ip(10, 9, 0, 5)), "");
    EXPECT_EQ(live(), 6);
}

TEST_F(route, a_clone_gives_way_unless_a_gateway_route_needs_it) {
    EXPECT_EQ(way_to(host, RT_RESOLVE), "10.0.2.2/32");
    EXPECT_EQ(add_neighbour(st, host, 0x020000000202), 0);
    EXPECT_EQ(flags_of(host) & (RTF_CLONED | RTF_STATIC), RTF_STATIC);
    EXPECT_EQ(add_gateway(st, net9, 16, ip(10, 0, 2, 3)), 0);
    EXPECT_EQ(add_neighbour(st, ip(10, 0, 2, 3), 0x020000000203), EEXIST);
    EXPECT_EQ(flags_of(ip(10, 0, 2, 3)) & RTF_CLONED, RTF_CLONED);
}

TEST_F(route, clones_go_with_what_they_were_cloned_from) {
    rtentry* clone = rtalloc(st, host, RT_RESOLVE, 0);
    EXPECT_EQ(delete_route(st, ip(10, 0, 2, 0), 24, RTP_CONNECTED), 0);
    EXPECT_EQ(way_to(host), "");
    EXPECT_FALSE(rtisvalid(clone));
    kern::smr_flush(st.smr);
    EXPECT_EQ(clone->rt_parent->rt_dest, ip(10, 0, 2, 0));  // as long as the clone is held
    rtfree(clone);
    EXPECT_EQ(live(), 5);
}

TEST_F(route, change_replaces_the_route_as_a_whole) {
    EXPECT_EQ(add_gateway(st, net9, 16, host), 0);
    rtentry* before = rtalloc(st, net9, 0, 0);
    {
        const configuring lock(st);
        EXPECT_EQ(rtrequest_change_locked(st, net9, 16, RTP_ANY, ip(10, 0, 1, 2), 0), 0);
        EXPECT_EQ(rtrequest_change_locked(st, net9, 17, RTP_ANY, ip(10, 0, 1, 2), 0), ESRCH);
        EXPECT_EQ(rtrequest_change_locked(st, net9, 16, RTP_ANY, ip(11, 0, 1, 2), 0), ENETUNREACH);
    }
    rtentry* after = rtalloc(st, net9, 0, 0);
    EXPECT_EQ(before->rt_gateway, host);
    EXPECT_TRUE(rtisvalid(before));
    EXPECT_EQ(after->rt_gateway, ip(10, 0, 1, 2));
    EXPECT_TRUE(rtisvalid(after));
    rtfree(before);
    rtfree(after);
    EXPECT_EQ(flags_of(host) & RTF_CACHED, 0U);
    EXPECT_EQ(flags_of(ip(10, 0, 1, 2)) & RTF_CACHED, RTF_CACHED);
}

TEST_F(route, everything_of_an_interface_goes_with_it) {
    EXPECT_EQ(add_neighbour(st, host, 0x020000000202), 0);
    EXPECT_EQ(add_gateway(st, net9, 16, host), 0);
    EXPECT_EQ(way_to(ip(10, 0, 2, 3), RT_RESOLVE), "10.0.2.3/32");
    EXPECT_EQ(if_clone_destroy(st, "em1"), 0);
    EXPECT_EQ(way_to(ip(10, 9, 0, 5)), "");
    EXPECT_EQ(way_to(host), "");
    EXPECT_EQ(way_to(ip(10, 0, 2, 1)), "");
    EXPECT_EQ(way_to(ip(10, 0, 1, 7)), "10.0.1.0/24");
    EXPECT_EQ(live(), 3);
    EXPECT_EQ(kern::pool_live(st.llinfo_pool), 1);
    EXPECT_EQ(kern::pool_live(st.ifaddr_pool), 1);
}

TEST_F(route, walk_sees_every_route_in_order) {
    EXPECT_EQ(add_gateway(st, net9, 16, host), 0);
    std::vector<uint32_t> seen;
    const configuring lock(st);
    rtable_walk_locked(
        st,
        [](rtentry& rt, void* v) { static_cast<std::vector<uint32_t>*>(v)->push_back(rt.rt_dest); },
        &seen);
    ASSERT_EQ(seen.size(), 8U);
    EXPECT_EQ(seen.front(), ip(10, 0, 1, 1));
    EXPECT_EQ(seen.back(), net9);
}

// struct route: when what was found before is used again, and what keeps it from being used for ever.
#include "model/net/route_cache.h"

#include <gtest/gtest.h>

#include <atomic>
#include <functional>

#include "model/netinet/ip_var.h"
#include "test/model/router.h"
#include "test/model/together.h"

namespace kern = model::kern;
using namespace model::net;
using namespace model_test;

namespace {

constexpr uint32_t net9 = ip(10, 9, 0, 0);
constexpr uint32_t far = ip(10, 9, 0, 5);
constexpr uint32_t sender = ip(10, 0, 1, 9);
constexpr uint32_t gateway = ip(10, 0, 2, 2);
constexpr uint32_t other_gateway = ip(10, 0, 2, 3);

// em0 10.0.1.1/24, em1 10.0.2.1/24, 10/8 behind 10.0.2.2; a cache with what leads to `far`.
class route_cache_of : public ::testing::Test {
  protected:
    void SetUp() override {
        add_address(st, "em0", ip(10, 0, 1, 1), 24);
        add_address(st, "em1", ip(10, 0, 2, 1), 24);
        ASSERT_EQ(add_gateway(st, ip(10, 0, 0, 0), 8, gateway), 0);
        ASSERT_NE(route_mpath(st, ro, far, sender, 0), nullptr);
    }
    void TearDown() override { route_free(ro); }

    uint64_t generation() { return st.rtgeneration.load(); }

    stack st{"r", 4};
    model::net::route ro;
};

struct change {
    const char* name;
    std::function<void(stack& st, model::net::route& ro)> happens;
    uint32_t dst = far;
    uint32_t src = sender;
    bool hit = false;
};

void set_flags(model::net::route& ro, uint32_t flags) {
    ro.ro_rt->rt_flags.fetch_or(flags);
}

const change changes[] = {
    {"nothing", [](stack&, auto&) {}, far, sender, true},
    {"another destination behind the same route", [](stack&, auto&) {}, far + 1},
    {"another sender", [](stack&, auto&) {}, far, sender + 1, true},
    {"another sender, several routes", [](stack&, auto& ro) { set_flags(ro, RTF_MPATH); }, far,
     sender + 1},
    {"the same sender, several routes", [](stack&, auto& ro) { set_flags(ro, RTF_MPATH); }, far,
     sender, true},
    {"no sender, several routes", [](stack&, auto& ro) { set_flags(ro, RTF_MPATH); }, far, 0, true},
    {"a better route", [](stack& st, auto&) { add_gateway(st, net9, 16, other_gateway); }},
    {"a route to somewhere else",
     [](stack& st, auto&) { add_gateway(st, ip(11, 0, 0, 0), 8, other_gateway); }},
    {"the route deleted", [](stack& st, auto&) { delete_route(st, ip(10, 0, 0, 0), 8, RTP_ANY); }},
    {"the route changed",
     [](stack& st, auto&) {
         const configuring lock(st);
         EXPECT_EQ(rtrequest_change_locked(st, ip(10, 0, 0, 0), 8, RTP_ANY, other_gateway, 0), 0);
     }},
    {"a host cloned",
     [](stack& st, auto&) { rtfree(rtalloc(st, ip(10, 0, 1, 77), RT_RESOLVE, 0)); }},
    {"a host looked up that is there",
     [](stack& st, auto&) { rtfree(rtalloc(st, gateway, RT_RESOLVE, 0)); }, far, sender, true},
    {"an address added", [](stack& st, auto&) { add_address(st, "em0", ip(10, 0, 3, 1), 24); }},
    {"its interface destroyed",
     [](stack& st, auto&) { EXPECT_EQ(if_clone_destroy(st, "em1"), 0); }},
    {"what could not be added",
     [](stack& st, auto&) { EXPECT_NE(add_gateway(st, ip(10, 0, 0, 0), 8, gateway), 0); }, far,
     sender, true},
    // Between a change and its end the route says itself that it is over.
    {"the route not up", [](stack&, auto& ro) { ro.ro_rt->rt_flags.fetch_and(~RTF_UP); }},
    {"its next hop not up",
     [](stack&, auto& ro) { ro.ro_rt->rt_gwroute->rt_flags.fetch_and(~RTF_UP); }},
};

TEST_F(route_cache_of, hits_and_misses) {
    for (const change& c : changes) {
        stack router{"r", 2};
        add_address(router, "em0", ip(10, 0, 1, 1), 24);
        add_address(router, "em1", ip(10, 0, 2, 1), 24);
        ASSERT_EQ(add_gateway(router, ip(10, 0, 0, 0), 8, gateway), 0);
        model::net::route kept;
        router.ip->multipath.store(1);
        ASSERT_NE(route_mpath(router, kept, far, sender, 0), nullptr);
        const rtentry* const before = kept.ro_rt;
        c.happens(router, kept);
        const uint64_t generation = router.rtgeneration.load();
        EXPECT_EQ(route_cache(router, kept, c.dst, c.src, 0), c.hit) << c.name;
        EXPECT_EQ(kept.ro_rt, c.hit ? before : nullptr) << c.name;
        if (!c.hit) {
            EXPECT_EQ(kept.ro_generation, generation) << c.name;
            EXPECT_EQ(kept.ro_dst, c.dst) << c.name;
            EXPECT_EQ(kept.ro_src, c.src) << c.name;
        }
        route_free(kept);
        kern::smr_flush(router.smr);
    }
}

TEST_F(route_cache_of, a_miss_gives_the_old_route_up) {
    rtentry* rt = ro.ro_rt;
    rtref(*rt);
    const uint32_t with_cache = kern::refcnt_read(rt->rt_refcnt);
    EXPECT_FALSE(route_cache(st, ro, far + 1, sender, 0));
    EXPECT_EQ(kern::refcnt_read(rt->rt_refcnt), with_cache - 1);
    EXPECT_FALSE(
        route_cache(st, ro, far + 1, sender, 0));  // nothing is there: that is no hit either
    rtfree(rt);
}

// The generation of a lookup is that from before it: what changed beside it is looked up again.
TEST_F(route_cache_of, what_was_found_beside_a_change_is_used_once) {
    EXPECT_FALSE(route_cache(st, ro, far + 1, sender, 0));
    ro.ro_rt = rtalloc(st, far + 1, RT_RESOLVE, 0);  // as it was before
    const rtentry* const before = ro.ro_rt;
    ASSERT_EQ(add_gateway(st, net9, 16, other_gateway), 0);
    EXPECT_NE(route_mpath(st, ro, far + 1, sender, 0), before);
    EXPECT_EQ(ro.ro_rt->rt_plen, 16);
    EXPECT_TRUE(route_cache(st, ro, far + 1, sender, 0));
}

TEST_F(route_cache_of, a_clone_made_by_the_lookup_itself_is_looked_up_once_more) {
    const uint32_t neighbour = ip(10, 0, 1, 77);
    const rtentry* const clone = route_mpath(st, ro, neighbour, 0, 0);
    EXPECT_EQ(clone->rt_plen, 32);
    EXPECT_FALSE(route_cache(st, ro, neighbour, 0, 0));
    EXPECT_EQ(route_mpath(st, ro, neighbour, 0, 0), clone);
    EXPECT_TRUE(route_cache(st, ro, neighbour, 0, 0));
}

TEST_F(route_cache_of, one_change_is_one_generation) {
    const uint64_t before = generation();
    ASSERT_EQ(add_gateway(st, net9, 16, gateway), 0);  // the next hop is there already
    EXPECT_EQ(generation(), before + 1);
    ASSERT_EQ(delete_route(st, net9, 16, RTP_ANY), 0);
    EXPECT_EQ(generation(), before + 2);
    EXPECT_NE(delete_route(st, net9, 16, RTP_ANY), 0);
    EXPECT_EQ(generation(), before + 2);
}

// ---- against the table --------------------------------------------------------------------------

// One random change: a route of 16 comes, goes, or gets another gateway.
void change_something(stack& st, random_numbers& random) {
    const auto plen = static_cast<uint8_t>(12 + random.below(16));
    const uint32_t dest = net9 & plen_to_mask(plen);
    const uint32_t to = random.below(2) == 0 ? gateway : other_gateway;
    switch (random.below(3)) {
        case 0:
            add_gateway(st, dest, plen, to);
            return;
        case 1:
            delete_route(st, dest, plen, RTP_ANY);
            return;
        default:
            break;
    }
    const configuring lock(st);
    (void)rtrequest_change_locked(st, dest, plen, RTP_ANY, to, 0);
}

TEST_F(route_cache_of, has_what_a_lookup_finds_after_any_changes) {
    random_numbers random(11);
    unsigned hits = 0;
    for (unsigned n = 0; n < 4000; ++n) {
        if (random.below(2) == 0) {
            change_something(st, random);
        }
        const uint32_t dst = net9 + random.below(2);
        hits += route_cache(st, ro, dst, 0, 0) ? 1 : 0;
        rtentry* const found = rtalloc(st, dst, RT_RESOLVE, 0);
        ASSERT_EQ(route_mpath(st, ro, dst, 0, 0), found) << n;
        rtfree(found);
    }
    EXPECT_GT(hits, 400U);
    EXPECT_LT(hits, 3000U);
}

// Each looker with a cache of its own beside one who changes. Between a change that has been told and the
// beginning of the next there is one answer; and behind the last one every looker gets it.
TEST_F(route_cache_of, of_no_context_is_older_than_what_it_was_told) {
    std::atomic<unsigned> begun{0};
    std::atomic<unsigned> told{0};  // odd: 10.9/16 leads to the other gateway
    constexpr unsigned rounds = 2000;
    together(0, 4, [&](unsigned cpu) {
        if (cpu == 3) {
            for (unsigned n = 1; n <= rounds; ++n) {
                begun.store(n);
                if (n % 2 == 1) {
                    EXPECT_EQ(add_gateway(st, net9, 16, other_gateway), 0);
                } else {
                    EXPECT_EQ(delete_route(st, net9, 16, RTP_ANY), 0);
                }
                told.store(n);
            }
            return;
        }
        model::net::route mine;
        for (unsigned before = 0; before < rounds;) {
            before = told.load();
            const rtentry* const rt = route_mpath(st, mine, far, 0, 0);
            ASSERT_NE(rt, nullptr);
            EXPECT_EQ(rt->rt_gateway, rt->rt_plen == 16 ? other_gateway : gateway);
            if (begun.load() == before) {
                EXPECT_EQ(rt->rt_plen, before % 2 == 1 ? 16 : 8) << before;
            }
        }
        route_free(mine);
    });
    kern::smr_flush(st.smr);
    EXPECT_EQ(kern::pool_live(st.rtentry_pool), 9);
}

}  // namespace

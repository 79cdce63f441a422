// Several routes to one destination: which may share it, in which order they stand, who takes which.
#include <algorithm>
#include <cerrno>
#include <map>
#include <vector>

#include "model/net/route_cache.h"
#include "test/model/network.h"
#include "test/model/together.h"

namespace kern = model::kern;
using namespace model::net;
using namespace model::netinet;
using namespace model_test;

namespace {

constexpr uint32_t net9 = ip(10, 9, 0, 0);
constexpr uint32_t gateway(unsigned n) {
    return ip(10, 0, 2, 2 + n);
}

int add_path(stack& st, uint32_t via, unsigned priority = RTP_STATIC, uint32_t mpath = RTF_MPATH) {
    rt_addrinfo info;
    info.dest = net9;
    info.plen = 16;
    info.flags = RTF_GATEWAY | RTF_STATIC | mpath;
    info.gateway = via;
    info.priority = priority;
    return add_route(st, info);
}

class route_mpath_of : public ::testing::Test {
  protected:
    void SetUp() override {
        n.set_up_interfaces();
        n.run("sysctl net.inet.ip.forwarding=1 net.inet.ip.multipath=1");
    }
    std::string paths() {
        std::string text;
        const configuring lock(n.st);
        for (rtentry* rt = rtable_lookup_locked(n.st, net9, 16, RTP_ANY, 0); rt != nullptr;
             rt = rt->rt_next.get_locked()) {
            text += std::to_string(rt->rt_gateway & 255) +
                    ((rt->rt_flags.load() & RTF_MPATH) != 0 ? "P" : "") + ":" +
                    std::to_string(rt->rt_priority.load()) + " ";
        }
        return text;
    }
    // The last number of the gateway that packets of this sender take.
    unsigned way_of(uint32_t src, uint32_t dst = far) {
        rtentry* rt = rtalloc_mpath(n.st, dst, src, 0);
        const unsigned way = rt->rt_gateway & 255;
        rtfree(rt);
        return way;
    }
    network n;
};

}  // namespace

TEST_F(route_mpath_of, routes_share_a_destination_only_if_all_but_the_first_say_so) {
    EXPECT_EQ(add_path(n.st, gateway(0), RTP_STATIC, 0), 0);
    EXPECT_EQ(add_path(n.st, gateway(1), RTP_STATIC, 0), EEXIST);
    EXPECT_EQ(add_path(n.st, gateway(0)), EEXIST) << "the same gateway";
    EXPECT_EQ(paths(), "2:8 ");
    EXPECT_EQ(add_path(n.st, gateway(1)), 0);
    EXPECT_EQ(paths(), "2P:8 3P:8 ");
    EXPECT_EQ(add_path(n.st, gateway(1)), EEXIST);
    EXPECT_EQ(add_path(n.st, gateway(1), 48), 0) << "another priority";
    EXPECT_EQ(paths(), "2P:8 3P:8 3:48 ");
}

TEST_F(route_mpath_of, who_is_alone_loses_the_flag) {
    EXPECT_EQ(add_path(n.st, gateway(0)), 0);
    EXPECT_EQ(paths(), "2:8 ");
    EXPECT_EQ(add_path(n.st, gateway(1)), 0);
    EXPECT_EQ(add_path(n.st, gateway(2)), 0);
    EXPECT_EQ(paths(), "2P:8 3P:8 4P:8 ");
    n.run("route delete 10.9.0.0/16 10.0.2.3");
    EXPECT_EQ(paths(), "2P:8 4P:8 ");
    n.run("route delete 10.9.0.0/16 10.0.2.2");
    EXPECT_EQ(paths(), "4:8 ");
    EXPECT_EQ(n.fails("route delete 10.9.0.0/16 10.0.2.2"),
              "delete net 10.9.0.0/16: gateway 10.0.2.2: not in table\n");
    n.run("route delete 10.9.0.0/16");
    EXPECT_EQ(paths(), "");
}

TEST_F(route_mpath_of, they_stand_by_priority_and_then_as_they_came) {
    for (const auto& [via, priority] :
         {std::pair{0U, 40U}, {1U, 8U}, {2U, 40U}, {3U, 8U}, {4U, 12U}, {5U, 40U}}) {
        EXPECT_EQ(add_path(n.st, gateway(via), priority), 0);
    }
    EXPECT_EQ(paths(), "3P:8 5P:8 6:12 2P:40 4P:40 7P:40 ");
}

TEST_F(route_mpath_of, a_change_leaves_the_others) {
    EXPECT_EQ(add_path(n.st, gateway(0)), 0);
    EXPECT_EQ(add_path(n.st, gateway(1)), 0);
    n.run("route change 10.9.0.0/16 10.0.2.9");
    EXPECT_EQ(paths(), "9P:8 3P:8 ");
    EXPECT_EQ(n.fails("route change 10.9.0.0/16 10.0.2.3"),
              "change net 10.9.0.0/16: gateway 10.0.2.3: File exists\n");
    EXPECT_EQ(paths(), "9P:8 3P:8 ");
}

TEST_F(route_mpath_of, a_sender_keeps_its_way) {
    for (unsigned via = 0; via < 4; ++via) {
        EXPECT_EQ(add_path(n.st, gateway(via)), 0);
    }
    std::map<unsigned, unsigned> uses;
    for (unsigned host = 1; host < 200; ++host) {
        const unsigned way = way_of(ip(10, 0, 1, host));
        EXPECT_EQ(way_of(ip(10, 0, 1, host)), way);
        ++uses[way];
    }
    EXPECT_EQ(uses.size(), 4U);
    // Who has no address yet, and everybody where it is off, goes the first way.
    EXPECT_EQ(way_of(0), 2U);
    n.run("sysctl net.inet.ip.multipath=0");
    for (unsigned host = 1; host < 20; ++host) {
        EXPECT_EQ(way_of(ip(10, 0, 1, host)), 2U);
    }
}

TEST_F(route_mpath_of, only_the_best_are_chosen_from) {
    EXPECT_EQ(add_path(n.st, gateway(0), 40), 0);
    EXPECT_EQ(add_path(n.st, gateway(1), 40), 0);
    EXPECT_EQ(add_path(n.st, gateway(2), 8), 0);
    EXPECT_EQ(add_path(n.st, gateway(3), 8), 0);
    for (unsigned host = 1; host < 100; ++host) {
        const unsigned way = way_of(ip(10, 0, 1, host));
        EXPECT_TRUE(way == 4 || way == 5) << way;
    }
}

// The bounds of regress/sys/net/mpath upstream: a hundred routes, a hundred flows.
TEST_F(route_mpath_of, a_hundred_flows_are_spread_over_a_hundred_routes) {
    for (unsigned via = 0; via < 100; ++via) {
        ASSERT_EQ(add_path(n.st, gateway(via)), 0);
    }
    EXPECT_EQ(std::ranges::count(paths(), 'P'), 100);
    std::map<unsigned, unsigned> uses;
    unsigned total = 0;
    for (unsigned flow = 0; flow < 100; ++flow) {
        ++uses[way_of(ip(10, 0, 1, 2 + flow), ip(10, 9, 0, 1 + flow))];
        ++total;
    }
    EXPECT_EQ(total, 100U);
    EXPECT_GE(uses.size(), 50U);
    unsigned most = 0;
    for (const auto& [way, count] : uses) {
        most = std::max(most, count);
    }
    EXPECT_LE(most, 30U);
}

TEST_F(route_mpath_of, packets_leave_by_several_interfaces) {
    n.run("ifconfig em2 inet 10.0.3.1/24");
    n.run("arp -s 10.0.2.2 02:00:00:00:02:02");
    n.run("arp -s 10.0.3.2 02:00:00:00:03:02");
    n.run("route add -mpath 10.9.0.0/16 10.0.2.2");
    n.run("route add -mpath 10.9.0.0/16 10.0.3.2");
    EXPECT_NE(n.run("route show").find("UGSP "), std::string::npos);
    std::map<std::string, unsigned> fates;
    for (unsigned host = 2; host < 42; ++host) {
        ip_packet p;
        p.header.source = ip(10, 0, 1, host);
        ++fates[n.input("em0", p.frame())];
    }
    EXPECT_GT(fates["forwarded em1"], 5U);
    EXPECT_GT(fates["forwarded em2"], 5U);
    EXPECT_EQ(fates["forwarded em1"] + fates["forwarded em2"], 40U);
    n.expect_conserved();
}

TEST_F(route_mpath_of, what_was_found_for_one_sender_is_not_for_another) {
    EXPECT_EQ(add_path(n.st, gateway(0)), 0);
    EXPECT_EQ(add_path(n.st, gateway(1)), 0);
    model::net::route ro;
    EXPECT_NE(route_mpath(n.st, ro, far, ip(10, 0, 1, 2), 0), nullptr);
    EXPECT_TRUE(route_cache(n.st, ro, far, ip(10, 0, 1, 2), 0));
    EXPECT_TRUE(route_cache(n.st, ro, far, 0, 0));
    n.run("sysctl net.inet.ip.multipath=0");
    EXPECT_TRUE(route_cache(n.st, ro, far, ip(10, 0, 1, 3), 0));
    n.run("sysctl net.inet.ip.multipath=1");
    EXPECT_FALSE(route_cache(n.st, ro, far, ip(10, 0, 1, 3), 0));
    route_free(ro);
}

TEST_F(route_mpath_of, an_interface_that_goes_takes_its_paths_along) {
    n.run("ifconfig em2 inet 10.0.3.1/24");
    for (const char* via : {"10.0.2.2", "10.0.3.2", "10.0.2.3"}) {
        n.run("route add -mpath 10.9.0.0/16 " + std::string(via));
    }
    n.run("ifconfig em1 destroy");
    EXPECT_EQ(paths(), "2:8 ");
    n.run("ifconfig em2 destroy");
    EXPECT_EQ(paths(), "");
}

// Beside a list that does it the plain way.
TEST_F(route_mpath_of, is_what_a_sorted_list_says) {
    struct path {
        unsigned via;
        unsigned priority;
    };
    std::vector<path> list;
    random_numbers random(7);
    for (unsigned step = 0; step < 3000; ++step) {
        const path p{random.below(6), 8 + random.below(3)};
        const bool mpath = random.below(4) != 0;
        const auto is_same = [&](const path& q) {
            return q.via == p.via && q.priority == p.priority;
        };
        const auto is_as_good = [&](const path& q) { return q.priority == p.priority; };
        if (random.below(2) == 0) {
            const bool refused = std::ranges::any_of(list, is_same) ||
                                 (!mpath && std::ranges::any_of(list, is_as_good));
            ASSERT_EQ(add_path(n.st, gateway(p.via), p.priority, mpath ? RTF_MPATH : 0),
                      refused ? EEXIST : 0);
            if (!refused) {
                list.insert(std::ranges::find_if(
                                list, [&](const path& q) { return q.priority > p.priority; }),
                            p);
            }
        } else {
            const auto at = std::ranges::find_if(list, is_same);
            const configuring lock(n.st);
            rtentry* rt =
                rtable_lookup_gateway_locked(n.st, net9, 16, p.priority, gateway(p.via), 0);
            ASSERT_EQ(rt != nullptr, at != list.end());
            if (rt != nullptr) {
                rtdelete_locked(n.st, *rt);
                list.erase(at);
            }
        }
        std::string expected;
        for (const path& q : list) {
            const auto alike = std::ranges::count_if(
                list, [&](const path& other) { return other.priority == q.priority; });
            expected += std::to_string(2 + q.via) + (alike > 1 ? "P" : "") + ":" +
                        std::to_string(q.priority) + " ";
        }
        ASSERT_EQ(paths(), expected) << "step " << step;
    }
}

TEST(route_mpath_stress, paths_come_and_go_under_lookups) {
    network n(4);
    n.set_up_interfaces();
    n.run("sysctl net.inet.ip.multipath=1");
    ASSERT_EQ(add_path(n.st, gateway(0)), 0);
    std::atomic<bool> done{false};
    together(0, 4, [&](unsigned cpu) {
        random_numbers random(cpu);
        if (cpu == 3) {
            for (unsigned round = 0; round < 1000; ++round) {
                const uint32_t via = gateway(1 + random.below(5));
                (void)add_path(n.st, via);
                const configuring lock(n.st);
                rtentry* rt = rtable_lookup_gateway_locked(n.st, net9, 16, RTP_ANY,
                                                           gateway(1 + random.below(5)), 0);
                if (rt != nullptr) {
                    rtdelete_locked(n.st, *rt);
                }
            }
            done.store(true);
            return;
        }
        for (unsigned found = 0; found < 1000 || !done.load(std::memory_order_relaxed); ++found) {
            rtentry* rt = rtalloc_mpath(n.st, far, random.next(), 0);
            ASSERT_NE(rt, nullptr);
            EXPECT_EQ(rt->rt_dest, net9);
            EXPECT_EQ(rt_getll(*rt)->rt_dest, rt->rt_gateway);
            rtfree(rt);
        }
    });
}

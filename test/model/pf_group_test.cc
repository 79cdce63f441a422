// Groups of interfaces in pf.conf: rules of a group, `set skip` on one, who joins and leaves.
#include <gtest/gtest.h>

#include "model/pf/pf_if.h"
#include "model/pf/pfvar.h"
#include "test/model/network.h"

namespace {

using namespace model_test;

struct filtered_groups : network {
    explicit filtered_groups(const std::string& rules) {
        set_up();
        load(rules);
        run("pfctl -e");
    }
    void load(const std::string& rules) { run("pfctl -f -\n" + rules); }
    bool skips(const char* name) {
        const auto at = st.pf->kifs.find(name);
        return at != st.pf->kifs.end() && at->second->skip.load();
    }
    std::string ping() { return input("em0", echo_request(sender, ip(10, 0, 1, 1))); }
};

TEST(pf_group, skip_on_a_group_is_skip_on_its_members) {
    filtered_groups n("set skip on lo\nblock");
    EXPECT_FALSE(n.skips("lo0"));
    n.run("ifconfig lo0 create");  // who comes later is a member, too
    EXPECT_TRUE(n.skips("lo0"));
    n.run("ifconfig lo1 create");
    n.run("ifconfig vether0 create");
    n.load("block");
    EXPECT_FALSE(n.skips("lo0"));
    n.load("set skip on { lo vether }\nblock");
    EXPECT_TRUE(n.skips("lo0") && n.skips("lo1") && n.skips("vether0"));
    EXPECT_FALSE(n.skips("em0"));
    n.run("ifconfig lo1 destroy");
    n.run("ifconfig lo1 create");
    EXPECT_TRUE(n.skips("lo1"));
    n.load("set skip on lo1\nblock");
    EXPECT_TRUE(n.skips("lo1"));
    EXPECT_FALSE(n.skips("lo0"));
}

TEST(pf_group, who_joins_and_leaves) {
    filtered_groups n("set skip on inner\nblock");
    EXPECT_EQ(n.ping(), "dropped match");
    n.run("ifconfig em0 group inner");
    EXPECT_EQ(n.ping(), "delivered icmp");
    n.run("ifconfig em0 -group inner");
    EXPECT_EQ(n.ping(), "dropped match");
    n.load("pass\nblock in on inner");
    EXPECT_EQ(n.ping(), "delivered icmp");
    n.run("ifconfig em0 group inner");
    n.run("pfctl -F states");
    n.run("pf purge");
    EXPECT_EQ(n.ping(), "dropped match");
    n.load("pass\nblock in on ! inner");
    EXPECT_EQ(n.ping(), "delivered icmp");
    n.load("block in on all");
    EXPECT_EQ(n.run("pfctl -s rules"), "block drop in on all all\n");
    n.run("pfctl -F states");
    EXPECT_EQ(n.ping(), "dropped match");
}

TEST(pf_group, egress_goes_with_the_default_route) {
    filtered_groups n("pass no state\nblock out on egress");
    EXPECT_EQ(n.input("em0", ip_packet{}.frame()), "forwarded em1");
    n.run("route add default 10.0.2.2");
    EXPECT_EQ(n.input("em0", ip_packet{}.frame()), "dropped match");
    n.run("route change default 10.0.1.9");
    EXPECT_EQ(n.input("em0", ip_packet{}.frame()), "forwarded em1");
    n.run("route delete default");
    EXPECT_EQ(n.input("em0", ip_packet{}.frame()), "forwarded em1");
}

TEST(pf_group, an_interface_with_that_name_that_is_not_there_is_in_no_group) {
    filtered_groups n("pass no state\nblock in on em0");
    EXPECT_EQ(n.ping(), "dropped match");
    n.run("ifconfig em0 group outer");
    n.load("pass no state\nblock in on outer");
    EXPECT_EQ(n.ping(), "dropped match");
    n.run("ifconfig em0 destroy");
    n.run("ifconfig em0 inet 10.0.1.1/24 lladdr 02:00:00:00:01:01");
    EXPECT_EQ(n.ping(), "delivered icmp");
}

}  // namespace

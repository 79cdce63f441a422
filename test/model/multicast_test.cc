// Groups: who is a member, who gets what is sent to one, how a socket sends to one.
#include <gtest/gtest.h>

#include "model/admin/observe.h"
#include "model/netinet/in_multi.h"
#include "model/netinet/in_var.h"
#include "test/model/peer.h"

namespace {

using namespace model_test;
using model::net::counter;
namespace kern = model::kern;

class groups : public peer {
  public:
    std::string observe(std::string_view verb, std::string_view name) {
        const std::string_view words[] = {verb, name};
        std::string out;
        EXPECT_TRUE(model::admin::observe(st, words, out));
        return out;
    }
    int64_t multis() {
        kern::smr_flush(st.smr);
        return kern::pool_live(st.multi_pool);
    }
};

// A datagram to a group, of which the decoder looks at TTL and source, too.
const char* const to_group = "IP 10.0.1.9.1 > 224.1.2.3.5000: udp 8";

// ---- membership ---------------------------------------------------------------------------------

TEST(multicast, a_group_counts_its_memberships) {
    groups g;
    g.run("socket udp bind *.5000 as A");
    g.run("socket udp bind *.5001 as B");
    g.run("join A 224.1.2.3 on em0");
    g.run("join B 224.1.2.3 on em0");
    g.run("join B 224.1.2.4 on em0");
    g.run("join B 224.1.2.3 on em1");
    EXPECT_EQ(g.observe("members", "em0"), "224.1.2.3:2 224.1.2.4:1");
    EXPECT_EQ(g.observe("members", "em1"), "224.1.2.3:1");
    EXPECT_EQ(g.observe("joined", "B"), "224.1.2.3 em0 + 224.1.2.4 em0 + 224.1.2.3 em1");
    g.run("leave A 224.1.2.3 on em0");
    g.run("leave B 224.1.2.4");
    EXPECT_EQ(g.observe("members", "em0"), "224.1.2.3:1");
    g.run("close B");
    EXPECT_EQ(g.observe("members", "em0"), "");
    EXPECT_EQ(g.observe("members", "em1"), "");
    EXPECT_EQ(g.multis(), 0);
}

TEST(multicast, what_a_socket_may_not_ask_for) {
    groups g;
    g.run("socket udp bind *.5000 as S");
    g.run("socket tcp as T");
    g.run("join S 224.1.2.3 on em0");
    const struct {
        const char* line;
        const char* complaint;
    } cases[] = {
        {"join S 224.1.2.3 on em0", "join: S: Address already in use\n"},
        {"join S 10.0.1.9 on em0", "join: S: Invalid argument\n"},
        {"join S 224.1.2.3 on em7", "join: S: Device not configured\n"},
        {"join S 224.1.2.3", "join: S: Can't assign requested address\n"},  // no route leads there
        {"join X 224.1.2.3 on em0", "join: X: Bad file descriptor\n"},
        {"join T 224.1.2.3 on em0", "join: T: Protocol not available\n"},
        {"leave S 224.1.2.4 on em0", "leave: S: Can't assign requested address\n"},
        {"leave S 224.1.2.3 on em1", "leave: S: Can't assign requested address\n"},
        {"leave S 10.0.1.9", "leave: S: Invalid argument\n"},
        {"setsockopt S multicast_if em7", "setsockopt: S: Device not configured\n"},
    };
    for (const auto& c : cases) {
        EXPECT_EQ(g.fails(c.line), c.complaint);
    }
    for (const char* line : {"join S", "setsockopt S multicast_ttl 256", "setsockopt S color red",
                             "setsockopt S broadcast maybe", "join S 224.1.2.3 at em0"}) {
        EXPECT_EQ(g.fails(line).substr(0, 7), "usage: ") << line;
    }
    EXPECT_EQ(g.observe("members", "em0"), "224.1.2.3:1");
}

TEST(multicast, without_an_interface_the_route_says_where) {
    groups g;
    g.run("route add 224.0.0.0/4 10.0.2.2");
    g.run("socket udp bind *.5000 as S");
    g.run("join S 224.1.2.3");
    EXPECT_EQ(g.observe("joined", "S"), "224.1.2.3 em1");
}

TEST(multicast, a_membership_outlives_its_interface) {
    groups g;
    g.run("socket udp bind *.5000 as S");
    g.run("socket udp bind *.5001 as T");
    g.run("join S 224.1.2.3 on em0");
    g.run("join T 224.1.2.3 on em0");
    g.run("setsockopt S multicast_if em0");
    g.run("ifconfig em0 destroy");
    EXPECT_EQ(g.observe("joined", "S"), "224.1.2.3 -");
    g.run("close T");
    EXPECT_EQ(g.multis(), 1);
    // Another interface with its name, and with its index, is no member, nor the one that was chosen.
    g.run("ifconfig em0 inet 10.0.1.1/24 lladdr 02:00:00:00:01:01");
    EXPECT_EQ(g.says(to_group), "dropped notmember");
    g.forget_wires();
    EXPECT_EQ(g.fails("send S 8 to 224.1.2.3.5000"), "send: S: Can't assign requested address\n");
    g.run("join S 224.1.2.3 on em0");
    EXPECT_EQ(g.observe("joined", "S"), "224.1.2.3 - + 224.1.2.3 em0");
    EXPECT_EQ(g.says(to_group), "delivered S");
    g.run("leave S 224.1.2.3");  // the first one
    EXPECT_EQ(g.observe("joined", "S"), "224.1.2.3 em0");
    g.run("leave S 224.1.2.3");
    EXPECT_EQ(g.multis(), 0);
}

// ---- who gets it --------------------------------------------------------------------------------

TEST(multicast, only_groups_of_the_interface_come_in) {
    groups g;
    g.run("socket udp bind *.5000 as S");
    EXPECT_EQ(g.says(to_group), "dropped notmember");
    EXPECT_EQ(g.count(counter::ips_notmember), 1);
    EXPECT_EQ(g.count(counter::ips_cantforward), 1);  // no router that passes groups on
    EXPECT_EQ(g.says("IP 10.0.1.9.1 > 224.0.0.251.5000: udp 8"), "dropped notmember");
    EXPECT_EQ(g.count(counter::ips_cantforward), 1);  // nor would any router do that
    g.run("join S 224.1.2.3 on em1");
    EXPECT_EQ(g.says(to_group), "dropped notmember");
    EXPECT_EQ(g.says(to_group, "em1"), "delivered S");
    EXPECT_EQ(g.says("IP 10.0.1.9.1 > 224.0.0.1.5000: udp 8"), "delivered S");
    g.run("leave S 224.1.2.3");
    EXPECT_EQ(g.says(to_group, "em1"), "dropped notmember");
    EXPECT_EQ(g.hears(), lines{});
    EXPECT_EQ(g.hears(1), lines{});
}

TEST(multicast, everybody_on_the_port_gets_a_copy) {
    groups g;
    for (const char* name : {"A", "B", "C"}) {
        const std::string n = name;
        g.run("socket udp as " + n);
        g.run("setsockopt " + n + " reuseport on");
        g.run("socket udp bind " + std::string(n == "C" ? "224.1.2.4" : "*") + ".5000 as " + n);
    }
    g.run("join A 224.1.2.3 on em0");
    g.run("join A 224.1.2.4 on em0");
    // As in the original: the interface is the member; a socket need not be one itself.
    EXPECT_EQ(g.says(to_group), "delivered B");
    EXPECT_EQ(g.observe("queued", "A"), "1:8");
    EXPECT_EQ(g.observe("queued", "B"), "1:8");
    EXPECT_EQ(g.observe("queued", "C"), "");
    EXPECT_EQ(g.says("IP 10.0.1.9.1 > 224.1.2.4.5000: udp 4"), "delivered C");
    EXPECT_EQ(g.observe("queued", "A"), "1:8 2:4");
    EXPECT_EQ(g.observe("queued", "C"), "2:4");
    EXPECT_EQ(g.says("IP 10.0.1.9.1 > 10.0.1.255.5000: udp 1"), "delivered B");
    EXPECT_EQ(g.observe("queued", "A"), "1:8 2:4 3:1");
    EXPECT_EQ(g.says("IP 10.0.1.9.1 > 224.1.2.3.5001: udp 8"), "dropped noport");
    EXPECT_EQ(g.hears(), lines{});
}

TEST(multicast, both_must_be_willing_to_share_a_port) {
    groups g;
    g.run("socket udp bind *.5000 as A");
    g.run("socket udp as B");
    g.run("setsockopt B reuseport on");
    EXPECT_EQ(g.fails("socket udp bind *.5000 as B"), "socket: B: Address already in use\n");
    g.run("setsockopt A reuseport on");
    g.run("socket udp bind *.5000 as B");
}

TEST(multicast, raw_sockets_get_their_protocol) {
    groups g;
    g.run("socket raw 89 as A");
    g.run("socket raw 89 as B");
    g.run("join B 224.0.0.5 on em0");
    EXPECT_EQ(g.says("IP 10.0.1.9 > 224.0.0.5: proto 89 len 20"), "delivered B");
    EXPECT_EQ(g.observe("queued", "A"), "1:40");
    EXPECT_EQ(g.observe("queued", "B"), "1:40");
    g.run("close B");
    EXPECT_EQ(g.says("IP 10.0.1.9 > 224.0.0.5: proto 89 len 20"), "dropped notmember");
}

TEST(multicast, an_echo_to_a_group_is_answered_where_that_is_wanted) {
    groups g;
    g.run("socket udp as S");
    g.run("join S 224.1.2.3 on em0");
    EXPECT_EQ(g.says("IP 10.0.1.9 > 224.1.2.3: icmp echo request id 1 seq 2 len 8"),
              "dropped bmcastecho");
    g.run("sysctl net.inet.icmp.bmcastecho=1");
    EXPECT_EQ(g.says("IP 10.0.1.9 > 224.1.2.3: icmp echo request id 1 seq 2 len 8"),
              "delivered icmp");
    EXPECT_EQ(g.hears(), lines{"IP 10.0.1.1 > 10.0.1.9: icmp echo reply id 1 seq 2 len 8"});
}

// ---- sending ------------------------------------------------------------------------------------

TEST(multicast, it_leaves_by_the_interface_that_was_chosen) {
    groups g;
    g.run("socket udp bind *.4000 as S");
    EXPECT_EQ(g.fails("send S 8 to 224.1.2.3.5000"), "send: S: Can't assign requested address\n");
    g.run("setsockopt S multicast_if em1");
    g.run("send S 8 to 224.1.2.3.5000");
    EXPECT_EQ(g.hears(1), lines{"IP 10.0.2.1.4000 > 224.1.2.3.5000: udp 8"});
    g.run("setsockopt S multicast_if none");
    g.run("route add 224.0.0.0/4 10.0.1.9");
    g.run("send S 8 to 224.1.2.3.5000");
    std::vector<bytes> left = g.sent(0);
    ASSERT_EQ(left.size(), 1U);
    EXPECT_EQ(ether_of(left[0]).dhost, 0x01005e010203U);  // not the gateway's
    EXPECT_EQ(ip_of(left[0]).ttl(), 1);
    EXPECT_EQ(ip_of(left[0]).source(), ip(10, 0, 1, 1));
}

TEST(multicast, a_connected_socket_has_the_address_of_its_interface) {
    groups g;
    g.run("socket udp bind *.4000 as S");
    g.run("setsockopt S multicast_if em1");
    g.run("socket udp connect 224.1.2.3.5000 as S");
    EXPECT_EQ(g.observe("local", "S"), "10.0.2.1.4000");
    g.run("send S 8");
    EXPECT_EQ(g.hears(1), lines{"IP 10.0.2.1.4000 > 224.1.2.3.5000: udp 8"});
}

TEST(multicast, it_lives_as_long_as_was_said) {
    groups g;
    g.run("socket udp bind *.4000 as S");
    g.run("setsockopt S multicast_if em0");
    g.run("setsockopt S multicast_ttl 7");
    g.run("send S 8 to 224.1.2.3.5000");
    std::vector<bytes> left = g.sent(0);
    ASSERT_EQ(left.size(), 1U);
    EXPECT_EQ(ip_of(left[0]).ttl(), 7);
    g.run("socket raw 89 as R");
    g.run("setsockopt R multicast_if em0");
    g.run("send R 8 to 224.0.0.5");
    left = g.sent(0);
    ASSERT_EQ(left.size(), 1U);
    EXPECT_EQ(ip_of(left[0]).ttl(), 1);
}

TEST(multicast, members_on_this_host_get_it_unless_that_is_not_wanted) {
    groups g;
    g.run("socket udp bind *.5000 as R");
    g.run("socket udp bind *.4000 as S");
    g.run("setsockopt S multicast_if em0");
    g.run("send S 8 to 224.1.2.3.5000");  // no member
    g.run("join R 224.1.2.3 on em0");
    g.run("send S 4 to 224.1.2.3.5000");
    EXPECT_EQ(g.run("recv R"), "0:4 from 10.0.1.1.4000\n");
    EXPECT_EQ(g.hears().size(), 2U);
    g.run("setsockopt S multicast_ttl 0");  // for them alone
    g.run("send S 5 to 224.1.2.3.5000");
    EXPECT_EQ(g.run("recv R"), "0:5 from 10.0.1.1.4000\n");
    EXPECT_EQ(g.hears(), lines{});
    g.run("setsockopt S multicast_ttl 1");
    g.run("setsockopt S multicast_loop off");
    g.run("send S 6 to 224.1.2.3.5000");
    EXPECT_EQ(g.observe("queued", "R"), "");
    EXPECT_EQ(g.hears(), lines{"IP 10.0.1.1.4000 > 224.1.2.3.5000: udp 6"});
    g.run("close R");
    g.run("close S");
    g.expect_conserved();
}

TEST(multicast, pf_is_asked) {
    groups g;
    g.run("pfctl -f -\nblock out on em0 proto udp from any to 224.0.0.0/4\n");
    g.run("pfctl -e");
    g.run("socket udp bind *.4000 as S");
    g.run("setsockopt S multicast_if em0");
    EXPECT_EQ(g.fails("send S 8 to 224.1.2.3.5000"), "send: S: Permission denied\n");
    EXPECT_EQ(g.hears(), lines{});
}

TEST(multicast, to_everybody_on_a_link_only_with_permission) {
    groups g;
    g.run("socket udp bind *.4000 as S");
    EXPECT_EQ(g.fails("send S 8 to 10.0.1.255.5000"), "send: S: Permission denied\n");
    g.run("setsockopt S broadcast on");
    g.run("send S 8 to 10.0.1.255.5000");
    EXPECT_EQ(g.hears(), lines{"IP 10.0.1.1.4000 > 10.0.1.255.5000: udp 8"});
}

}  // namespace

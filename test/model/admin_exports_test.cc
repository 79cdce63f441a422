// The C interface: what a runner of scenarios does with a router.
#include <gtest/gtest.h>

#include <cstring>

#include "model/admin/command.h"
#include "test/model/network.h"

namespace {

using namespace model_test;

class exports : public ::testing::Test {
  protected:
    exports() : router(heddle_model_create("r", 2)) {
        for (const char* line :
             {"ifconfig em0 inet 10.0.1.1/24 lladdr 02:00:00:00:01:01",
              "ifconfig em1 inet 10.0.2.1/24 lladdr 02:00:00:00:02:01",
              "sysctl net.inet.ip.forwarding=1", "route add 10.9.0.0/16 10.0.2.2",
              "arp -s 10.0.2.2 02:00:00:00:02:02"}) {
            EXPECT_EQ(heddle_model_command(router, line, out, sizeof out), 0) << out;
        }
    }
    ~exports() override { heddle_model_destroy(router); }

    int router;
    char out[256] = {};
};

TEST_F(exports, a_packet_goes_through) {
    heddle_model_attach(router, 1);
    const bytes f = ip_packet{}.frame();
    ASSERT_EQ(heddle_model_input(router, "em0", f.data(), f.size(), 7), 0);
    EXPECT_EQ(heddle_model_fate(router, 7, out, sizeof out), 0);
    EXPECT_STREQ(out, "forwarded em1");

    // Behind the announcements of em1's address.
    unsigned char left[64];
    unsigned packet = 0;
    unsigned long n = 0;
    unsigned long length = 0;
    while ((length = heddle_model_wire(router, "em1", n, left, sizeof left, &packet)) != 0 &&
           packet == 0) {
        ++n;
    }
    EXPECT_EQ(length, f.size());
    EXPECT_EQ(packet, 7U);
    EXPECT_EQ(left[14 + 8], 63);
    EXPECT_EQ(heddle_model_wire(router, "em1", n + 1, left, sizeof left, &packet), 0U);
    EXPECT_EQ(heddle_model_counter(router, "ips_forward"), 1);
    EXPECT_EQ(heddle_model_live(router, "mbuf"), 0);
    heddle_model_attach(router, 0);
}

// The index map has one; a packet that has been forwarded none.
TEST_F(exports, references_of_an_interface) {
    const long alone = heddle_model_refs(router, "em1");
    EXPECT_GE(alone, 1);
    const bytes f = ip_packet{}.frame();
    ASSERT_EQ(heddle_model_input(router, "em0", f.data(), f.size(), 3), 0);
    EXPECT_EQ(heddle_model_refs(router, "em1"), alone);
    ASSERT_EQ(heddle_model_command(router, "ifconfig em1 destroy", out, sizeof out), 0);
    EXPECT_EQ(heddle_model_refs(router, "em1"), -1);
    EXPECT_EQ(heddle_model_refs(-1, "em0"), -1);
}

TEST_F(exports, a_destroyed_interface_leaves_nothing) {
    EXPECT_EQ(heddle_model_exists(router, "ifconfig em1"), 1);
    EXPECT_EQ(heddle_model_exists(router, "route 10.0.2.0/24"), 1);
    EXPECT_EQ(heddle_model_exists(router, "arp 10.0.2.2"), 1);
    ASSERT_EQ(heddle_model_command(router, "ifconfig em1 destroy", out, sizeof out), 0);
    for (const char* what : {"ifconfig em1", "route 10.0.2.0/24", "route 10.9.0.0/16",
                             "arp 10.0.2.2", "arp 10.0.2.1", "route default"}) {
        EXPECT_EQ(heddle_model_exists(router, what), 0) << what;
    }
    EXPECT_EQ(heddle_model_live(router, "ifnet"), 1);
    const bytes f = ip_packet{}.frame();
    EXPECT_EQ(heddle_model_input(router, "em1", f.data(), f.size(), 3), -1);
    EXPECT_EQ(heddle_model_fate(router, 3, out, sizeof out), 0);
    EXPECT_STREQ(out, "dropped nointerface");
}

TEST_F(exports, our_own_addresses_are_no_neighbours) {
    EXPECT_EQ(heddle_model_exists(router, "arp 10.0.2.1"), 0);
    EXPECT_EQ(heddle_model_exists(router, "route 10.0.2.1"), 1);
}

TEST_F(exports, what_nobody_knows) {
    unsigned packet = 0;
    EXPECT_EQ(heddle_model_exists(router, "host 10.0.2.1"), -1);
    EXPECT_EQ(heddle_model_exists(router, "route"), -1);
    EXPECT_EQ(heddle_model_exists(router, "route x"), -1);
    EXPECT_EQ(heddle_model_counter(router, "ips_frobnicated"), -1);
    EXPECT_EQ(heddle_model_live(router, "vnode"), -1);
    EXPECT_EQ(heddle_model_wire(router, "lo0", 0, out, sizeof out, &packet), 0U);
    EXPECT_EQ(heddle_model_fate(router, 9, out, sizeof out), -1);
    EXPECT_STREQ(out, "");
    EXPECT_EQ(heddle_model_input(router, "lo0", out, sizeof out, 1), -1);
    for (const int nobody : {-1, 64, 63}) {
        EXPECT_EQ(heddle_model_command(nobody, "ifconfig", out, sizeof out), 127);
        EXPECT_EQ(heddle_model_counter(nobody, "ips_total"), -1);
        EXPECT_EQ(heddle_model_log(nobody, 0), nullptr);
        EXPECT_EQ(heddle_model_fate(nobody, 1, out, sizeof out), -1);
    }
    EXPECT_EQ(heddle_model_create("x", 0), -1);
    EXPECT_EQ(heddle_model_create("x", 9), -1);
}

TEST_F(exports, output_is_cut_to_fit) {
    char small[8];
    std::memset(small, 'x', sizeof small);
    EXPECT_EQ(heddle_model_command(router, "sysctl -n net.inet.icmp.errppslimit", small, 3), 0);
    EXPECT_STREQ(small, "10");
    EXPECT_EQ(small[3], 'x');
    EXPECT_EQ(heddle_model_command(router, "ifconfig", nullptr, 0), 0);
}

TEST_F(exports, every_name_has_a_value) {
    unsigned n = 0;
    bool forwarding = false;
    while (const char* name = heddle_model_names(router, n)) {
        EXPECT_GE(heddle_model_counter(router, name), 0) << name;
        forwarding = forwarding || std::strcmp(name, "net.inet.ip.forwarding") == 0;
        ++n;
    }
    EXPECT_GT(n, 40U);
    EXPECT_TRUE(forwarding);
    EXPECT_EQ(heddle_model_counter(router, "net.inet.ip.forwarding"), 1);
}

TEST_F(exports, the_log_can_be_read) {
    EXPECT_EQ(heddle_model_log(router, 0), nullptr);
    const bytes f = arp_frame(em0_lladdr, {model::netinet::arpop_reply, model::net::ether_broadcast,
                                           sender, em0_lladdr, ip(10, 0, 1, 1)});
    ASSERT_EQ(heddle_model_input(router, "em0", f.data(), f.size(), 1), 0);
    EXPECT_STREQ(heddle_model_log(router, 0),
                 "arp: ether address is broadcast for IP address 10.0.1.9!");
    EXPECT_EQ(heddle_model_log(router, 1), nullptr);
}

TEST(exports_of_several, routers_share_nothing) {
    const int a = heddle_model_create("a", 1);
    const int b = heddle_model_create("b", 1);
    ASSERT_NE(a, b);
    char out[64];
    EXPECT_EQ(heddle_model_command(a, "ifconfig em0 up", out, sizeof out), 0);
    EXPECT_EQ(heddle_model_exists(a, "ifconfig em0"), 1);
    EXPECT_EQ(heddle_model_exists(b, "ifconfig em0"), 0);
    heddle_model_destroy(a);
    heddle_model_destroy(a);
    EXPECT_EQ(heddle_model_exists(a, "ifconfig em0"), -1);
    heddle_model_destroy(b);
}

}  // namespace

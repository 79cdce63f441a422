// Views of headers and the checksum: known bytes, round trips, and what is out of bounds.
#include <gtest/gtest.h>

#include <array>
#include <numeric>
#include <random>
#include <vector>

#include "model/netinet/ether_arp.h"
#include "model/netinet/icmp.h"
#include "model/netinet/in.h"
#include "model/netinet/in_cksum.h"
#include "model/netinet/ip.h"

namespace model::netinet {
namespace {

struct sum_case {
    std::vector<uint8_t> bytes;
    uint16_t sum;
};

TEST(in_cksum, vectors) {
    const sum_case cases[] = {
        {{}, 0xffff},
        {{0, 0}, 0xffff},
        {{0xff, 0xff}, 0},
        {{1}, 0xfeff},  // an odd byte is the high one
        // RFC 1071 section 3: the sum is ddf2.
        {{0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7}, 0x220d},
        // A header as it is found in textbooks, its checksum field cleared: b861.
        {{0x45, 0x00, 0x00, 0x73, 0x00, 0x00, 0x40, 0x00, 0x40, 0x11,
          0x00, 0x00, 0xc0, 0xa8, 0x00, 0x01, 0xc0, 0xa8, 0x00, 0xc7},
         0xb861},
    };
    for (const sum_case& c : cases) {
        EXPECT_EQ(in_cksum(c.bytes), c.sum) << c.bytes.size() << " bytes";
    }
}

TEST(in_cksum, carries_of_a_largest_packet_are_not_lost) {
    const std::vector<uint8_t> bytes(65534, 0xff);
    EXPECT_EQ(in_cksum(bytes), 0);
}

TEST(in_cksum, finds_every_single_changed_byte) {
    std::mt19937 random(1);
    std::vector<uint8_t> bytes(61);
    for (uint8_t& byte : bytes) {
        byte = static_cast<uint8_t>(random());
    }
    const uint16_t sum = in_cksum(bytes);
    for (size_t at = 0; at < bytes.size(); ++at) {
        ++bytes[at];
        EXPECT_NE(in_cksum(bytes), sum) << at;
        --bytes[at];
    }
}

TEST(ip, write_makes_a_header_that_checks) {
    std::array<uint8_t, 48> packet{};
    const ip_view ip(packet);
    ip.write({.ttl = 3,
              .protocol = ipproto_udp,
              .source = 0x0a000109,
              .destination = 0x0a090005,
              .dont_fragment = true},
             7);
    ip.update_sum();
    EXPECT_EQ(in_cksum(ip.header()), 0);
    EXPECT_EQ(ip.version(), 4);
    EXPECT_EQ(ip.header_size(), 20U);
    EXPECT_EQ(ip.total_size(), 48U);
    EXPECT_EQ(ip.id(), 7);
    EXPECT_EQ(ip.ttl(), 3);
    EXPECT_EQ(ip.protocol(), ipproto_udp);
    EXPECT_EQ(ip.source(), 0x0a000109U);
    EXPECT_EQ(ip.destination(), 0x0a090005U);
    EXPECT_TRUE(ip.dont_fragment());
    EXPECT_FALSE(ip.is_fragment());
    EXPECT_EQ(ip.payload().size(), 28U);
}

TEST(ip, fragment_fields) {
    std::array<uint8_t, 20> packet{};
    const ip_view ip(packet);
    ip.write({}, 0);
    ip.set_off(ip_mf | 3);
    EXPECT_TRUE(ip.more_fragments());
    EXPECT_EQ(ip.fragment_offset(), 24U);
    EXPECT_TRUE(ip.is_fragment());
    ip.set_off(ip_df);
    EXPECT_FALSE(ip.is_fragment());
}

TEST(icmp, sum_covers_everything) {
    std::array<uint8_t, 13> message{};
    std::iota(message.begin(), message.end(), uint8_t{8});
    const icmp_view icmp(message);
    icmp.set_type(icmp_echo);
    icmp.update_sum();
    EXPECT_TRUE(icmp.sum_is_right());
    ++message[12];
    EXPECT_FALSE(icmp.sum_is_right());
}

TEST(icmp, errors_are_told_from_queries) {
    for (uint8_t type :
         {icmp_unreach, icmp_sourcequench, icmp_redirect, icmp_timxceed, icmp_paramprob}) {
        EXPECT_TRUE(icmp_is_error(type));
    }
    for (uint8_t type : {icmp_echo, icmp_echoreply, uint8_t{13}}) {
        EXPECT_FALSE(icmp_is_error(type));
    }
}

TEST(ether_arp, round_trip) {
    const ether_arp sent{arpop_reply, 0x020000000202, 0x0a000202, 0x020000000201, 0x0a000201};
    std::array<uint8_t, ether_arp_size> bytes{};
    const ether_arp_view view(bytes);
    view.write(sent);
    EXPECT_TRUE(view.is_sane());
    EXPECT_EQ(view.read(), sent);
    for (size_t at = 0; at < 6; ++at) {
        std::array<uint8_t, ether_arp_size> broken = bytes;
        broken[at] ^= 1;
        EXPECT_FALSE(ether_arp_view(broken).is_sane()) << at;
    }
}

TEST(in, classes_of_addresses) {
    EXPECT_TRUE(in_multicast(0xe0000001));
    EXPECT_FALSE(in_multicast(0xf0000001));
    EXPECT_TRUE(in_loopback(inaddr_loopback));
    EXPECT_TRUE(in_this_network(1));
    EXPECT_EQ(in_mask(0), 0U);
    EXPECT_EQ(in_mask(24), 0xffffff00U);
    EXPECT_EQ(in_mask(32), 0xffffffffU);
    EXPECT_TRUE(in_same_network(0x0a000201, 0x0a0002fe, 24));
    EXPECT_FALSE(in_same_network(0x0a000201, 0x0a000301, 24));
}

TEST(byte_view, ends_the_program_out_of_bounds) {
    std::array<uint8_t, 3> bytes{};
    const byte_view view(bytes);
    EXPECT_DEATH((void)view.u16(2), "");
    EXPECT_DEATH(view.put_u32(0, 1), "");
    EXPECT_DEATH(ip_view{bytes}, "");
}

}  // namespace
}  // namespace model::netinet

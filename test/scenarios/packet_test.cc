// The notation of packets: what is read, and its normal form.

#include <gtest/gtest.h>

#include "scenarios/lang/packet.h"

namespace scenario {
namespace {

struct normal_case {
    const char* written;
    const char* normal;  // "": the same
};

const normal_case normal_forms[] = {
    {"IP 10.0.1.9.1234 > 10.9.0.5.53: udp 64", ""},
    {"IP 10.0.1.9.1234 > 10.9.0.5.53: udp 64 dst 02:00:00:00:01:01 tos 8 df ttl 3",
     "IP 10.0.1.9.1234 > 10.9.0.5.53: udp 64 ttl 3 tos 8 df dst 02:00:00:00:01:01"},
    {"IP 10.0.1.9.1234 > 10.9.0.5.53: udp 64 ipid 3",
     "IP 10.0.1.9.1234 > 10.9.0.5.53: udp 64 id 3"},
    {"IP 10.0.1.9.1 > 10.9.0.5.80: Flags [.S], seq 7, ack 1, win 16384, length 0",
     "IP 10.0.1.9.1 > 10.9.0.5.80: Flags [S.], seq 7, ack 1, win 16384, length 0"},
    {"IP 10.0.1.9.1 > 10.9.0.5.80: Flags [none]", ""},
    {"IP 10.0.1.9.1 > 10.9.0.5.80: Flags [P.] length 3",
     "IP 10.0.1.9.1 > 10.9.0.5.80: Flags [P.], length 3"},
    {"IP 10.0.1.9 > 10.9.0.5: icmp echo request", ""},
    {"IP 10.0.1.9 > 10.9.0.5: icmp echo reply id 1 seq 2 len 56", ""},
    {"IP 10.0.1.9 > 10.9.0.5: icmp time exceeded", ""},
    {"IP 10.0.1.9 > 10.9.0.5: icmp unreachable needfrag mtu 1400 ttl 255", ""},
    {"IP 10.0.1.9 > 10.9.0.5: icmp redirect host to 10.0.1.2", ""},
    {"IP 10.0.1.9 > 10.9.0.5: proto 47 len 20 no-df mf offset 8", ""},
    {"ARP who-has 10.0.2.2 tell 10.0.2.1", ""},
    {"ARP 10.0.2.2 is-at 02:00:00:00:02:0A to 10.0.2.1",
     "ARP 10.0.2.2 is-at 02:00:00:00:02:0a to 10.0.2.1"},
    {"IP ... > ...: udp ...", ""},
    {"IP 10.0.1.9.* > ...: udp ... ...", "IP 10.0.1.9.* > ...: udp ..."},
    {"IP ... > ...: Flags ..., seq ..., ack 3", "IP ... > ...: Flags ..., ack 3"},
    {"ARP who-has ... tell ...", ""},
    {"IP ... > ...: icmp unreachable port quoting IP 1.2.3.4.5 > ...: udp 3 ttl 1", ""},
};

TEST(packet_notation, has_a_normal_form_that_reads_as_itself) {
    for (const normal_case& c : normal_forms) {
        std::string normal = *c.normal == '\0' ? c.written : c.normal;
        std::string error;
        std::optional<packet_spec> p = parse_packet(c.written, packet_use::expect, &error);
        ASSERT_TRUE(p) << error;
        EXPECT_EQ(to_text(*p), normal);
        EXPECT_EQ(parse_packet(normal, packet_use::expect), p) << normal;
    }
}

TEST(packet_notation, fields_are_read_into_their_places) {
    std::optional<packet_spec> p = parse_packet(
        "IP 10.0.1.9.1234 > 10.9.0.5.80: Flags [S.], seq 7, ack 8, win 9, length 10 ttl 3 df",
        packet_use::send);
    ASSERT_TRUE(p);
    EXPECT_EQ(p->kind, packet_kind::tcp);
    EXPECT_EQ(p->source, 0x0a000109u);
    EXPECT_EQ(p->source_port, 1234);
    EXPECT_EQ(p->destination, 0x0a090005u);
    EXPECT_EQ(p->destination_port, 80);
    EXPECT_EQ(p->flags, tcp_syn | tcp_ack);
    EXPECT_EQ(p->sequence, 7u);
    EXPECT_EQ(p->acknowledgement, 8u);
    EXPECT_EQ(p->window, 9);
    EXPECT_EQ(p->length, 10);
    EXPECT_EQ(p->ttl, 3);
    EXPECT_EQ(p->dont_fragment, true);
    EXPECT_EQ(p->tos, std::nullopt);
    EXPECT_EQ(p->ethernet_source, std::nullopt);
}

TEST(packet_notation, brief_leaves_out_what_a_picture_has_no_room_for) {
    std::optional<packet_spec> p = parse_packet(
        "IP 10.0.1.1 > 10.0.1.9: icmp time exceeded ttl 3 src 02:00:00:00:00:01 "
        "quoting IP 1.2.3.4.5 > 5.6.7.8.9: udp 3",
        packet_use::send);
    ASSERT_TRUE(p);
    EXPECT_EQ(to_text(*p, packet_detail::brief), "IP 10.0.1.1 > 10.0.1.9: icmp time exceeded");
    p = with_defaults(*parse_packet("ARP who-has 10.0.2.2 tell 10.0.2.1", packet_use::send), {});
    EXPECT_EQ(to_text(*p, packet_detail::brief), "ARP who-has 10.0.2.2 tell 10.0.2.1");
}

TEST(packet_notation, mistakes_are_shown_in_place) {
    std::string error;
    EXPECT_FALSE(
        parse_packet("IP 10.0.1.9.1 > 10.9.0.5.53: udp 8 tll 3", packet_use::send, &error));
    EXPECT_EQ(error,
              "packet:1:36: error: unknown word 'tll' in a packet\n"
              "    1 | IP 10.0.1.9.1 > 10.9.0.5.53: udp 8 tll 3\n"
              "      |                                    ^~~\n"
              "      = did you mean 'ttl'?\n");
    EXPECT_FALSE(parse_packet("", packet_use::send));
    EXPECT_FALSE(parse_packet("IP 10.0.1.9.* > 10.9.0.5.53: udp 8", packet_use::send));
    EXPECT_FALSE(parse_packet("IP 10.0.1.9.1 > 10.9.0.5.53: udp 8; IP", packet_use::send));
    EXPECT_FALSE(parse_packet("IP 10.0.1.9.1 > 10.9.0.5.53: udp 65500", packet_use::send));
    EXPECT_FALSE(parse_packet("IP 10.0.1.9 > 10.9.0.5: proto 17 len 8 offset 9", packet_use::send));
}

TEST(addresses, only_whole_addresses_are_addresses) {
    EXPECT_EQ(parse_ipv4("10.0.1.9"), 0x0a000109u);
    EXPECT_EQ(parse_ipv4("255.255.255.255"), 0xffffffffu);
    for (const char* bad : {"", "10", "10.0.1", "10.0.1.", "10.0.1.256", "10.0.1.9.1", "a.b.c.d",
                            "10.0.01.9", "10.0.-1.9", " 10.0.1.9", "10..1.9"}) {
        EXPECT_EQ(parse_ipv4(bad), std::nullopt) << bad;
    }
    EXPECT_EQ(parse_mac("02:00:00:00:0a:fF"), (mac{2, 0, 0, 0, 0x0a, 0xff}));
    for (const char* bad : {"", "02:00:00:00:01", "02:00:00:00:01:0g", "02-00-00-00-01-01",
                            "2:0:0:0:1:1", "02:00:00:00:01:01:01", "02:00:00:00:01:+1"}) {
        EXPECT_EQ(parse_mac(bad), std::nullopt) << bad;
    }
    EXPECT_TRUE(is_ipv4_or_prefix("10.0.0.0/8"));
    EXPECT_TRUE(is_ipv4_or_prefix("10.0.0.1"));
    EXPECT_FALSE(is_ipv4_or_prefix("10.0.0.0/33"));
    EXPECT_FALSE(is_ipv4_or_prefix("10.0.0.0/"));
}

}  // namespace
}  // namespace scenario

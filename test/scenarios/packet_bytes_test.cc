// Bytes: checksums against vectors worked out elsewhere, frames both ways, broken frames.

#include <gtest/gtest.h>

#include "scenarios/lang/packet.h"

namespace scenario {
namespace {

using bytes = std::vector<uint8_t>;

bytes from_hex(std::string_view text) {
    bytes out;
    for (size_t i = 0; i + 1 < text.size(); i += 3) {
        out.push_back(
            static_cast<uint8_t>(std::stoul(std::string(text.substr(i, 2)), nullptr, 16)));
    }
    return out;
}

packet_spec packet(std::string_view text, packet_use use = packet_use::expect) {
    std::string error;
    std::optional<packet_spec> p = parse_packet(text, use, &error);
    EXPECT_EQ(error, "") << text;
    return p.value_or(packet_spec{});
}

const packet_defaults from_neighbour = {.ethernet_source = {2, 0, 0, 0, 0, 9},
                                        .ethernet_destination = {2, 0, 0, 0, 1, 1},
                                        .arp_target = 0x0a000201,
                                        .ip_id = 0,
                                        .ttl = 64,
                                        .fill = 0};

TEST(packet_bytes, checksum_is_that_of_rfc_1071) {
    // RFC 1071 section 3: the sum is ddf2.
    bytes rfc = from_hex("00 01 f2 03 f4 f5 f6 f7");
    EXPECT_EQ(internet_checksum(rfc.data(), rfc.size()), 0x220d);
    // An odd byte counts as the high one of its pair: 0001 + f200 = f201.
    bytes odd = from_hex("00 01 f2");
    EXPECT_EQ(internet_checksum(odd.data(), odd.size()), 0x0dfe);
    EXPECT_EQ(internet_checksum(nullptr, 0), 0xffff);
    // 4510+001f+0007+4000+3f11+0a00+0109+0a09+0005 = d95e.
    bytes header = from_hex("45 10 00 1f 00 07 40 00 3f 11 00 00 0a 00 01 09 0a 09 00 05");
    EXPECT_EQ(internet_checksum(header.data(), header.size()), 0x26a1);
}

struct vector_case {
    const char* text;
    const char* frame;
};

const vector_case vectors[] = {
    {"IP 10.0.1.9.1234 > 10.9.0.5.53: udp 3 ttl 63 id 7 tos 16 df",
     "02 00 00 00 01 01 02 00 00 00 00 09 08 00 45 10 00 1f 00 07 40 00 3f 11 26 a1 0a 00 01 09 "
     "0a 09 00 05 04 d2 00 35 00 0b e3 b9 00 01 02"},
    {"IP 10.0.1.9.1234 > 10.9.0.5.80: Flags [S.], seq 7, ack 1, win 16384, length 0",
     "02 00 00 00 01 01 02 00 00 00 00 09 08 00 45 00 00 28 00 00 00 00 40 06 65 ba 0a 00 01 09 "
     "0a 09 00 05 04 d2 00 50 00 00 00 07 00 00 00 01 50 12 40 00 55 92 00 00"},
    {"IP 10.0.1.9 > 10.9.0.5: icmp echo request id 1 seq 2 len 4",
     "02 00 00 00 01 01 02 00 00 00 00 09 08 00 45 00 00 20 00 00 00 00 40 01 65 c7 0a 00 01 09 "
     "0a 09 00 05 08 00 f5 f8 00 01 00 02 00 01 02 03"},
    {"IP 10.0.1.1 > 10.0.1.9: icmp time exceeded quoting "
     "IP 10.0.1.9.1234 > 10.9.0.5.53: udp 64 ttl 1",
     "02 00 00 00 01 01 02 00 00 00 00 09 08 00 45 00 00 38 00 00 00 00 40 01 64 bc 0a 00 01 01 "
     "0a 00 01 09 0b 00 ee 73 00 00 00 00 45 00 00 5c 00 00 00 00 01 11 a4 7b 0a 00 01 09 0a 09 "
     "00 05 04 d2 00 35 00 48 01 3d"},
    {"ARP who-has 10.0.2.2 tell 10.0.2.1",
     "ff ff ff ff ff ff 02 00 00 00 00 09 08 06 00 01 08 00 06 04 00 01 02 00 00 00 00 09 0a 00 "
     "02 01 00 00 00 00 00 00 0a 00 02 02"},
    {"ARP 10.0.2.2 is-at 02:00:00:00:02:02",
     "02 00 00 00 01 01 02 00 00 00 02 02 08 06 00 01 08 00 06 04 00 02 02 00 00 00 02 02 0a 00 "
     "02 02 02 00 00 00 01 01 0a 00 02 01"},
};

TEST(packet_bytes, frames_are_right_byte_for_byte) {
    for (const vector_case& c : vectors) {
        EXPECT_EQ(encode(packet(c.text), from_neighbour), from_hex(c.frame)) << c.text;
    }
}

const char* const all_kinds[] = {
    "IP 10.0.1.9.1234 > 10.9.0.5.53: udp 64",
    "IP 10.0.1.9.0 > 10.9.0.5.65535: udp 0 ttl 1 id 65535 tos 255 df",
    "IP 10.0.1.9.1234 > 10.9.0.5.80: Flags [none]",
    "IP 10.0.1.9.1234 > 10.9.0.5.80: Flags [FSRP.UEW], seq 4294967295, ack 1, win 0, length 1460",
    "IP 10.0.1.9 > 10.9.0.5: icmp echo request id 1 seq 2 len 56 ipid 9",
    "IP 10.0.1.9 > 10.9.0.5: icmp echo reply",
    "IP 10.0.1.9 > 10.9.0.5: icmp time exceeded",
    "IP 10.0.1.1 > 10.0.1.9: icmp unreachable host quoting IP 1.2.3.4 > 5.6.7.8: icmp echo reply",
    "IP 10.0.1.1 > 10.0.1.9: icmp unreachable net quoting IP 1.2.3.4 > 5.6.7.8: proto 47 len 3",
    "IP 10.0.1.1 > 10.0.1.9: icmp unreachable port quoting IP 1.2.3.4.5 > 5.6.7.8.9: Flags [S]",
    "IP 10.0.1.1 > 10.0.1.9: icmp unreachable proto",
    "IP 10.0.1.1 > 10.0.1.9: icmp unreachable needfrag mtu 1400",
    "IP 10.0.1.1 > 10.0.1.9: icmp redirect host to 10.0.1.2",
    "IP 10.0.1.1 > 10.0.1.9: icmp redirect net to 10.0.1.2",
    "IP 10.0.1.9 > 10.9.0.5: proto 47 len 20",
    "IP 10.0.1.9 > 10.9.0.5: proto 17 len 16 mf",
    "IP 10.0.1.9 > 10.9.0.5: proto 17 len 16 offset 65528",
    "ARP who-has 10.0.2.2 tell 10.0.2.1 at 02:00:00:00:00:77",
    "ARP 10.0.2.2 is-at 02:00:00:00:02:02 to 10.0.2.1 src 02:00:00:00:00:78",
};

TEST(packet_bytes, decode_gives_back_what_encode_was_given) {
    for (const char* text : all_kinds) {
        packet_spec p = packet(text);
        bytes frame = encode(p, from_neighbour);
        decoded_packet back = decode(frame);
        ASSERT_TRUE(back.packet) << text << ": " << back.error;
        EXPECT_EQ(*back.packet, with_defaults(p, from_neighbour)) << text << "\n"
                                                                  << to_text(*back.packet);
        EXPECT_EQ(mismatch(p, frame), std::nullopt) << text;
        // And through the notation.
        EXPECT_EQ(packet(to_text(*back.packet)), *back.packet) << to_text(*back.packet);
    }
}

TEST(packet_bytes, every_broken_bit_of_an_ip_packet_is_noticed) {
    for (const char* text : {all_kinds[0], all_kinds[3], all_kinds[4]}) {
        packet_spec p = with_defaults(packet(text), from_neighbour);
        bytes frame = encode(p);
        for (size_t i = 14; i < frame.size(); i++) {
            for (int bit = 0; bit < 8; bit++) {
                bytes broken = frame;
                broken[i] ^= static_cast<uint8_t>(1 << bit);
                decoded_packet back = decode(broken);
                EXPECT_TRUE(!back.packet || *back.packet != p) << text << " byte " << i;
            }
        }
    }
}

TEST(packet_bytes, no_cut_frame_is_read_beyond_its_end) {
    for (const char* text : all_kinds) {
        bytes frame = encode(packet(text), from_neighbour);
        for (size_t size = 0; size < frame.size(); size++) {
            bytes cut(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(size));
            decoded_packet back = decode(cut);
            EXPECT_FALSE(back.packet) << text << " cut to " << size;
            EXPECT_NE(back.error, "") << text << " cut to " << size;
        }
    }
}

TEST(packet_bytes, padding_is_no_part_of_the_packet) {
    packet_spec p = packet(all_kinds[0]);
    bytes frame = encode(p, from_neighbour);
    frame.resize(frame.size() + 20);
    EXPECT_EQ(mismatch(p, frame), std::nullopt);
}

struct broken_case {
    size_t offset;
    uint8_t value;
    const char* error;
};

TEST(packet_bytes, errors_say_what_is_wrong) {
    const broken_case cases[] = {
        {12, 0x86, "Ethernet type 0x8600"},
        {14, 0x65, "no IPv4 header"},
        {14, 0x44, "IP length does not fit"},
        {17, 0xff, "IP length does not fit"},
        {22, 62, "IP checksum 0x26a1, should be 0x27a1"},
        {44, 9, "UDP checksum 0xe3b9, should be 0xdcb9"},
    };
    for (const broken_case& c : cases) {
        bytes frame = from_hex(vectors[0].frame);
        frame[c.offset] = c.value;
        EXPECT_EQ(decode(frame).error, c.error);
    }
}

TEST(packet_bytes, a_udp_checksum_of_zero_is_none) {
    bytes frame = from_hex(vectors[0].frame);
    frame[40] = 0;
    frame[41] = 0;
    EXPECT_EQ(decode(frame).error, "");
    // A sum that comes out as zero is sent as ffff. The sum here: protocol 17, lengths 8 and 8, port 65502.
    packet_spec p = packet("IP 0.0.0.0.0 > 0.0.0.0.65502: udp 0");
    bytes sum = encode(p, from_neighbour);
    EXPECT_EQ(sum[40], 0xff);
    EXPECT_EQ(sum[41], 0xff);
    EXPECT_EQ(decode(sum).error, "");
}

struct match_case {
    const char* expected;
    const char* sent;
    const char* reason;  // "": it matches
};

const match_case matches[] = {
    {"IP 10.0.1.9.1 > 10.9.0.5.53: udp 8", "IP 10.0.1.9.1 > 10.9.0.5.53: udp 8 ttl 3 tos 4", ""},
    {"IP ... > 10.9.0.5.53: udp ...", "IP 10.0.1.9.1 > 10.9.0.5.53: udp 8", ""},
    {"IP 10.0.1.9.* > ...: udp ...", "IP 10.0.1.9.1 > 10.9.0.5.53: udp 8", ""},
    {"IP 10.0.1.9.1 > 10.9.0.5.53: udp 9", "IP 10.0.1.9.1 > 10.9.0.5.53: udp 8",
     "length 8, expected 9"},
    {"IP 10.0.1.9.1 > 10.9.0.6.53: udp 8", "IP 10.0.1.9.1 > 10.9.0.5.53: udp 8",
     "destination 10.9.0.5, expected 10.9.0.6"},
    {"IP 10.0.1.9.2 > ...: udp 8", "IP 10.0.1.9.1 > 10.9.0.5.53: udp 8",
     "source port 1, expected 2"},
    {"IP ... > ...: udp 8 ttl 63", "IP 10.0.1.9.1 > 10.9.0.5.53: udp 8 ttl 64",
     "ttl 64, expected 63"},
    {"IP ... > ...: udp 8 df", "IP 10.0.1.9.1 > 10.9.0.5.53: udp 8", "df not set, expected set"},
    {"IP ... > ...: udp 8 dst 02:00:00:00:02:02", "IP 10.0.1.9.1 > 10.9.0.5.53: udp 8",
     "dst 02:00:00:00:01:01, expected 02:00:00:00:02:02"},
    {"IP ... > ...: udp 8", "IP 10.0.1.9 > 10.9.0.5: icmp echo reply",
     "found IP 10.0.1.9 > 10.9.0.5: icmp echo reply id 0 seq 0 len 0"},
    {"IP ... > ...: icmp echo request", "IP 10.0.1.9 > 10.9.0.5: icmp echo reply",
     "found IP 10.0.1.9 > 10.9.0.5: icmp echo reply id 0 seq 0 len 0"},
    {"IP ... > ...: Flags [S]", "IP 1.2.3.4.5 > 5.6.7.8.9: Flags [S.]", "flags 18, expected 2"},
    {"IP ... > ...: Flags ..., seq 7 ...", "IP 1.2.3.4.5 > 5.6.7.8.9: Flags [S.], seq 7", ""},
    {"ARP who-has 10.0.2.2 tell ...", "ARP who-has 10.0.2.2 tell 10.0.2.1", ""},
    {"ARP who-has 10.0.2.2 tell ...", "ARP who-has 10.0.2.3 tell 10.0.2.1",
     "destination 10.0.2.3, expected 10.0.2.2"},
    {"ARP 10.0.2.2 is-at ...", "ARP 10.0.2.2 is-at 02:00:00:00:02:02", ""},
    {"ARP 10.0.2.2 is-at 02:00:00:00:02:03", "ARP 10.0.2.2 is-at 02:00:00:00:02:02",
     "hardware address 02:00:00:00:02:02, expected 02:00:00:00:02:03"},
    {"IP ... > ...: icmp time exceeded quoting IP 1.2.3.4.5 > 5.6.7.8.9: Flags [S], seq 7",
     "IP 1.1.1.1 > 1.2.3.4: icmp time exceeded quoting IP 1.2.3.4.5 > 5.6.7.8.9: Flags [S], seq 7",
     ""},
    {"IP ... > ...: icmp time exceeded quoting IP 1.2.3.4.5 > 5.6.7.8.9: Flags [S], seq 8",
     "IP 1.1.1.1 > 1.2.3.4: icmp time exceeded quoting IP 1.2.3.4.5 > 5.6.7.8.9: Flags [S], seq 7",
     "quoted packet: seq 7, expected 8"},
    {"IP ... > ...: icmp time exceeded quoting IP ... > ...: udp ...",
     "IP 1.1.1.1 > 1.2.3.4: icmp time exceeded", "nothing quoted"},
};

TEST(packet_bytes, an_expectation_looks_only_at_what_it_says) {
    for (const match_case& c : matches) {
        bytes frame = encode(packet(c.sent, packet_use::send), from_neighbour);
        EXPECT_EQ(mismatch(packet(c.expected), frame).value_or(""), c.reason) << c.expected << "\n"
                                                                              << c.sent;
    }
}

TEST(packet_bytes, a_neighbour_that_cannot_be_read_is_a_mismatch) {
    EXPECT_EQ(mismatch(packet("IP ... > ...: udp ..."), {}), "short Ethernet header");
}

}  // namespace
}  // namespace scenario

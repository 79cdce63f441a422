// packet.h - a packet as a small value: what tcpdump would print, the bytes on the wire, and back.
// Source:  RFC 791, 792, 768, 793, 826, 894, 1071; notation after tcpdump.
//          This encoder shares nothing with the model: it is the independent check on its bytes.
// Shapes:  addresses in host order; lengths in bytes of payload. An absent field is "don't care" in
//          an expectation and takes its default in a packet to be sent (packet_defaults).
// Locks:   none; plain values.
// Errors:  the user's text: diagnostics. Bytes that are no packet: a sentence.
//
//     IP 10.0.1.9.1234 > 10.9.0.5.53: udp 64
//     IP 10.0.1.9.1234 > 10.9.0.5.80: Flags [S.], seq 7, ack 1, win 16384, length 0
//     IP 10.0.1.9 > 10.9.0.5: icmp echo request id 1 seq 2 len 56
//     IP 10.0.1.1 > 10.0.1.9: icmp time exceeded quoting IP 10.0.1.9.1234 > 10.9.0.5.53: udp 64
//     IP 10.0.1.1 > 10.0.1.9: icmp unreachable needfrag mtu 1400
//     IP 10.0.1.9 > 10.9.0.5: proto 47 len 20
//     ARP who-has 10.0.2.2 tell 10.0.2.1 [at 02:00:00:00:02:01]
//     ARP 10.0.2.2 is-at 02:00:00:00:02:02 to 10.0.2.1
// followed by any of: ttl N, id N (of IP; `ipid N` in an echo, which has an id of its own), tos N,
// df, no-df, mf, no-mf, offset N, src MAC, dst MAC (Ethernet); `quoting` comes last. In an
// expectation '...' stands for an address with its port, a number, a MAC, the flags, and '*' for a
// port; '...' at the end says that nothing more is looked at, which holds anyway.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/lang/address.h"
#include "scenarios/lang/source.h"

namespace scenario {

enum class packet_kind : uint8_t { udp, tcp, icmp, proto, arp_request, arp_reply };

// Which messages of ICMP the notation knows; their type and code are in packet_bytes.cc.
enum class icmp_kind : uint8_t {
    echo_request,
    echo_reply,
    time_exceeded,
    unreachable_host,
    unreachable_net,
    unreachable_proto,
    unreachable_port,
    unreachable_needfrag,
    redirect_host,
    redirect_net,
};

// The bits of the TCP header.
enum tcp_flag : uint8_t {
    tcp_fin = 1,
    tcp_syn = 2,
    tcp_rst = 4,
    tcp_push = 8,
    tcp_ack = 16,
    tcp_urg = 32,
    tcp_ece = 64,
    tcp_cwr = 128,
};

struct packet_spec {
    packet_kind kind = packet_kind::udp;

    std::optional<mac> ethernet_source;
    std::optional<mac> ethernet_destination;

    // IPv4. In ARP: sender and target protocol address.
    std::optional<ipv4> source;
    std::optional<ipv4> destination;
    std::optional<uint8_t> ttl;
    std::optional<uint8_t> tos;
    std::optional<uint16_t> ip_id;
    std::optional<bool> dont_fragment;
    std::optional<bool> more_fragments;
    std::optional<uint16_t> fragment_offset;  // bytes, a multiple of 8
    std::optional<uint8_t> protocol;          // kind proto only

    std::optional<uint16_t> source_port;  // udp, tcp
    std::optional<uint16_t> destination_port;
    std::optional<uint16_t> length;  // payload of udp, tcp, icmp echo, proto

    std::optional<uint8_t> flags;  // tcp: tcp_flag bits
    std::optional<uint32_t> sequence;
    std::optional<uint32_t> acknowledgement;
    std::optional<uint16_t> window;

    icmp_kind icmp = icmp_kind::echo_request;
    std::optional<uint16_t> echo_id;  // echo
    std::optional<uint16_t> echo_sequence;
    std::optional<uint16_t> mtu;      // unreachable needfrag
    std::optional<ipv4> gateway;      // redirect
    std::vector<packet_spec> quoted;  // errors: none or one, as much of it as the error carries

    std::optional<mac> hardware;  // arp: the sender's Ethernet address
    bool operator==(const packet_spec&) const = default;
};

// What fills the fields that a packet to be sent leaves open. The runner knows the interface.
struct packet_defaults {
    mac ethernet_source = {0x02, 0, 0, 0, 0xff, 0x01};  // a neighbour; also the ARP sender
    mac ethernet_destination = {0x02, 0,    0,
                                0,    0xff, 0x02};  // the interface; ARP requests broadcast
    ipv4 arp_target = 0;                            // of a reply without `to`
    uint16_t ip_id = 0;
    uint8_t ttl = 64;
    uint8_t fill = 0;  // the first byte of the payload; the next ones count on
};

enum class packet_use : uint8_t { send, expect };

class word_cursor;

// Reads a packet up to the end of the words, ')' or one of the words and, or, implies, as.
// On a mistake the cursor has failed and what was read is of no use.
[[nodiscard]] packet_spec parse_packet(word_cursor& words, packet_use use);

// The same for a line of its own; nullopt and an explanation in `error` (rendered) on a mistake.
[[nodiscard]] std::optional<packet_spec> parse_packet(std::string_view text, packet_use use,
                                                      std::string* error = nullptr);

enum class packet_detail : uint8_t { brief, full };

// The notation, in normal form: parse_packet(to_text(p), expect) == p. Brief: without Ethernet
// addresses, fields of the IP header, and what an error quotes; for a line in a picture.
[[nodiscard]] std::string to_text(const packet_spec& packet,
                                  packet_detail detail = packet_detail::full);

// Every field that the packet's kind has, filled. Of a quoted packet: what its first 28 bytes say.
[[nodiscard]] packet_spec with_defaults(const packet_spec& packet, const packet_defaults& defaults);

// The Ethernet frame, without padding and frame check sequence; checksums are right.
[[nodiscard]] std::vector<uint8_t> encode(const packet_spec& packet,
                                          const packet_defaults& defaults = {});

struct decoded_packet {
    std::optional<packet_spec> packet;  // with every field that its kind has
    std::string error;                  // why not: "IP checksum 0x1234, should be 0x4321"
};

// Reads a frame; trailing padding is allowed. IP options, TCP options are skipped. An error of
// any kind (short, wrong checksum, unknown type) gives no packet.
[[nodiscard]] decoded_packet decode(const std::vector<uint8_t>& frame);

// Why the frame is not what is expected: "ttl 62, expected 63"; nullopt: it is.
[[nodiscard]] std::optional<std::string> mismatch(const packet_spec& expected,
                                                  const std::vector<uint8_t>& frame);

// The Internet checksum (RFC 1071), as it is stored in the header: 0 over a right header.
[[nodiscard]] uint16_t internet_checksum(const uint8_t* bytes, size_t count, uint32_t sum = 0);

}  // namespace scenario

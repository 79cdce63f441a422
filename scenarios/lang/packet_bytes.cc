// Frames: encode and decode, side by side, since they change together. Offsets are those of the
// RFCs; nothing here is shared with the model.

#include <algorithm>
#include <cstdio>
#include <utility>

#include "scenarios/lang/packet.h"
#include "scenarios/lang/packet_names.h"

namespace scenario {

namespace {

constexpr size_t ethernet_size = 14;
constexpr size_t ip_size = 20;
constexpr size_t quoted_payload = 8;  // RFC 792: the header and 64 bits
constexpr uint16_t ethertype_ip = 0x0800;
constexpr uint16_t ethertype_arp = 0x0806;
constexpr uint8_t protocol_icmp = 1;
constexpr uint8_t protocol_tcp = 6;
constexpr uint8_t protocol_udp = 17;

struct icmp_number {
    uint8_t type;
    uint8_t code;
};

// In the order of icmp_kind.
constexpr icmp_number icmp_numbers[] = {
    {8, 0}, {0, 0}, {11, 0}, {3, 1}, {3, 0}, {3, 2}, {3, 3}, {3, 4}, {5, 1}, {5, 0},
};

using bytes = std::vector<uint8_t>;

void put16(bytes& out, uint32_t value) {
    out.push_back(static_cast<uint8_t>(value >> 8));
    out.push_back(static_cast<uint8_t>(value));
}

void put32(bytes& out, uint32_t value) {
    put16(out, value >> 16);
    put16(out, value & 0xffff);
}

void put_mac(bytes& out, const mac& address) {
    out.insert(out.end(), address.begin(), address.end());
}

void set16(bytes& out, size_t offset, uint16_t value) {
    out[offset] = static_cast<uint8_t>(value >> 8);
    out[offset + 1] = static_cast<uint8_t>(value);
}

// The sum over the addresses, the protocol and the length that UDP and TCP checksums begin with.
uint32_t pseudo_sum(ipv4 source, ipv4 destination, uint8_t protocol, size_t length) {
    return (source >> 16) + (source & 0xffff) + (destination >> 16) + (destination & 0xffff) +
           protocol + static_cast<uint32_t>(length);
}

uint8_t protocol_of(const packet_spec& p) {
    switch (p.kind) {
        case packet_kind::udp:
            return protocol_udp;
        case packet_kind::tcp:
            return protocol_tcp;
        case packet_kind::icmp:
            return protocol_icmp;
        default:
            return p.protocol.value_or(0);
    }
}

// The builders below are given packets whose fields are all filled.

void put_payload(bytes& out, const packet_spec& p, const packet_defaults& defaults) {
    for (size_t i = 0; i < p.length.value_or(0); i++) {
        out.push_back(static_cast<uint8_t>(defaults.fill + i));
    }
}

bytes udp_bytes(const packet_spec& p, const packet_defaults& defaults) {
    bytes out;
    put16(out, *p.source_port);
    put16(out, *p.destination_port);
    put16(out, 8u + *p.length);
    put16(out, 0);
    put_payload(out, p, defaults);
    uint32_t sum = pseudo_sum(*p.source, *p.destination, protocol_udp, out.size());
    uint16_t checksum = internet_checksum(out.data(), out.size(), sum);
    set16(out, 6, checksum == 0 ? 0xffff : checksum);  // 0 says "no checksum"
    return out;
}

bytes tcp_bytes(const packet_spec& p, const packet_defaults& defaults) {
    bytes out;
    put16(out, *p.source_port);
    put16(out, *p.destination_port);
    put32(out, *p.sequence);
    put32(out, *p.acknowledgement);
    out.push_back(5 << 4);
    out.push_back(*p.flags);
    put16(out, *p.window);
    put32(out, 0);  // checksum, urgent pointer
    put_payload(out, p, defaults);
    uint32_t sum = pseudo_sum(*p.source, *p.destination, protocol_tcp, out.size());
    set16(out, 16, internet_checksum(out.data(), out.size(), sum));
    return out;
}

bytes ip_bytes(const packet_spec& p, const packet_defaults& defaults);

bytes icmp_bytes(const packet_spec& p, const packet_defaults& defaults) {
    icmp_number number = icmp_numbers[static_cast<size_t>(p.icmp)];
    bytes out = {number.type, number.code, 0, 0};
    if (!is_error(p.icmp)) {
        put16(out, *p.echo_id);
        put16(out, *p.echo_sequence);
        put_payload(out, p, defaults);
    } else {
        put32(out, p.gateway ? *p.gateway : p.mtu.value_or(0));
        if (!p.quoted.empty()) {
            bytes inner = ip_bytes(p.quoted.front(), defaults);
            inner.resize(std::min(inner.size(), ip_size + quoted_payload));
            out.insert(out.end(), inner.begin(), inner.end());
        }
    }
    set16(out, 2, internet_checksum(out.data(), out.size()));
    return out;
}

bytes transport_bytes(const packet_spec& p, const packet_defaults& defaults) {
    bytes out;
    switch (p.kind) {
        case packet_kind::udp:
            return udp_bytes(p, defaults);
        case packet_kind::tcp:
            return tcp_bytes(p, defaults);
        case packet_kind::icmp:
            return icmp_bytes(p, defaults);
        default:
            put_payload(out, p, defaults);
            return out;
    }
}

bytes ip_bytes(const packet_spec& p, const packet_defaults& defaults) {
    bytes body = transport_bytes(p, defaults);
    bytes out = {0x45, *p.tos};
    put16(out, static_cast<uint32_t>(ip_size + body.size()));
    put16(out, *p.ip_id);
    put16(out, (*p.dont_fragment ? 0x4000u : 0) | (*p.more_fragments ? 0x2000u : 0) |
                   *p.fragment_offset / 8u);
    out.push_back(*p.ttl);
    out.push_back(protocol_of(p));
    put16(out, 0);
    put32(out, *p.source);
    put32(out, *p.destination);
    set16(out, 10, internet_checksum(out.data(), out.size()));
    out.insert(out.end(), body.begin(), body.end());
    return out;
}

bytes arp_bytes(const packet_spec& p) {
    bool request = p.kind == packet_kind::arp_request;
    bytes out;
    put16(out, 1);
    put16(out, ethertype_ip);
    out.push_back(6);
    out.push_back(4);
    put16(out, request ? 1 : 2);
    put_mac(out, *p.hardware);
    put32(out, *p.source);
    put_mac(out, request ? mac{} : *p.ethernet_destination);
    put32(out, *p.destination);
    return out;
}

void fill_transport(packet_spec& p) {
    bool ports = p.kind == packet_kind::udp || p.kind == packet_kind::tcp;
    if (ports) {
        p.source_port = p.source_port.value_or(0);
        p.destination_port = p.destination_port.value_or(0);
    }
    if (p.kind != packet_kind::icmp || !is_error(p.icmp)) {
        p.length = p.length.value_or(0);
    }
    if (p.kind == packet_kind::tcp) {
        p.flags = p.flags.value_or(0);
        p.sequence = p.sequence.value_or(0);
        p.acknowledgement = p.acknowledgement.value_or(0);
        p.window = p.window.value_or(0xffff);
    }
    if (p.kind == packet_kind::proto) {
        p.protocol = p.protocol.value_or(0);
    }
    if (p.kind == packet_kind::icmp && !is_error(p.icmp)) {
        p.echo_id = p.echo_id.value_or(0);
        p.echo_sequence = p.echo_sequence.value_or(0);
    }
    if (p.kind == packet_kind::icmp && p.icmp == icmp_kind::unreachable_needfrag) {
        p.mtu = p.mtu.value_or(0);
    }
    if (p.kind == packet_kind::icmp && is_redirect(p.icmp)) {
        p.gateway = p.gateway.value_or(0);
    }
}

void fill_ip(packet_spec& p, const packet_defaults& defaults) {
    p.source = p.source.value_or(0);
    p.destination = p.destination.value_or(0);
    p.ttl = p.ttl.value_or(defaults.ttl);
    p.tos = p.tos.value_or(0);
    p.ip_id = p.ip_id.value_or(defaults.ip_id);
    p.dont_fragment = p.dont_fragment.value_or(false);
    p.more_fragments = p.more_fragments.value_or(false);
    p.fragment_offset = p.fragment_offset.value_or(0);
    fill_transport(p);
}

void fill_arp(packet_spec& p, const packet_defaults& defaults) {
    bool request = p.kind == packet_kind::arp_request;
    p.source = p.source.value_or(0);
    p.destination = p.destination.value_or(request ? 0 : defaults.arp_target);
    p.ethernet_source = p.ethernet_source ? p.ethernet_source : p.hardware;
    p.ethernet_source = p.ethernet_source.value_or(defaults.ethernet_source);
    p.ethernet_destination =
        p.ethernet_destination.value_or(request ? mac_broadcast : defaults.ethernet_destination);
    p.hardware = p.hardware ? p.hardware : p.ethernet_source;
}

// Reads bytes that were checked to be there.
class byte_view {
  public:
    byte_view(const uint8_t* data, size_t size) : data_(data), size_(size) {}
    [[nodiscard]] size_t size() const { return size_; }
    [[nodiscard]] const uint8_t* data() const { return data_; }
    [[nodiscard]] uint8_t u8(size_t offset) const { return data_[offset]; }
    [[nodiscard]] uint16_t u16(size_t offset) const {
        return static_cast<uint16_t>(data_[offset] << 8 | data_[offset + 1]);
    }
    [[nodiscard]] uint32_t u32(size_t offset) const {
        return static_cast<uint32_t>(u16(offset)) << 16 | u16(offset + 2);
    }
    [[nodiscard]] mac address(size_t offset) const {
        mac result;
        std::copy_n(data_ + offset, result.size(), result.begin());
        return result;
    }
    [[nodiscard]] byte_view from(size_t offset) const { return {data_ + offset, size_ - offset}; }
    [[nodiscard]] byte_view first(size_t count) const { return {data_, std::min(count, size_)}; }

  private:
    const uint8_t* data_;
    size_t size_;
};

std::string checksum_error(const char* what, uint16_t found, uint16_t right) {
    char text[64];
    std::snprintf(text, sizeof text, "%s checksum 0x%04x, should be 0x%04x", what, found, right);
    return text;
}

// Empty if the checksum at `offset` is right for the bytes of `v`.
std::string check(const char* what, byte_view v, size_t offset, uint32_t sum) {
    if (internet_checksum(v.data(), v.size(), sum) == 0) {
        return "";
    }
    bytes copy(v.data(), v.data() + v.size());
    set16(copy, offset, 0);
    uint16_t right = internet_checksum(copy.data(), copy.size(), sum);
    return checksum_error(what, v.u16(offset), right);
}

// `cut`: only the first bytes of the packet are there, and its checksums cannot be checked.
std::string read_ip(byte_view v, bool cut, packet_spec& p);

std::string read_udp(byte_view v, bool cut, packet_spec& p) {
    if (v.size() < 8 || v.u16(4) < 8 || (!cut && v.u16(4) != v.size())) {
        return "UDP length does not fit";
    }
    p.kind = packet_kind::udp;
    p.source_port = v.u16(0);
    p.destination_port = v.u16(2);
    p.length = static_cast<uint16_t>(v.u16(4) - 8);
    if (cut || v.u16(6) == 0) {
        return "";
    }
    return check("UDP", v, 6, pseudo_sum(*p.source, *p.destination, protocol_udp, v.size()));
}

std::string read_tcp(byte_view v, bool cut, packet_spec& p) {
    p.kind = packet_kind::tcp;
    if (v.size() < (cut ? quoted_payload : 20)) {
        return "short TCP header";
    }
    p.source_port = v.u16(0);
    p.destination_port = v.u16(2);
    p.sequence = v.u32(4);
    if (cut) {
        return "";
    }
    size_t header = static_cast<size_t>(v.u8(12) >> 4) * 4;
    if (header < 20 || header > v.size()) {
        return "TCP header length does not fit";
    }
    p.acknowledgement = v.u32(8);
    p.flags = v.u8(13);
    p.window = v.u16(14);
    p.length = static_cast<uint16_t>(v.size() - header);
    return check("TCP", v, 16, pseudo_sum(*p.source, *p.destination, protocol_tcp, v.size()));
}

// `size`: of the whole message, even if it is cut.
std::string read_icmp(byte_view v, bool cut, size_t size, packet_spec& p) {
    if (v.size() < 8) {
        return "short ICMP header";
    }
    auto known = std::find_if(std::begin(icmp_numbers), std::end(icmp_numbers),
                              [&](auto& n) { return n.type == v.u8(0) && n.code == v.u8(1); });
    if (known == std::end(icmp_numbers)) {
        return "ICMP type " + std::to_string(v.u8(0)) + " code " + std::to_string(v.u8(1)) +
               " is not known";
    }
    p.kind = packet_kind::icmp;
    p.icmp = static_cast<icmp_kind>(known - std::begin(icmp_numbers));
    std::string error = cut ? "" : check("ICMP", v, 2, 0);
    if (!is_error(p.icmp)) {
        p.echo_id = v.u16(4);
        p.echo_sequence = v.u16(6);
        p.length = static_cast<uint16_t>(size - 8);
        return error;
    }
    if (p.icmp == icmp_kind::unreachable_needfrag) {
        p.mtu = v.u16(6);
    }
    if (is_redirect(p.icmp)) {
        p.gateway = v.u32(4);
    }
    if (error.empty() && !cut && v.size() > 8) {
        p.quoted.emplace_back();
        error = read_ip(v.from(8), true, p.quoted.front());
        error = error.empty() ? "" : "quoted packet: " + error;
    }
    return error;
}

std::string read_transport(byte_view v, bool cut, size_t size, packet_spec& p) {
    uint8_t protocol = *p.protocol;
    bool fragment = *p.more_fragments || *p.fragment_offset > 0;
    if (!fragment &&
        (protocol == protocol_udp || protocol == protocol_tcp || protocol == protocol_icmp)) {
        p.protocol.reset();
        return protocol == protocol_udp   ? read_udp(v, cut, p)
               : protocol == protocol_tcp ? read_tcp(v, cut, p)
                                          : read_icmp(v, cut, size, p);
    }
    p.kind = packet_kind::proto;
    p.length = static_cast<uint16_t>(size);
    return "";
}

std::string read_ip(byte_view v, bool cut, packet_spec& p) {
    if (v.size() < ip_size || v.u8(0) >> 4 != 4) {
        return "no IPv4 header";
    }
    size_t header = static_cast<size_t>(v.u8(0) & 15) * 4;
    size_t total = v.u16(2);
    if (header < ip_size || header > v.size() || total < header || (!cut && total > v.size())) {
        return "IP length does not fit";
    }
    std::string error = cut ? "" : check("IP", v.first(header), 10, 0);
    if (!error.empty()) {
        return error;
    }
    p.tos = v.u8(1);
    p.ip_id = v.u16(4);
    p.dont_fragment = (v.u16(6) & 0x4000) != 0;
    p.more_fragments = (v.u16(6) & 0x2000) != 0;
    p.fragment_offset = static_cast<uint16_t>((v.u16(6) & 0x1fff) * 8);
    p.ttl = v.u8(8);
    p.protocol = v.u8(9);
    p.source = v.u32(12);
    p.destination = v.u32(16);
    return read_transport(v.first(total).from(header), cut, total - header, p);
}

std::string read_arp(byte_view v, packet_spec& p) {
    if (v.size() < 28 || v.u16(0) != 1 || v.u16(2) != ethertype_ip || v.u16(4) != 0x0604) {
        return "no ARP for IPv4 over Ethernet";
    }
    if (v.u16(6) != 1 && v.u16(6) != 2) {
        return "ARP operation " + std::to_string(v.u16(6)) + " is not known";
    }
    p.kind = v.u16(6) == 1 ? packet_kind::arp_request : packet_kind::arp_reply;
    p.hardware = v.address(8);
    p.source = v.u32(14);
    p.destination = v.u32(24);
    return "";
}

}  // namespace

uint16_t internet_checksum(const uint8_t* data, size_t count, uint32_t sum) {
    uint64_t total = sum;
    for (size_t i = 0; i < count; i++) {
        total += i % 2 == 0 ? static_cast<uint64_t>(data[i]) << 8 : data[i];
    }
    while (total >> 16 != 0) {
        total = (total & 0xffff) + (total >> 16);
    }
    return static_cast<uint16_t>(~total);
}

packet_spec with_defaults(const packet_spec& packet, const packet_defaults& defaults) {
    packet_spec p = packet;
    if (is_arp(p.kind)) {
        fill_arp(p, defaults);
        return p;
    }
    p.ethernet_source = p.ethernet_source.value_or(defaults.ethernet_source);
    p.ethernet_destination = p.ethernet_destination.value_or(defaults.ethernet_destination);
    fill_ip(p, defaults);
    for (packet_spec& inner : p.quoted) {
        fill_ip(inner, defaults);
        inner.quoted.clear();
        inner.ethernet_source.reset();
        inner.ethernet_destination.reset();
        if (inner.kind == packet_kind::tcp) {
            inner.flags.reset();
            inner.acknowledgement.reset();
            inner.window.reset();
            inner.length.reset();
        }
    }
    return p;
}

std::vector<uint8_t> encode(const packet_spec& packet, const packet_defaults& defaults) {
    packet_spec p = with_defaults(packet, defaults);
    for (packet_spec& inner : p.quoted) {
        inner = packet.quoted.front();  // whole again: its length field counts what is cut off
        fill_ip(inner, defaults);
    }
    bytes out;
    put_mac(out, *p.ethernet_destination);
    put_mac(out, *p.ethernet_source);
    put16(out, is_arp(p.kind) ? ethertype_arp : ethertype_ip);
    bytes body = is_arp(p.kind) ? arp_bytes(p) : ip_bytes(p, defaults);
    out.insert(out.end(), body.begin(), body.end());
    return out;
}

decoded_packet decode(const std::vector<uint8_t>& frame) {
    decoded_packet result;
    packet_spec p;
    byte_view v(frame.data(), frame.size());
    if (v.size() < ethernet_size) {
        result.error = "short Ethernet header";
        return result;
    }
    p.ethernet_destination = v.address(0);
    p.ethernet_source = v.address(6);
    uint16_t type = v.u16(12);
    byte_view body = v.from(ethernet_size);
    if (type == ethertype_ip) {
        result.error = read_ip(body, false, p);
    } else if (type == ethertype_arp) {
        result.error = read_arp(body, p);
    } else {
        char text[32];
        std::snprintf(text, sizeof text, "Ethernet type 0x%04x", type);
        result.error = text;
    }
    if (result.error.empty()) {
        result.packet = std::move(p);
    }
    return result;
}

}  // namespace scenario

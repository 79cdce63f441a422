// The notation of packets: packet_spec -> words. The other direction is packet_parse.cc.

#include "scenarios/lang/packet.h"
#include "scenarios/lang/packet_names.h"

namespace scenario {

namespace {

template <typename Integer>
std::string number(const std::optional<Integer>& value) {
    return value ? std::to_string(*value) : "...";
}

template <typename Address>
std::string address(const std::optional<Address>& value) {
    return value ? to_text(*value) : "...";
}

std::string end_of(const packet_spec& p, const std::optional<ipv4>& host,
                   const std::optional<uint16_t>& port) {
    bool ports = p.kind == packet_kind::udp || p.kind == packet_kind::tcp;
    if (!host || !ports) {
        return address(host);
    }
    return to_text(*host) + "." + (port ? std::to_string(*port) : "*");
}

std::string tcp_text(const packet_spec& p) {
    std::string text = "Flags ";
    if (p.flags) {
        std::string letters;
        for (const flag_letter& f : flag_letters) {
            letters += (*p.flags & f.bit) != 0 ? std::string(1, f.letter) : "";
        }
        text += "[" + (letters.empty() ? "none" : letters) + "]";
    } else {
        text += "...";
    }
    text += p.sequence ? ", seq " + number(p.sequence) : "";
    text += p.acknowledgement ? ", ack " + number(p.acknowledgement) : "";
    text += p.window ? ", win " + number(p.window) : "";
    return text + (p.length ? ", length " + number(p.length) : "");
}

std::string icmp_text(const packet_spec& p) {
    std::string text = "icmp " + std::string(icmp_names[static_cast<size_t>(p.icmp)]);
    text += p.echo_id ? " id " + number(p.echo_id) : "";
    text += p.echo_sequence ? " seq " + number(p.echo_sequence) : "";
    text += p.length ? " len " + number(p.length) : "";
    text += p.mtu ? " mtu " + number(p.mtu) : "";
    return text + (is_redirect(p.icmp) ? " to " + address(p.gateway) : "");
}

std::string body_text(const packet_spec& p) {
    switch (p.kind) {
        case packet_kind::udp:
            return "udp " + number(p.length);
        case packet_kind::tcp:
            return tcp_text(p);
        case packet_kind::icmp:
            return icmp_text(p);
        default:
            return "proto " + number(p.protocol) + " len " + number(p.length);
    }
}

std::string ip_options_text(const packet_spec& p) {
    bool own_id = p.kind == packet_kind::icmp && !is_error(p.icmp);
    std::string text;
    text += p.ttl ? " ttl " + number(p.ttl) : "";
    text += p.ip_id ? (own_id ? " ipid " : " id ") + number(p.ip_id) : "";
    text += p.tos ? " tos " + number(p.tos) : "";
    text += p.dont_fragment ? (*p.dont_fragment ? " df" : " no-df") : "";
    text += p.more_fragments ? (*p.more_fragments ? " mf" : " no-mf") : "";
    return text + (p.fragment_offset ? " offset " + number(p.fragment_offset) : "");
}

std::string arp_text(const packet_spec& p, packet_detail detail) {
    if (p.kind == packet_kind::arp_request) {
        std::string text = "ARP who-has " + address(p.destination) + " tell " + address(p.source);
        bool at = p.hardware && detail == packet_detail::full;
        return text + (at ? " at " + to_text(*p.hardware) : "");
    }
    std::string text = "ARP " + address(p.source) + " is-at " + address(p.hardware);
    bool to = p.destination && detail == packet_detail::full;
    return text + (to ? " to " + to_text(*p.destination) : "");
}

}  // namespace

std::string to_text(const packet_spec& p, packet_detail detail) {
    bool full = detail == packet_detail::full;
    std::string text;
    if (is_arp(p.kind)) {
        text = arp_text(p, detail);
    } else {
        text = "IP " + end_of(p, p.source, p.source_port) + " > " +
               end_of(p, p.destination, p.destination_port) + ": " + body_text(p);
        text += full ? ip_options_text(p) : "";
    }
    if (full) {
        text += p.ethernet_source ? " src " + to_text(*p.ethernet_source) : "";
        text += p.ethernet_destination ? " dst " + to_text(*p.ethernet_destination) : "";
        text += p.quoted.empty() ? "" : " quoting " + to_text(p.quoted.front());
    }
    return text;
}

}  // namespace scenario

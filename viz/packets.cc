#include "viz/packets.h"

#include <algorithm>

namespace viz {

namespace {

unsigned two_bytes(std::string_view bytes, size_t at) {
    return static_cast<unsigned char>(bytes[at]) * 256U + static_cast<unsigned char>(bytes[at + 1]);
}

}  // namespace

sighting sighting_of(const sim::trace_event& packet) {
    sighting s;
    const std::string& text = packet.detail;
    const size_t at = std::min(text.find(" < "), text.find(" > "));
    const std::string_view before =
        at == std::string::npos ? std::string_view() : std::string_view(text).substr(0, at);
    const size_t space = before.find(' ');
    if (before.empty() ||
        (space != std::string_view::npos && !before.substr(space).starts_with(" queue "))) {
        s.interface = packet.object;
        s.text = text;
        return s;
    }
    s.interface = before.substr(0, space);
    s.way = text[at + 1] == '<' ? packet_way_of::in : packet_way_of::out;
    s.text = text.substr(at + 3);
    return s;
}

bool is_loss(const sim::trace_event& fate) {
    return fate.kind == "fate" &&
           (fate.detail.starts_with("dropped") || fate.detail.starts_with("lost"));
}

std::map<uint32_t, std::vector<uint32_t>> fates_of(const sim::trace& t) {
    std::map<uint32_t, std::vector<uint32_t>> fates;
    for (uint32_t i = 0; i < t.events.size(); ++i) {
        if (t.events[i].kind == "fate" && t.events[i].packet != 0) {
            fates[t.events[i].packet].push_back(i);
        }
    }
    return fates;
}

bool is_bare_ip(std::string_view bytes) {
    if (bytes.size() < 20 || (static_cast<unsigned char>(bytes[0]) & 0xf0U) != 0x40) {
        return false;
    }
    const size_t header = 4U * (static_cast<unsigned char>(bytes[0]) & 15U);
    const size_t length = two_bytes(bytes, 2);
    return header >= 20 && length >= header && length == bytes.size();
}

bool is_ethernet(std::string_view bytes) {
    constexpr unsigned types[] = {0x0800, 0x0806, 0x8100, 0x86dd, 0x8808};
    return bytes.size() >= 14 &&
           std::count(std::begin(types), std::end(types), two_bytes(bytes, 12)) != 0;
}

}  // namespace viz

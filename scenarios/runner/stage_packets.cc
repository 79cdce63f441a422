#include "scenarios/runner/stage_packets.h"

#include "scenarios/lang/packet.h"
#include "sim/machine/packets.h"

namespace scenario {

namespace {

std::string as_tcpdump_would(std::string_view bytes) {
    const decoded_packet d = decode({bytes.begin(), bytes.end()});
    return d.packet ? to_text(*d.packet, packet_detail::brief) : d.error;
}

// CPUs are counted through all routers; services have the name of theirs in front.
std::string router_of(const script& s, const sim::context& c) {
    if (const size_t colon = c.name.find(':'); c.service && colon != std::string::npos) {
        return c.name.substr(0, colon + 1);
    }
    unsigned end = 0;
    for (const router& r : s.routers) {
        end += r.cpus;
        if (c.cpu < end) {
            return r.name.text + ":";
        }
    }
    return "";
}

}  // namespace

void tell_packets(const script& s) {
    sim::packet_words words{as_tcpdump_would, {}};
    if (s.routers.size() > 1) {
        words.router = [&s](const sim::context& c) { return router_of(s, c); };
    }
    sim::set_packet_words(std::move(words));
}

}  // namespace scenario

// packets.h - the packets of a trace: where each was seen, and what became of it.
// Source:  remarks `packet` and `fate` (sim/trace/README.md).
// Shapes:  indices into the trace's events; packets have the numbers that the scenario gives them.
// Locks:   none; pure functions.
// Errors:  none; what a trace does not say is left out.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "sim/trace/trace.h"

namespace viz {

enum class packet_way_of : uint8_t { none, in, out };

// "em0 queue 1 < IP ...": its interface, its direction, its words.
struct sighting {
    std::string interface;  // "em0", "r2:em0"; "" if the trace does not say
    packet_way_of way = packet_way_of::none;
    std::string text;
};
sighting sighting_of(const sim::trace_event& packet);

// Is it the end of a packet that nobody gets? "dropped noroute", "lost on the wire".
bool is_loss(const sim::trace_event& fate);

// "dropped noroute at step 14", by number: in the order of the trace, an event each.
std::map<uint32_t, std::vector<uint32_t>> fates_of(const sim::trace& t);

// Does it begin with an IPv4 header that is as long as it says? Then link-level headers are off already.
bool is_bare_ip(std::string_view bytes);
bool is_ethernet(std::string_view bytes);

}  // namespace viz

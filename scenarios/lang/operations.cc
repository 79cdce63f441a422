#include "scenarios/lang/operations.h"

#include <optional>

#include "scenarios/lang/address.h"

namespace scenario {

std::string line_of(const command& c) {
    std::string line;
    for (const word& w : c.words) {
        line += (line.empty() ? "" : " ") + (w.quoted ? "\"" + w.text + "\"" : w.text);
    }
    // Elsewhere a name is a label only.
    const bool names_object =
        c.words[0].is("socket") || c.words[0].is("accept") || c.words[0].is("state") ||
        (c.words[0].is("route") && c.words.size() > 1 && c.words[1].is("monitor"));
    if (names_object && !c.name.empty()) {
        line += " as " + c.name.text;
    }
    // `pf { ... }` is `pfctl -f - { ... }`: the block is the standard input.
    if (c.raw) {
        line = (c.words[0].is("pf") ? "pfctl -f -" : line) + "\n" + c.raw->text;
    }
    return line;
}

void hardware_addresses::note(int router, const command& c) {
    if (c.words.size() < 2 || !c.words[0].is("ifconfig")) {
        return;
    }
    for (size_t i = 2; i + 1 < c.words.size(); ++i) {
        if (c.words[i].is("lladdr")) {
            if (std::optional<mac> address = parse_mac(c.words[i + 1].text); address) {
                known_[{router, c.words[1].text}] = *address;
            }
        }
    }
}

std::vector<uint8_t> hardware_addresses::frame_of(const injection& in, int router,
                                                  unsigned packet) const {
    packet_defaults defaults;
    defaults.ip_id = static_cast<uint16_t>(packet);
    defaults.fill = static_cast<uint8_t>(packet);
    const auto found = known_.find({router, in.interface.name.text});
    if (found != known_.end()) {
        defaults.ethernet_destination = found->second;
    }
    return encode(in.packet, defaults);
}

}  // namespace scenario

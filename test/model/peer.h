// peer.h - hosts on the wires of a router, which speak and hear in tcpdump's notation.
// Shapes:  on em0 is 10.0.1.9, on em1 10.0.2.2, both with static ARP entries; what is said is a line as
//          in a .race file, what is heard one without the fields that a line for a picture leaves out.
// Locks:   one context.
// Errors:  a failed expectation.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "scenarios/lang/packet.h"
#include "test/model/network.h"

namespace model_test {

using lines = std::vector<std::string>;

class peer : public network {
  public:
    explicit peer(unsigned cpus = 2) : network(cpus) {
        set_up();
        forget_wires();
    }

    // The frame of a line.
    static bytes frame_of(std::string_view line, const char* ifname = "em0") {
        std::string error;
        const auto packet = scenario::parse_packet(line, scenario::packet_use::send, &error);
        EXPECT_TRUE(packet) << error;
        scenario::packet_defaults defaults;
        defaults.ethernet_destination = {2, 0, 0, 0, uint8_t(ifname[2] == '0' ? 1 : 2), 1};
        return packet ? scenario::encode(*packet, defaults) : bytes();
    }
    // A packet comes in; its fate.
    std::string says(std::string_view line, const char* ifname = "em0") {
        return input(ifname, frame_of(line, ifname));
    }
    // What left by em`unit` since then.
    lines hears(unsigned unit = 0) {
        lines heard;
        for (const bytes& f : sent(unit)) {
            const scenario::decoded_packet d = scenario::decode(f);
            heard.push_back(d.packet ? to_text(*d.packet, scenario::packet_detail::brief)
                                     : d.error);
        }
        return heard;
    }
};

}  // namespace model_test

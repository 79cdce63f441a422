// packets.h - what a trace tells of packets: the bytes that leave, and what became of each.
// Source:  sim/annotate_packet.h; who knows what the bytes mean says so by packet_words.
// Shapes:  a frame is a remark `packet` ("em1 > IP ..."), its end a remark `fate` of object "P1".
// Locks:   none; host code.
// Errors:  none; without words a frame is so many bytes.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "sim/machine/machine.h"

namespace sim {

// What traces say of packets beyond their bytes.
struct packet_words {
    std::function<std::string(std::string_view bytes)> text;  // as tcpdump would
    std::function<std::string(const context& c)> router;  // "r2:", before an interface; or nothing
};
void set_packet_words(packet_words words);

// A frame comes in (`<`) or goes out (`>`) by an interface; to be called while an execution is written down.
void record_frame(const std::string& interface, char way, uint32_t number, std::string_view bytes);

}  // namespace sim

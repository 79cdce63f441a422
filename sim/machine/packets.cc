#include "sim/machine/packets.h"

#include <fmt/format.h>

#include <utility>

#include "sim/machine/interpose.h"
#include "sim/machine/names.h"
#include "sim/machine/record.h"

namespace sim {

namespace {

packet_words words;

}  // namespace

void set_packet_words(packet_words to) {
    words = std::move(to);
}

void record_frame(const std::string& interface, char way, uint32_t number, std::string_view bytes) {
    host_scope host;
    const std::string router = words.router && g.current != nullptr ? words.router(*g.current) : "";
    const std::string text = words.text ? words.text(bytes) : fmt::format("{} bytes", bytes.size());
    g.record->packet("packet", "", fmt::format("{}{} {} {}", router, interface, way, text), number,
                     bytes);
}

}  // namespace sim

using namespace sim;

extern "C" {

__attribute__((visibility("default"))) void heddle_frame_out(const void* wire, const void* bytes,
                                                             uint64_t size, uint32_t number) {
    if (g.record == nullptr) {
        return;
    }
    host_scope host;
    const std::string name = describe_address(reinterpret_cast<uint64_t>(wire));
    record_frame(name.substr(name.rfind(' ') + 1), '>', number,
                 {static_cast<const char*>(bytes), size});
}

__attribute__((visibility("default"))) void heddle_packet_fate(const char* fate, const char* more,
                                                               const void* bytes, uint64_t size,
                                                               uint32_t number) {
    if (g.record == nullptr) {
        return;
    }
    host_scope host;
    const std::string detail = *more == '\0' ? fate : fmt::format("{} {}", fate, more);
    const std::string object = number == 0 ? "a packet of our own" : fmt::format("P{}", number);
    g.record->packet("fate", object, detail, number,
                     {static_cast<const char*>(bytes), bytes == nullptr ? 0 : size});
}

}  // extern "C"

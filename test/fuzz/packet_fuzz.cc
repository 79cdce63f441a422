// The first byte chooses: a packet's notation to be sent, one that is expected, or a frame.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "scenarios/lang/packet.h"
#include "test/fuzz/fuzz_check.h"

namespace {

using scenario::packet_spec;
using scenario::packet_use;

// The notation carries everything that the value says.
void check_notation(const packet_spec& p, packet_use use) {
    const std::string text = to_text(p);
    std::string error;
    const auto again = scenario::parse_packet(text, use, &error);
    fuzz::require(again.has_value(), "a printed packet reads back", text + "\n" + error);
    fuzz::require(*again == p, "a printed packet means the same", text + "\n" + to_text(*again));
    fuzz::require(!to_text(p, scenario::packet_detail::brief).empty(), "a packet has a short text");
}

// Whether the frame says what the notation said. UDP in a fragment is read as `proto 17`, since its
// header may be elsewhere; and whoever sends `proto 17` as a whole packet sends what may be no UDP.
bool says_itself(const packet_spec& p) {
    const bool fragment = p.more_fragments.value_or(false) || p.fragment_offset.value_or(0) > 0;
    const bool transport = p.kind == scenario::packet_kind::udp ||
                           p.kind == scenario::packet_kind::tcp ||
                           p.kind == scenario::packet_kind::icmp;
    const uint8_t protocol = p.protocol.value_or(0);
    const bool has_notation = protocol == 1 || protocol == 6 || protocol == 17;
    return (transport ? !fragment : fragment || !has_notation) &&
           (p.quoted.empty() || says_itself(p.quoted.front()));
}

// What frame `p` becomes, and back. What does not fit into a frame is refused when it is parsed.
void check_frame(const packet_spec& p) {
    const std::vector<uint8_t> frame = encode(p);
    if (!says_itself(p)) {
        (void)scenario::decode(frame);
        return;
    }
    const scenario::decoded_packet back = scenario::decode(frame);
    fuzz::require(back.packet.has_value(), "an encoded packet decodes",
                  to_text(p) + "\n" + back.error);
    const packet_spec whole = with_defaults(p, {});
    fuzz::require(*back.packet == whole, "a decoded packet is the one that was encoded",
                  to_text(whole) + "\n" + to_text(*back.packet));
    fuzz::require(!mismatch(p, frame), "a packet is what it expects",
                  mismatch(p, frame).value_or(""));
}

void check_text(const std::string& text, packet_use use) {
    std::string error;
    const auto p = scenario::parse_packet(text, use, &error);
    if (!p) {
        fuzz::require(!error.empty(), "a mistake is explained", text);
        return;
    }
    check_notation(*p, use);
    if (use == packet_use::send) {
        check_frame(*p);
    }
}

void check_bytes(const std::vector<uint8_t>& frame) {
    const scenario::decoded_packet p = scenario::decode(frame);
    fuzz::require(p.packet.has_value() == p.error.empty(), "a frame is a packet or has a mistake");
    if (p.packet) {
        check_notation(*p.packet, packet_use::expect);
        fuzz::require(!mismatch(*p.packet, frame), "a frame is what was read in it",
                      to_text(*p.packet) + "\n" + mismatch(*p.packet, frame).value_or(""));
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    if (size == 0) {
        return 0;
    }
    if (data[0] == 'f') {
        check_bytes({data + 1, data + size});
    } else {
        check_text(std::string(reinterpret_cast<const char*>(data) + 1, size - 1),
                   data[0] == 's' ? packet_use::send : packet_use::expect);
    }
    return 0;
}

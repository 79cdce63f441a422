// Compares an expectation with a frame, field by field, in the order of the notation.

#include <type_traits>
#include <utility>

#include "scenarios/lang/packet.h"
#include "scenarios/lang/packet_names.h"

namespace scenario {

namespace {

template <typename Value>
std::string value_text(const Value& value) {
    if constexpr (std::is_same_v<Value, mac>) {
        return to_text(value);
    } else if constexpr (std::is_same_v<Value, bool>) {
        return value ? "set" : "not set";
    } else {
        return std::to_string(value);
    }
}

class comparison_of_packets {
  public:
    // `cut`: of `found` only the first bytes were there; an absent field says nothing.
    comparison_of_packets(const packet_spec& expected, const packet_spec& found, bool cut)
        : expected_(expected), found_(found), cut_(cut) {}

    std::optional<std::string> run() {
        bool same_icmp = expected_.kind != packet_kind::icmp || expected_.icmp == found_.icmp;
        if (expected_.kind != found_.kind || !same_icmp) {
            return "found " + to_text(found_, packet_detail::brief);
        }
        address("source", &packet_spec::source);
        field("source port", &packet_spec::source_port);
        address("destination", &packet_spec::destination);
        field("destination port", &packet_spec::destination_port);
        field("protocol", &packet_spec::protocol);
        field("flags", &packet_spec::flags);
        field("seq", &packet_spec::sequence);
        field("ack", &packet_spec::acknowledgement);
        field("win", &packet_spec::window);
        field("echo id", &packet_spec::echo_id);
        field("echo seq", &packet_spec::echo_sequence);
        field("mtu", &packet_spec::mtu);
        address("gateway", &packet_spec::gateway);
        field("length", &packet_spec::length);
        field("hardware address", &packet_spec::hardware);
        field("ttl", &packet_spec::ttl);
        field("IP id", &packet_spec::ip_id);
        field("tos", &packet_spec::tos);
        field("df", &packet_spec::dont_fragment);
        field("mf", &packet_spec::more_fragments);
        field("offset", &packet_spec::fragment_offset);
        field("src", &packet_spec::ethernet_source);
        field("dst", &packet_spec::ethernet_destination);
        quoted();
        return std::move(difference_);
    }

  private:
    template <typename Value>
    void field(const char* name, std::optional<Value> packet_spec::*member) {
        compare(name, member, [](const Value& value) { return value_text(value); });
    }

    void address(const char* name, std::optional<ipv4> packet_spec::*member) {
        compare(name, member, [](ipv4 value) { return to_text(value); });
    }

    template <typename Value, typename Text>
    void compare(const char* name, std::optional<Value> packet_spec::*member, Text text) {
        const std::optional<Value>& expected = expected_.*member;
        const std::optional<Value>& found = found_.*member;
        if (difference_ || !expected || (cut_ && !found) || expected == found) {
            return;
        }
        difference_ = std::string(name) + " " + (found ? text(*found) : "absent") + ", expected " +
                      text(*expected);
    }

    void quoted() {
        if (difference_ || expected_.quoted.empty()) {
            return;
        }
        if (found_.quoted.empty()) {
            difference_ = "nothing quoted";
            return;
        }
        difference_ =
            comparison_of_packets(expected_.quoted.front(), found_.quoted.front(), true).run();
        if (difference_) {
            difference_ = "quoted packet: " + *difference_;
        }
    }

    const packet_spec& expected_;
    const packet_spec& found_;
    bool cut_;
    std::optional<std::string> difference_;
};

}  // namespace

std::optional<std::string> mismatch(const packet_spec& expected,
                                    const std::vector<uint8_t>& frame) {
    decoded_packet found = decode(frame);
    if (!found.packet) {
        return found.error;
    }
    return comparison_of_packets(expected, *found.packet, false).run();
}

}  // namespace scenario

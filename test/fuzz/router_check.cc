#include "test/fuzz/router_check.h"

#include <span>

#include "model/admin/tools.h"
#include "model/net/links.h"
#include "model/net/rttimer.h"
#include "model/netinet/arp.h"
#include "model/netinet/ip_reass.h"
#include "model/pf/pf_invariant.h"
#include "test/fuzz/fuzz_check.h"

namespace fuzz {

using namespace model;

void configure(net::stack& st, const char* line) {
    std::string out;
    require(admin::command(st, line, out) == 0, "a command succeeds", line + ("\n" + out));
}

void check_router(net::stack& st, const std::string& after) {
    static constexpr struct {
        const char* what;
        int (*holds)(void* st);
    } invariants[] = {
        {"each interface is in the index map", net::if_idxmap_sound},
        {"the map has its references, and nobody else", net::if_idxmap_referenced},
        {"interfaces, routes and addresses have each other", net::addresses_linked},
        {"routes lead back from where they lead", net::routes_linked},
        {"next hops are counted", net::nexthops_counted},
        {"clones have parents", net::clones_have_parents},
        {"timers and routes have each other", net::rt_timers_linked},
        {"neighbour entries and their routes have each other", netinet::arp_entries_linked},
        {"held packets are counted", netinet::arp_hold_counted},
        {"packets told to be held are held", netinet::arp_hold_told},
        {"packets told to wait for fragments do", netinet::ipq_told},
        {"fragments are sound", netinet::ipq_sound},
        {"keys and pcbs have each other", pf::pf_inp_symmetric},
        {"the trees of states are sound", pf::pf_trees_sound},
        {"the rulesets are sound", pf::pf_rulesets_sound},
        {"each packet has one fate", net::fate_conserved},
    };
    // What left an hour ago is freed, as it would be when anybody counts.
    kern::smr_flush(st.smr);
    for (const auto& i : invariants) {
        require(i.holds(&st) == 1, i.what, "after " + after);
    }
}

namespace {

using view = std::span<const uint8_t>;

unsigned u16(view b, size_t at) {
    return static_cast<unsigned>(b[at]) << 8 | b[at + 1];
}

// The sum of RFC 1071, not yet complemented; `sum` comes before.
uint32_t add_sum(view b, uint32_t sum) {
    for (size_t at = 0; at < b.size(); at += 2) {
        sum += static_cast<uint32_t>(b[at]) << 8 | (at + 1 < b.size() ? b[at + 1] : 0U);
    }
    return sum;
}

bool sum_is_right(uint32_t sum) {
    while (sum >> 16 != 0) {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    return sum == 0xffff;
}

std::string hex(view b) {
    static constexpr char digits[] = "0123456789abcdef";
    std::string text;
    for (const uint8_t byte : b) {
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

// What the router itself has made.
void check_payload(view ip, view payload, const std::string& all) {
    const unsigned protocol = ip[9];
    const uint32_t pseudo =
        add_sum(ip.subspan(12, 8), protocol + static_cast<uint32_t>(payload.size()));
    if (protocol == 1) {
        require(payload.size() >= 8, "an ICMP message has its header", all);
        require(sum_is_right(add_sum(payload, 0)), "the checksum of ICMP is right", all);
    } else if (protocol == 6) {
        require(payload.size() >= 20 && (payload[12] >> 4) * 4U <= payload.size(),
                "a segment has its header", all);
        require(sum_is_right(add_sum(payload, pseudo)), "the checksum of TCP is right", all);
    } else if (protocol == 17) {
        require(payload.size() >= 8 && u16(payload, 4) == payload.size(),
                "a datagram has its length", all);
        require(u16(payload, 6) == 0 || sum_is_right(add_sum(payload, pseudo)),
                "the checksum of UDP is right", all);
    }
}

void check_ip(view frame, bool ours, const std::string& all) {
    require(frame.size() >= 20 && frame[0] >> 4 == 4, "a header of IP", all);
    const size_t header = (frame[0] & 15) * 4U;
    const size_t total = u16(frame, 2);
    require(header >= 20 && header <= total && total <= frame.size(), "lengths of IP fit", all);
    require(sum_is_right(add_sum(frame.first(header), 0)), "the checksum of IP is right", all);
    require(frame[8] != 0, "no packet leaves with a TTL of 0", all);
    const bool fragment = (u16(frame, 6) & 0x3fff) != 0;
    if (ours && !fragment) {
        check_payload(frame, frame.first(total).subspan(header), all);
    }
}

void check_arp(view arp, const std::string& all) {
    require(
        arp.size() >= 28 && u16(arp, 0) == 1 && u16(arp, 2) == 0x800 && arp[4] == 6 && arp[5] == 4,
        "a message of ARP is one of Ethernet and IP", all);
    require(u16(arp, 6) == 1 || u16(arp, 6) == 2, "a message of ARP asks or answers", all);
}

void check_frame(const net::wire_frame& f) {
    const view frame(f.bytes, f.length);
    const std::string all = hex(frame);
    require(frame.size() >= 14 && frame.size() <= 1514, "a frame fits Ethernet", all);
    require((frame[6] & 1) == 0, "no frame is from a group", all);
    switch (u16(frame, 12)) {
        case 0x800:
            check_ip(frame.subspan(14), f.packet == 0, all);
            return;
        case 0x806:
            check_arp(frame.subspan(14), all);
            return;
        default:
            require(false, "a frame is of IP or ARP", all);
    }
}

}  // namespace

void check_sent(net::stack& st, frames_seen& seen) {
    for (unsigned unit = 0; unit < net::em_units_max; ++unit) {
        for (; seen.of[unit] < st.wires[unit].length; ++seen.of[unit]) {
            check_frame(*net::wire_frame_or_null(st.wires[unit], seen.of[unit]));
        }
    }
}

}  // namespace fuzz

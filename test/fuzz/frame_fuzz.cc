// A router is given frames that nobody made: it sends only what is right, each packet has one fate, and nothing
// is left that does not fit.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "model/kern/timeout.h"
#include "model/net/if.h"
#include "model/netinet/in_cksum.h"
#include "test/fuzz/fuzz_check.h"
#include "test/fuzz/router_check.h"

namespace {

using namespace model;

constexpr unsigned frames_max = 32;
constexpr size_t ether_size = 14;

// What the first byte of a frame asks for; without any it goes in as it is.
enum wish : uint8_t {
    by_em1 = 1,      // else by em0
    to_us = 2,       // the destination is the interface, the type is that of IP
    ip_right = 4,    // the length and the checksum of IP are right
    sum_right = 8,   // and so is that of what it carries
    later = 16,      // two seconds have passed
    much_later = 32  // half an hour has
};

const char* const set_up[] = {
    "ifconfig em0 inet 10.0.1.1/24 lladdr 02:00:00:00:01:01",
    "ifconfig em1 inet 10.0.2.1/24 lladdr 02:00:00:00:02:01 mtu 600",
    "sysctl net.inet.ip.forwarding=1",
    "arp -s 10.0.1.9 02:00:00:00:01:09",
    "arp -s 10.0.1.188 02:00:00:00:01:be pub",
    "route add 10.9.0.0/16 10.0.2.2",
    "route add 10.8.0.0/16 10.0.1.7",
    "socket udp bind 10.0.1.1.53 as U",
    "socket tcp bind 10.0.1.1.80 as L",
    "listen L",
};

void put16(std::span<uint8_t> b, size_t at, unsigned value) {
    b[at] = static_cast<uint8_t>(value >> 8);
    b[at + 1] = static_cast<uint8_t>(value);
}

void right_payload(std::span<uint8_t> ip, std::span<uint8_t> payload) {
    static constexpr struct {
        uint8_t protocol;
        size_t at;
        size_t size;
        bool pseudo;
    } sums[] = {{1, 2, 8, false}, {6, 16, 20, true}, {17, 6, 8, true}};
    for (const auto& s : sums) {
        if (ip[9] != s.protocol || payload.size() < s.size) {
            continue;
        }
        put16(payload, s.at, 0);
        std::vector<uint8_t> all;
        if (s.pseudo) {
            all.assign(ip.begin() + 12, ip.begin() + 20);
            const auto length = static_cast<uint16_t>(payload.size());
            all.insert(all.end(), {0, s.protocol, static_cast<uint8_t>(length >> 8),
                                   static_cast<uint8_t>(length)});
        }
        all.insert(all.end(), payload.begin(), payload.end());
        put16(payload, s.at, netinet::in_cksum(all));
    }
}

void right_ip(std::span<uint8_t> ip, bool payload) {
    if (ip.size() < 20) {
        return;
    }
    ip[0] = static_cast<uint8_t>(
        0x40 | std::clamp<size_t>(ip[0] & 15, 5, std::min<size_t>(15, ip.size() / 4)));
    put16(ip, 2, static_cast<unsigned>(ip.size()));
    const size_t header = (ip[0] & 15) * 4U;
    put16(ip, 10, 0);
    put16(ip, 10, netinet::in_cksum(ip.first(header)));
    if (payload) {
        right_payload(ip, ip.subspan(header));
    }
}

std::vector<uint8_t> frame_of(std::span<const uint8_t> bytes, uint8_t wishes) {
    std::vector<uint8_t> frame(bytes.begin(), bytes.end());
    if ((wishes & to_us) != 0) {
        const uint8_t unit = (wishes & by_em1) != 0 ? 2 : 1;
        const std::vector<uint8_t> header = {2, 0, 0, 0, unit, 1, 2, 0, 0, 0, unit, 9, 8, 0};
        frame.insert(frame.begin(), header.begin(), header.end());
    }
    if ((wishes & ip_right) != 0 && frame.size() > ether_size) {
        right_ip(std::span(frame).subspan(ether_size), (wishes & sum_right) != 0);
    }
    return frame;
}

}  // namespace

// Each frame is a byte of wishes, a byte of length, and so many bytes.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    net::stack st("r", 1);
    kern::timeout_set_clock(st.timeouts, 1000);
    for (const char* line : set_up) {
        fuzz::configure(st, line);
    }
    fuzz::frames_seen seen;
    std::span<const uint8_t> rest(data, size);
    for (uint32_t packet = 1; packet <= frames_max && rest.size() >= 2; ++packet) {
        const uint8_t wishes = rest[0];
        const size_t length = std::min<size_t>(rest[1], rest.size() - 2);
        const std::vector<uint8_t> frame = frame_of(rest.subspan(2, length), wishes);
        rest = rest.subspan(2 + length);
        if (frame.size() < ether_size) {
            continue;  // no card hands that on (command.h)
        }
        const int64_t seconds =
            ((wishes & later) != 0 ? 2 : 0) + ((wishes & much_later) != 0 ? 1800 : 0);
        kern::timeout_set_clock(st.timeouts, st.clock.seconds + seconds);
        (void)net::if_input(st, (wishes & by_em1) != 0 ? "em1" : "em0", frame.data(), frame.size(),
                            packet);
        check_sent(st, seen);
    }
    fuzz::check_router(st, "the last frame");
    return 0;
}

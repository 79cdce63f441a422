// network.h - a router that is spoken to as its administrator and its neighbours speak to it.
// Shapes:  em0 is 10.0.1.1/24 and em1 is 10.0.2.1/24 unless a test says otherwise; the neighbour
//          10.0.N.H has the Ethernet address 02:00:00:00:0N:0H.
// Locks:   one context.
// Errors:  a failed expectation.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/admin/tools.h"
#include "model/netinet/arp.h"
#include "model/netinet/ether_arp.h"
#include "model/netinet/icmp.h"
#include "model/netinet/in.h"
#include "model/netinet/ip.h"
#include "model/netinet/ip_var.h"
#include "test/model/router.h"

namespace model_test {

constexpr model::net::ether_addr em0_lladdr = 0x020000000101;
constexpr model::net::ether_addr em1_lladdr = 0x020000000201;
constexpr model::net::ether_addr lladdr_of(uint32_t address) {
    return 0x020000000000 | (address & 0xffff);
}
constexpr uint32_t sender = ip(10, 0, 1, 9);    // a host on em0
constexpr uint32_t next_hop = ip(10, 0, 2, 2);  // a router on em1
constexpr uint32_t far = ip(10, 9, 0, 5);       // a host behind it

class network {
  public:
    explicit network(unsigned cpus = 2) : st("r", cpus) {
        model::kern::timeout_set_clock(st.timeouts, 1000);
    }

    // em0 and em1, forwarding, a static neighbour on each, and a route behind that of em1.
    void set_up() {
        set_up_interfaces();
        run("sysctl net.inet.ip.forwarding=1");
        run("arp -s 10.0.1.9 02:00:00:00:01:09");
        run("route add 10.9.0.0/16 10.0.2.2");
        run("arp -s 10.0.2.2 02:00:00:00:02:02");
    }
    void set_up_interfaces() {
        run("ifconfig em0 inet 10.0.1.1/24 lladdr 02:00:00:00:01:01");
        run("ifconfig em1 inet 10.0.2.1/24 lladdr 02:00:00:00:02:01");
        forget_wires();
    }

    // A command that must succeed.
    std::string run(std::string_view line) {
        std::string out;
        EXPECT_EQ(model::admin::command(st, line, out), 0) << line << ": " << out;
        return out;
    }
    // A command that must fail; what it complains about.
    std::string fails(std::string_view line) {
        std::string out;
        EXPECT_NE(model::admin::command(st, line, out), 0) << line << ": " << out;
        return out;
    }

    // So many seconds pass; what is due then has been done.
    void pass(int64_t seconds) {
        model::kern::timeout_set_clock(st.timeouts, st.clock.seconds + seconds);
    }

    // Frames that leave from now on are new ones.
    void forget_wires() {
        for (unsigned unit = 0; unit < model::net::em_units_max; ++unit) {
            seen_[unit] = st.wires[unit].length;
        }
    }
    // The new frames that left by em`unit`.
    std::vector<bytes> sent(unsigned unit) {
        std::vector<bytes> frames;
        for (unsigned n = seen_[unit]; n < st.wires[unit].length; ++n) {
            const model::net::wire_frame* f = model::net::wire_frame_or_null(st.wires[unit], n);
            frames.emplace_back(f->bytes, f->bytes + f->length);
        }
        seen_[unit] = st.wires[unit].length;
        return frames;
    }

    // A frame comes in; its fate.
    std::string input(const char* ifname, const bytes& f) {
        const uint32_t packet = next_packet_++;
        EXPECT_EQ(model::net::if_input(st, ifname, f.data(), f.size(), packet), 0);
        return fate_of(st, packet);
    }
    [[nodiscard]] std::string fate(uint32_t packet) const { return fate_of(st, packet); }
    [[nodiscard]] uint32_t last_packet() const { return next_packet_ - 1; }

    [[nodiscard]] std::vector<std::string> log() const { return st.log.lines; }
    [[nodiscard]] int64_t count(model::net::counter which) const { return counter_of(st, which); }

    // Nobody has lost anything.
    void expect_conserved() {
        EXPECT_TRUE(model::net::fate_conserved(&st));
        EXPECT_TRUE(model::netinet::arp_hold_counted(&st));
        EXPECT_TRUE(model::netinet::arp_hold_told(&st));
        EXPECT_TRUE(model::netinet::arp_entries_linked(&st));
        EXPECT_TRUE(model::netinet::ipq_sound(&st));
        EXPECT_TRUE(model::netinet::ipq_told(&st));
        EXPECT_EQ(model::kern::pool_live(st.mbuf_pool),
                  st.arp->hold_total + st.ip->reass.fragments);
    }

    model::net::stack st;

  private:
    unsigned seen_[model::net::em_units_max] = {};
    uint32_t next_packet_ = 1;
};

// ---- packets ------------------------------------------------------------------------------------

// An IP packet in a frame for em0 from `sender`'s side; `payload` bytes count up.
struct ip_packet {
    model::netinet::ip_header header{
        .ttl = 64, .protocol = model::netinet::ipproto_udp, .source = sender, .destination = far};
    size_t payload = 8;
    model::net::ether_addr to = em0_lladdr;

    [[nodiscard]] bytes frame() const {
        using namespace model;
        bytes f(net::ether_header_length + netinet::ip_size_min + payload);
        net::ether_header_put(f.data(), {to, lladdr_of(header.source), net::ethertype_ip});
        for (size_t at = 0; at < payload; ++at) {
            f[net::ether_header_length + netinet::ip_size_min + at] = static_cast<uint8_t>(at);
        }
        const netinet::ip_view ip(std::span<uint8_t>(f).subspan(net::ether_header_length));
        ip.write(header, 77);
        ip.update_sum();
        return f;
    }
};

// What stands behind the Ethernet header.
inline std::span<uint8_t> packet_of(bytes& f) {
    return std::span<uint8_t>(f).subspan(model::net::ether_header_length);
}
inline model::netinet::ip_view ip_of(bytes& f) {
    return model::netinet::ip_view(packet_of(f));
}
inline model::net::ether_header ether_of(const bytes& f) {
    model::net::ether_header header;
    EXPECT_TRUE(model::net::ether_header_get(f.data(), f.size(), &header));
    return header;
}

inline bytes echo_request(uint32_t from, uint32_t dst, size_t data = 16) {
    ip_packet p;
    p.header.protocol = model::netinet::ipproto_icmp;
    p.header.source = from;
    p.header.destination = dst;
    p.payload = model::netinet::icmp_minlen + data;
    bytes f = p.frame();
    const model::netinet::icmp_view icmp(ip_of(f).payload());
    icmp.set_type(model::netinet::icmp_echo);
    icmp.set_code(0);
    icmp.update_sum();
    return f;
}

inline bytes arp_frame(model::net::ether_addr to, const model::netinet::ether_arp& message) {
    bytes f = frame(to, message.sha, model::net::ethertype_arp, model::netinet::ether_arp_size);
    model::netinet::ether_arp_view(packet_of(f)).write(message);
    return f;
}
inline model::netinet::ether_arp arp_of(bytes& f) {
    EXPECT_EQ(ether_of(f).type, model::net::ethertype_arp);
    return model::netinet::ether_arp_view(packet_of(f)).read();
}

}  // namespace model_test

// Neighbours, packets and the administrator at the same time, on a bounded number of each. What it
// looks for is found by the sanitizers; what it checks itself is that no packet is lost or stuck.
#include <gtest/gtest.h>

#include "test/model/network.h"
#include "test/model/together.h"

namespace {

namespace kern = model::kern;
using namespace model::net;
using namespace model::netinet;
using namespace model_test;

constexpr unsigned rounds = 300;

struct world {
    world() : st("r", 4) {
        model::kern::timeout_set_clock(st.timeouts, 1000);
        run("ifconfig em0 inet 10.0.1.1/24 lladdr 02:00:00:00:01:01");
        run("ifconfig em1 inet 10.0.2.1/24 lladdr 02:00:00:00:02:01");
        run("sysctl net.inet.ip.forwarding=1");
        run("sysctl net.inet.icmp.errppslimit=-1");
        run("arp -s 10.0.1.9 02:00:00:00:01:09");
    }

    int run(std::string_view line) {
        std::string out;
        return model::admin::command(st, line, out);
    }
    void input(const char* ifname, const bytes& f) {
        EXPECT_EQ(if_input(st, ifname, f.data(), f.size(), 0), 0);
    }
    void expect_consistent() {
        kern::smr_flush(st.smr);
        EXPECT_TRUE(arp_hold_counted(&st));
        EXPECT_TRUE(arp_hold_told(&st));
        EXPECT_TRUE(arp_entries_linked(&st));
        EXPECT_TRUE(if_idxmap_referenced(&st));
        EXPECT_EQ(kern::pool_live(st.mbuf_pool), st.arp->hold_total);
    }

    stack st;
};

bytes packet_to(uint32_t dst) {
    ip_packet p;
    p.header.destination = dst;
    return p.frame();
}

bytes answer_of(uint32_t address, ether_addr lladdr) {
    return arp_frame(em1_lladdr, {arpop_reply, lladdr, address, em1_lladdr, ip(10, 0, 2, 1)});
}

// The packet that misses the answer by a moment must not stay behind.
TEST(netinet_stress, no_packet_is_held_for_an_address_that_is_known) {
    world w;
    const bytes packet = packet_to(next_hop);
    const bytes answer = answer_of(next_hop, lladdr_of(next_hop));
    for (unsigned round = 0; round < rounds; ++round) {
        w.input("em0", packet);  // makes the entry, and waits
        together(0, 3, [&](unsigned cpu) {
            for (unsigned i = 0; i < 4; ++i) {
                if (cpu != 0) {
                    w.input("em0", packet);
                } else if (i == 1) {
                    w.input("em1", answer);
                }
            }
        });
        EXPECT_EQ(w.st.arp->hold_total, 0U);
        EXPECT_EQ(w.run("arp -d 10.0.2.2"), 0);
    }
    w.expect_consistent();
}

TEST(netinet_stress, entries_come_and_go_under_packets_and_answers) {
    world w;
    w.run("route add 10.9.0.0/16 10.0.2.2");
    const bytes packets[] = {packet_to(next_hop), packet_to(far), packet_to(ip(10, 0, 2, 3))};
    together(0, 4, [&](unsigned cpu) {
        for (unsigned round = 0; round < rounds; ++round) {
            switch (cpu) {
                case 0:
                    w.input("em0", packets[round % 3]);
                    break;
                case 1:
                    w.input("em1", answer_of(ip(10, 0, 2, 2 + round % 2), 0x020000000200 + round));
                    break;
                case 2:
                    w.run(round % 2 == 0 ? "arp -d 10.0.2.3" : "arp -d 10.0.2.2");
                    break;
                default:
                    w.run(round % 3 == 0   ? "arp -s 10.0.2.2 02:00:00:00:02:02"
                          : round % 3 == 1 ? "arp -s 10.0.2.3 02:00:00:00:02:03 temp"
                                           : "arp -an");
            }
        }
    });
    w.expect_consistent();
}

TEST(netinet_stress, errors_and_echoes_while_addresses_change) {
    world w;
    ip_packet late;
    late.header.ttl = 1;
    const bytes expired = late.frame();
    const bytes echo = echo_request(sender, ip(10, 0, 1, 1));
    together(0, 4, [&](unsigned cpu) {
        for (unsigned round = 0; round < rounds; ++round) {
            switch (cpu) {
                case 0:
                    w.input("em0", echo);
                    break;
                case 1:
                    w.input("em0", expired);
                    break;
                case 2:
                    w.run(round % 2 == 0 ? "ifconfig em1 10.0.3.1/24" : "ifconfig em1 10.0.2.1/24");
                    break;
                default:
                    w.run(round % 2 == 0 ? "ifconfig em0 mtu 1400" : "route show");
                    w.run(round % 2 == 0 ? "ifconfig em0" : "sysctl net.inet.ip.ttl=9");
            }
        }
    });
    EXPECT_EQ(counter_of(w.st, counter::icps_reflect), rounds);
    w.expect_consistent();
}

TEST(netinet_stress, interfaces_come_and_go_under_everything) {
    world w;
    const bytes packets[] = {packet_to(next_hop), packet_to(far)};
    const bytes answer = answer_of(next_hop, lladdr_of(next_hop));
    together(0, 4, [&](unsigned cpu) {
        for (unsigned round = 0; round < rounds / 2; ++round) {
            switch (cpu) {
                case 0:
                case 1:
                    w.input("em0", packets[(round + cpu) % 2]);
                    break;
                case 2:
                    (void)if_input(w.st, "em1", answer.data(), answer.size(), 0);
                    w.run("arp -s 10.0.2.2 02:00:00:00:02:02");
                    break;
                default:
                    EXPECT_EQ(w.run("ifconfig em1 destroy"), 0);
                    EXPECT_EQ(w.run("ifconfig em1 10.0.2.1/24 lladdr 02:00:00:00:02:01"), 0);
                    w.run("route add 10.9.0.0/16 10.0.2.2");
            }
        }
    });
    w.expect_consistent();
    EXPECT_EQ(w.run("ifconfig em1 destroy"), 0);
    w.expect_consistent();
    EXPECT_EQ(kern::pool_live(w.st.ifnet_pool), 1);
    EXPECT_EQ(kern::pool_live(w.st.ifaddr_pool), 1);
}

}  // namespace

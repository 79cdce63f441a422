// The neighbour cache's timer: which entries go when they have expired, and which stay.
#include <gtest/gtest.h>

#include <thread>

#include "model/kern/cpu.h"
#include "model/netinet/arp_timer.h"
#include "test/model/network.h"
#include "test/model/together.h"

namespace {

namespace kern = model::kern;
using namespace model_test;
using namespace model::netinet;
using model::net::ether_addr;
using model::net::ifnet;
using model::net::rtentry;

constexpr uint32_t another = ip(10, 0, 2, 3);

class arp_timer : public ::testing::Test {
  protected:
    arp_timer() {
        n.set_up_interfaces();
        n.run("sysctl net.inet.ip.forwarding=1");
    }

    std::string send_to(uint32_t dst) {
        ip_packet p;
        p.header.destination = dst;
        return n.input("em0", p.frame());
    }
    void answer_for(uint32_t address) {
        n.input("em1", arp_frame(em1_lladdr, {arpop_reply, lladdr_of(address), address, em1_lladdr,
                                              ip(10, 0, 2, 1)}));
    }
    void learn(uint32_t address) {
        send_to(address);
        answer_for(address);
    }
    // The timer runs; no time passes.
    void fire() {
        EXPECT_EQ(kern::timeout_fire(n.st.timeouts, "arptimer"), 1);
        kern::timeout_flush(n.st.timeouts);
    }
    // The host route's entry: "none", "incomplete", or its address.
    std::string entry(uint32_t address) {
        const configuring lock(n.st);
        const rtentry* rt = rtable_lookup_locked(n.st, address, 32, model::net::RTP_ANY, 0);
        if (rt == nullptr) {
            return "none";
        }
        const ether_addr lladdr = arp_lladdr(*rt);
        return lladdr == 0 ? "incomplete" : lladdr == lladdr_of(address) ? "resolved" : "wrong";
    }
    bool armed() { return kern::timeout_pending(n.st.timeouts, n.st.arp->timer); }

    network n;
};

TEST_F(arp_timer, looks_every_300_seconds) {
    fire();
    learn(next_hop);
    n.run("arp -d 10.0.2.2");
    send_to(next_hop);
    n.pass(arpt_prune - 1);
    EXPECT_EQ(entry(next_hop), "incomplete") << "it has expired, and nobody has looked";
    n.pass(1);
    EXPECT_EQ(entry(next_hop), "none");
    EXPECT_TRUE(armed()) << "again";
    send_to(next_hop);
    n.pass(arpt_prune);
    EXPECT_EQ(entry(next_hop), "none");
}

TEST_F(arp_timer, an_entry_goes_the_second_after_its_last_one) {
    learn(next_hop);
    n.st.clock.seconds += arpt_keep;
    fire();
    EXPECT_EQ(entry(next_hop), "resolved") << "expired, and not before now";
    ++n.st.clock.seconds;
    fire();
    EXPECT_EQ(entry(next_hop), "none");
    kern::smr_flush(n.st.smr);
    EXPECT_EQ(send_to(next_hop), "held") << "and is made again";
    n.expect_conserved();
}

TEST_F(arp_timer, goes_on_behind_the_entry_that_went) {
    learn(next_hop);
    n.pass(2);
    learn(another);
    learn(ip(10, 0, 2, 4));
    n.run("arp -s 10.0.2.5 02:00:00:00:02:05");
    n.st.clock.seconds += arpt_keep - 1;
    fire();
    EXPECT_EQ(entry(next_hop), "none") << "the oldest stands last";
    EXPECT_EQ(entry(another), "resolved");
    n.st.clock.seconds += 2;
    fire();
    EXPECT_EQ(entry(another), "none");
    EXPECT_EQ(entry(ip(10, 0, 2, 4)), "none");
    EXPECT_EQ(entry(ip(10, 0, 2, 5)), "resolved");
    n.expect_conserved();
}

TEST_F(arp_timer, static_and_permanent_entries_and_our_own_stay) {
    n.run("arp -s 10.0.2.2 02:00:00:00:02:02");
    n.run("arp -s 10.0.2.3 02:00:00:00:02:03 permanent");
    n.pass(10 * arpt_keep);
    fire();
    EXPECT_EQ(entry(next_hop), "resolved");
    EXPECT_EQ(entry(another), "resolved");
    EXPECT_NE(entry(ip(10, 0, 2, 1)), "none");
    EXPECT_NE(entry(ip(10, 0, 2, 1)), "incomplete");
}

TEST_F(arp_timer, a_temporary_entry_of_the_administrator_forgets_its_address_and_stays) {
    n.run("arp -s 10.0.2.2 02:00:00:00:02:02 temp");
    n.st.clock.seconds += arpt_keep + 1;
    fire();
    EXPECT_EQ(entry(next_hop), "incomplete");
}

TEST_F(arp_timer, an_entry_that_gateway_routes_use_forgets_its_address_and_stays) {
    n.run("route add 10.9.0.0/16 10.0.2.2");
    EXPECT_EQ(send_to(far), "held");
    answer_for(next_hop);
    EXPECT_EQ(n.fate(1), "forwarded em1");
    n.st.clock.seconds += arpt_keep + 1;
    fire();
    EXPECT_EQ(entry(next_hop), "incomplete");
    EXPECT_EQ(send_to(far), "held") << "and is asked for again";
    answer_for(next_hop);
    EXPECT_EQ(n.fate(3), "forwarded em1");
    n.expect_conserved();
}

TEST_F(arp_timer, a_host_that_is_down_stays_rejected_for_its_time) {
    for (unsigned i = 0; i <= arp_maxtries; ++i) {
        send_to(next_hop);
        ++n.st.clock.seconds;
    }
    ASSERT_EQ(send_to(next_hop), "dropped hostdown");
    fire();
    EXPECT_EQ(send_to(next_hop), "dropped hostdown");
    EXPECT_EQ(entry(next_hop), "incomplete");
    n.st.clock.seconds += arpt_down;
    fire();
    EXPECT_EQ(entry(next_hop), "none");
    EXPECT_EQ(send_to(next_hop), "held");
    n.expect_conserved();
}

TEST_F(arp_timer, what_is_held_is_dropped_and_told_so) {
    n.run("route add 10.9.0.0/16 10.0.2.3");
    EXPECT_EQ(send_to(next_hop), "held");
    EXPECT_EQ(send_to(far), "held");
    fire();
    EXPECT_EQ(n.fate(1), "held") << "asked for this very second";
    ++n.st.clock.seconds;
    fire();
    EXPECT_EQ(n.fate(1), "dropped arpinvalid");
    EXPECT_EQ(n.fate(2), "dropped arpinvalid");
    EXPECT_EQ(n.st.arp->hold_total, 0U);
    EXPECT_EQ(entry(next_hop), "none");
    EXPECT_EQ(entry(another), "incomplete");
    n.expect_conserved();
}

// The timer has found the entry expired, and the answer comes before it has the mutex.
TEST_F(arp_timer, an_entry_that_was_renewed_meanwhile_stays) {
    learn(next_hop);
    n.st.clock.seconds += arpt_keep + 1;
    answer_for(next_hop);
    rtentry* rt = rtalloc(n.st, next_hop, 0, 0);
    {
        const configuring lock(n.st);
        EXPECT_FALSE(arptfree_locked(n.st, *rt));
    }
    EXPECT_EQ(entry(next_hop), "resolved");
    n.st.clock.seconds += arpt_keep + 1;
    {
        const configuring lock(n.st);
        EXPECT_TRUE(arptfree_locked(n.st, *rt));
    }
    EXPECT_EQ(entry(next_hop), "none");
    EXPECT_EQ(arp_lladdr(*rt), 0U) << "who still has the route does not use the address";
    model::net::rtfree(rt);
}

// An interface leaves its routes alone until nobody has it any more: the timer may come in between.
TEST_F(arp_timer, entries_of_an_interface_on_its_way_out_are_left_to_it) {
    learn(next_hop);
    const rtentry* rt = rtalloc(n.st, next_hop, 0, 0);
    const uint16_t index = rt->rt_ifidx;
    model::net::rtfree(const_cast<rtentry*>(rt));
    ifnet* ifp = if_get(n.st, index);
    // It expires when the timer has just run, which comes again when it is told to.
    n.pass(arpt_keep);
    n.pass(1);
    std::thread destroyer([&] {
        kern::cpu_attach(1);
        n.run("ifconfig em1 destroy");
    });
    for (bool gone = false; !gone; std::this_thread::yield()) {
        ifnet* found = if_get(n.st, index);
        gone = found == nullptr;
        if_put(found);
    }
    fire();
    EXPECT_EQ(entry(next_hop), "incomplete");
    if_put(ifp);
    destroyer.join();
    EXPECT_EQ(entry(next_hop), "none");
    fire();
    n.expect_conserved();
}

// Packets and answers while the timer runs; every entry is expired half of the time.
TEST_F(arp_timer, runs_beside_packets_and_answers) {
    n.run("route add 10.9.0.0/16 10.0.2.3");
    constexpr unsigned rounds = 300;
    const auto frame_to = [](uint32_t dst) {
        ip_packet p;
        p.header.destination = dst;
        return p.frame();
    };
    const bytes packets[] = {frame_to(next_hop), frame_to(far)};
    const auto put = [&](const char* ifname, const bytes& f) {
        EXPECT_EQ(model::net::if_input(n.st, ifname, f.data(), f.size(), 0), 0);
    };
    together(0, 2, [&](unsigned cpu) {
        for (unsigned round = 0; round < rounds; ++round) {
            if (cpu == 0) {
                put("em0", packets[round % 2]);
                rtentry* rt = rtalloc(n.st, round % 4 < 2 ? next_hop : another, 0, 0);
                if (rt != nullptr && rt->rt_expire.load() != 0) {
                    rt->rt_expire.store(1);
                }
                model::net::rtfree(rt);
            } else {
                const uint32_t who = round % 2 == 0 ? next_hop : another;
                put("em1", arp_frame(em1_lladdr, {arpop_reply, lladdr_of(who), who, em1_lladdr,
                                                  ip(10, 0, 2, 1)}));
                kern::timeout_fire(n.st.timeouts, "arptimer");
            }
        }
    });
    kern::timeout_flush(n.st.timeouts);
    kern::smr_flush(n.st.smr);
    n.expect_conserved();
    EXPECT_TRUE(armed());
}

}  // namespace

// The driver and the softnets: rings and their limits, who starts a send queue, what waits and what goes on again,
// and what is left when the interface goes away.
#include <gtest/gtest.h>

#include <cerrno>
#include <functional>
#include <thread>

#include "model/net/em_ring.h"
#include "model/net/softnet.h"
#include "model/netinet/ip_var.h"
#include "test/model/network.h"
#include "test/model/together.h"

namespace {

namespace kern = model::kern;
using namespace model::net;
using namespace model_test;

class driver : public ::testing::Test {
  protected:
    driver() {
        n.set_up();
        udp = ip_packet().frame();
        before = n.st.wires[1].length;
    }

    // A frame comes in by a receive ring; the answer of the card's interrupt.
    int receive(const char* ifname, unsigned queue) {
        return em_receive(n.st, ifname, queue, udp.data(), udp.size(), ++packets);
    }
    // A frame for em1's send queue.
    mbuf* numbered() {
        mbuf* m = m_get(n.st, 60);
        m->packet = ++packets;
        n.st.fates[packets].arrived = true;
        return m;
    }
    // Frames that have left by em1 since set-up.
    [[nodiscard]] unsigned sent() const { return n.st.wires[1].length - before; }
    void expect_sent_in_order(unsigned count) const {
        ASSERT_EQ(sent(), count);
        for (unsigned i = 0; i < count; ++i) {
            EXPECT_EQ(wire_frame_or_null(n.st.wires[1], before + i)->packet, i + 1);
        }
    }

    network n;
    bytes udp;
    uint32_t packets = 0;
    unsigned before = 0;
};

// Runs a function as a softnet would, and returns when it has.
void as_softnet(stack& st, unsigned number, const std::function<void()>& body) {
    kern::task t;
    kern::task_set(
        t, [](void* f) { (*static_cast<const std::function<void()>*>(f))(); },
        const_cast<std::function<void()>*>(&body));
    kern::task_add(st.softnet[number], t);
    kern::taskq_barrier(st.softnet[number]);
}

// Keeps a softnet at work until it is let go.
class busy {
  public:
    busy(stack& st, unsigned number) {
        kern::task_set(
            t_,
            [](void* b) {
                auto& self = *static_cast<busy*>(b);
                self.begun_.store(true);
                while (self.stay_.load()) {
                    std::this_thread::yield();
                }
            },
            this);
        kern::task_add(st.softnet[number], t_);
        while (!begun_.load()) {
            std::this_thread::yield();
        }
    }
    void end() { stay_.store(false); }

  private:
    kern::task t_;
    std::atomic<bool> begun_{false};
    std::atomic<bool> stay_{true};
};

// A reference to em1, for as long as it lives.
class em1 {
  public:
    explicit em1(stack& st) : ifp_(if_get(st, 2)) {}
    ~em1() { if_put(ifp_); }
    em1(const em1&) = delete;
    em1& operator=(const em1&) = delete;
    ifnet& operator*() const { return *ifp_; }
    ifnet* operator->() const { return ifp_; }

  private:
    ifnet* ifp_;
};

}  // namespace

// ---- receiving ----------------------------------------------------------------------------------

TEST_F(driver, packets_of_a_ring_are_worked_on_by_a_softnet_in_order) {
    for (int i = 0; i < 40; ++i) {
        EXPECT_EQ(receive("em0", 1), 0);
    }
    softnet_barrier(n.st);
    softnet_barrier(n.st);  // the start task that the first of them left behind
    expect_sent_in_order(40);
    EXPECT_EQ(n.fate(40), "forwarded em1");
    EXPECT_EQ(n.count(counter::if_ipackets), 40);
    EXPECT_GE(n.count(counter::if_opackets), 40);
    n.expect_conserved();
}

TEST_F(driver, what_is_plugged_in_gets_the_frames_and_the_wire_keeps_none) {
    struct {
        unsigned frames = 0;
        size_t bytes = 0;
    } got;
    const auto take = [](void* to, const uint8_t*, size_t length) {
        auto& count = *static_cast<decltype(got)*>(to);
        ++count.frames;
        count.bytes += length;
    };
    wire& w = n.st.wires[1];
    wire_plug(w, {take, &got});
    EXPECT_EQ(w.length, 0U);  // what has left before is forgotten
    ASSERT_EQ(if_input(n.st, "em0", udp.data(), udp.size(), 0), 0);
    EXPECT_EQ(got.frames, 1U);
    EXPECT_EQ(got.bytes, udp.size());
    EXPECT_EQ(w.length, 0U);
    wire_plug(w, {});
    ASSERT_EQ(if_input(n.st, "em0", udp.data(), udp.size(), 0), 0);
    EXPECT_EQ(got.frames, 1U);
    EXPECT_EQ(w.length, 1U);
}

TEST_F(driver, what_does_not_come_into_a_ring) {
    EXPECT_EQ(receive("em0", em_rx_queues), EINVAL);
    EXPECT_EQ(receive("lo0", 0), EINVAL);
    EXPECT_EQ(receive("em7", 0), ENXIO);
    EXPECT_EQ(n.fate(3), "dropped nointerface");
    n.run("ifconfig em0 down");
    EXPECT_EQ(receive("em0", 3), 0);
    softnet_barrier(n.st);
    EXPECT_EQ(n.fate(4), "dropped ifdown");
}

TEST_F(driver, a_ring_holds_as_many_as_it_has_slots_while_its_handler_is_at_work) {
    ifnet* ifp = if_get(n.st, 1);
    em_rx_ring& ring = ifp->if_softc->rx[0];
    mbuf* first = m_devget(n.st, udp.data(), udp.size());
    m_setrcvif(*first, *ifp);
    ASSERT_EQ(em_rx_received(ring, *ifp->if_wire, first), em_rx_put::interrupts);
    for (unsigned i = 1; i < em_rx_slots; ++i) {
        EXPECT_EQ(receive("em0", 0), 0) << "who is in the handler takes it";
    }
    EXPECT_EQ(receive("em0", 0), ENOBUFS);
    EXPECT_EQ(n.fate(packets), "dropped rxringfull");
    EXPECT_EQ(n.count(counter::if_iqdrops), 1);
    EXPECT_EQ(receive("em0", 1), 0) << "another ring has room";
    mbuf_list got = em_rx_take(ring, *ifp->if_wire);
    EXPECT_EQ(got.length, em_rx_slots);
    softnet_input(n.st, 0, got);
    EXPECT_EQ(em_rx_take(ring, *ifp->if_wire).head, nullptr);
    softnet_barrier(n.st);
    softnet_barrier(n.st);
    EXPECT_EQ(sent(), em_rx_slots + 1);
    if_put(ifp);
    n.expect_conserved();
}

TEST_F(driver, a_softnet_has_a_limit) {
    busy b(n.st, 0);
    for (unsigned i = 0; i < 255; ++i) {
        EXPECT_EQ(receive("em0", 0), 0);
    }
    packets = 0;
    const bytes f = udp;
    EXPECT_EQ(em_receive(n.st, "em0", 0, f.data(), f.size(), 0), 0);
    EXPECT_EQ(n.count(counter::if_iqdrops), 0);
    EXPECT_EQ(em_receive(n.st, "em0", 0, f.data(), f.size(), 0), 0);
    EXPECT_EQ(n.count(counter::if_iqdrops), 1);
    b.end();
    softnet_barrier(n.st);
    softnet_barrier(n.st);
    EXPECT_EQ(n.count(counter::ips_forward), static_cast<int64_t>(softnet_length_max));
    EXPECT_EQ(kern::pool_live(n.st.mbuf_pool), 0);
}

TEST_F(driver, a_packet_outlives_its_interface_on_an_input_list) {
    busy b(n.st, 1);
    EXPECT_EQ(receive("em1", 1), 0);
    std::atomic<bool> gone{false};
    std::thread destroyer([&] {
        kern::cpu_attach(1);
        n.run("ifconfig em1 destroy");
        gone.store(true);
    });
    for (bool found = true; found; std::this_thread::yield()) {
        ifnet* ifp = if_get(n.st, 2);
        found = ifp != nullptr;
        if_put(ifp);
    }
    EXPECT_FALSE(gone.load()) << "the softnet has not done with its packets";
    EXPECT_EQ(n.fate(1), "");
    b.end();
    destroyer.join();
    EXPECT_EQ(n.fate(1), "dropped nointerface");
    n.expect_conserved();
}

// ---- starting -----------------------------------------------------------------------------------

TEST_F(driver, a_softnet_leaves_the_start_to_a_task_and_others_do_not) {
    em1 ifp(n.st);
    EXPECT_EQ(if_enqueue(n.st, *ifp, numbered()), 0);
    EXPECT_EQ(sent(), 1U);
    busy b(n.st, 0);  // em1 has index 2 and two softnets: the start is softnet0's
    as_softnet(n.st, 1, [&] {
        EXPECT_EQ(if_enqueue(n.st, *ifp, numbered()), 0);
        EXPECT_EQ(if_enqueue(n.st, *ifp, numbered()), 0);
    });
    EXPECT_EQ(sent(), 1U) << "its task has not come yet";
    EXPECT_EQ(if_enqueue(n.st, *ifp, numbered()), 0);
    expect_sent_in_order(4);  // who starts it does not overtake those that wait
    b.end();
    softnet_barrier(n.st);
    EXPECT_EQ(sent(), 4U);
}

TEST_F(driver, a_softnet_does_not_let_many_wait_for_a_task) {
    em1 ifp(n.st);
    busy b(n.st, 0);
    as_softnet(n.st, 1, [&] {
        for (unsigned i = 1; i < ifq_txmit; ++i) {
            EXPECT_EQ(if_enqueue(n.st, *ifp, numbered()), 0);
        }
        EXPECT_EQ(sent(), 0U);
        EXPECT_EQ(if_enqueue(n.st, *ifp, numbered()), 0);
        expect_sent_in_order(ifq_txmit);
    });
    b.end();
    softnet_barrier(n.st);
}

TEST_F(driver, a_start_that_is_queued_is_taken_off_by_stop) {
    em1 ifp(n.st);
    busy b(n.st, 0);
    as_softnet(n.st, 1, [&] { (void)if_enqueue(n.st, *ifp, numbered()); });
    ifq_stop(*ifp);
    b.end();
    softnet_barrier(n.st);
    EXPECT_EQ(sent(), 0U);
    EXPECT_EQ(if_enqueue(n.st, *ifp, numbered()), ENOBUFS);
    EXPECT_EQ(n.fate(2), "dropped ifqdrop");
    ifq_purge(n.st, *ifp);
    EXPECT_EQ(n.fate(1), "dropped ifqpurge");
    n.expect_conserved();
}

// The start routine of the driver is replaced by one that stays as long as it is told to.
TEST_F(driver, a_start_that_runs_has_ended_when_stop_returns) {
    static std::atomic<bool> inside;
    static std::atomic<bool> stay;
    inside.store(false);
    stay.store(true);
    em1 ifp(n.st);
    ifp->if_qstart = [](stack& st, ifnet& self, mbuf* m) {
        inside.store(true);
        while (stay.load()) {
            std::this_thread::yield();
        }
        for (; m != nullptr; m = ifq_dequeue(self.if_snd)) {
            m_drop(st, m, "slow");
        }
        inside.store(false);
    };
    for (const bool in_task : {true, false}) {
        ifp->if_snd.stopped = false;
        stay.store(true);
        std::thread sending([&] {
            const std::function<void()> send = [&] { (void)if_enqueue(n.st, *ifp, numbered()); };
            in_task ? as_softnet(n.st, 1, send) : send();
        });
        while (!inside.load()) {
            std::this_thread::yield();
        }
        std::thread release([&] {
            std::this_thread::yield();
            stay.store(false);
        });
        ifq_stop(*ifp);
        EXPECT_FALSE(stay.load()) << in_task;
        release.join();
        sending.join();
    }
}

// ---- a full transmit ring -----------------------------------------------------------------------

TEST_F(driver, frames_wait_in_the_ring_and_on_the_queue_while_the_wire_is_paused) {
    em1 ifp(n.st);
    n.run("wire em1 pause");
    for (unsigned i = 0; i < em_tx_slots - 1; ++i) {
        EXPECT_EQ(if_enqueue(n.st, *ifp, numbered()), 0);
    }
    EXPECT_FALSE(ifp->if_snd.oactive);
    for (unsigned i = 0; i < 5; ++i) {
        EXPECT_EQ(if_enqueue(n.st, *ifp, numbered()), 0);
        EXPECT_TRUE(ifp->if_snd.oactive);
    }
    EXPECT_EQ(ifp->if_snd.list.length, 4U);
    EXPECT_FALSE(ifp->if_snd.running);
    EXPECT_EQ(sent(), 0U);
    EXPECT_EQ(n.fate(1), "");
    n.run("wire em1 resume");
    expect_sent_in_order(em_tx_slots + 4);
    EXPECT_FALSE(ifp->if_snd.oactive);
    EXPECT_EQ(n.fate(em_tx_slots + 4), "forwarded em1");
    n.expect_conserved();
    EXPECT_EQ(n.fails("wire em1 stop"), "usage: wire interface pause | resume | down | up\n");
    EXPECT_EQ(n.fails("wire lo0 pause"), "wire: lo0: Invalid argument\n");
    n.run("wire em5 pause");  // nobody listens there
}

TEST_F(driver, what_is_in_the_ring_when_the_interface_goes_is_dropped) {
    n.run("wire em1 pause");
    {
        em1 ifp(n.st);
        for (unsigned i = 0; i < em_tx_slots + 2; ++i) {
            EXPECT_EQ(if_enqueue(n.st, *ifp, numbered()), 0);
        }
    }
    n.run("ifconfig em1 destroy");
    EXPECT_EQ(n.fate(1), "dropped txring");
    EXPECT_EQ(n.fate(em_tx_slots), "dropped txring");
    EXPECT_EQ(n.fate(em_tx_slots + 1), "dropped ifqpurge");
    n.run("wire em1 resume");
    EXPECT_EQ(sent(), 0U);
    n.expect_conserved();
}

// ---- several at once ----------------------------------------------------------------------------

TEST(driver_stress, nothing_stays_behind_when_the_wire_pauses_and_goes_on) {
    constexpr unsigned senders = 3;
    constexpr unsigned each = 3000;
    stack st("r", 4);
    create_interface(st, "em0");
    std::atomic<unsigned> done{0};
    together(0, senders + 1, [&](unsigned cpu) {
        if (cpu == senders) {
            while (done.load() < senders) {
                EXPECT_EQ(em_pause(st, "em0", true), 0);
                EXPECT_EQ(em_pause(st, "em0", false), 0);
            }
            return;
        }
        for (unsigned i = 0; i < each; ++i) {
            ifnet* ifp = if_get(st, 1);
            (void)ether_output_to(st, *ifp, m_get(st, 46), 0x020000000901, ethertype_ip);
            if_put(ifp);
        }
        done.fetch_add(1);
    });
    EXPECT_EQ(kern::pool_live(st.mbuf_pool), 0) << "on the queue, or in the ring";
    EXPECT_EQ(st.wires[0].length + counter_of(st, counter::ifq_drops), senders * each);
}

TEST(driver_stress, softnets_forward_while_the_way_out_is_destroyed_and_made) {
    stack st("r", 4);
    add_address(st, "em0", ip(10, 0, 1, 1), 24);
    ASSERT_EQ(add_neighbour(st, ip(10, 0, 1, 9), 0x020000000901), 0);
    st.ip->forwarding.store(1);
    const bytes packet = udp_frame(0x020000000000, ip(10, 0, 1, 9), ip(10, 0, 2, 2), 64);
    std::atomic<bool> done{false};
    std::atomic<int64_t> sent{0};
    together(0, 4, [&](unsigned cpu) {
        if (cpu == 3) {
            for (int round = 0; round < 150; ++round) {
                add_address(st, "em1", ip(10, 0, 2, 1), 24);
                EXPECT_EQ(add_neighbour(st, ip(10, 0, 2, 2), 0x020000000202), 0);
                EXPECT_EQ(if_clone_destroy(st, "em1"), 0);
            }
            done.store(true);
            return;
        }
        while (!done.load(std::memory_order_relaxed) || sent.load() < 1000) {
            const unsigned queue = static_cast<unsigned>(sent.fetch_add(1)) % em_rx_queues;
            (void)em_receive(st, "em0", queue, packet.data(), packet.size(), 0);
            std::this_thread::yield();
        }
    });
    softnet_barrier(st);
    softnet_barrier(st);
    kern::smr_flush(st.smr);
    EXPECT_EQ(counter_of(st, counter::if_ipackets), sent.load());
    EXPECT_EQ(kern::pool_live(st.mbuf_pool), 0);
    EXPECT_EQ(kern::pool_live(st.ifnet_pool), 1);  // em0
    EXPECT_TRUE(if_idxmap_referenced(&st));
}

// Packets, sockets, rules and interfaces at the same time, on four threads and a bounded number of each. What it looks for is
// found by the sanitizers; what it checks itself is that references are counted and that nothing is left.
#include <gtest/gtest.h>

#include "model/pf/pf_invariant.h"
#include "model/pf/pfvar.h"
#include "test/model/peer.h"
#include "test/model/together.h"

namespace {

namespace kern = model::kern;
namespace pf = model::pf;
using namespace model::net;
using namespace model_test;

constexpr unsigned rounds = 400;

struct world {
    world() : st("r", 4) {
        kern::timeout_set_clock(st.timeouts, 1000);
        must("ifconfig em0 inet 10.0.1.1/24 lladdr 02:00:00:00:01:01");
        make_em1();
        must("sysctl net.inet.ip.forwarding=1");
        must("sysctl net.inet.icmp.errppslimit=-1");
        must("arp -s 10.0.1.9 02:00:00:00:01:09");
        must("pfctl -f -\npass\n");
        must("pfctl -e");
    }
    void make_em1() {
        must("ifconfig em1 inet 10.0.2.1/24 lladdr 02:00:00:00:02:01");
        must("arp -s 10.0.2.2 02:00:00:00:02:02");
    }

    // A command that may fail, since others are at work.
    int run(std::string_view line) {
        std::string out;
        return model::admin::command(st, line, out);
    }
    void must(std::string_view line) { EXPECT_EQ(run(line), 0) << line; }
    void input(const bytes& f) { EXPECT_EQ(if_input(st, "em0", f.data(), f.size(), 0), 0); }

    // All is over, and what may be forgotten is.
    void expect_nothing_left() {
        must("pfctl -F all");
        must("pf purge");
        must("pfctl -d");
        kern::smr_flush(st.smr);
        EXPECT_TRUE(pf::pf_inp_symmetric(&st));
        EXPECT_TRUE(pf::pf_trees_sound(&st));
        EXPECT_TRUE(pf::pf_keys_referenced(&st));
        EXPECT_TRUE(pf::pf_rules_referenced(&st));
        EXPECT_TRUE(if_idxmap_referenced(&st));
        EXPECT_EQ(kern::pool_live(st.pf->state_pool), 0);
        EXPECT_EQ(kern::pool_live(st.pf->state_key_pool), 0);
        EXPECT_EQ(kern::pool_live(st.socket_pool), 0);
        EXPECT_EQ(kern::pool_live(st.inpcb_pool), 0);
        EXPECT_EQ(kern::pool_live(st.mbuf_pool), st.arp->hold_total);
    }

    stack st;
};

// What a peer on em0 says to us and to the host behind em1.
std::vector<bytes> datagrams() {
    std::vector<bytes> frames;
    for (const char* line :
         {"IP 10.0.1.9.53 > 10.0.1.1.1000: udp 8", "IP 10.0.1.9.53 > 10.0.1.1.1001: udp 8",
          "IP 10.0.1.9.1234 > 10.0.2.2.53: udp 8", "IP 10.0.1.9.1235 > 10.0.2.2.53: udp 900",
          "IP 10.0.1.9 > 10.0.1.1: icmp echo request id 1 seq 1 len 8"}) {
        frames.push_back(peer::frame_of(line));
    }
    return frames;
}

// The beginning of a connection, of its end, and what belongs to none.
std::vector<bytes> segments() {
    std::vector<bytes> frames;
    for (const char* port : {"2000", "2001"}) {
        for (const char* what : {"Flags [S], seq 100", "Flags [.], seq 101, ack 1",
                                 "Flags [F.], seq 101, ack 1", "Flags [R], seq 101"}) {
            frames.push_back(
                peer::frame_of(std::string("IP 10.0.1.9.") + port + " > 10.0.1.1.80: " + what));
        }
    }
    return frames;
}

// Sockets come and go on the ports that packets are for.
void use_sockets(world& w) {
    for (unsigned round = 0; round < rounds; ++round) {
        w.must("socket udp bind 10.0.1.1.1000 as S");
        w.must("connect S 10.0.1.9.53");
        (void)w.run("send S 8");
        w.must("socket udp bind *.1001 as T");
        (void)w.run("send T 8 to 10.0.2.2.53");
        // Not while a connection of the one before still has the port.
        if (w.run("socket tcp bind *.80 as L") == 0) {
            w.must("listen L backlog 2");
            w.must("close L");
        }
        w.must("close S");
        w.must("close T");
    }
}

void change_rules(world& w, std::atomic<bool>& done) {
    constexpr const char* lines[] = {
        "pfctl -f -\npass\n",
        "pfctl -F states",
        "pfctl -f -\nblock return in on em0 proto udp to port 1001\npass in on em0\npass out\n",
        "pf purge",
        "pfctl -f -\npass out proto udp divert-reply\npass in proto tcp no state\n",
        "pfctl -k 10.0.1.9",
    };
    random_numbers random(7);
    for (unsigned round = 0; round < rounds; ++round) {
        w.must(lines[random.below(std::size(lines))]);
        if (round % 8 == 0) {
            w.must("ifconfig em1 destroy");
            w.make_em1();
        }
        if (round % 16 == 0) {
            w.must("pfctl -d");
            w.must("pfctl -e");
        }
    }
    done.store(true);
}

// Two CPUs with packets, one with sockets, one with the configuration.
TEST(pf_stress, packets_sockets_and_rules) {
    world w;
    const std::vector<bytes> said = datagrams();
    const std::vector<bytes> begun = segments();
    std::atomic<bool> done{false};
    together(0, 4, [&](unsigned cpu) {
        if (cpu == 2) {
            use_sockets(w);
        } else if (cpu == 3) {
            change_rules(w, done);
        } else {
            random_numbers random(cpu);
            const std::vector<bytes>& frames = cpu == 0 ? said : begun;
            for (unsigned sent = 0; sent < 2000 || !done.load(std::memory_order_relaxed); ++sent) {
                w.input(frames[random.below(static_cast<uint32_t>(frames.size()))]);
            }
        }
    });
    w.expect_nothing_left();
}

// Both directions of one flow, and whoever kills its state.
TEST(pf_stress, two_sockets_and_the_end_of_their_states) {
    world w;
    const bytes said = peer::frame_of("IP 10.0.1.9.53 > 10.0.1.1.1000: udp 8");
    w.must("socket udp bind 10.0.1.1.1000 as S");
    w.must("connect S 10.0.1.9.53");
    std::atomic<bool> done{false};
    together(0, 4, [&](unsigned cpu) {
        for (unsigned round = 0; cpu == 3 && round < rounds; ++round) {
            w.must("pfctl -F states");
            w.must("pf purge");
        }
        if (cpu == 3) {
            done.store(true);
        }
        for (unsigned sent = 0; cpu != 3 && (sent < 500 || !done.load(std::memory_order_relaxed));
             ++sent) {
            if (cpu == 0) {
                w.input(said);
            } else if (cpu == 1) {
                (void)w.run("send S 8");
            } else {
                w.input(said);
            }
        }
    });
    w.must("close S");
    w.expect_nothing_left();
}

}  // namespace

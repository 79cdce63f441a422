// TCP from several CPUs at once: packets of peers, programs that accept and close, timers. What is lost is looked for by
// what is left; data races by the thread sanitizer.
#include <gtest/gtest.h>

#include "model/netinet/in_var.h"
#include "model/netinet/tcp_var.h"
#include "test/model/peer.h"
#include "test/model/together.h"

namespace {

using namespace model_test;
using namespace model::netinet;
namespace kern = model::kern;

constexpr unsigned rounds = 400;

// Where the connection with a peer's port stands.
struct numbers {
    uint32_t next = 100;  // what we take next
    uint32_t ack = 1;     // what there is to acknowledge
};
numbers numbers_of(peer& p, uint16_t port) {
    numbers n;
    inpcb* inp = in_pcblookup(p.st.inet->tcbtable, {sender, ip(10, 0, 1, 1), port, 80});
    if (inp != nullptr) {
        kern::mtx_enter(inp->inp_ppcb->t_mtx);
        n = {inp->inp_ppcb->rcv_nxt, inp->inp_ppcb->snd_nxt};
        kern::mtx_leave(inp->inp_ppcb->t_mtx);
    }
    in_pcbunref(p.st, inp);
    return n;
}

// What a peer may say, of one of a few connections: mostly what is next, sometimes nonsense.
std::string segment(peer& p, random_numbers& random) {
    static constexpr const char* flags[] = {"[S]", "[.]", "[.]", "[P.]", "[F.]", "[R]"};
    const std::string which = flags[random.below(6)];
    const auto port = static_cast<uint16_t>(7000 + random.below(3));
    const numbers n = numbers_of(p, port);
    const uint32_t off = random.below(4) == 0 ? random.below(3) : 0;
    return "IP 10.0.1.9." + std::to_string(port) + " > 10.0.1.1.80: Flags " + which + ", seq " +
           std::to_string(n.next + off) +
           (which.find('.') != std::string::npos ? ", ack " + std::to_string(n.ack) : "") +
           ", win 1000" + (which[1] == 'P' ? ", length 1" : "");
}

void receive(peer& p, random_numbers& random) {
    for (unsigned n = 0; n < rounds; ++n) {
        const bytes f = peer::frame_of(segment(p, random));
        EXPECT_EQ(model::net::if_input(p.st, "em0", f.data(), f.size(), 0), 0);
    }
}

// Whatever it says: most of it fails.
void command(peer& p, const std::string& line) {
    std::string out;
    (void)model::admin::command(p.st, line, out);
}

bool is_somebody_there(peer& p) {
    model::netinet::socket* head = socket_of_name(p.st, "L");
    bool there = false;
    if (head != nullptr) {
        kern::mtx_enter(head->so_queue.soq_mtx);
        there = !head->so_queue.finished.empty();
        kern::mtx_leave(head->so_queue.soq_mtx);
    }
    sorele(p.st, head);
    return there;
}

// One program serves, and sometimes begins anew; nobody else accepts, so that it sleeps only if who called was reset.
void serve(peer& p, random_numbers& random) {
    for (unsigned n = 0; n < rounds; ++n) {
        switch (random.below(8)) {
            case 0:
                command(p, "close L");
                command(p, "socket tcp bind *.80 as L");
                command(p, "listen L backlog 2");
                break;
            case 1:
                command(p, random.below(2) == 0 ? "close C" : "close C abort");
                break;
            case 2:
                command(p, "send C 10");
                break;
            case 3:
                command(p, "shutdown C");
                break;
            case 4:
                command(p, "netstat -an");
                break;
            default:
                sched_yield();
                break;
        }
    }
}

TEST(tcp_stress, nothing_is_left) {
    for (uint64_t seed = 1; seed <= 4; ++seed) {
        peer p(4);
        command(p, "socket tcp bind *.80 as L");
        command(p, "listen L backlog 2");
        std::atomic<unsigned> busy{3};
        together(0, 4, [&](unsigned cpu) {
            random_numbers random(seed * 10 + cpu);
            if (cpu < 2) {
                receive(p, random);
            } else if (cpu == 2) {
                serve(p, random);
            } else {
                while (busy.load() != 0) {
                    kern::timeout_fire(p.st.timeouts, "tcp_2msl");
                    if (is_somebody_there(p)) {
                        command(p, "close C abort");
                        command(p, "accept L as C");
                    }
                    sched_yield();
                }
                return;
            }
            // The last one lets the server go, who may sleep.
            if (busy.fetch_sub(1) == 1) {
                command(p, "close L");
            }
        });
        command(p, "close L");
        command(p, "close C abort");
        // Who was closed and waits for an answer is reset by its peer.
        EXPECT_TRUE(in_pcbs_linked(&p.st.inet->tcbtable) != 0);
        p.pass(60);
        for (inpcb* inp : in_pcbs(p.st.inet->tcbtable)) {
            const tcpcb& tp = *inp->inp_ppcb;
            EXPECT_NE(tp.t_state, tcps_closed);
            EXPECT_NE(tp.t_state, tcps_syn_received);
            const bytes f =
                peer::frame_of("IP 10.0.1.9." + std::to_string(inp->inp_fport) +
                               " > 10.0.1.1.80: Flags [R], seq " + std::to_string(tp.rcv_nxt));
            EXPECT_EQ(model::net::if_input(p.st, "em0", f.data(), f.size(), 0), 0);
            in_pcbunref(p.st, inp);
        }
        EXPECT_GT(p.count(model::net::counter::tcps_connects), 0);
        EXPECT_EQ(kern::pool_live(p.st.inpcb_pool), 0);
        EXPECT_EQ(kern::pool_live(p.st.tcpcb_pool), 0);
        EXPECT_EQ(kern::pool_live(p.st.socket_pool), 0);
        EXPECT_EQ(kern::pool_live(p.st.mbuf_pool), 0);
    }
}

}  // namespace

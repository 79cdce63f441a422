// The route that a socket's packets took last: used again, looked up anew, lent, given up.
#include <gtest/gtest.h>

#include "model/netinet/in_var.h"
#include "model/netinet/socket.h"
#include "test/model/peer.h"
#include "test/model/together.h"

namespace {

namespace kern = model::kern;
using namespace model_test;
using namespace model::netinet;
using model::net::rtentry;

// A UDP socket S of 10.0.1.1.53 that has sent to 10.9.0.5, which is behind 10.0.2.2.
class pcb_route_of : public ::testing::Test {
  protected:
    pcb_route_of() {
        p.run("arp -s 10.0.2.3 02:00:00:00:02:03");
        p.run("socket udp bind 10.0.1.1.53 as S");
        p.run("send S 8 to 10.9.0.5.53");
        so = socket_of_name(p.st, "S");
        p.forget_wires();
    }
    ~pcb_route_of() override { sorele(p.st, so); }

    inpcb& pcb() { return *so->so_pcb; }
    const rtentry* kept() { return pcb().inp_route.ro.ro_rt; }
    // The Ethernet address that the next datagram goes to.
    model::net::ether_addr sends() {
        p.run("send S 8 to 10.9.0.5.53");
        std::vector<bytes> frames = p.sent(1);
        return frames.size() == 1 ? ether_of(frames[0]).dhost : 0;
    }
    int64_t routes() {
        kern::smr_flush(p.st.smr);
        return kern::pool_live(p.st.rtentry_pool);
    }

    peer p{4};
    model::netinet::socket* so = nullptr;
};

TEST_F(pcb_route_of, is_used_again) {
    const rtentry* const before = kept();
    ASSERT_NE(before, nullptr);
    EXPECT_EQ(before->rt_plen, 16);
    EXPECT_EQ(sends(), 0x020000000202U);
    EXPECT_EQ(kept(), before);
}

TEST_F(pcb_route_of, a_better_one_is_taken_as_soon_as_it_is_there) {
    p.run("route add 10.9.0.0/24 10.0.2.3");
    EXPECT_EQ(sends(), 0x020000000203U);
    p.run("route change 10.9.0.0/24 10.0.2.2");
    EXPECT_EQ(sends(), 0x020000000202U);
    p.run("route change 10.9.0.0/24 10.0.2.3");
    p.run("route delete 10.9.0.0/24");
    EXPECT_EQ(sends(), 0x020000000202U);
}

TEST_F(pcb_route_of, one_that_is_gone_stays_in_memory_until_the_next_datagram) {
    const int64_t before = routes();
    p.run("route delete 10.9.0.0/16");
    EXPECT_EQ(routes(), before);
    p.fails("send S 8 to 10.9.0.5.53");
    EXPECT_EQ(kept(), nullptr);
    EXPECT_EQ(routes(), before - 1);
}

TEST_F(pcb_route_of, goes_with_the_socket) {
    p.run("route delete 10.9.0.0/16");
    const int64_t before = routes();
    p.run("close S");
    EXPECT_EQ(routes(), before - 1);
}

TEST_F(pcb_route_of, is_lent_to_one_at_a_time) {
    using_route first(pcb());
    EXPECT_EQ(&first.get(), &pcb().inp_route.ro);
    {
        using_route second(pcb());
        EXPECT_NE(&second.get(), &first.get());
        EXPECT_EQ(second.get().ro_rt, nullptr);
        EXPECT_EQ(sends(), 0x020000000202U);
    }
    EXPECT_NE(first.get().ro_rt, nullptr);
}

TEST_F(pcb_route_of, that_is_lent_when_the_socket_is_closed_is_given_up_by_who_has_it) {
    p.run("route delete 10.9.0.0/16");
    const int64_t before = routes();
    inpcb* inp = in_pcbref(&pcb());
    {
        using_route way(*inp);
        p.run("close S");
        EXPECT_EQ(routes(), before);
        EXPECT_NE(way.get().ro_rt, nullptr);
    }
    EXPECT_EQ(routes(), before - 1);
    {
        using_route late(*inp);
        EXPECT_EQ(late.get().ro_rt, nullptr);
        EXPECT_NE(&late.get(), &inp->inp_route.ro);
    }
    in_pcbunref(p.st, inp);
}

TEST_F(pcb_route_of, of_a_raw_socket_too) {
    p.run("socket raw icmp as R");
    p.run("send R 8 to 10.9.0.5");
    model::netinet::socket* raw = socket_of_name(p.st, "R");
    EXPECT_EQ(raw->so_pcb->inp_route.ro.ro_rt, kept());
    sorele(p.st, raw);
}

// Three send by one socket, one changes routes; the socket is closed in the middle of it.
TEST_F(pcb_route_of, is_nobodys_twice_beside_changes_and_a_close) {
    constexpr unsigned rounds = 300;
    const auto to = sockaddr{ip(10, 9, 0, 5), 53};
    const uint8_t payload[8] = {};
    together(0, 4, [&](unsigned cpu) {
        for (unsigned n = 0; n < rounds; ++n) {
            if (cpu != 3) {
                (void)sosend(p.st, *so, payload, &to);
                continue;
            }
            p.run(n % 2 == 0 ? "route add 10.9.0.0/24 10.0.2.3" : "route delete 10.9.0.0/24");
            if (n == rounds / 2) {
                p.run("close S");
            }
        }
    });
    p.run("route delete 10.9.0.0/16");
    EXPECT_EQ(routes(), 9);  // two addresses with three routes each, three neighbours
    EXPECT_EQ(kern::pool_live(p.st.inpcb_pool), 0);
    EXPECT_EQ(kern::pool_live(p.st.mbuf_pool), 0);
}

}  // namespace

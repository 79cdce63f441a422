// ICMP: errors that reach sockets, and the time of day.
#include <gtest/gtest.h>

#include <thread>

#include "model/netinet/icmp_ctlinput.h"
#include "model/netinet/in_var.h"
#include "model/netinet/socket.h"
#include "test/model/peer.h"

namespace {

using namespace model_test;
using namespace model::netinet;
using model::net::counter;
namespace kern = model::kern;

constexpr uint32_t us = ip(10, 0, 1, 1);

// The error of that kind about this frame of ours, as its receiver sends it.
bytes error_about(const bytes& sent, uint8_t type, uint8_t code, uint32_t from = sender) {
    const size_t quoted = 28;
    ip_packet p;
    p.header.protocol = ipproto_icmp;
    p.header.source = from;
    p.header.destination = us;
    p.payload = icmp_minlen + quoted;
    bytes f = p.frame();
    const icmp_view icmp(ip_of(f).payload());
    icmp.set_type(type);
    icmp.set_code(code);
    icmp.set_void(0);
    std::copy_n(sent.begin() + 14, quoted, icmp.data().begin());
    icmp.update_sum();
    return f;
}

struct told {
    uint8_t type, code;
    const char* says;  // null: nothing
};

TEST(icmp_ctlinput, a_connected_datagram_socket_is_told_once) {
    const told cases[] = {
        {icmp_unreach, icmp_unreach_port, "Connection refused"},
        {icmp_unreach, icmp_unreach_protocol, "Connection refused"},
        {icmp_unreach, icmp_unreach_host, "No route to host"},
        {icmp_unreach, 0, "No route to host"},
        {icmp_unreach, 13, "No route to host"},
        {icmp_unreach, 16, nullptr},
        {icmp_unreach, icmp_unreach_needfrag, nullptr},
        {icmp_paramprob, 0, "Protocol not available"},
        {icmp_timxceed, 0, nullptr},
    };
    for (const told& c : cases) {
        peer s;
        s.run("socket udp connect 10.0.1.9.53 as S");
        s.run("send S 8");
        const bytes sent = s.sent(0).at(0);
        EXPECT_EQ(s.input("em0", error_about(sent, c.type, c.code)), "delivered icmp");
        if (c.says != nullptr) {
            EXPECT_EQ(s.fails("send S 8"), std::string("send: S: ") + c.says + "\n");
            EXPECT_EQ(s.sent(0).size(), 0U);
        }
        s.run("send S 8");
        if (c.says != nullptr) {
            s.input("em0", error_about(sent, c.type, c.code));
            EXPECT_EQ(s.fails("recv S"), std::string("recv: S: ") + c.says + "\n");
            s.run("send S 8");
        }
        s.run("close S");
    }
}

TEST(icmp_ctlinput, who_reads_is_woken) {
    peer s;
    s.run("socket udp connect 10.0.1.9.53 as S");
    s.run("send S 8");
    const bytes sent = s.sent(0).at(0);
    std::string out;
    std::thread reader([&] {
        kern::cpu_attach(1);
        EXPECT_NE(model::admin::command(s.st, "recv S", out), 0);
    });
    model::netinet::socket* so = socket_of_name(s.st, "S");
    for (bool waits = false; !waits; sched_yield()) {
        kern::mtx_enter(so->so_rcv.sb_mtx);
        waits = so->so_rcv.sb_wait;
        kern::mtx_leave(so->so_rcv.sb_mtx);
    }
    sorele(s.st, so);
    s.input("em0", error_about(sent, icmp_unreach, icmp_unreach_port));
    reader.join();
    EXPECT_EQ(out, "recv: S: Connection refused\n");
}

TEST(icmp_ctlinput, others_are_told_nothing) {
    peer s;
    s.run("socket udp connect 10.0.1.9.53 as S");
    s.run("socket udp bind 10.0.1.1.54 as T");
    s.run("send S 8");
    const bytes sent = s.sent(0).at(0);
    // Another port, another sender, a later fragment, what is cut.
    for (const size_t at : {size_t{34 + 1}, size_t{14 + 15}, size_t{14 + 7}, size_t{14 + 9}}) {
        bytes other = sent;
        other[at] ^= 1;
        s.input("em0", error_about(other, icmp_unreach, icmp_unreach_port));
    }
    s.run("send S 8");
    s.run("send T 8 to 10.0.1.9.53");
    const bytes by_t = s.sent(0).at(1);
    s.input("em0", error_about(by_t, icmp_unreach, icmp_unreach_port));
    s.run("send T 8 to 10.0.1.9.53");  // it is connected to nobody
}

TEST(icmp_ctlinput, a_connection_that_has_only_begun_is_over) {
    peer s;
    s.run("socket tcp connect 10.0.1.9.80 as C");
    bytes syn = s.sent(0).at(0);
    bytes guessed = syn;
    guessed[34 + 7] ^= 1;
    s.input("em0", error_about(guessed, icmp_unreach, icmp_unreach_port));
    EXPECT_EQ(s.count(counter::tcps_conndrops), 0);
    s.input("em0", error_about(syn, icmp_unreach, icmp_unreach_port));
    EXPECT_EQ(s.count(counter::tcps_conndrops), 1);
    EXPECT_EQ(s.fails("connect C"), "connect: C: Connection refused\n");
    s.run("close C");
}

// ---- the time of day ------------------------------------------------------------------------------

bytes tstamp_request(size_t data) {
    bytes f = echo_request(sender, us, data);
    const icmp_view icmp(ip_of(f).payload());
    icmp.set_type(icmp_tstamp);
    icmp.update_sum();
    return f;
}

TEST(icmp_tstamp, is_answered_if_asked_to) {
    network n;
    n.set_up();
    EXPECT_EQ(n.input("em0", tstamp_request(12)), "delivered icmp");
    EXPECT_TRUE(n.sent(0).empty());
    n.run("sysctl net.inet.icmp.tstamprepl=1");
    bytes asked = tstamp_request(12);
    EXPECT_EQ(n.input("em0", asked), "delivered icmp");
    std::vector<bytes> replies = n.sent(0);
    ASSERT_EQ(replies.size(), 1U);
    const icmp_view icmp(ip_of(replies[0]).payload());
    EXPECT_EQ(icmp.type(), icmp_tstampreply);
    EXPECT_TRUE(icmp.sum_is_right());
    const byte_view times(icmp.data());
    EXPECT_EQ(times.u32(0), byte_view(icmp_view(ip_of(asked).payload()).data()).u32(0));
    EXPECT_EQ(times.u32(4), 0x80000000 | 1000000);
    EXPECT_EQ(times.u32(8), 0x80000000 | 1000000);
    EXPECT_EQ(n.input("em0", tstamp_request(11)), "dropped badlen");
    EXPECT_EQ(n.count(counter::icps_badlen), 1);
    bytes all = tstamp_request(12);
    model::net::ether_header_put(
        all.data(), {model::net::ether_broadcast, lladdr_of(sender), model::net::ethertype_ip});
    EXPECT_EQ(n.input("em0", all), "dropped bmcastecho");
    n.expect_conserved();
}

// ---- the mask of a network ------------------------------------------------------------------------

bytes mask_request(uint32_t to, size_t data = 4) {
    bytes f = echo_request(sender, to, data);
    const icmp_view icmp(ip_of(f).payload());
    icmp.set_type(icmp_maskreq);
    icmp.update_sum();
    return f;
}

TEST(icmp_mask, is_told_if_that_is_wanted) {
    network n;
    n.set_up();
    EXPECT_EQ(n.input("em0", mask_request(us)), "delivered icmp");
    EXPECT_TRUE(n.sent(0).empty());
    n.run("sysctl net.inet.icmp.maskrepl=1");
    EXPECT_EQ(n.input("em0", mask_request(us)), "delivered icmp");
    std::vector<bytes> replies = n.sent(0);
    ASSERT_EQ(replies.size(), 1U);
    const icmp_view icmp(ip_of(replies[0]).payload());
    EXPECT_EQ(icmp.type(), icmp_maskreply);
    EXPECT_TRUE(icmp.sum_is_right());
    EXPECT_EQ(byte_view(icmp.data()).u32(0), 0xffffff00U);
    EXPECT_EQ(ip_of(replies[0]).source(), us);
    // Without room for the mask, and from nobody's network: what a program makes of it.
    EXPECT_EQ(n.input("em0", mask_request(us, 3)), "delivered icmp");
    EXPECT_EQ(n.input("em0", mask_request(ip(10, 0, 2, 1))), "delivered icmp");
    EXPECT_TRUE(n.sent(0).empty());
    n.expect_conserved();
}

// ---- errors and programs --------------------------------------------------------------------------

TEST(icmp_raw, errors_reach_raw_sockets) {
    peer s;
    s.run("socket raw icmp as R");
    s.run("socket udp connect 10.0.1.9.53 as S");
    s.run("send S 8");
    const bytes sent = s.sent(0).at(0);
    const struct {
        uint8_t type;
        uint8_t code;
        int64_t badcode;
    } cases[] = {
        {icmp_unreach, icmp_unreach_port, 0},
        {icmp_unreach, 16, 1},
        {icmp_timxceed, 0, 1},
        {icmp_timxceed, 2, 2},
        {icmp_paramprob, 2, 3},
        {icmp_sourcequench, 1, 4},
    };
    for (const auto& c : cases) {
        EXPECT_EQ(s.input("em0", error_about(sent, c.type, c.code)), "delivered R");
        EXPECT_EQ(s.count(counter::icps_badcode), c.badcode);
    }
    bytes cut = error_about(sent, icmp_unreach, icmp_unreach_port);
    cut.resize(cut.size() - 16);
    const ip_view ip = ip_of(cut);
    ip.set_total_size(cut.size() - 14);
    ip.update_sum();
    icmp_view(ip.payload()).update_sum();
    EXPECT_EQ(s.input("em0", cut), "dropped badlen");
    EXPECT_EQ(s.count(counter::icps_badlen), 1);
}

}  // namespace

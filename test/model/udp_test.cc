// UDP and raw sockets by the commands of programs and the packets of their peers.
#include <gtest/gtest.h>

#include <thread>

#include "model/admin/observe.h"
#include "model/netinet/in_var.h"
#include "model/netinet/socket.h"
#include "test/model/peer.h"

namespace {

using namespace model_test;
using namespace model::netinet;
using model::net::counter;
namespace kern = model::kern;

class sockets : public peer {
  public:
    std::string observe(std::string_view verb, std::string_view name) {
        const std::string_view words[] = {verb, name};
        std::string out;
        EXPECT_TRUE(model::admin::observe(st, words, out));
        return out;
    }
    // Until somebody sleeps in recv, or is about to.
    void wait_for_reader(std::string_view name) {
        model::netinet::socket* so = socket_of_name(st, name);
        for (bool waits = false; !waits; sched_yield()) {
            kern::mtx_enter(so->so_rcv.sb_mtx);
            waits = so->so_rcv.sb_wait;
            kern::mtx_leave(so->so_rcv.sb_mtx);
        }
        sorele(st, so);
    }
    int64_t pcbs() { return kern::pool_live(st.inpcb_pool); }
    int64_t socket_count() { return kern::pool_live(st.socket_pool); }
    int64_t mbufs() { return kern::pool_live(st.mbuf_pool); }
    bool tables_hold() {
        return in_pcbs_linked(&st.inet->udbtable) != 0 && in_pcbs_linked(&st.inet->rawcbtable) != 0;
    }
};

// ---- who gets a datagram ------------------------------------------------------------------------

TEST(udp, a_datagram_goes_to_who_is_bound_to_the_port) {
    sockets s;
    s.run("socket udp bind 10.0.1.1.53 as S");
    EXPECT_EQ(s.says("IP 10.0.1.9.1024 > 10.0.1.1.53: udp 8"), "delivered S");
    EXPECT_EQ(s.says("IP 10.0.1.9.1024 > 10.0.1.1.53: udp 0"), "delivered S");
    EXPECT_EQ(s.observe("queued", "S"), "1:8 2:0");
    EXPECT_EQ(s.run("recv S"), "1:8 from 10.0.1.9.1024\n");
    EXPECT_EQ(s.run("recv S"), "2:0 from 10.0.1.9.1024\n");
    EXPECT_EQ(s.observe("got", "S"), "1:8 2:0");
    EXPECT_EQ(s.hears(), lines{});
    EXPECT_EQ(s.mbufs(), 0);
}

TEST(udp, the_closest_match_gets_it) {
    sockets s;
    s.run("socket udp bind *.53 as ANY");
    s.run("socket udp bind 10.0.2.1.54 as OWN");
    s.run("socket udp bind *.55 as C");
    s.run("socket udp connect 10.0.1.9.1024 as C");
    EXPECT_EQ(s.observe("local", "C"), "10.0.1.1.55");
    EXPECT_EQ(s.observe("foreign", "C"), "10.0.1.9.1024");
    s.run("socket udp bind 10.0.2.1.55 as D");
    const struct {
        const char* packet;
        const char* fate;
    } cases[] = {
        {"IP 10.0.1.9.1024 > 10.0.1.1.53: udp 8", "delivered ANY"},
        {"IP 10.0.1.9.1024 > 10.0.2.1.53: udp 8", "delivered ANY"},
        {"IP 10.0.1.9.1024 > 10.0.2.1.54: udp 8", "delivered OWN"},
        {"IP 10.0.1.9.1024 > 10.0.1.1.54: udp 8", "dropped noport"},
        {"IP 10.0.1.9.1024 > 10.0.1.1.55: udp 8", "delivered C"},
        {"IP 10.0.1.9.1025 > 10.0.1.1.55: udp 8", "dropped noport"},
        {"IP 10.0.1.9.1025 > 10.0.2.1.55: udp 8", "delivered D"},
    };
    for (const auto& c : cases) {
        EXPECT_EQ(s.says(c.packet), c.fate) << c.packet;
    }
    EXPECT_TRUE(s.tables_hold());
}

TEST(udp, nobody_there_is_told_to_the_sender) {
    sockets s;
    EXPECT_EQ(s.says("IP 10.0.1.9.1024 > 10.0.1.1.53: udp 8"), "dropped noport");
    EXPECT_EQ(s.hears(), lines{"IP 10.0.1.1 > 10.0.1.9: icmp unreachable port"});
    EXPECT_EQ(s.count(counter::udps_noport), 1);
    EXPECT_EQ(s.mbufs(), 0);
}

TEST(udp, a_broadcast_goes_to_everybody_and_is_not_answered) {
    sockets s;
    EXPECT_EQ(s.says("IP 10.0.1.9.1 > 10.0.1.255.53: "
                     "udp 8"),
              "dropped noport");
    s.run("socket udp bind *.53 as A");
    s.run("socket udp bind *.54 as B");
    EXPECT_EQ(s.says("IP 10.0.1.9.1 > 10.0.1.255.53: "
                     "udp 8"),
              "delivered A");
    EXPECT_EQ(s.observe("queued", "A"), "2:8");
    EXPECT_EQ(s.observe("queued", "B"), "");
    EXPECT_EQ(s.hears(), lines{});
}

TEST(udp, what_is_wrong_with_a_datagram) {
    const struct {
        const char* fate;
        counter which;
        void (*spoil)(std::span<uint8_t> datagram);
    } cases[] = {
        {"dropped badlen", counter::udps_badlen, [](std::span<uint8_t> d) { d[5] = 7; }},
        {"dropped badlen", counter::udps_badlen, [](std::span<uint8_t> d) { d[5] = 17; }},
        {"dropped badlen", counter::udps_badlen, [](std::span<uint8_t> d) { d[2] = d[3] = 0; }},
        {"dropped badsum", counter::udps_badsum, [](std::span<uint8_t> d) { d[8] ^= 1; }},
        {"delivered S", counter::udps_nosum, [](std::span<uint8_t> d) { d[6] = d[7] = 0; }},
    };
    for (const auto& c : cases) {
        sockets s;
        s.run("socket udp bind *.53 as S");
        bytes f = peer::frame_of("IP 10.0.1.9.1024 > 10.0.1.1.53: udp 8");
        c.spoil(ip_of(f).payload());
        EXPECT_EQ(s.input("em0", f), c.fate);
        EXPECT_EQ(s.count(c.which), 1) << c.fate;
    }
    sockets s;
    bytes f = peer::frame_of("IP 10.0.1.9.1024 > 10.0.1.1.53: udp 8");
    f.resize(14 + 20 + 7);
    ip_of(f).set_total_size(27);
    ip_of(f).update_sum();
    EXPECT_EQ(s.input("em0", f), "dropped badhlen");
}

TEST(udp, a_full_buffer_takes_no_more) {
    sockets s;
    s.run("socket udp bind *.53 as S");
    for (unsigned n = 0; n < sb_records_max; ++n) {
        EXPECT_EQ(s.says("IP 10.0.1.9.1024 > 10.0.1.1.53: udp 8"), "delivered S");
    }
    EXPECT_EQ(s.says("IP 10.0.1.9.1024 > 10.0.1.1.53: udp 8"), "dropped fullsock");
    EXPECT_EQ(s.count(counter::udps_fullsock), 1);
    s.run("recv S");
    EXPECT_EQ(s.says("IP 10.0.1.9.1024 > 10.0.1.1.53: udp 1000"), "delivered S");
    s.run("close S");
    EXPECT_EQ(s.mbufs(), 0);
}

// ---- bind and connect ---------------------------------------------------------------------------

TEST(udp, addresses_are_there_once) {
    sockets s;
    s.run("socket udp bind 10.0.1.1.53 as A");
    EXPECT_EQ(s.fails("socket udp bind 10.0.1.1.53 as B"), "socket: B: Address already in use\n");
    EXPECT_EQ(s.fails("socket udp bind *.53 as B"), "socket: B: Address already in use\n");
    s.run("socket udp bind 10.0.2.1.53 as B");
    EXPECT_EQ(s.fails("socket udp bind 10.0.1.1.54 as A"), "socket: A: Invalid argument\n");
    EXPECT_EQ(s.fails("socket udp bind 10.9.0.5.53 as C"),
              "socket: C: Can't assign requested address\n");
    s.run("socket udp bind 10.9.0.5.53 bindany as C");
    EXPECT_EQ(s.observe("local", "C"), "10.9.0.5.53");
    EXPECT_EQ(s.fails("socket raw icmp as C"), "socket: C: File exists\n");
    EXPECT_EQ(s.pcbs(), 3);
    EXPECT_EQ(s.socket_count(), 3);
    EXPECT_TRUE(s.tables_hold());
}

TEST(udp, ports_are_picked_upwards) {
    sockets s;
    s.run("socket udp connect 10.0.1.9.7 as A");
    s.run("socket udp connect 10.9.0.5.7 as B");
    EXPECT_EQ(s.observe("local", "A"), "10.0.1.1.49152");
    EXPECT_EQ(s.observe("local", "B"), "10.0.2.1.49153");
    s.run("socket udp bind *.49154 as C");
    s.run("socket udp bind *.0 as D");
    EXPECT_EQ(s.observe("local", "D"), "*.49155");
    EXPECT_EQ(s.fails("socket udp connect 10.0.1.9.8 as A"),
              "socket: A: Socket is already connected\n");
    EXPECT_EQ(s.fails("socket udp connect 192.0.2.1.8 as E"),
              "socket: E: Can't assign requested address\n");
    EXPECT_EQ(s.fails("socket udp connect 10.0.1.9.0 as E"),
              "socket: E: Can't assign requested address\n");
}

// ---- sending ------------------------------------------------------------------------------------

TEST(udp, what_is_sent_leaves_with_both_ends) {
    sockets s;
    s.run("socket udp bind *.53 as S");
    s.run("send S 8 to 10.0.1.9.1024");
    EXPECT_EQ(s.hears(0), lines{"IP 10.0.1.1.53 > 10.0.1.9.1024: udp 8"});
    s.run("send S 3 to 10.9.0.5.7");
    EXPECT_EQ(s.hears(1), lines{"IP 10.0.2.1.53 > 10.9.0.5.7: udp 3"});
    s.run("socket udp connect 10.0.1.9.1025 as C");
    s.run("send C 1");
    EXPECT_EQ(s.hears(0), lines{"IP 10.0.1.1.49152 > 10.0.1.9.1025: udp 1"});
    EXPECT_EQ(s.fails("send C 1 to 10.0.1.9.7"), "send: C: Socket is already connected\n");
    EXPECT_EQ(s.fails("send S 1"), "send: S: Destination address required\n");
    EXPECT_EQ(s.fails("send S 1 to 192.0.2.1.7"), "send: S: Can't assign requested address\n");
    EXPECT_EQ(s.fails("send S 1 to 10.0.1.255.7"), "send: S: Permission denied\n");
    EXPECT_EQ(s.fails("send X 1"), "send: X: Bad file descriptor\n");
    EXPECT_EQ(s.count(counter::udps_opackets), 4);
    EXPECT_EQ(s.mbufs(), 0);
}

TEST(udp, what_we_send_to_ourselves_arrives) {
    sockets s;
    s.run("socket udp bind *.53 as S");
    s.run("socket udp connect 10.0.2.1.53 as C");
    s.run("send C 5");
    EXPECT_EQ(s.run("recv S"), "0:5 from " + s.observe("local", "C") + "\n");
    EXPECT_EQ(s.hears(0), lines{});
    EXPECT_EQ(s.hears(1), lines{});
}

// ---- closing and waiting ------------------------------------------------------------------------

TEST(udp, after_close_nobody_is_there) {
    sockets s;
    s.run("socket udp bind *.53 as S");
    EXPECT_EQ(s.says("IP 10.0.1.9.1024 > 10.0.1.1.53: udp 8"), "delivered S");
    s.run("close S");
    EXPECT_EQ(s.says("IP 10.0.1.9.1024 > 10.0.1.1.53: udp 8"), "dropped noport");
    EXPECT_EQ(s.fails("recv S"), "recv: S: Bad file descriptor\n");
    EXPECT_EQ(s.fails("close S"), "close: S: Bad file descriptor\n");
    EXPECT_EQ(s.pcbs(), 0);
    EXPECT_EQ(s.socket_count(), 0);
    EXPECT_EQ(s.mbufs(), 0);
    s.run("socket udp bind *.53 as S");
}

TEST(udp, who_waits_is_woken_by_a_datagram_and_by_close) {
    sockets s;
    s.run("socket udp bind *.53 as S");
    std::string first;
    std::string second;
    std::thread reader([&] {
        kern::cpu_attach(1);
        first = s.run("recv S");
        second = s.run("recv S");
    });
    s.wait_for_reader("S");
    EXPECT_EQ(s.says("IP 10.0.1.9.1024 > 10.0.1.1.53: udp 8"), "delivered S");
    s.wait_for_reader("S");
    s.run("close S");
    reader.join();
    EXPECT_EQ(first, "1:8 from 10.0.1.9.1024\n");
    EXPECT_EQ(second, "end\n");
    EXPECT_EQ(s.socket_count(), 0);
}

// ---- raw ----------------------------------------------------------------------------------------

TEST(raw, every_raw_socket_gets_a_copy_of_what_the_kernel_does_not_answer) {
    sockets s;
    s.run("socket raw icmp as R");
    s.run("socket raw icmp as Q");
    EXPECT_EQ(s.says("IP 10.0.1.9 > 10.0.1.1: icmp echo reply id 1 seq 2 len 8"), "delivered Q");
    EXPECT_EQ(s.observe("queued", "R"), "1:36");
    EXPECT_EQ(s.observe("queued", "Q"), "1:36");
    EXPECT_EQ(s.says("IP 10.0.1.9 > 10.0.1.1: icmp echo request id 1 seq 2 len 8"),
              "delivered icmp");
    EXPECT_EQ(s.hears().size(), 1U);
    EXPECT_EQ(s.observe("queued", "R"), "1:36");
    s.run("close Q");
    s.run("close R");
    EXPECT_EQ(s.says("IP 10.0.1.9 > 10.0.1.1: icmp echo reply id 1 seq 2 len 8"), "delivered icmp");
    EXPECT_EQ(s.mbufs(), 0);
}

TEST(raw, who_is_bound_gets_what_goes_there_and_sends_from_there) {
    sockets s;
    EXPECT_EQ(s.fails("socket raw icmp bind 10.9.0.5 as F"),
              "socket: F: Can't assign requested address\n");
    s.run("socket raw icmp bind 10.9.0.5 bindany as F");
    s.run("socket raw icmp bind 10.0.1.1 as R");
    EXPECT_EQ(s.says("IP 10.0.1.9 > 10.0.1.1: icmp echo reply id 1 seq 2 len 8"), "delivered R");
    EXPECT_EQ(s.observe("queued", "F"), "");
    s.run("send F 4 to 10.0.1.9");
    EXPECT_EQ(s.hears(), lines{"IP 10.9.0.5 > 10.0.1.9: icmp echo request id 0 seq 0 len 4"});
    s.fails("socket raw icmp bind as X");
}

TEST(raw, other_protocols_have_sockets_too) {
    sockets s;
    const char* packet = "IP 10.0.1.9 > 10.0.1.1: proto 254 len 12";
    EXPECT_EQ(s.says(packet), "dropped noproto");
    EXPECT_EQ(s.hears(), lines{"IP 10.0.1.1 > 10.0.1.9: icmp unreachable proto"});
    s.run("socket raw 254 as R");
    s.run("socket raw icmp as I");
    EXPECT_EQ(s.says(packet), "delivered R");
    EXPECT_EQ(s.observe("queued", "R"), "2:32");
    EXPECT_EQ(s.says("IP 10.0.1.9 > 10.0.1.1: proto 253 len 12"), "dropped noproto");
    EXPECT_EQ(s.says("IP 10.0.1.9 > 10.0.1.1: icmp echo reply id 1 seq 2 len 8"), "delivered I");
    EXPECT_EQ(s.hears().size(), 1U);
    s.run("send R 5 to 10.0.1.9");
    EXPECT_EQ(s.hears(), lines{"IP 10.0.1.1 > 10.0.1.9: proto 254 len 5"});
    s.fails("socket raw 256 as X");
}

TEST(raw, sends_echo_requests) {
    sockets s;
    s.run("socket raw icmp as R");
    s.run("send R 16 to 10.0.1.9");
    ASSERT_EQ(s.hears().size(), 1U);
    EXPECT_EQ(s.fails("send R 16"), "send: R: Socket is not connected\n");
}

TEST(ping, ourselves) {
    sockets s;
    EXPECT_EQ(s.run("ping -c 2 10.0.1.1"),
              "PING 10.0.1.1 (10.0.1.1): 56 data bytes\n"
              "64 bytes from 10.0.1.1: icmp_seq=0 ttl=255\n"
              "64 bytes from 10.0.1.1: icmp_seq=1 ttl=255\n"
              "\n"
              "--- 10.0.1.1 ping statistics ---\n"
              "2 packets transmitted, 2 packets received, 0.0% packet loss\n");
    EXPECT_EQ(s.fails("ping 192.0.2.1"),
              "PING 192.0.2.1 (192.0.2.1): 56 data bytes\n"
              "ping: sendmsg: No route to host\n"
              "\n"
              "--- 192.0.2.1 ping statistics ---\n"
              "1 packets transmitted, 0 packets received, 100.0% packet loss\n");
    EXPECT_EQ(s.pcbs(), 0);
}

// ---- netstat ------------------------------------------------------------------------------------

TEST(netstat, shows_who_communicates) {
    sockets s;
    s.run("socket udp bind *.53 as S");
    s.run("socket udp connect 10.0.1.9.7 as C");
    EXPECT_EQ(s.says("IP 10.0.1.9.1024 > 10.0.1.1.53: udp 8"), "delivered S");
    EXPECT_EQ(s.run("netstat -n"),
              "Active Internet connections\n"
              "Proto   Recv-Q Send-Q  Local Address          Foreign Address        TCP-State\n"
              "udp          0      0  10.0.1.1.49152         10.0.1.9.7\n");
    EXPECT_EQ(s.run("netstat -an"),
              "Active Internet connections (including servers)\n"
              "Proto   Recv-Q Send-Q  Local Address          Foreign Address        TCP-State\n"
              "udp          0      0  10.0.1.1.49152         10.0.1.9.7\n"
              "udp          8      0  *.53                   *.*\n");
    const std::string statistics = s.run("netstat -s");
    EXPECT_NE(statistics.find("udp:\n\t1 datagram received\n"), std::string::npos) << statistics;
    s.fails("netstat -x");
}

}  // namespace

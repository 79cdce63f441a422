// TCP as a table of exchanges: what programs do, what comes in, what goes out, and which state that leads to.
#include <gtest/gtest.h>

#include <thread>

#include "model/admin/observe.h"
#include "model/netinet/in_var.h"
#include "model/netinet/tcp_var.h"
#include "test/model/peer.h"

namespace {

using namespace model_test;
using namespace model::netinet;
using model::net::counter;
namespace kern = model::kern;

// We are 10.0.1.1, the other end is 10.0.1.9.
class tcp_peer : public peer {
  public:
    ~tcp_peer() { EXPECT_EQ(hears(), lines{}) << "unexpected"; }

    std::string observe(std::string_view verb, std::string_view name) {
        const std::string_view words[] = {verb, name};
        std::string out;
        EXPECT_TRUE(model::admin::observe(st, words, out));
        return out;
    }
    std::string state(std::string_view name) { return observe("state", name); }
    int64_t pcbs() { return kern::pool_live(st.inpcb_pool); }
    int64_t socket_count() { return kern::pool_live(st.socket_pool); }
    int64_t mbufs() { return kern::pool_live(st.mbuf_pool); }
};

// Lines of an exchange:
//     $ COMMAND                    a program's call, which succeeds
//     ! COMMAND: COMPLAINT         one that fails
//     < FLAGS ... => FATE          the other end, port 7000, sends to our port 80
//     << FLAGS ... => FATE         it sends from port 80 to ours, 49152, which connected to it
//     > FLAGS ...                  the next packet to port 7000; >> to port 80
//     S STATE                      the state of socket S
//     pass SECONDS
// Whatever is sent has to be named.
class exchange {
  public:
    explicit exchange(std::initializer_list<const char*> script) { go_on(script); }
    void go_on(std::initializer_list<const char*> script) {
        for (const char* line : script) {
            SCOPED_TRACE(line);
            do_line(line);
        }
        EXPECT_EQ(heard_, lines{}) << "nobody expected it";
    }
    tcp_peer p;

  private:
    void do_line(const std::string& line) {
        const std::string word = line.substr(0, line.find(' '));
        const std::string rest = line.substr(word.size() + 1);
        if (word == "$") {
            p.run(rest);
        } else if (word == "!") {
            const size_t colon = rest.find(": ");
            const std::string command = rest.substr(0, colon);
            EXPECT_EQ(p.fails(command),
                      command.substr(0, command.find(' ')) + rest.substr(colon) + "\n");
        } else if (word == "<" || word == "<<") {
            const size_t arrow = rest.find(" => ");
            const char* ends = word == "<" ? "IP 10.0.1.9.7000 > 10.0.1.1.80: Flags "
                                           : "IP 10.0.1.9.80 > 10.0.1.1.49152: Flags ";
            EXPECT_EQ(p.says(ends + rest.substr(0, arrow)), rest.substr(arrow + 4));
        } else if (word == ">" || word == ">>") {
            const std::string ends = word == ">" ? "IP 10.0.1.1.80 > 10.0.1.9.7000: Flags "
                                                 : "IP 10.0.1.1.49152 > 10.0.1.9.80: Flags ";
            ASSERT_FALSE(heard_.empty());
            EXPECT_EQ(heard_.front(), ends + rest);
            heard_.erase(heard_.begin());
        } else if (word == "pass") {
            p.pass(std::stoi(rest));
        } else {
            EXPECT_EQ(p.state(word), rest);
        }
        for (std::string& one : p.hears()) {
            // A number that the flags say nothing of.
            if (const size_t at = one.find(", ack 0,"); at != std::string::npos) {
                one.erase(at, 7);
            }
            heard_.push_back(std::move(one));
        }
    }

    lines heard_;
};

// ---- the handshake ------------------------------------------------------------------------------

TEST(tcp, a_connection_comes_in_and_data_go_both_ways) {
    exchange e({
        "$ socket tcp bind *.80 as L",
        "L CLOSED",
        "< [S], seq 100 => dropped noport",
        "> [R.], seq 0, ack 101, win 0, length 0",
        "$ listen L",
        "L LISTEN",
        "< [S], seq 100, win 1000 => delivered L",
        "> [S.], seq 64000, ack 101, win 41600, length 0",
        "< [.], seq 101, ack 64001, win 1000 => delivered L",
        "$ accept L as C",
        "C ESTABLISHED",
        "< [P.], seq 101, ack 64001, win 1000, length 10 => delivered C",
        "> [.], seq 64001, ack 111, win 41590, length 0",
        "$ recv C",
        "$ send C 20",
        "> [P.], seq 64001, ack 111, win 41600, length 20",
        "< [.], seq 111, ack 64021, win 1000 => delivered C",
        "C ESTABLISHED",
        "L LISTEN",
    });
    EXPECT_EQ(e.p.observe("got", "C"), "4:10");
    EXPECT_EQ(e.p.observe("local", "C"), "10.0.1.1.80");
    EXPECT_EQ(e.p.observe("foreign", "C"), "10.0.1.9.7000");
    EXPECT_EQ(e.p.count(counter::tcps_connects), 1);
    EXPECT_EQ(e.p.mbufs(), 0);
}

TEST(tcp, we_connect) {
    exchange({
        "$ socket tcp connect 10.0.1.9.80 as C",
        "C SYN_SENT",
        ">> [S], seq 64000, win 41600, length 0",
        "<< [S.], seq 500, ack 64001, win 100 => delivered C",
        ">> [.], seq 64001, ack 501, win 41600, length 0",
        "C ESTABLISHED",
        "$ connect C",
        "! socket tcp connect 10.0.1.9.80 as C: C: Socket is already connected",
    });
}

TEST(tcp, both_begin_at_once) {
    exchange({
        "$ socket tcp connect 10.0.1.9.80 as C",
        ">> [S], seq 64000, win 41600, length 0",
        "<< [S], seq 500, win 100 => delivered C",
        ">> [S.], seq 64000, ack 501, win 41600, length 0",
        "C SYN_RCVD",
        "<< [S.], seq 500, ack 64001, win 100 => dropped duplicate",
        ">> [S.], seq 64000, ack 501, win 41600, length 0",
        "<< [.], seq 501, ack 64001, win 100 => delivered C",
        "C ESTABLISHED",
    });
}

TEST(tcp, what_does_not_belong_to_a_handshake) {
    exchange({
        "$ socket tcp connect 10.0.1.9.80 as C",
        ">> [S], seq 64000, win 41600, length 0",
        "<< [S.], seq 500, ack 64000 => dropped badack",
        ">> [R], seq 64000, win 0, length 0",
        "<< [.], seq 500, ack 64002 => dropped badack",
        ">> [R], seq 64002, win 0, length 0",
        "<< [.], seq 500, ack 64001 => dropped nosyn",
        "<< [R], seq 500 => dropped badrst",
        "<< [R.], seq 500, ack 64000 => dropped badack",
        "C SYN_SENT",
        "<< [R.], seq 0, ack 64001 => delivered C",
        "C none",
        "! connect C: C: Connection refused",
        "! connect C: C: Socket is not connected",
        "$ close C",
    });
    exchange({
        "$ socket tcp bind *.80 as L",
        "$ listen L",
        "< [.], seq 5, ack 7 => dropped badack",
        "> [R], seq 7, win 0, length 0",
        "< [R], seq 5 => dropped badrst",
        "< [F], seq 5 => dropped nosyn",
        "< [S], seq 100, win 1000 => delivered L",
        "> [S.], seq 64000, ack 101, win 41600, length 0",
        "< [S], seq 100, win 1000 => dropped duplicate",
        "> [S.], seq 64000, ack 101, win 41600, length 0",
        "< [.], seq 101, ack 64000 => dropped badack",
        "> [R], seq 64000, win 0, length 0",
        "< [.], seq 101, ack 64001, win 1000 => delivered L",
        "$ accept L as C",
        "C ESTABLISHED",
    });
}

TEST(tcp, as_many_as_the_backlog_wait) {
    exchange e({
        "$ socket tcp bind *.80 as L",
        "$ listen L backlog 1",
        "< [S], seq 100, win 1000 => delivered L",
        "> [S.], seq 64000, ack 101, win 41600, length 0",
    });
    tcp_peer& p = e.p;
    const std::string other = "IP 10.0.1.9.7001 > 10.0.1.1.80: Flags [S], seq 9";
    EXPECT_EQ(p.says(other), "dropped listenq");
    EXPECT_EQ(p.says("IP 10.0.1.9.7000 > 10.0.1.1.80: Flags [.], seq 101, ack 64001"),
              "delivered L");
    EXPECT_EQ(p.says(other), "dropped listenq");
    EXPECT_EQ(p.count(counter::tcps_listendrop), 2);
    EXPECT_EQ(p.pcbs(), 2);
    p.run("accept L as C");
    EXPECT_EQ(p.says(other), "delivered L");
    EXPECT_EQ(p.hears().size(), 1U);
    // Who was reset does not take a place.
    EXPECT_EQ(p.says("IP 10.0.1.9.7001 > 10.0.1.1.80: Flags [R], seq 10"), "delivered L");
    EXPECT_EQ(p.says(other), "delivered L");
    EXPECT_EQ(p.hears().size(), 1U);
}

TEST(tcp, who_was_not_accepted_is_told_when_nobody_listens_any_more) {
    exchange e({
        "$ socket tcp bind *.80 as L",
        "$ listen L",
        "< [S], seq 100, win 1000 => delivered L",
        "> [S.], seq 64000, ack 101, win 41600, length 0",
        "< [.], seq 101, ack 64001, win 1000 => delivered L",
        "$ close L",
        "> [R.], seq 64001, ack 101, win 0, length 0",
        "< [.], seq 101, ack 64001, win 1000 => dropped noport",
        "> [R], seq 64001, win 0, length 0",
    });
    EXPECT_EQ(e.p.pcbs(), 0);
    EXPECT_EQ(e.p.socket_count(), 0);
}

// ---- data -----------------------------------------------------------------------------------------

TEST(tcp, only_what_is_next_is_taken) {
    exchange({
        "$ socket tcp connect 10.0.1.9.80 as C",
        ">> [S], seq 64000, win 41600, length 0",
        "<< [S.], seq 500, ack 64001, win 100 => delivered C",
        ">> [.], seq 64001, ack 501, win 41600, length 0",
        "<< [.], seq 511, ack 64001, win 100, length 10 => dropped outoforder",
        ">> [.], seq 64001, ack 501, win 41600, length 0",
        "<< [.], seq 501, ack 64001, win 100, length 10 => delivered C",
        ">> [.], seq 64001, ack 511, win 41590, length 0",
        "<< [.], seq 501, ack 64001, win 100, length 10 => dropped duplicate",
        ">> [.], seq 64001, ack 511, win 41590, length 0",
        "<< [.], seq 506, ack 64001, win 100, length 10 => delivered C",
        ">> [.], seq 64001, ack 516, win 41585, length 0",
        "<< [.], seq 516, ack 64002, win 100, length 10 => dropped badack",
        ">> [.], seq 64001, ack 516, win 41585, length 0",
        "<< [S], seq 516, win 100 => dropped synagain",
        ">> [.], seq 64001, ack 516, win 41585, length 0",
        "<< [P], seq 516, win 100, length 10 => dropped noack",
    });
}

TEST(tcp, no_more_is_sent_than_the_other_end_takes) {
    exchange({
        "$ socket tcp connect 10.0.1.9.80 as C",
        ">> [S], seq 64000, win 41600, length 0",
        "<< [S.], seq 500, ack 64001, win 1000 => delivered C",
        ">> [.], seq 64001, ack 501, win 41600, length 0",
        "$ send C 1200",
        ">> [.], seq 64001, ack 501, win 41600, length 536",
        ">> [.], seq 64537, ack 501, win 41600, length 464",
        "<< [.], seq 501, ack 64537, win 100 => delivered C",
        "<< [.], seq 501, ack 65001, win 100 => delivered C",
        ">> [.], seq 65001, ack 501, win 41600, length 100",
        "<< [.], seq 501, ack 65101, win 0 => delivered C",
        "$ shutdown C",
        "<< [.], seq 501, ack 65101, win 500 => delivered C",
        ">> [FP.], seq 65101, ack 501, win 41600, length 100",
        "! send C 1: C: Broken pipe",
        "! send C 20000: C: Message too long",
    });
}

TEST(tcp, no_more_is_taken_than_there_is_room_for) {
    exchange e({
        "$ socket tcp connect 10.0.1.9.80 as C",
        ">> [S], seq 64000, win 41600, length 0",
        "<< [S.], seq 0, ack 64001, win 1000 => delivered C",
        ">> [.], seq 64001, ack 1, win 41600, length 0",
        "<< [.], seq 1, ack 64001, win 100, length 1400 => delivered C",
        ">> [.], seq 64001, ack 1401, win 40200, length 0",
    });
    tcp_peer& p = e.p;
    for (unsigned n = 1; n < 29; ++n) {
        EXPECT_EQ(p.says("IP 10.0.1.9.80 > 10.0.1.1.49152: Flags [.], seq " +
                         std::to_string(1 + n * 1400) + ", ack 64001, win 100, length 1400"),
                  "delivered C");
    }
    p.hears();
    // 1000 are left: what is behind them is cut off.
    const std::string rest = "IP 10.0.1.9.80 > 10.0.1.1.49152: Flags ";
    EXPECT_EQ(p.says(rest + "[F.], seq 40601, ack 64001, win 100, length 1400"), "delivered C");
    EXPECT_EQ(
        p.hears(),
        lines{"IP 10.0.1.1.49152 > 10.0.1.9.80: Flags [.], seq 64001, ack 41601, win 0, length 0"});
    EXPECT_EQ(p.says(rest + "[.], seq 41601, ack 64001, win 100, length 1"), "dropped nowindow");
    p.hears();
    EXPECT_EQ(p.state("C"), "ESTABLISHED");
    // Half of the buffer is read before that is worth a word.
    for (unsigned n = 0; n < 14; ++n) {
        p.run("recv C");
    }
    EXPECT_EQ(p.hears(), lines{});
    p.run("recv C");
    EXPECT_EQ(p.hears(), lines{"IP 10.0.1.1.49152 > 10.0.1.9.80: Flags [.], seq 64001, ack 41601, "
                               "win 21000, length 0"});
}

TEST(tcp, what_is_wrong_with_a_segment) {
    const struct {
        const char* fate;
        counter which;
        void (*spoil)(std::span<uint8_t> segment);
    } cases[] = {
        {"dropped badoff", counter::tcps_rcvbadoff, [](std::span<uint8_t> d) { d[12] = 4 << 4; }},
        {"dropped badoff", counter::tcps_rcvbadoff, [](std::span<uint8_t> d) { d[12] = 8 << 4; }},
        {"dropped badsum", counter::tcps_rcvbadsum, [](std::span<uint8_t> d) { d[20] ^= 1; }},
    };
    for (const auto& c : cases) {
        tcp_peer p;
        bytes f = peer::frame_of("IP 10.0.1.9.7000 > 10.0.1.1.80: Flags [S], seq 5, length 8");
        c.spoil(ip_of(f).payload());
        EXPECT_EQ(p.input("em0", f), c.fate);
        EXPECT_EQ(p.count(c.which), 1) << c.fate;
    }
    tcp_peer p;
    bytes f = peer::frame_of("IP 10.0.1.9.7000 > 10.0.1.1.80: Flags [S], seq 5");
    f.resize(14 + 20 + 19);
    ip_of(f).set_total_size(39);
    ip_of(f).update_sum();
    EXPECT_EQ(p.input("em0", f), "dropped badhlen");
    EXPECT_EQ(p.says("IP 10.0.1.9.7000 > 10.0.1.255.80: Flags [S], seq 5"), "dropped noport");
}

// ---- closing ----------------------------------------------------------------------------------------

// A connection in which nothing has been said: the other end is at 501 and we are at 64001. What follows.
class connected : public exchange {
  public:
    explicit connected(std::initializer_list<const char*> script)
        : exchange({"$ socket tcp connect 10.0.1.9.80 as C",
                    ">> [S], seq 64000, win 41600, length 0",
                    "<< [S.], seq 500, ack 64001, win 1000 => delivered C",
                    ">> [.], seq 64001, ack 501, win 41600, length 0"}) {
        go_on(script);
    }
};

void expect_nothing_left(tcp_peer& p) {
    EXPECT_EQ(p.pcbs(), 0);
    EXPECT_EQ(p.socket_count(), 0);
    EXPECT_EQ(p.mbufs(), 0);
    EXPECT_EQ(kern::pool_live(p.st.tcpcb_pool), 0);
}

TEST(tcp, we_close_first) {
    connected c({
        "$ close C",
        ">> [F.], seq 64001, ack 501, win 41600, length 0",
        "C FIN_WAIT_1",
        "<< [.], seq 501, ack 64002, win 1000 => delivered C",
        "C FIN_WAIT_2",
        "<< [F.], seq 501, ack 64002, win 1000 => delivered C",
        ">> [.], seq 64002, ack 502, win 41600, length 0",
        "C TIME_WAIT",
        "pass 59",
        "C TIME_WAIT",
        "<< [F.], seq 501, ack 64002, win 1000 => dropped duplicate",
        ">> [.], seq 64002, ack 502, win 41600, length 0",
        "pass 59",
        "C TIME_WAIT",
        "pass 1",
        "C none",
    });
    expect_nothing_left(c.p);
}

TEST(tcp, we_close_first_and_the_answer_is_one_segment) {
    connected({
        "$ close C",
        ">> [F.], seq 64001, ack 501, win 41600, length 0",
        "<< [F.], seq 501, ack 64002, win 1000 => delivered C",
        ">> [.], seq 64002, ack 502, win 41600, length 0",
        "C TIME_WAIT",
    });
}

TEST(tcp, the_other_end_closes_first) {
    connected c({
        "<< [F.], seq 501, ack 64001, win 1000, length 5 => delivered C",
        ">> [.], seq 64001, ack 507, win 41595, length 0",
        "C CLOSE_WAIT",
        "<< [.], seq 507, ack 64001, win 1000, length 5 => dropped afterfin",
        ">> [.], seq 64001, ack 507, win 41595, length 0",
        "$ send C 3",
        ">> [P.], seq 64001, ack 507, win 41595, length 3",
        "<< [.], seq 507, ack 64004, win 1000 => delivered C",
        "$ recv C",
        "$ recv C",
        "$ close C",
        ">> [F.], seq 64004, ack 507, win 41600, length 0",
        "C LAST_ACK",
        "<< [.], seq 507, ack 64004, win 1000 => delivered C",
        "C LAST_ACK",
        "<< [.], seq 507, ack 64005, win 1000 => delivered C",
        "C none",
        "<< [.], seq 507, ack 64005, win 1000 => dropped noport",
        ">> [R], seq 64005, win 0, length 0",
    });
    expect_nothing_left(c.p);
}

TEST(tcp, both_close_at_once) {
    connected({
        "$ shutdown C",
        ">> [F.], seq 64001, ack 501, win 41600, length 0",
        "<< [F.], seq 501, ack 64001, win 1000 => delivered C",
        ">> [.], seq 64002, ack 502, win 41600, length 0",
        "C CLOSING",
        "<< [.], seq 502, ack 64002, win 1000 => delivered C",
        "C TIME_WAIT",
        "$ recv C",
        "$ close C",
        "C TIME_WAIT",
    });
}

TEST(tcp, who_has_shut_down_still_reads) {
    connected({
        "$ shutdown C",
        ">> [F.], seq 64001, ack 501, win 41600, length 0",
        "<< [.], seq 501, ack 64002, win 1000, length 7 => delivered C",
        ">> [.], seq 64002, ack 508, win 41593, length 0",
        "C FIN_WAIT_2",
        "$ recv C",
        "<< [F.], seq 508, ack 64002, win 1000 => delivered C",
        ">> [.], seq 64002, ack 509, win 41600, length 0",
        "C TIME_WAIT",
    });
}

TEST(tcp, data_for_who_has_closed_are_refused) {
    connected c({
        "$ close C",
        ">> [F.], seq 64001, ack 501, win 41600, length 0",
        "<< [.], seq 501, ack 64002, win 1000, length 7 => dropped rcvafterclose",
        ">> [R], seq 64002, win 0, length 0",
        "C none",
    });
    expect_nothing_left(c.p);
}

TEST(tcp, what_is_closed_before_it_has_begun) {
    exchange e({
        "$ socket tcp as A",
        "$ close A",
        "$ socket tcp bind *.80 as B",
        "$ close B",
        "$ socket tcp connect 10.0.1.9.80 as C",
        ">> [S], seq 64000, win 41600, length 0",
        "$ close C",
        "C none",
        "<< [S.], seq 500, ack 64001, win 1000 => dropped noport",
        ">> [R], seq 64001, win 0, length 0",
    });
    expect_nothing_left(e.p);
}

// ---- resets -------------------------------------------------------------------------------------

TEST(tcp, nobody_is_there) {
    exchange({
        "< [S], seq 100, length 3 => dropped noport",
        "> [R.], seq 0, ack 104, win 0, length 0",
        "< [F], seq 100 => dropped noport",
        "> [R.], seq 0, ack 101, win 0, length 0",
        "< [.], seq 100, ack 7 => dropped noport",
        "> [R], seq 7, win 0, length 0",
        "< [R], seq 100 => dropped noport",
        "< [R.], seq 100, ack 7 => dropped noport",
    });
}

// Else what answers would be summed with the address 0.0.0.0 and leave with one of ours.
TEST(tcp, what_goes_to_everybody_is_not_answered) {
    tcp_peer p;
    for (const char* to : {"0.0.0.0", "255.255.255.255"}) {
        EXPECT_EQ(p.says(std::string("IP 10.0.1.9.7000 > ") + to +
                         ".80: Flags [S], seq 100, win 100, length 0"),
                  "dropped noport")
            << to;
    }
    EXPECT_EQ(p.hears(), lines{});
}

TEST(tcp, a_reset_ends_a_connection) {
    connected c({
        "<< [R], seq 505 => dropped outoforder",
        ">> [.], seq 64001, ack 501, win 41600, length 0",
        "<< [R], seq 400 => dropped duplicate",
        "C ESTABLISHED",
        "<< [R], seq 501 => delivered C",
        "C none",
        "! recv C: C: Connection reset by peer",
        "$ recv C",
        "! send C 1: C: Broken pipe",
        "! listen C: C: Invalid argument",
        "! shutdown C: C: Socket is not connected",
        "$ close C",
    });
    EXPECT_EQ(c.p.count(counter::tcps_drops), 1);
    expect_nothing_left(c.p);
}

TEST(tcp, we_reset) {
    connected c({
        "$ close C abort",
        ">> [R.], seq 64001, ack 501, win 0, length 0",
        "C none",
    });
    expect_nothing_left(c.p);
}

TEST(tcp, a_reset_in_every_state) {
    connected({"<< [F.], seq 501, ack 64001, win 1000 => delivered C",
               ">> [.], seq 64001, ack 502, win 41600, length 0", "<< [R], seq 502 => delivered C",
               "C none", "! send C 1: C: Connection reset by peer"});
    connected({"$ close C", ">> [F.], seq 64001, ack 501, win 41600, length 0",
               "<< [R], seq 501 => delivered C", "C none"});
    connected({"$ close C", ">> [F.], seq 64001, ack 501, win 41600, length 0",
               "<< [F.], seq 501, ack 64002, win 1000 => delivered C",
               ">> [.], seq 64002, ack 502, win 41600, length 0", "<< [R], seq 502 => delivered C",
               "C none"});
}

// ---- TIME_WAIT ------------------------------------------------------------------------------------

// L listens at 80, and a connection of its has been closed by us: TIME_WAIT.
class timed_wait : public exchange {
  public:
    explicit timed_wait(std::initializer_list<const char*> script)
        : exchange({"$ socket tcp bind *.80 as L", "$ listen L",
                    "< [S], seq 100, win 1000 => delivered L",
                    "> [S.], seq 64000, ack 101, win 41600, length 0",
                    "< [.], seq 101, ack 64001, win 1000 => delivered L", "$ accept L as C",
                    "$ close C", "> [F.], seq 64001, ack 101, win 41600, length 0",
                    "< [F.], seq 101, ack 64002, win 1000 => delivered C",
                    "> [.], seq 64002, ack 102, win 41600, length 0", "C TIME_WAIT"}) {
        go_on(script);
    }
};

TEST(tcp, a_new_connection_on_the_ports_of_one_in_time_wait) {
    timed_wait t({
        "< [S], seq 102, win 1000 => dropped synagain",  // as old as the FIN
        "> [.], seq 64002, ack 102, win 41600, length 0",
        "< [S], seq 103, win 1000 => delivered L",
        "> [S.], seq 128002, ack 104, win 41600, length 0",
        "C none",
        "< [.], seq 104, ack 128003, win 1000 => delivered L",
        "$ accept L as D",
        "D ESTABLISHED",
        "pass 100",
        "D ESTABLISHED",
    });
    EXPECT_EQ(t.p.count(counter::tcps_reopened), 1);
    EXPECT_EQ(t.p.pcbs(), 2);
}

TEST(tcp, a_new_connection_where_nobody_listens_any_more) {
    timed_wait t({
        "$ close L",
        "! socket tcp bind *.80 as L: L: Address already in use",
        "< [S], seq 103, win 1000 => dropped noport",
        "> [R.], seq 0, ack 104, win 0, length 0",
        "C none",
    });
    expect_nothing_left(t.p);
}

// ---- waiting ------------------------------------------------------------------------------------

// Until somebody sleeps in a queue, or is about to.
template <typename Waits>
void wait_until(kern::mutex& mtx, const Waits& waits) {
    for (bool there = false; !there; sched_yield()) {
        kern::mtx_enter(mtx);
        there = waits();
        kern::mtx_leave(mtx);
    }
}

TEST(tcp, who_waits_is_woken) {
    tcp_peer p;
    p.run("socket tcp bind *.80 as L");
    p.run("listen L");
    p.run("socket tcp as C");
    std::string refused;
    std::thread program([&] {
        kern::cpu_attach(1);
        p.run("accept L as A");
        refused = p.fails("accept L as B");
        refused += p.fails("connect C 10.0.1.9.80");
    });
    model::netinet::socket* head = socket_of_name(p.st, "L");
    socket_queue& q = head->so_queue;
    wait_until(q.soq_mtx, [&] { return q.soq_wait; });
    p.says("IP 10.0.1.9.7000 > 10.0.1.1.80: Flags [S], seq 100");
    p.says("IP 10.0.1.9.7000 > 10.0.1.1.80: Flags [.], seq 101, ack 64001");
    wait_until(q.soq_mtx, [&] { return q.soq_wait && q.finished.empty(); });
    sorele(p.st, head);
    p.run("close L");
    model::netinet::socket* so = socket_of_name(p.st, "C");
    inpcb* inp = sotoinpcb(*so);
    wait_until(inp->inp_ppcb->t_mtx, [&] { return inp->inp_ppcb->t_wait; });
    EXPECT_EQ(p.says("IP 10.0.1.9.80 > 10.0.1.1.49152: Flags [R.], seq 0, ack 64064001"),
              "delivered C");
    program.join();
    EXPECT_EQ(refused,
              "accept: L: Software caused connection abort\nconnect: C: Connection refused\n");
    in_pcbunref(p.st, inp);
    sorele(p.st, so);
    p.hears();
}

TEST(tcp, what_we_say_to_ourselves) {
    tcp_peer p;
    p.run("socket tcp bind *.80 as L");
    p.run("listen L");
    p.run("socket tcp as C");
    p.run("connect C 10.0.2.1.80");
    p.run("accept L as D");
    p.run("send C 100");
    p.run("send D 10");
    EXPECT_EQ(p.run("recv D"), "0:100 from " + p.observe("local", "C") + "\n");
    EXPECT_EQ(p.observe("queued", "C"), "0:10");
    p.run("close C");
    EXPECT_EQ(p.state("C"), "FIN_WAIT_2");
    EXPECT_EQ(p.run("recv D"), "end\n");
    p.run("close D");
    EXPECT_EQ(p.state("C"), "TIME_WAIT");
    EXPECT_EQ(p.state("D"), "none");
    p.pass(60);
    EXPECT_EQ(p.pcbs(), 1);
}

TEST(tcp, there_is_no_way) {
    exchange e({
        "$ socket tcp as C",
        "! connect C 192.0.2.1.80: C: Can't assign requested address",
        "! connect C 10.0.1.9.0: C: Can't assign requested address",
        "! connect C: C: Socket is not connected",
        "! send C 1: C: Socket is not connected",
        "! accept C as D: C: Invalid argument",
        "! shutdown C: C: Socket is not connected",
        "$ socket udp bind *.53 as U",
        "! listen U: U: Operation not supported",
        "! accept U as D: U: Invalid argument",
        "! connect X: X: Bad file descriptor",
    });
}

TEST(tcp, netstat_shows_states) {
    timed_wait t({});
    EXPECT_EQ(t.p.run("netstat -an"),
              "Active Internet connections (including servers)\n"
              "Proto   Recv-Q Send-Q  Local Address          Foreign Address        TCP-State\n"
              "tcp          0      0  10.0.1.1.80            10.0.1.9.7000          TIME_WAIT\n"
              "tcp          0      0  *.80                   *.*                    LISTEN\n");
}

// What is left when a router is taken apart, timers that are armed and queues included, is freed.
TEST(tcp, a_router_goes_with_its_connections) {
    timed_wait t({
        "$ socket tcp connect 10.0.1.9.80 as D",
        ">> [S], seq 128000, win 41600, length 0",
    });
    t.p.says("IP 10.0.1.9.7001 > 10.0.1.1.80: Flags [S], seq 5");
    EXPECT_EQ(t.p.hears().size(), 1U);
}

}  // namespace

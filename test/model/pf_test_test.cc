// Packets through pf: which rule decides, what becomes of addresses and checksums, states, answers.
#include <gtest/gtest.h>

#include "model/netinet/in_text.h"
#include "model/pf/pf_invariant.h"
#include "model/pf/pf_state.h"
#include "model/pf/pfvar.h"
#include "test/model/network.h"

namespace {

using namespace model_test;
using namespace model::netinet;
using model::net::counter;
namespace kern = model::kern;
namespace pf = model::pf;

constexpr uint32_t client = sender;            // 10.0.1.9 on em0
constexpr uint32_t server = ip(10, 0, 2, 2);   // on em1
constexpr uint32_t outside = ip(10, 0, 2, 1);  // our address on em1

constexpr size_t tcp_sum_at = 16;
constexpr size_t udp_sum_at = 6;

uint16_t pseudo_sum(const ip_view& ip) {
    bytes all(12);
    model::net::put_be32(all.data(), ip.source());
    model::net::put_be32(all.data() + 4, ip.destination());
    all[9] = ip.protocol();
    model::net::put_be16(all.data() + 10, static_cast<uint16_t>(ip.payload().size()));
    all.insert(all.end(), ip.payload().begin(), ip.payload().end());
    return in_cksum(all);
}

// A segment or datagram with ports and a right checksum.
struct flow {
    uint8_t proto = ipproto_udp;
    uint32_t src = client;
    uint32_t dst = server;
    uint16_t sport = 1234;
    uint16_t dport = 53;
    uint8_t flags = 0;  // of TCP
    size_t data = 6;

    [[nodiscard]] flow back() const {
        flow f = *this;
        std::swap(f.src, f.dst);
        std::swap(f.sport, f.dport);
        return f;
    }
    [[nodiscard]] bytes frame() const {
        ip_packet p;
        p.header.protocol = proto;
        p.header.source = src;
        p.header.destination = dst;
        const bool tcp = proto == ipproto_tcp;
        p.payload = (tcp ? 20 : 8) + data;
        p.to = (src & 0xff00) == 0x0100 ? em0_lladdr : em1_lladdr;
        bytes f = p.frame();
        const ip_view ip = ip_of(f);
        const byte_view body(ip.payload());
        body.put_u16(0, sport);
        body.put_u16(2, dport);
        const size_t sum_at = tcp ? tcp_sum_at : udp_sum_at;
        if (tcp) {
            body.put_u32(4, 1000);
            body.put_u32(8, 2000);
            body.put_u8(12, 0x50);
            body.put_u8(13, flags);
        } else {
            body.put_u16(4, static_cast<uint16_t>(p.payload));
        }
        body.put_u16(sum_at, 0);
        body.put_u16(sum_at, pseudo_sum(ip));
        return f;
    }
};

// What left: the ends of the packet, all its checksums being right.
struct ends {
    uint32_t src = 0;
    uint32_t dst = 0;
    uint16_t sport = 0;
    uint16_t dport = 0;
    bool operator==(const ends&) const = default;
};

void PrintTo(const ends& e, std::ostream* out) {
    *out << address_text(e.src) << "." << e.sport << " > " << address_text(e.dst) << "." << e.dport;
}

ends ends_of(bytes& f) {
    const ip_view ip = ip_of(f);
    EXPECT_EQ(in_cksum(ip.header()), 0);
    const byte_view body(ip.payload());
    if (ip.protocol() == ipproto_tcp || ip.protocol() == ipproto_udp) {
        EXPECT_EQ(pseudo_sum(ip), 0);
    } else {
        EXPECT_EQ(in_cksum(ip.payload()), 0);
    }
    return {ip.source(), ip.destination(), body.u16(0), body.u16(2)};
}

class filtered : public network {
  public:
    explicit filtered(const std::string& rules) {
        set_up();
        load(rules);
        run("pfctl -e");
    }
    ~filtered() {
        EXPECT_TRUE(pf::pf_trees_sound(&st));
        EXPECT_TRUE(pf::pf_rulesets_sound(&st));
        EXPECT_TRUE(pf::pf_keys_referenced(&st));
        EXPECT_TRUE(pf::pf_rules_referenced(&st));
        expect_conserved();
    }
    void load(const std::string& rules) { run("pfctl -f -\n" + rules); }
    std::string pass(const flow& f) {
        return input((f.src & 0xff00) == 0x0100 ? "em0" : "em1", f.frame());
    }
    // The one packet that has left by em`unit` since the last look.
    ends left_by(unsigned unit) {
        std::vector<bytes> frames = sent(unit);
        EXPECT_EQ(frames.size(), 1U);
        return frames.size() == 1 ? ends_of(frames[0]) : ends{};
    }
    [[nodiscard]] std::string states() { return run("pfctl -s states"); }
    [[nodiscard]] int64_t live_states() const { return kern::pool_live(st.pf->state_pool); }
    // Time passes, and what has expired then is purged.
    void wait(int64_t seconds) {
        network::pass(seconds);
        kern::taskq_barrier(st.systq);
        run("pf purge");
    }
};

// ---- which rule decides ---------------------------------------------------------------------------

struct decided {
    const char* rules;
    flow f;
    const char* fate;
};

void PrintTo(const decided& d, std::ostream* out) {
    *out << d.rules;
}

class PfRules : public testing::TestWithParam<decided> {};

TEST_P(PfRules, TheLastThatMatchesDecides) {
    filtered n(GetParam().rules);
    EXPECT_EQ(n.pass(GetParam().f), GetParam().fate);
}

constexpr const char* went = "forwarded em1";
constexpr const char* blocked = "dropped match";
const flow tcp_syn = {.proto = ipproto_tcp, .flags = pf::th_syn};
const flow tcp_ack = {.proto = ipproto_tcp, .flags = pf::th_ack};

const std::vector<decided> table = {
    {"", {}, went},
    {"block", {}, blocked},
    {"block\npass", {}, went},
    {"pass\nblock", {}, blocked},
    {"block quick\npass", {}, blocked},
    {"block in on em0", {}, blocked},
    {"block in on em1", {}, went},
    {"block out on em1", {}, blocked},
    {"block in on !em0", {}, went},
    {"block out on !em0", {}, blocked},
    {"block on em9", {}, went},
    {"block proto tcp", {}, went},
    {"block proto { udp icmp }", {}, blocked},
    {"block from 10.0.1.9", {}, blocked},
    {"block from ! 10.0.1.9", {}, went},
    {"block to 10.0.2.0/24", {}, blocked},
    {"block to 10.0.3.0/24", {}, went},
    {"block proto udp to port 53", {}, blocked},
    {"block proto udp to port != 53", {}, went},
    {"block proto udp to port 50:53", {}, blocked},
    {"block proto udp to port 50 >< 53", {}, went},
    {"block proto udp to port 54 <> 60", {}, blocked},
    {"block proto udp from port < 1234", {}, went},
    {"block proto udp from port <= 1234", {}, blocked},
    {"block proto udp from port > 1233", {}, blocked},
    {"block proto udp from port >= 1235", {}, went},
    {"match in\nblock", {}, blocked},
    {"block\nmatch in", {}, blocked},
    {"block\npass", tcp_syn, went},
    {"block\npass", tcp_ack, blocked},
    {"block\npass flags any", tcp_ack, went},
    {"block in proto tcp flags S/SA", tcp_ack, went},
    {"pass\nblock proto tcp flags /A", tcp_syn, blocked},
    {"block\nanchor \"a\" {\npass\n}", {}, went},
    {"anchor \"a\" {\nblock\n}\npass", {}, went},
    {"anchor \"a\" quick {\nblock\n}\npass", {}, blocked},
    {"anchor \"a\" quick {\nblock proto tcp\n}\npass", {}, went},
    {"anchor \"a\" on em9 {\nblock\n}", {}, went},
    {"anchor \"a\" {\nblock quick\n}\npass", {}, blocked},
    {"set skip on { em0 em1 }\nblock", {}, went},
    {"set skip on em0\nblock", {}, blocked},
    {"match in rdr-to 10.0.2.2\nblock to 10.0.2.9", {.dst = ip(10, 0, 2, 9)}, went},
    {"match in rdr-to 10.0.2.2\nblock to 10.0.2.2", {.dst = ip(10, 0, 2, 9)}, blocked},
};

INSTANTIATE_TEST_SUITE_P(table, PfRules, testing::ValuesIn(table));

TEST(pf_test, off_it_does_nothing) {
    filtered n("block");
    n.run("pfctl -d");
    EXPECT_EQ(n.pass({}), went);
    EXPECT_EQ(n.count(counter::pf_searches), 0);
}

// ---- states ---------------------------------------------------------------------------------------

TEST(pf_test, a_state_lets_the_answers_in) {
    filtered n("block\npass in on em0\npass out on em1");
    EXPECT_EQ(n.pass({}), went);
    EXPECT_EQ(n.states(),
              "all udp 10.0.2.2:53 <- 10.0.1.9:1234       NO_TRAFFIC:SINGLE\n"
              "all udp 10.0.1.9:1234 -> 10.0.2.2:53       SINGLE:NO_TRAFFIC\n");
    EXPECT_EQ(n.pass(flow{}.back()), "forwarded em0");
    EXPECT_EQ(n.pass({}), went);
    EXPECT_EQ(n.states(),
              "all udp 10.0.2.2:53 <- 10.0.1.9:1234       MULTIPLE:MULTIPLE\n"
              "all udp 10.0.1.9:1234 -> 10.0.2.2:53       MULTIPLE:MULTIPLE\n");
    EXPECT_EQ(n.pass(flow{.sport = 1235}.back()), blocked);
    EXPECT_EQ(n.live_states(), 2);
    EXPECT_EQ(n.count(counter::pf_inserts), 2);
}

TEST(pf_test, no_state_no_answers) {
    filtered n("block\npass in on em0 no state\npass out on em1 no state");
    EXPECT_EQ(n.pass({}), went);
    EXPECT_EQ(n.pass(flow{}.back()), blocked);
    EXPECT_EQ(n.live_states(), 0);
}

TEST(pf_test, both_directions_know_each_other) {
    filtered n("pass");
    for (int round = 0; round < 3; ++round) {
        EXPECT_EQ(n.pass({}), went);
        EXPECT_EQ(n.pass(flow{}.back()), "forwarded em0");
    }
    EXPECT_EQ(n.live_states(), 2);
    for (const auto& [cmp, sk] : n.st.pf->keys) {
        EXPECT_NE(sk->sk_reverse.load(), nullptr);
    }
}

TEST(pf_test, interface_bound_states_are_found_there_alone) {
    filtered n("set state-policy if-bound\npass in on em0\nblock in on em1\npass out");
    EXPECT_EQ(n.pass({}), went);
    EXPECT_NE(n.states().find("em0 udp 10.0.2.2:53 <- "), std::string::npos);
    EXPECT_EQ(n.pass(flow{}.back()), "forwarded em0");
}

TEST(pf_test, a_connection_from_beginning_to_end) {
    filtered n("block\npass in on em0 proto tcp\npass out on em1 proto tcp");
    flow f = tcp_syn;
    const auto go = [&](uint8_t flags, bool there) {
        f.flags = flags;
        EXPECT_EQ(n.pass(there ? f : f.back()), there ? went : "forwarded em0");
        const std::string states = n.states();
        return states.substr(states.rfind(' ') + 1);
    };
    EXPECT_EQ(go(pf::th_syn, true), "SYN_SENT:CLOSED\n");
    EXPECT_EQ(go(pf::th_syn | pf::th_ack, false), "ESTABLISHED:SYN_SENT\n");
    EXPECT_EQ(go(pf::th_ack, true), "ESTABLISHED:ESTABLISHED\n");
    EXPECT_EQ(go(pf::th_fin | pf::th_ack, true), "CLOSING:ESTABLISHED\n");
    EXPECT_EQ(go(pf::th_fin | pf::th_ack, false), "FIN_WAIT_2:CLOSING\n");
    EXPECT_EQ(go(pf::th_ack, true), "FIN_WAIT_2:FIN_WAIT_2\n");
    // A new one on the same ports takes the place of what is over.
    EXPECT_EQ(go(pf::th_syn, true), "SYN_SENT:CLOSED\n");
    EXPECT_EQ(n.count(counter::pf_inserts), 4);
    EXPECT_EQ(go(pf::th_rst, true), "TIME_WAIT:TIME_WAIT\n");
    n.wait(1);
    EXPECT_EQ(n.live_states(), 2);
    n.wait(90);
    EXPECT_EQ(n.live_states(), 0);
}

TEST(pf_test, states_expire) {
    filtered n("set timeout udp.first 7\npass");
    EXPECT_EQ(n.pass({}), went);
    n.wait(6);
    EXPECT_EQ(n.live_states(), 2);
    n.wait(1);
    EXPECT_EQ(n.live_states(), 0);
    EXPECT_EQ(kern::pool_live(n.st.pf->state_key_pool), 0);
    EXPECT_EQ(n.count(counter::pf_removals), 2);
}

TEST(pf_test, a_held_packet_keeps_its_key) {
    filtered n("pass");
    n.run("arp -d 10.0.2.2");
    EXPECT_EQ(n.pass({.dst = ip(10, 0, 2, 7)}), "held");
    n.run("pfctl -F states");
    n.run("pf purge");
    EXPECT_EQ(n.live_states(), 0);
}

TEST(pf_test, killing_by_host) {
    filtered n("pass");
    EXPECT_EQ(n.pass({}), went);
    EXPECT_EQ(n.pass({.src = ip(10, 0, 1, 8)}), went);
    EXPECT_EQ(n.run("pfctl -k 10.0.1.8"), "killed 2 states from 1 sources and 0 destinations\n");
    EXPECT_EQ(n.run("pfctl -k 10.0.1.9 -k 1.1.1.1"),
              "killed 0 states from 1 sources and 1 destinations\n");
    EXPECT_EQ(n.run("pfctl -F states"), "2 states cleared\n");
    EXPECT_EQ(n.states(), "");
    n.run("pf purge");
    EXPECT_EQ(n.live_states(), 0);
}

// ---- rules come and go ----------------------------------------------------------------------------

TEST(pf_test, a_state_outlives_its_rule) {
    filtered n("pass label old");
    EXPECT_EQ(n.pass({}), went);
    n.load("block");
    EXPECT_EQ(n.run("pfctl -s rules"), "block drop all\n");
    EXPECT_EQ(n.pass({}), went) << "by its state";
    EXPECT_EQ(kern::pool_live(n.st.pf->rule_pool), 3) << "default, old, new";
    EXPECT_TRUE(pf::pf_rules_referenced(&n.st));
    n.run("pfctl -F states");
    n.run("pf purge");
    EXPECT_EQ(kern::pool_live(n.st.pf->rule_pool), 2);
    EXPECT_EQ(n.pass({}), blocked);
}

TEST(pf_test, anchors_are_loaded_by_name) {
    filtered n("block\nanchor \"web\"");
    EXPECT_EQ(n.pass({}), blocked);
    n.run("pfctl -a web -f -\npass proto udp");
    EXPECT_EQ(n.run("pfctl -a web -s rules"), "pass proto udp all\n");
    EXPECT_EQ(n.run("pfctl -s rules"), "block drop all\nanchor \"web\" all\n");
    EXPECT_EQ(n.pass({}), went);
    n.run("pfctl -a web -F rules");
    EXPECT_EQ(n.pass({.sport = 9}), blocked);
    EXPECT_EQ(n.fails("pfctl -a none -s rules"), "pfctl: Anchor 'none' not found.\n");
    n.load("block");
    EXPECT_TRUE(n.st.pf->anchors.empty());
}

TEST(pf_test, a_wrong_file_changes_nothing) {
    filtered n("block");
    EXPECT_EQ(n.fails("pfctl -f -\npass\npass frob\n"),
              "stdin:2: syntax error\nstdin:2:6: hint: found 'frob', which no rule knows\n"
              "pfctl: Syntax error in config file: pf rules not loaded\n");
    EXPECT_EQ(n.run("pfctl -nvf -\npass"), "pass all flags S/SA\n");
    EXPECT_EQ(n.run("pfctl -sr"), "block drop all\n");
    EXPECT_EQ(n.fails("pfctl -e"), "pfctl: pf already enabled\n");
    EXPECT_EQ(n.run("pfctl -d"), "pf disabled\n");
    EXPECT_EQ(n.fails("pfctl -d"), "pfctl: pf not enabled\n");
}

TEST(pf_test, an_interface_goes_and_its_rules_wait_for_it) {
    filtered n("block on em1");
    EXPECT_EQ(n.pass({}), blocked);
    n.run("ifconfig em1 destroy");
    EXPECT_TRUE(pf::pf_rulesets_sound(&n.st));
    n.run("ifconfig em1 inet 10.0.2.1/24 lladdr 02:00:00:00:02:01");
    EXPECT_EQ(n.pass({}), blocked);
}

// ---- translation ----------------------------------------------------------------------------------

TEST(pf_test, nat_and_back) {
    for (const uint8_t proto : {ipproto_udp, ipproto_tcp}) {
        filtered n("pass\nmatch out on em1 nat-to 10.0.2.1");
        flow f{.proto = proto, .flags = pf::th_syn};
        EXPECT_EQ(n.pass(f), went);
        EXPECT_EQ(n.left_by(1), (ends{outside, server, 50001, 53}));
        const flow answer{.proto = proto,
                          .src = server,
                          .dst = outside,
                          .sport = 53,
                          .dport = 50001,
                          .flags = pf::th_syn | pf::th_ack};
        EXPECT_EQ(n.pass(answer), "forwarded em0");
        EXPECT_EQ(n.left_by(0), (ends{server, client, 53, 1234}));
        // Another connection, another port.
        f.sport = 1235;
        EXPECT_EQ(n.pass(f), went);
        EXPECT_EQ(n.left_by(1), (ends{outside, server, 50002, 53}));
        EXPECT_NE(n.states().find("10.0.2.1:50001 (10.0.1.9:1234) -> 10.0.2.2:53"),
                  std::string::npos);
    }
}

TEST(pf_test, nat_runs_out_of_ports) {
    filtered n("pass\nmatch out on em1 nat-to 10.0.2.1 port 700:701");
    for (uint16_t sport = 1; sport <= 2; ++sport) {
        EXPECT_EQ(n.pass({.sport = sport}), went);
    }
    EXPECT_EQ(n.pass({.sport = 3}), "dropped translate");
    EXPECT_EQ(n.count(counter::pf_translate), 1);
}

TEST(pf_test, rdr_and_back) {
    filtered n(
        "block\npass in on em0 proto tcp to 10.9.9.9 port 80 rdr-to 10.0.2.2 port 8080\npass out");
    const flow f{.proto = ipproto_tcp, .dst = ip(10, 9, 9, 9), .dport = 80, .flags = pf::th_syn};
    EXPECT_EQ(n.pass(f), went);
    EXPECT_EQ(n.left_by(1), (ends{client, server, 1234, 8080}));
    const flow answer{.proto = ipproto_tcp,
                      .src = server,
                      .dst = client,
                      .sport = 8080,
                      .dport = 1234,
                      .flags = pf::th_syn | pf::th_ack};
    EXPECT_EQ(n.pass(answer), "forwarded em0");
    EXPECT_EQ(n.left_by(0), (ends{ip(10, 9, 9, 9), client, 80, 1234}));
}

TEST(pf_test, echo_through_nat) {
    filtered n("pass\nmatch out on em1 nat-to 10.0.2.1");
    bytes request = echo_request(client, server);
    EXPECT_EQ(n.input("em0", request), went);
    std::vector<bytes> out = n.sent(1);
    ASSERT_EQ(out.size(), 1U);
    EXPECT_EQ(ends_of(out[0]).src, outside);
    const uint16_t id = icmp_view(ip_of(out[0]).payload()).id();
    EXPECT_EQ(id, 1);
    bytes reply = echo_request(server, outside);
    model::net::ether_header_put(reply.data(), {em1_lladdr, lladdr_of(server), 0x0800});
    const icmp_view icmp(ip_of(reply).payload());
    icmp.set_type(icmp_echoreply);
    byte_view(ip_of(reply).payload()).put_u16(4, id);
    icmp.update_sum();
    EXPECT_EQ(n.input("em1", reply), "forwarded em0");
    std::vector<bytes> back = n.sent(0);
    ASSERT_EQ(back.size(), 1U);
    EXPECT_EQ(ends_of(back[0]).dst, client);
    EXPECT_EQ(icmp_view(ip_of(back[0]).payload()).id(), icmp_view(ip_of(request).payload()).id());
}

TEST(pf_test, an_error_finds_the_state_of_what_it_quotes) {
    filtered n("block\npass in on em0\npass out on em1\nmatch out on em1 nat-to 10.0.2.1");
    EXPECT_EQ(n.pass({}), went);
    std::vector<bytes> out = n.sent(1);
    ASSERT_EQ(out.size(), 1U);
    const std::span<uint8_t> quote = packet_of(out[0]).first(28);
    for (const uint32_t from : {server, ip(10, 0, 2, 99)}) {
        ip_packet p;
        p.header = {.ttl = 64, .protocol = ipproto_icmp, .source = from, .destination = outside};
        p.payload = icmp_minlen + quote.size();
        p.to = em1_lladdr;
        bytes f = p.frame();
        const icmp_view icmp(ip_of(f).payload());
        icmp.set_type(icmp_unreach);
        icmp.set_code(icmp_unreach_port);
        icmp.set_void(0);
        std::copy(quote.begin(), quote.end(), icmp.data().begin());
        icmp.update_sum();
        EXPECT_EQ(n.input("em1", f), "forwarded em0");
        std::vector<bytes> back = n.sent(0);
        ASSERT_EQ(back.size(), 1U);
        const ends e = ends_of(back[0]);
        EXPECT_EQ(e.src, from);
        EXPECT_EQ(e.dst, client);
        const ip_view inner(icmp_view(ip_of(back[0]).payload()).data());
        EXPECT_EQ(in_cksum(inner.header()), 0);
        EXPECT_EQ(inner.source(), client);
        EXPECT_EQ(inner.destination(), server);
        EXPECT_EQ(byte_view(inner.payload()).u16(0), 1234);
    }
    EXPECT_EQ(n.pass(flow{.sport = 99}.back()), blocked);
}

TEST(pf_test, a_wrong_checksum_stays_wrong) {
    filtered n("pass\nmatch out on em1 nat-to 10.0.2.1");
    bytes f = flow{}.frame();
    f.back() ^= 1;
    EXPECT_EQ(n.input("em0", f), went);
    std::vector<bytes> out = n.sent(1);
    ASSERT_EQ(out.size(), 1U);
    EXPECT_NE(pseudo_sum(ip_of(out[0])), 0);
}

TEST(pf_test, rdr_on_the_way_out_finds_another_way) {
    filtered n("pass out on em1 rdr-to 10.0.1.77");
    n.run("arp -s 10.0.1.77 02:00:00:00:01:77");
    EXPECT_EQ(n.pass({}), "forwarded em0");
    EXPECT_EQ(n.left_by(0), (ends{client, ip(10, 0, 1, 77), 1234, 53}));
}

// ---- answers --------------------------------------------------------------------------------------

TEST(pf_test, block_return_answers_each_protocol_in_its_way) {
    filtered n("block return in on em0");
    EXPECT_EQ(n.pass(tcp_syn), blocked);
    std::vector<bytes> frames = n.sent(0);
    ASSERT_EQ(frames.size(), 1U);
    EXPECT_EQ(ends_of(frames[0]), (ends{server, client, 53, 1234}));
    const byte_view tcp(ip_of(frames[0]).payload());
    EXPECT_EQ(tcp.u8(13), pf::th_rst | pf::th_ack);
    EXPECT_EQ(tcp.u32(8), 1007U) << "the SYN and six bytes";
    EXPECT_EQ(n.pass({}), blocked);
    frames = n.sent(0);
    ASSERT_EQ(frames.size(), 1U);
    EXPECT_EQ(icmp_view(ip_of(frames[0]).payload()).code(), icmp_unreach_port);
    flow rst = tcp_syn;
    rst.flags = pf::th_rst;
    EXPECT_EQ(n.pass(rst), blocked);
    EXPECT_TRUE(n.sent(0).empty());
}

TEST(pf_test, what_pf_sends_passes_pf) {
    filtered n("block return");
    EXPECT_EQ(n.pass(tcp_syn), blocked);
    EXPECT_EQ(n.sent(0).size(), 1U);
    n.load("block drop");
    EXPECT_EQ(n.pass(tcp_syn), blocked);
    EXPECT_TRUE(n.sent(0).empty());
}

// ---- what else is dropped -------------------------------------------------------------------------

TEST(pf_test, options_and_short_packets) {
    filtered n("pass");
    ip_packet p;
    p.payload = 4;
    EXPECT_EQ(n.input("em0", p.frame()), "dropped short");
    p.payload = 12;
    bytes f = p.frame();
    ip_of(f).header()[0] = 0x46;
    byte_view(packet_of(f)).put_u32(20, 0x01010101);
    ip_of(f).update_sum();
    EXPECT_EQ(n.input("em0", f), "dropped ip-option");
    n.load("pass allow-opts");
    EXPECT_EQ(n.input("em0", f), "forwarded em1");
}

TEST(pf_test, a_fragment_matches_no_ports) {
    filtered n("block\npass proto udp to port 53");
    ip_packet p;
    bytes f = p.frame();
    ip_of(f).set_off(ip_mf);
    ip_of(f).update_sum();
    EXPECT_EQ(n.input("em0", f), blocked);
    n.load("pass");
    EXPECT_EQ(n.input("em0", f), went);
    EXPECT_EQ(n.live_states(), 0);
}

TEST(pf_test, divert_to_makes_a_packet_ours) {
    filtered n("pass in on em0 proto udp to port 53 divert-to 127.0.0.1 port 700");
    EXPECT_NE(n.pass({.dst = far}), went);
    EXPECT_EQ(n.pass({.dst = server, .dport = 54}), went);
}

TEST(pf_test, info) {
    filtered n("block");
    EXPECT_EQ(n.pass({}), blocked);
    const std::string info = n.run("pfctl -s info");
    EXPECT_NE(info.find("Status: Enabled\n"), std::string::npos) << info;
    EXPECT_NE(info.find("  match" + std::string(35, ' ') + "1\n"), std::string::npos) << info;
}

}  // namespace

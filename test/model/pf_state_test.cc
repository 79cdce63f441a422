// States and rulesets of pf over time: the purge, tickets, sockets that diverted states belong to.
#include <gtest/gtest.h>

#include <cerrno>

#include "model/netinet/in_pcb.h"
#include "model/pf/pf_inp.h"
#include "model/pf/pf_ioctl.h"
#include "model/pf/pf_state.h"
#include "model/pf/pfvar.h"
#include "test/model/network.h"
#include "test/model/together.h"

namespace {

using namespace model_test;
using namespace model::netinet;
namespace kern = model::kern;
namespace pf = model::pf;

constexpr uint32_t server = ip(10, 0, 2, 2);

class filtered : public network {
  public:
    explicit filtered(const std::string& rules) {
        set_up();
        load(rules);
        run("pfctl -e");
    }
    void load(const std::string& rules) { run("pfctl -f -\n" + rules); }
    // A first packet, of UDP or a SYN.
    std::string first(uint8_t proto) {
        ip_packet p;
        p.header.protocol = proto;
        p.header.destination = server;
        p.payload = 20;
        bytes f = p.frame();
        const byte_view body(ip_of(f).payload());
        body.put_u16(0, 1234);
        body.put_u16(2, 80);
        if (proto == ipproto_tcp) {
            body.put_u8(12, 0x50);
            body.put_u8(13, pf::th_syn);
        }
        return input("em0", f);
    }
    // Time passes, and what is due then has been done.
    void wait(int64_t seconds) {
        pass(seconds);
        kern::taskq_barrier(st.systq);
    }
    [[nodiscard]] int64_t live_states() const { return kern::pool_live(st.pf->state_pool); }
    [[nodiscard]] bool armed() { return kern::timeout_pending(st.timeouts, st.pf->purge_to); }
};

// ---- the purge ------------------------------------------------------------------------------------

TEST(pf_purge, comes_every_interval) {
    filtered n(
        "set timeout interval 10\nset timeout udp.first 3\npass in on em0\npass out no state");
    for (unsigned round = 0; round < 3; ++round) {
        n.wait(2);
        EXPECT_EQ(n.first(ipproto_udp), "forwarded em1");
        n.wait(7);
        EXPECT_EQ(n.live_states(), 1) << "it has expired, and nobody has looked";
        n.wait(1);
        EXPECT_EQ(n.live_states(), 0);
    }
}

TEST(pf_purge, comes_only_while_pf_runs) {
    filtered n("set timeout udp.first 3\npass in on em0\npass out no state");
    EXPECT_TRUE(n.armed());
    EXPECT_EQ(n.first(ipproto_udp), "forwarded em1");
    n.run("pfctl -d");
    EXPECT_FALSE(n.armed());
    n.wait(100);
    EXPECT_EQ(n.live_states(), 1);
    n.run("pfctl -e");
    n.wait(9);
    EXPECT_EQ(n.live_states(), 1);
    n.wait(1);
    EXPECT_EQ(n.live_states(), 0);
}

TEST(pf_purge, another_interval_counts_at_once) {
    filtered n("set timeout udp.first 1\npass in on em0\npass out no state");
    EXPECT_EQ(n.first(ipproto_udp), "forwarded em1");
    n.load("set timeout interval 2\npass");
    n.wait(2);
    EXPECT_EQ(n.live_states(), 0);
    n.load("set timeout interval 0\npass");
    EXPECT_NE(n.run("pfctl -s timeouts").find("interval                      1s\n"),
              std::string::npos);
}

// Whoever was last: the purge comes if pf runs.
TEST(pf_purge, started_and_stopped_by_several_at_once) {
    network n;
    for (unsigned round = 0; round < 200; ++round) {
        together(0, 4, [&](unsigned cpu) {
            if (cpu == 3) {
                kern::timeout_fire(n.st.timeouts, "pf_purge");
                return;
            }
            for (unsigned i = 0; i < 4; ++i) {
                (void)((cpu + i) % 2 == 0 ? pf::pf_ioc_start(n.st) : pf::pf_ioc_stop(n.st));
            }
        });
        // A pass that is on its way arms it when it ends.
        kern::timeout_flush(n.st.timeouts);
        kern::taskq_barrier(n.st.systq);
        EXPECT_EQ(kern::timeout_pending(n.st.timeouts, n.st.pf->purge_to), n.st.pf->running.load());
    }
}

// ---- tickets --------------------------------------------------------------------------------------

TEST(pf_ticket, the_older_of_two_transactions_is_busy) {
    filtered n("block label old");
    const std::string before = n.run("pfctl -s rules");
    std::vector<pf::pf_trans_element> mine = {{"inner", 0}, {"", 0}};
    std::vector<pf::pf_trans_element> theirs = {{"", 0}};
    pf::pf_ioc_xbegin(n.st, mine);
    EXPECT_EQ(pf::pf_ioc_addrule(n.st, mine[0], {}), 0);
    EXPECT_EQ(pf::pf_ioc_addrule(n.st, mine[1], {}), 0);
    pf::pf_ioc_xbegin(n.st, theirs);
    EXPECT_EQ(pf::pf_ioc_addrule(n.st, mine[1], {}), EBUSY);
    EXPECT_EQ(pf::pf_ioc_xcommit(n.st, mine), EBUSY);
    EXPECT_EQ(n.run("pfctl -s rules"), before);
    std::vector<pf::pf_rule_shown> inner;
    EXPECT_TRUE(pf::pf_ioc_getrules(n.st, "inner", inner) == ENOENT || inner.empty())
        << "none of the rulesets, though that one's ticket is good";
    pf::pf_ioc_xrollback(n.st, mine);
    EXPECT_EQ(pf::pf_ioc_addrule(n.st, theirs[0], {}), 0) << "it is not theirs that was undone";
    EXPECT_EQ(pf::pf_ioc_xcommit(n.st, theirs), 0);
    EXPECT_EQ(n.run("pfctl -s rules"), "pass all no state\n");
    EXPECT_EQ(pf::pf_ioc_xcommit(n.st, theirs), EBUSY) << "a ticket is good once";
}

// ---- diverted states ------------------------------------------------------------------------------

// A pcb for the stack's key of the one state.
struct owner_of_state {
    explicit owner_of_state(filtered& router) : n(router) {
        EXPECT_EQ(n.st.pf->states.size(), 1U);
        s = n.st.pf->states.begin()->second;
        inp = kern::pool_get<inpcb>(n.st.inpcb_pool);
        pf::pf_state_key_link_inpcb(n.st, s->key[pf::pf_sk_stack], inp);
        EXPECT_NE(inp->inp_pf_sk.load(), nullptr);
    }
    ~owner_of_state() {
        pf::pf_inp_unlink(n.st, inp);
        in_pcbunref(n.st, inp);
        EXPECT_EQ(kern::pool_live(n.st.inpcb_pool), 0);
    }
    filtered& n;
    pf::pf_state* s;
    inpcb* inp;
};

TEST(pf_divert, the_state_goes_with_its_socket) {
    filtered n("block\npass in on em0 proto udp divert-to 127.0.0.1 port 700");
    (void)n.first(ipproto_udp);
    {
        const owner_of_state owner(n);
        pf::pf_remove_divert_state(n.st, owner.inp);
        EXPECT_TRUE(n.st.pf->states.empty());
        EXPECT_EQ(owner.inp->inp_pf_sk.load(), nullptr) << "the key has gone";
        pf::pf_remove_divert_state(n.st, owner.inp);  // has none
    }
    n.run("pf purge");
    EXPECT_EQ(n.live_states(), 0);
}

TEST(pf_divert, a_state_of_another_rule_stays) {
    filtered n("pass in on em0\npass out no state");
    (void)n.first(ipproto_udp);
    const owner_of_state owner(n);
    pf::pf_remove_divert_state(n.st, owner.inp);
    EXPECT_EQ(n.st.pf->states.size(), 1U);
    EXPECT_EQ(owner.s->timeout.load(), pf::pftm_udp_first);
}

TEST(pf_divert, a_translated_connection_keeps_its_port_for_a_while) {
    filtered n(
        "block\nmatch in on em0 rdr-to 10.0.1.1 port 8080\n"
        "pass in on em0 proto tcp divert-to 127.0.0.1 port 700");
    (void)n.first(ipproto_tcp);
    const owner_of_state owner(n);
    ASSERT_NE(owner.s->key[pf::pf_sk_wire], owner.s->key[pf::pf_sk_stack]);
    n.wait(5);
    pf::pf_remove_divert_state(n.st, owner.inp);
    EXPECT_EQ(n.st.pf->states.size(), 1U);
    EXPECT_TRUE(owner.s->inp_unlinked.load());
    EXPECT_EQ(owner.s->timeout.load(), pf::pftm_tcp_closed);
    n.wait(85);
    EXPECT_EQ(n.st.pf->states.size(), 1U);
    n.wait(10);
    EXPECT_TRUE(n.st.pf->states.empty()) << "90 seconds, seen by the purge that comes next";
}

}  // namespace

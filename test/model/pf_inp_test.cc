// Links between keys, pcbs and packets: who has which reference, and what becomes of them.
#include <gtest/gtest.h>

#include "model/net/mbuf.h"
#include "model/netinet/in.h"
#include "model/netinet/in_pcb.h"
#include "model/pf/pf_inp.h"
#include "model/pf/pf_invariant.h"
#include "model/pf/pf_state_key.h"
#include "model/pf/pfvar.h"
#include "test/model/router.h"
#include "test/model/together.h"

namespace {

namespace kern = model::kern;
using namespace model::net;
using namespace model::netinet;
using namespace model::pf;
using model_test::ip;

// A key and a pcb, of which the test has a reference each.
struct pair_of {
    pair_of() {
        sk = pf_alloc_state_key(st, {{ip(10, 0, 1, 9), ip(10, 0, 1, 1)}, {1234, 53}, ipproto_udp});
        inp = kern::pool_get<inpcb>(st.inpcb_pool);
        m = m_get(st, 20);
    }
    ~pair_of() {
        m_freem(st, m);
        remove_key();
        close_pcb();
        EXPECT_EQ(kern::pool_live(st.pf->state_key_pool), 0);
        EXPECT_EQ(kern::pool_live(st.pf->key_refs), 0);
        EXPECT_EQ(kern::pool_live(st.pf->mbuf_keys), 0);
        EXPECT_EQ(kern::pool_live(st.inpcb_pool), 0);
    }
    // What the removal of the last state does.
    void remove_key() {
        if (sk != nullptr) {
            sk->sk_removed.store(true);
            pf_state_key_unlink_reverse(st, sk);
            pf_state_key_unlink_inpcb(st, sk);
            pf_state_key_unref(st, sk);
            sk = nullptr;
        }
    }
    // What the detaching of a pcb does.
    void close_pcb() {
        if (inp != nullptr) {
            pf_inp_unlink(st, inp);
            in_pcbunref(st, inp);
            inp = nullptr;
        }
    }
    [[nodiscard]] uint32_t key_refs() const { return kern::refcnt_read(sk->sk_refcnt); }
    [[nodiscard]] uint32_t pcb_refs() const { return kern::refcnt_read(inp->inp_refcnt); }
    // Whether the two lead to each other, which is said once more by what both lists say.
    [[nodiscard]] bool linked() const {
        EXPECT_TRUE(pf_inp_symmetric(const_cast<stack*>(&st)));
        EXPECT_EQ(sk->sk_inp.load() == inp, inp->inp_pf_sk.load() == sk);
        return sk->sk_inp.load() == inp;
    }

    stack st{"r", 2};
    pf_state_key* sk;
    inpcb* inp;
    mbuf* m;
};

TEST(pf_inp, a_packet_refers_to_its_key_until_it_is_freed) {
    pair_of p;
    pf_mbuf_link_state_key(p.st, *p.m, p.sk);
    EXPECT_EQ(p.key_refs(), 2U);
    pf_mbuf_link_state_key(p.st, *p.m, p.sk);
    EXPECT_EQ(p.key_refs(), 2U) << "instead of the one before";
    mbuf* copy = m_get(p.st, 20);
    m_dup_pkthdr(p.st, *copy, *p.m);
    EXPECT_EQ(p.key_refs(), 3U);
    EXPECT_EQ(kern::pool_live(p.st.pf->mbuf_keys), 2);
    m_freem(p.st, copy);
    EXPECT_EQ(p.key_refs(), 2U);
    pf_state_key* sk = p.sk;
    p.remove_key();
    EXPECT_EQ(kern::pool_live(p.st.pf->state_key_pool), 1) << "the packet has it";
    EXPECT_FALSE(pf_state_key_isvalid(sk));
    pf_pkt_addr_changed(p.st, *p.m);
    EXPECT_EQ(kern::pool_live(p.st.pf->state_key_pool), 0);
}

TEST(pf_inp, a_packet_refers_to_the_pcb_that_sent_it) {
    pair_of p;
    pf_mbuf_link_inpcb(p.st, *p.m, p.inp);
    EXPECT_EQ(p.pcb_refs(), 2U);
    mbuf* copy = m_get(p.st, 20);
    m_dup_pkthdr(p.st, *copy, *p.m);
    EXPECT_EQ(p.pcb_refs(), 3U);
    m_resethdr(p.st, *copy);
    EXPECT_EQ(p.pcb_refs(), 2U);
    m_freem(p.st, copy);
    p.close_pcb();
    EXPECT_EQ(kern::pool_live(p.st.inpcb_pool), 1) << "the packet has it";
}

TEST(pf_inp, linking_takes_one_reference_on_each_side) {
    pair_of p;
    pf_mbuf_link_state_key(p.st, *p.m, p.sk);
    pf_inp_link(p.st, *p.m, p.inp);
    EXPECT_TRUE(p.linked());
    EXPECT_EQ(p.key_refs(), 2U) << "the pcb's, and not the packet's any more";
    EXPECT_EQ(p.pcb_refs(), 2U);
    EXPECT_EQ(p.m->pf.statekey, nullptr);

    pf_mbuf_link_state_key(p.st, *p.m, p.sk);
    EXPECT_EQ(pf_ouraddr(*p.m), 1);
    inpcb* found = pf_inp_lookup(p.st, *p.m);
    EXPECT_EQ(found, p.inp);
    EXPECT_EQ(p.pcb_refs(), 3U);
    in_pcbunref(p.st, found);
}

TEST(pf_inp, a_pcb_that_was_unlinked_for_good_is_not_linked_again) {
    pair_of p;
    pf_state_key_link_inpcb(p.st, p.sk, p.inp);
    pf_inp_unlink(p.st, p.inp);
    pf_state_key_link_inpcb(p.st, p.sk, p.inp);
    EXPECT_TRUE(p.linked()) << "it was only disconnected";
    pf_inp_unlink(p.st, p.inp, pf_unlink::for_good);
    EXPECT_FALSE(p.linked());
    pf_state_key_link_inpcb(p.st, p.sk, p.inp);
    EXPECT_FALSE(p.linked()) << "by what it has sent before";
    EXPECT_EQ(p.key_refs(), 1U);
    EXPECT_EQ(p.pcb_refs(), 1U);
}

TEST(pf_inp, either_side_unlinks_both) {
    for (const bool from_pcb : {true, false}) {
        pair_of p;
        pf_state_key_link_inpcb(p.st, p.sk, p.inp);
        ASSERT_TRUE(p.linked());
        if (from_pcb) {
            pf_inp_unlink(p.st, p.inp);
        } else {
            pf_state_key_unlink_inpcb(p.st, p.sk);
        }
        EXPECT_FALSE(p.linked());
        EXPECT_EQ(p.key_refs(), 1U);
        EXPECT_EQ(p.pcb_refs(), 1U);
        pf_inp_unlink(p.st, p.inp);
        pf_state_key_unlink_inpcb(p.st, p.sk);
        EXPECT_EQ(p.key_refs(), 1U) << "once is enough";
        EXPECT_EQ(p.pcb_refs(), 1U);
    }
}

TEST(pf_inp, who_is_linked_is_not_linked_to_another) {
    pair_of p;
    auto* other = kern::pool_get<inpcb>(p.st.inpcb_pool);
    pf_state_key* other_key = pf_alloc_state_key(p.st, {{1, 2}, {3, 4}, ipproto_tcp});
    pf_state_key_link_inpcb(p.st, p.sk, p.inp);
    pf_state_key_link_inpcb(p.st, p.sk, other);
    pf_state_key_link_inpcb(p.st, other_key, p.inp);
    EXPECT_TRUE(p.linked());
    EXPECT_EQ(other->inp_pf_sk.load(), nullptr);
    EXPECT_EQ(other_key->sk_inp.load(), nullptr);
    pf_state_key_unref(p.st, other_key);
    in_pcbunref(p.st, other);
}

TEST(pf_inp, a_removed_key_is_nobodys) {
    pair_of p;
    pf_state_key* sk = pf_state_key_ref(p.st, p.sk);
    pf_mbuf_link_state_key(p.st, *p.m, sk);
    p.remove_key();
    EXPECT_EQ(pf_inp_lookup(p.st, *p.m), nullptr);
    EXPECT_EQ(p.m->pf.statekey, nullptr) << "the packet is told so, too";
    pf_mbuf_link_state_key(p.st, *p.m, sk);
    pf_inp_link(p.st, *p.m, p.inp);
    EXPECT_EQ(p.inp->inp_pf_sk.load(), nullptr);
    EXPECT_EQ(p.m->pf.statekey, nullptr);
    pf_state_key_link_inpcb(p.st, sk, p.inp);
    EXPECT_EQ(p.inp->inp_pf_sk.load(), nullptr);
    EXPECT_EQ(p.pcb_refs(), 1U);
    pf_state_key_unref(p.st, sk);
}

TEST(pf_inp, a_packet_without_a_key_is_nobodys) {
    pair_of p;
    EXPECT_EQ(pf_inp_lookup(p.st, *p.m), nullptr);
    EXPECT_EQ(pf_ouraddr(*p.m), -1);
    EXPECT_FALSE(pf_find_divert(*p.m));
    pf_inp_link(p.st, *p.m, p.inp);
    EXPECT_EQ(p.pcb_refs(), 1U);
    p.m->pf.flags |= PF_TAG_DIVERTED;
    p.m->pf.divert_addr = ip(10, 0, 1, 1);
    p.m->pf.divert_port = 700;
    EXPECT_EQ(pf_ouraddr(*p.m), 1);
    EXPECT_EQ(pf_find_divert(*p.m)->port, 700);
}

TEST(pf_inp, reverse_keys_have_each_other) {
    pair_of p;
    pf_state_key* back =
        pf_alloc_state_key(p.st, {{p.sk->cmp.addr[1], p.sk->cmp.addr[0]}, {53, 1234}, ipproto_udp});
    pf_state_key_link_reverse(p.st, p.sk, back);
    pf_state_key_link_reverse(p.st, back, p.sk);
    EXPECT_EQ(p.key_refs(), 2U);
    EXPECT_EQ(kern::refcnt_read(back->sk_refcnt), 2U);
    pf_state_key_unlink_reverse(p.st, back);
    EXPECT_EQ(p.sk->sk_reverse.load(), nullptr);
    EXPECT_EQ(p.key_refs(), 1U);
    pf_state_key_unref(p.st, back);
    pf_state_key_link_reverse(p.st, p.sk, p.sk);
    EXPECT_EQ(p.key_refs(), 2U) << "its own reverse";
}

TEST(pf_inp, an_asymmetric_link_is_seen) {
    pair_of p;
    pf_state_key_link_inpcb(p.st, p.sk, p.inp);
    p.sk->sk_inp.store(nullptr);
    EXPECT_FALSE(pf_inp_symmetric(&p.st));
    p.sk->sk_inp.store(p.inp);
    p.inp->inp_pf_sk.store(nullptr);
    EXPECT_FALSE(pf_inp_symmetric(&p.st));
    p.inp->inp_pf_sk.store(p.sk);
    EXPECT_TRUE(pf_inp_symmetric(&p.st));
}

// Packets link and look up while the connection is closed on one side and the state goes on the other.
TEST(pf_inp, several_at_once) {
    for (unsigned round = 0; round < 200; ++round) {
        pair_of p;
        pf_state_key_ref(p.st, p.sk);
        in_pcbref(p.inp);
        pf_state_key* sk = p.sk;
        inpcb* inp = p.inp;
        model_test::together(0, 4, [&](unsigned cpu) {
            if (cpu == 0) {
                p.remove_key();
            } else if (cpu == 1) {
                p.close_pcb();
            } else {
                mbuf* m = m_get(p.st, 20);
                pf_mbuf_link_state_key(p.st, *m, sk);
                in_pcbunref(p.st, pf_inp_lookup(p.st, *m));
                pf_inp_link(p.st, *m, inp);
                m_freem(p.st, m);
            }
        });
        // Whatever was first, the two do not keep each other.
        EXPECT_EQ(sk->sk_inp.load(), nullptr);
        EXPECT_EQ(inp->inp_pf_sk.load(), nullptr);
        pf_state_key_unref(p.st, sk);
        in_pcbunref(p.st, inp);
    }
}

}  // namespace

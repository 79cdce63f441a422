// Each invariant of the model is broken by hand, and sees it.
#include <gtest/gtest.h>

#include <functional>

#include "model/net/fate.h"
#include "model/netinet/arp.h"
#include "model/pf/pf_if.h"
#include "model/pf/pf_invariant.h"
#include "model/pf/pf_ruleset.h"
#include "model/pf/pf_state.h"
#include "model/pf/pfvar.h"
#include "test/model/network.h"

namespace {

using namespace model::net;
using namespace model::netinet;
namespace pf = model::pf;

// A gateway route over an unresolved neighbour for which a packet is held.
struct broken_world {
    broken_world() {
        n.set_up_interfaces();
        n.run("sysctl net.inet.ip.forwarding=1");
        n.run("route add 10.9.0.0/16 10.0.2.2");
        model_test::ip_packet p;
        p.header.destination = model_test::far;
        EXPECT_EQ(n.input("em0", p.frame()), "held");
        held = n.last_packet();
    }

    [[nodiscard]] rtentry& route(uint32_t dest, uint8_t plen) {
        rtentry* rt = rtable_lookup_locked(n.st, dest, plen, RTP_ANY, 0);
        EXPECT_NE(rt, nullptr);
        return *rt;
    }
    rtentry& neighbour() { return route(model_test::ip(10, 0, 2, 2), 32); }
    rtentry& gateway() { return route(model_test::ip(10, 9, 0, 0), 16); }
    ifnet& em1() { return *if_unit_locked(n.st, "em1"); }

    model_test::network n;
    uint32_t held = 0;
};

struct broken_link {
    const char* name;
    int (*invariant)(void*);
    // Breaks it, and returns what mends it.
    std::function<std::function<void()>(broken_world&)> breaks;
};

// Sets a word for a while.
template <typename T>
std::function<void()> instead(T& word, T value) {
    const T was = word;
    word = value;
    return [&word, was] { word = was; };
}

void PrintTo(const broken_link& b, std::ostream* out) {
    *out << b.name;
}

class Invariant : public testing::TestWithParam<broken_link> {};

TEST_P(Invariant, SeesThatItIsBroken) {
    broken_world w;
    EXPECT_TRUE(GetParam().invariant(&w.n.st));
    const std::function<void()> mend = GetParam().breaks(w);
    EXPECT_FALSE(GetParam().invariant(&w.n.st));
    mend();
    EXPECT_TRUE(GetParam().invariant(&w.n.st));
}

const std::vector<broken_link> links = {
    {"slot", if_idxmap_sound,
     [](broken_world& w) {
         ifnet& ifp = w.em1();
         return instead<uint16_t>(ifp.if_index, 1);
     }},
    {"count", if_idxmap_sound, [](broken_world& w) { return instead(w.n.st.idxmap.count, 3U); }},
    {"reference", if_idxmap_referenced,
     [](broken_world& w) -> std::function<void()> {
         if_ref(w.em1());
         return [&w] { if_put(&w.em1()); };
     }},
    {"address", addresses_linked,
     [](broken_world& w) {
         return instead<uint16_t>(w.em1().if_addrlist.get_locked()->ifa_ifidx, 7);
     }},
    {"route_address", addresses_linked,
     [](broken_world& w) { return instead<uint16_t>(w.gateway().rt_ifidx, 1); }},
    {"previous", routes_linked,
     [](broken_world& w) { return instead<rtentry*>(w.gateway().rt_all_prev, nullptr); }},
    {"node", routes_linked,
     [](broken_world& w) {
         return instead<art_node*>(w.gateway().rt_node, w.neighbour().rt_node);
     }},
    {"flag", routes_linked,
     [](broken_world& w) -> std::function<void()> {
         rtentry& rt = w.neighbour();
         rt.rt_flags.fetch_and(~RTF_LLINFO);
         return [&rt] { rt.rt_flags.fetch_or(RTF_LLINFO); };
     }},
    {"alone", routes_linked,
     [](broken_world& w) -> std::function<void()> {
         rtentry& rt = w.gateway();
         rt.rt_flags.fetch_or(RTF_MPATH);
         return [&rt] { rt.rt_flags.fetch_and(~RTF_MPATH); };
     }},
    {"order", routes_linked,
     [](broken_world& w) -> std::function<void()> {
         w.n.run("route add -priority 40 10.9.0.0/16 10.0.2.2");
         rtentry& rt = w.gateway();
         rt.rt_priority.store(56);
         return [&rt] { rt.rt_priority.store(8); };
     }},
    {"cached", nexthops_counted,
     [](broken_world& w) { return instead(w.neighbour().rt_cachecnt, 0U); }},
    {"counted_on", nexthops_counted,
     [](broken_world& w) { return instead(w.neighbour().rt_cachecnt, 2U); }},
    {"parent", clones_have_parents,
     [](broken_world& w) { return instead<art_node*>(w.neighbour().rt_parent->rt_node, nullptr); }},
    {"total", arp_hold_counted,
     [](broken_world& w) { return instead(w.n.st.arp->hold_total, 0U); }},
    {"queue", arp_hold_counted,
     [](broken_world& w) { return instead(w.neighbour().rt_llinfo.load()->la_hold.length, 2U); }},
    {"told", arp_hold_told,
     [](broken_world& w) { return instead(w.n.st.fates[w.held].kind, fate::none); }},
    {"entry", arp_entries_linked,
     [](broken_world& w) {
         return instead<llinfo_arp*>(w.n.st.arp->list->la_next->la_prev, nullptr);
     }},
    {"entry_route", arp_entries_linked,
     [](broken_world& w) { return instead<rtentry*>(w.n.st.arp->list->la_rt, &w.gateway()); }},
    {"no_fate", fate_conserved,
     [](broken_world& w) { return instead(w.n.st.fates[w.held].kind, fate::none); }},
    {"two_fates", fate_conserved,
     [](broken_world& w) { return instead<uint8_t>(w.n.st.fates[w.held].finals, 1); }},
};

INSTANTIATE_TEST_SUITE_P(Links, Invariant, testing::ValuesIn(links),
                         [](const testing::TestParamInfo<broken_link>& one) {
                             return std::string(one.param.name);
                         });

// ---- the packet filter ----------------------------------------------------------------------------

// Two states, in and out, and rules that lead to an interface and to an anchor.
struct broken_filter {
    broken_filter() {
        n.set_up();
        n.run("pfctl -f -\npass in on em0\nanchor \"inner\" {\nblock in on em1\n}\npass out");
        n.run("pfctl -e");
        EXPECT_EQ(n.input("em0", model_test::ip_packet().frame()), "forwarded em1");
    }
    [[nodiscard]] pf::pf_softc& pf() { return *n.st.pf; }
    pf::pf_state& state() { return *pf().states.begin()->second; }
    pf::pf_state_key& key() { return *state().key[pf::pf_sk_wire]; }
    pf::pf_state_key& other_key() {
        pf::pf_state_key* sk = pf().states.rbegin()->second->key[pf::pf_sk_wire];
        EXPECT_NE(sk, &key());
        return *sk;
    }
    pf::pf_rule& rule() { return *pf().rules.active[0]; }

    model_test::network n;
};

struct broken_pf {
    const char* name;
    int (*invariant)(void*);
    std::function<std::function<void()>(broken_filter&)> breaks;
};

void PrintTo(const broken_pf& b, std::ostream* out) {
    *out << b.name;
}

class PfInvariant : public testing::TestWithParam<broken_pf> {};

TEST_P(PfInvariant, SeesThatItIsBroken) {
    broken_filter w;
    EXPECT_TRUE(GetParam().invariant(&w.n.st));
    const std::function<void()> mend = GetParam().breaks(w);
    EXPECT_FALSE(GetParam().invariant(&w.n.st));
    mend();
    EXPECT_TRUE(GetParam().invariant(&w.n.st));
}

using mender = std::function<void()>;

const std::vector<broken_pf> filters = {
    {"removed_key", pf::pf_trees_sound,
     [](broken_filter& w) -> mender {
         w.key().sk_removed = true;
         return [&w] { w.key().sk_removed = false; };
     }},
    {"key_without_states", pf::pf_trees_sound,
     [](broken_filter& w) { return instead<pf::pf_state_item*>(w.key().sk_states, nullptr); }},
    {"state_not_in_its_tree", pf::pf_trees_sound,
     [](broken_filter& w) -> mender {
         const auto entry = *w.pf().states.begin();
         w.pf().states.erase(entry.first);
         return [&w, entry] { w.pf().states.insert(entry); };
     }},
    {"state_of_another_key", pf::pf_trees_sound,
     [](broken_filter& w) {
         return instead<pf::pf_state_key*>(w.state().key[pf::pf_sk_wire], &w.other_key());
     }},
    {"key_not_in_its_tree", pf::pf_trees_sound,
     [](broken_filter& w) -> mender {
         const auto entry = *w.pf().keys.begin();
         w.pf().keys.erase(entry.first);
         return [&w, entry] { w.pf().keys.insert(entry); };
     }},
    {"rule_without_interface", pf::pf_rulesets_sound,
     [](broken_filter& w) { return instead<pf::pfi_kif*>(w.rule().kif, nullptr); }},
    {"anchor_count", pf::pf_rulesets_sound,
     [](broken_filter& w) { return instead(w.pf().anchors.begin()->second->refs, 7U); }},
    {"key_of_nobody", pf::pf_keys_referenced,
     [](broken_filter& w) -> mender {
         pf::pf_state_key_ref(w.n.st, &w.key());
         return [&w] { pf::pf_state_key_unref(w.n.st, &w.key()); };
     }},
    {"key_counts_too_few", pf::pf_keys_referenced,
     [](broken_filter& w) -> mender {
         EXPECT_FALSE(model::kern::refcnt_rele(w.key().sk_refcnt));
         return [&w] { model::kern::refcnt_take(w.key().sk_refcnt); };
     }},
    {"rule_counts_too_many", pf::pf_rules_referenced,
     [](broken_filter& w) -> mender {
         pf::pf_rule_ref(&w.rule());
         return [&w] { pf::pf_rule_unref(w.n.st, &w.rule()); };
     }},
    {"rule_counts_too_few", pf::pf_rules_referenced,
     [](broken_filter& w) -> mender {
         EXPECT_FALSE(model::kern::refcnt_rele(w.rule().refcnt));
         return [&w] { model::kern::refcnt_take(w.rule().refcnt); };
     }},
    {"rule_of_nobody", pf::pf_rules_referenced,
     [](broken_filter& w) -> mender {
         pf::pf_rule* r = pf::pf_rule_make(w.n.st, {}, 9);
         return [&w, r] { pf::pf_rule_unref(w.n.st, r); };
     }},
};

INSTANTIATE_TEST_SUITE_P(Filters, PfInvariant, testing::ValuesIn(filters),
                         [](const testing::TestParamInfo<broken_pf>& one) {
                             return std::string(one.param.name);
                         });

}  // namespace

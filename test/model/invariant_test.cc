// Each invariant of the model is broken by hand, and sees it.
#include <gtest/gtest.h>

#include <functional>

#include "model/net/fate.h"
#include "model/netinet/arp.h"
#include "test/model/network.h"

namespace {

using namespace model::net;
using namespace model::netinet;

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
        rtentry* rt = rtable_lookup_locked(n.st, dest, plen, RTP_ANY);
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

}  // namespace

// Interfaces: names, the index map, references, frames in and out.
#include <gtest/gtest.h>

#include <cerrno>

#include "model/net/if_em.h"
#include "test/model/router.h"
#include "test/model/together.h"

namespace kern = model::kern;
using namespace model::net;
using namespace model_test;

TEST(if_em, unit_numbers) {
    const struct {
        const char* name;
        int unit;
    } cases[] = {{"em0", 0},   {"em9", 9},  {"em15", 15}, {"em16", -1}, {"em00", -1}, {"em", -1},
                 {"em1x", -1}, {"lo0", -1}, {"", -1},     {"em-1", -1}, {"em100", -1}};
    for (const auto& c : cases) {
        EXPECT_EQ(em_unit(c.name), c.unit) << c.name;
    }
}

TEST(ethernet, addresses_in_text) {
    const struct {
        const char* text;
        bool good;
        ether_addr address;
    } cases[] = {{"02:00:00:00:01:01", true, 0x020000000101},
                 {"0:1:2:a:B:ff", true, 0x0001020a0bff},
                 {"02:00:00:00:01", false, 0},
                 {"02:00:00:00:01:01:01", false, 0},
                 {"02:00:00:00:01:0g", false, 0},
                 {"02:00:00:00:01:001", false, 0},
                 {"", false, 0}};
    for (const auto& c : cases) {
        ether_addr address = 0;
        EXPECT_EQ(ether_addr_parse(c.text, &address), c.good) << c.text;
        if (c.good) {
            EXPECT_EQ(address, c.address);
        }
    }
    char text[18];
    ether_addr_print(0x02000000abcd, text);
    EXPECT_STREQ(text, "02:00:00:00:ab:cd");
}

TEST(ethernet, header_needs_fourteen_bytes) {
    const bytes f = frame(0x020000000101, 0x020000000102, ethertype_arp, 0);
    ether_header header;
    EXPECT_FALSE(ether_header_get(f.data(), 13, &header));
    ASSERT_TRUE(ether_header_get(f.data(), 14, &header));
    EXPECT_EQ(header.dhost, 0x020000000101U);
    EXPECT_EQ(header.shost, 0x020000000102U);
    EXPECT_EQ(header.type, ethertype_arp);
}

TEST(mbuf, front_and_end_move) {
    stack st("r", 1);
    mbuf* m = m_devget(st, "abcdef", 6);
    m_adj(*m, 2);
    m_trim(*m, 3);
    EXPECT_EQ(std::string(reinterpret_cast<char*>(m->data), m->len), "cde");
    m_prepend(*m, 14)[0] = 'x';
    EXPECT_EQ(m->len, 17U);
    EXPECT_EQ(m->data[0], 'x');
    EXPECT_EQ(kern::pool_live(st.mbuf_pool), 1);
    m_freem(st, m);
    m_freem(st, nullptr);
    EXPECT_EQ(kern::pool_live(st.mbuf_pool), 0);
}

// ---- the index map ------------------------------------------------------------------------------

TEST(if_idxmap, index_zero_and_strangers_are_nobody) {
    stack st("r", 1);
    EXPECT_EQ(if_get(st, 0), nullptr);
    EXPECT_EQ(if_get(st, 1), nullptr);
    EXPECT_EQ(if_get(st, 65535), nullptr);
    EXPECT_EQ(if_get(st, 1000000), nullptr);
    if_put(nullptr);
}

TEST(if_idxmap, grows_and_gives_the_old_references_back) {
    stack st("r", 1);
    char name[8];
    for (unsigned unit = 0; unit < em_units_max; ++unit) {
        snprintf(name, sizeof name, "em%u", unit);
        create_interface(st, name);
        EXPECT_TRUE(if_idxmap_sound(&st));
    }
    EXPECT_EQ(st.idxmap.map.get_locked()->limit, 32U);
    kern::smr_flush(st.smr);
    EXPECT_TRUE(if_idxmap_referenced(&st));
    for (unsigned index = 1; index <= em_units_max; ++index) {
        ifnet* ifp = if_get(st, index);
        ASSERT_NE(ifp, nullptr);
        EXPECT_EQ(ifp->if_index, index);
        EXPECT_EQ(kern::refcnt_read(ifp->if_refcnt), 3U);  // its own, the slot's, ours
        if_put(ifp);
    }
}

TEST(if_idxmap, a_freed_index_is_not_the_next_one) {
    stack st("r", 1);
    create_interface(st, "em0");
    create_interface(st, "em1");
    EXPECT_EQ(if_clone_destroy(st, "em0"), 0);
    create_interface(st, "em0");
    const configuring lock(st);
    EXPECT_EQ(if_unit_locked(st, "em0")->if_index, 3);
    EXPECT_TRUE(if_idxmap_sound(&st));
    EXPECT_TRUE(if_idxmap_referenced(&st));
}

// ---- arrival and departure ----------------------------------------------------------------------

TEST(if_clone, errors) {
    stack st("r", 1);
    EXPECT_EQ(if_clone_destroy(st, "em0"), ENXIO);
    create_interface(st, "em0");
    {
        const configuring lock(st);
        EXPECT_EQ(if_clone_create_locked(st, "em0", nullptr), EEXIST);
        EXPECT_EQ(if_clone_create_locked(st, "wg0", nullptr), EINVAL);
    }
    EXPECT_EQ(if_clone_destroy(st, "em0"), 0);
    EXPECT_EQ(if_clone_destroy(st, "em0"), ENXIO);
    EXPECT_EQ(kern::pool_live(st.ifnet_pool), 0);
}

TEST(if_detach, waits_for_who_has_a_reference) {
    stack st("r", 2);
    for (int round = 0; round < 50; ++round) {
        add_address(st, "em1", ip(10, 0, 2, 1), 24);
        unsigned index;
        {
            const configuring lock(st);
            index = if_unit_locked(st, "em1")->if_index;
        }
        ifnet* ifp = if_get(st, index);
        std::atomic<bool> put{false};
        together(0, 2, [&](unsigned cpu) {
            if (cpu == 1) {
                EXPECT_EQ(if_clone_destroy(st, "em1"), 0);
                EXPECT_TRUE(put.load());
                return;
            }
            ifnet* other;
            while ((other = if_get(st, index)) != nullptr) {
                if_put(other);
            }
            // Nobody finds it, but it is whole.
            EXPECT_STREQ(ifp->if_xname, "em1");
            EXPECT_NE(if_lladdr(*ifp), 0U);
            ifaddr* ifa = ifa_first(st, *ifp);
            ASSERT_NE(ifa, nullptr);
            EXPECT_EQ(ifa->ifa_addr, ip(10, 0, 2, 1));
            ifafree(ifa);
            put.store(true);
            if_put(ifp);
        });
    }
    kern::smr_flush(st.smr);
    EXPECT_EQ(kern::pool_live(st.ifnet_pool), 0);
    EXPECT_EQ(kern::pool_live(st.ifaddr_pool), 0);
    EXPECT_EQ(kern::pool_live(st.rtentry_pool), 0);
    EXPECT_EQ(kern::pool_live(st.llinfo_pool), 0);
}

TEST(if_detach, two_administrators_one_wins) {
    stack st("r", 2);
    for (int round = 0; round < 50; ++round) {
        create_interface(st, "em1");
        std::atomic<int> won{0};
        together(0, 2, [&](unsigned) {
            const int error = if_clone_destroy(st, "em1");
            EXPECT_TRUE(error == 0 || error == ENXIO);
            won += error == 0 ? 1 : 0;
        });
        EXPECT_EQ(won.load(), 1);
    }
}

// ---- addresses ----------------------------------------------------------------------------------

TEST(ifaddr, finds_the_address_of_the_subnet) {
    stack st("r", 1);
    add_address(st, "em0", ip(10, 0, 1, 1), 24);
    add_address(st, "em0", ip(10, 0, 2, 1), 24);
    ifnet* ifp = if_get(st, 1);
    ifaddr* ifa = ifa_ifp_onnet(st, *ifp, ip(10, 0, 2, 77));
    ASSERT_NE(ifa, nullptr);
    EXPECT_EQ(ifa->ifa_addr, ip(10, 0, 2, 1));
    EXPECT_EQ(ifa->ifa_broadaddr, ip(10, 0, 2, 255));
    ifafree(ifa);
    EXPECT_EQ(ifa_ifp_onnet(st, *ifp, ip(10, 0, 3, 1)), nullptr);
    {
        const configuring lock(st);
        EXPECT_EQ(model::netinet::in_delete_locked(st, *ifp, ip(10, 0, 1, 1)), 0);
    }
    ifa = ifa_first(st, *ifp);
    EXPECT_EQ(ifa->ifa_addr, ip(10, 0, 2, 1));
    ifafree(ifa);
    if_put(ifp);
}

// ---- frames -------------------------------------------------------------------------------------

TEST(if_input, what_does_not_come_in) {
    stack st("r", 1);
    const bytes good = frame(0x020000000000, 0x020000000901, 0x86dd, 46);
    EXPECT_EQ(if_input(st, "lo0", good.data(), good.size(), 1), EINVAL);
    EXPECT_EQ(if_input(st, "em0", good.data(), good.size(), fates_max), EINVAL);
    EXPECT_EQ(if_input(st, "em0", good.data(), good.size(), 1), ENXIO);
    EXPECT_EQ(fate_of(st, 1), "dropped nointerface");

    create_interface(st, "em0");
    EXPECT_EQ(if_input(st, "em0", good.data(), good.size(), 2), 0);
    EXPECT_EQ(fate_of(st, 2), "dropped ifdown");
    {
        const configuring lock(st);
        if_unit_locked(st, "em0")->if_flags.fetch_or(IFF_UP);
    }
    EXPECT_EQ(if_input(st, "em0", good.data(), good.size(), 3), 0);
    EXPECT_EQ(fate_of(st, 3), "dropped noproto");
    EXPECT_EQ(if_input(st, "em0", good.data(), 13, 4), 0);
    EXPECT_EQ(fate_of(st, 4), "dropped tooshort");
    const bytes other = frame(0x020000000099, 0x020000000901, ethertype_ip, 46);
    EXPECT_EQ(if_input(st, "em0", other.data(), other.size(), 5), 0);
    EXPECT_EQ(fate_of(st, 5), "dropped notforus");
    EXPECT_EQ(counter_of(st, counter::if_ipackets), 4);
    EXPECT_TRUE(fate_conserved(&st));
    EXPECT_EQ(fate_of(st, 6), "");
    EXPECT_EQ(kern::pool_live(st.mbuf_pool), 0);
}

TEST(if_output, frames_leave_in_order_and_the_wire_remembers) {
    stack st("r", 1);
    create_interface(st, "em3");
    ifnet* ifp = if_get(st, 1);
    for (uint32_t n = 1; n <= 3; ++n) {
        mbuf* m = m_get(st, 46);
        m->packet = n;
        st.fates[n].arrived = true;
        EXPECT_EQ(ether_output_to(st, *ifp, m, 0x020000000901, ethertype_ip), 0);
        EXPECT_EQ(fate_of(st, n), "forwarded em3");
    }
    if_put(ifp);
    EXPECT_EQ(if_clone_destroy(st, "em3"), 0);
    const wire_frame* sent = wire_frame_or_null(st.wires[3], 2);
    ASSERT_NE(sent, nullptr);
    EXPECT_EQ(sent->packet, 3U);
    EXPECT_EQ(sent->length, 60U);
    ether_header header;
    ASSERT_TRUE(ether_header_get(sent->bytes, sent->length, &header));
    EXPECT_EQ(header.dhost, 0x020000000901U);
    EXPECT_EQ(header.shost, 0x020000000003U);
    EXPECT_EQ(wire_frame_or_null(st.wires[3], 3), nullptr);
}

TEST(ifq, a_stopped_queue_drops) {
    stack st("r", 1);
    create_interface(st, "em0");
    ifnet* ifp = if_get(st, 1);
    ifq_stop(*ifp);
    mbuf* m = m_get(st, 46);
    EXPECT_EQ(if_enqueue(st, *ifp, m), ENOBUFS);
    EXPECT_EQ(counter_of(st, counter::ifq_drops), 1);
    EXPECT_EQ(kern::pool_live(st.mbuf_pool), 0);
    if_put(ifp);
}

TEST(ifq, several_senders_lose_nothing) {
    stack st("r", 4);
    create_interface(st, "em0");
    together(0, 4, [&](unsigned) {
        for (int i = 0; i < 500; ++i) {
            ifnet* ifp = if_get(st, 1);
            ether_output_to(st, *ifp, m_get(st, 46), 0x020000000901, ethertype_ip);
            if_put(ifp);
        }
    });
    EXPECT_EQ(st.wires[0].length + counter_of(st, counter::ifq_drops), 2000);
    EXPECT_EQ(kern::pool_live(st.mbuf_pool), 0);
}

TEST(counters, names) {
    stack st("r", 2);
    together(0, 2, [&](unsigned) { counter_inc(st, counter::ips_noroute); });
    EXPECT_EQ(counters_read_named(st.counters, "ips_noroute"), 2);
    EXPECT_EQ(counters_read_named(st.counters, "ips_noruote"), -1);
    EXPECT_STREQ(counters_name_or_null(0), "if_ipackets");
    EXPECT_EQ(counters_name_or_null(counters_count), nullptr);
}

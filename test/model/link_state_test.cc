// A link goes down and comes up: what becomes of routes, of packets, and of what waits in the card.
#include "model/net/link_state.h"

#include <cerrno>

#include "model/net/if_em.h"
#include "test/model/network.h"
#include "test/model/together.h"

namespace kern = model::kern;
using namespace model::net;
using namespace model_test;

namespace {

class link_state : public ::testing::Test {
  protected:
    void SetUp() override { n.set_up(); }

    // Pulls the wire out or puts it in; the task that tells the routes has run.
    void wire(const std::string& what) {
        n.run("wire " + what);
        kern::taskq_barrier(n.st.systq);
        const configuring lock(n.st);  // looks whether everything fits
    }
    // The flags of `route show` for that destination; "" if it is not there.
    std::string flags_of(const std::string& destination) {
        const std::string table = n.run("route show");
        const size_t at = table.find("\n" + destination + " ");
        if (at == std::string::npos) {
            return "";
        }
        const std::string flags = table.substr(at + 1 + 38, 7);
        return flags.substr(0, flags.find(' '));
    }
    std::string forwards(uint32_t dst = far) {
        ip_packet p;
        p.header.destination = dst;
        return n.input("em0", p.frame());
    }
    network n;
};

}  // namespace

TEST_F(link_state, down_routes_stay_behind_all_others) {
    n.run("route add -priority 40 10.9.0.0/16 10.0.1.9");
    EXPECT_EQ(flags_of("10.9/16"), "UGS");
    wire("em1 down");
    EXPECT_EQ(forwards(), "forwarded em0");
    EXPECT_EQ(flags_of("10.0.2/24"), "Cn");
    EXPECT_EQ(flags_of("10.0.2.1"), "UHLl") << "what is ours is ours without a link";
    EXPECT_EQ(flags_of("10.0.2.2"), "HLSch") << "a gateway route needs it";
    EXPECT_EQ(flags_of("10.0.1/24"), "UCn");
    wire("em1 up");
    EXPECT_EQ(forwards(), "forwarded em1");
    EXPECT_EQ(flags_of("10.0.2/24"), "UCn");
    EXPECT_EQ(flags_of("10.0.2.2"), "UHLSch");
    n.expect_conserved();
}

TEST_F(link_state, what_was_cloned_goes_with_the_link) {
    EXPECT_EQ(forwards(ip(10, 0, 2, 77)), "held");
    EXPECT_EQ(flags_of("10.0.2.77"), "UHLc");
    wire("em1 down");
    EXPECT_EQ(flags_of("10.0.2.77"), "");
    EXPECT_EQ(n.fate(n.last_packet()), "dropped arpdeleted");
    n.expect_conserved();
}

TEST_F(link_state, a_packet_that_has_no_other_way_is_lost_at_the_card) {
    wire("em1 down");
    n.forget_wires();
    EXPECT_EQ(forwards(), "dropped linkdown");
    EXPECT_TRUE(n.sent(1).empty());
    EXPECT_TRUE(n.sent(0).empty()) << "nobody is told";
    wire("em1 up");
    EXPECT_EQ(forwards(), "forwarded em1");
    n.expect_conserved();
}

TEST_F(link_state, nothing_is_received_without_a_link) {
    wire("em0 down");
    const bytes f = ip_packet{}.frame();
    EXPECT_EQ(if_input(n.st, "em0", f.data(), f.size(), 1), ENETDOWN);
    EXPECT_EQ(n.fate(1), "dropped linkdown");
    EXPECT_EQ(em_receive(n.st, "em0", 0, f.data(), f.size(), 2), ENETDOWN);
    EXPECT_TRUE(fate_conserved(&n.st));
}

TEST_F(link_state, is_shown) {
    EXPECT_NE(n.run("ifconfig em1").find("\tstatus: active\n"), std::string::npos);
    wire("em1 down");
    EXPECT_NE(n.run("ifconfig em1").find("\tstatus: no carrier\n"), std::string::npos);
    EXPECT_EQ(n.fails("wire em1 off"), "usage: wire interface pause | resume | down | up\n");
    EXPECT_EQ(n.fails("wire em99 down"), "wire: em99: Invalid argument\n");
    n.run("wire em7 down");  // nothing listens there
}

TEST_F(link_state, of_several_paths_those_with_a_link_are_chosen_from) {
    n.run("ifconfig em2 inet 10.0.3.1/24");
    n.run("arp -s 10.0.3.2 02:00:00:00:03:02");
    n.run("sysctl net.inet.ip.multipath=1");
    n.run("route add -mpath 10.9.0.0/16 10.0.3.2");
    n.run("route add -mpath 10.9.0.0/16 10.0.2.3");
    wire("em1 down");
    for (unsigned host = 9; host < 30; ++host) {
        ip_packet p;
        p.header.source = ip(10, 0, 1, host);
        EXPECT_EQ(n.input("em0", p.frame()), "forwarded em2");
    }
    wire("em2 down");
    EXPECT_EQ(forwards(), "dropped linkdown");
    wire("em1 up");
    EXPECT_NE(forwards(), "dropped linkdown");
    wire("em2 up");
    n.expect_conserved();
}

TEST_F(link_state, a_route_that_is_added_meanwhile_is_as_its_link) {
    wire("em1 down");
    n.run("route add 10.8.0.0/16 10.0.2.2");
    EXPECT_EQ(flags_of("10.8/16"), "GS");
    n.run("route change 10.8.0.0/16 10.0.1.9");
    EXPECT_EQ(flags_of("10.8/16"), "UGS");
    n.run("route change 10.8.0.0/16 10.0.2.2");
    EXPECT_EQ(flags_of("10.8/16"), "GS");
    EXPECT_EQ(n.fails("route add 10.8.0.0/16 10.0.1.9"),
              "add net 10.8.0.0/16: gateway 10.0.1.9: File exists\n");
    n.run("ifconfig em1 alias 10.0.7.1/24");
    EXPECT_EQ(flags_of("10.0.7/24"), "Cn");
    EXPECT_EQ(flags_of("10.0.7.1"), "UHLl");
    wire("em1 up");
    EXPECT_EQ(flags_of("10.8/16"), "UGS");
    EXPECT_EQ(flags_of("10.0.7/24"), "UCn");
    n.run("route delete 10.8.0.0/16 10.0.2.2");
}

TEST_F(link_state, is_the_wires_whatever_interface_comes_or_goes) {
    wire("em1 down");
    n.run("ifconfig em1 destroy");
    n.run("ifconfig em1 inet 10.0.2.1/24");
    EXPECT_EQ(flags_of("10.0.2/24"), "Cn");
    wire("em1 up");
    EXPECT_EQ(flags_of("10.0.2/24"), "UCn");
    n.run("ifconfig em1 destroy");
    wire("em1 down");
    wire("em1 up");
    n.run("ifconfig em1 inet 10.0.2.1/24");
    EXPECT_EQ(flags_of("10.0.2/24"), "UCn");
}

// ---- ifconfig down and up -----------------------------------------------------------------------

TEST_F(link_state, routes_over_an_interface_that_is_down_are_out_of_use) {
    n.run("route add -priority 40 10.9.0.0/16 10.0.1.9");
    EXPECT_EQ(forwards(ip(10, 0, 2, 77)), "held");
    n.run("ifconfig em1 down");
    EXPECT_EQ(n.fate(n.last_packet()), "dropped arpdeleted") << "what was cloned goes with it";
    EXPECT_EQ(forwards(), "forwarded em0");
    EXPECT_EQ(flags_of("10.0.2/24"), "Cn");
    EXPECT_EQ(flags_of("10.0.2.1"), "UHLl");
    EXPECT_EQ(flags_of("10.0.2.2"), "HLSch");
    EXPECT_EQ(flags_of("10.0.1/24"), "UCn");
    n.run("ifconfig em1 up");
    EXPECT_EQ(forwards(), "forwarded em1");
    EXPECT_EQ(flags_of("10.0.2/24"), "UCn");
    EXPECT_EQ(flags_of("10.0.2.2"), "UHLSch");
    n.expect_conserved();
}

TEST_F(link_state, both_the_link_and_the_interface_have_to_be_up) {
    wire("em1 down");
    n.run("ifconfig em1 down");
    wire("em1 up");
    EXPECT_EQ(flags_of("10.0.2/24"), "Cn");
    wire("em1 down");
    n.run("ifconfig em1 up");
    EXPECT_EQ(flags_of("10.0.2/24"), "Cn");
    wire("em1 up");
    EXPECT_EQ(flags_of("10.0.2/24"), "UCn");
}

TEST_F(link_state, an_address_switches_its_interface_on_and_an_older_one_comes_along) {
    n.run("ifconfig em1 down");
    n.run("route add 10.8.0.0/16 10.0.2.2");
    EXPECT_EQ(flags_of("10.8/16"), "GS");
    n.run("ifconfig em1 alias 10.0.7.1/24");
    EXPECT_EQ(flags_of("10.0.7/24"), "UCn");
    EXPECT_EQ(flags_of("10.0.2/24"), "UCn");
    EXPECT_EQ(flags_of("10.8/16"), "UGS");
}

TEST_F(link_state, takes_along_what_waits_in_the_card) {
    n.run("wire em1 pause");
    for (int packet = 0; packet < 20; ++packet) {  // sixteen in the ring
        forwards();
    }
    wire("em1 down");
    for (uint32_t packet = 1; packet <= 20; ++packet) {
        EXPECT_EQ(n.fate(packet), "dropped linkdown");
    }
    n.run("wire em1 resume");
    EXPECT_EQ(forwards(), "dropped linkdown");
    wire("em1 up");
    EXPECT_EQ(forwards(), "forwarded em1");
    n.expect_conserved();
}

TEST(link_state_stress, flaps_under_lookups_and_a_destroy) {
    network n(4);
    n.set_up();
    n.run("route add -mpath 10.9.0.0/16 10.0.1.8");
    n.run("sysctl net.inet.ip.multipath=1");
    std::atomic<bool> done{false};
    together(0, 4, [&](unsigned cpu) {
        if (cpu == 3) {
            for (unsigned round = 0; round < 300; ++round) {
                EXPECT_EQ(em_link(n.st, "em1", round % 2 == 1), 0);
            }
            EXPECT_EQ(if_clone_destroy(n.st, "em1"), 0);
            done.store(true);
            return;
        }
        random_numbers random(cpu);
        while (!done.load(std::memory_order_relaxed)) {
            rtentry* rt = rtalloc_mpath(n.st, far, random.next(), 0);
            ASSERT_NE(rt, nullptr);
            EXPECT_EQ(rt->rt_plen, 16);
            rtfree(rt);
        }
    });
    kern::taskq_barrier(n.st.systq);
    const configuring lock(n.st);
}

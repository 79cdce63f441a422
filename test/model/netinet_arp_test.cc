// The neighbour cache: the targets of OpenBSD's regress/sys/netinet/arp, and what they leave out.
#include <gtest/gtest.h>

#include "test/model/network.h"

namespace {

using namespace model_test;
using namespace model::netinet;
using model::net::counter;
using model::net::ether_addr;
using model::net::ether_broadcast;

constexpr uint32_t local = ip(10, 0, 1, 17);        // who sends, on em0
constexpr uint32_t remote = ip(10, 0, 1, 1);        // us
constexpr uint32_t fake = ip(10, 0, 1, 188);        // nobody, on em0
constexpr uint32_t other = ip(10, 0, 2, 1);         // us, on em1
constexpr uint32_t other_fake = ip(10, 0, 2, 188);  // nobody, on em1
constexpr ether_addr local_lladdr = 0x020000000117;
constexpr ether_addr fake_lladdr = 0x0200000001be;

constexpr const char* duplicate =
    "duplicate IP address 10.0.1.1 sent from ethernet address 02:00:00:00:01:17";

class arp : public ::testing::Test {
  protected:
    arp() { n.set_up_interfaces(); }

    std::string request(ether_addr sha, uint32_t spa, uint32_t tpa) {
        return n.input("em0", arp_frame(ether_broadcast, {arpop_request, sha, spa, 0, tpa}));
    }
    std::string reply(ether_addr sha, uint32_t spa, ether_addr tha, uint32_t tpa) {
        return n.input("em0", arp_frame(em0_lladdr, {arpop_reply, sha, spa, tha, tpa}));
    }
    // The one reply that was sent by em0.
    ether_arp answer() {
        std::vector<bytes> frames = n.sent(0);
        EXPECT_EQ(frames.size(), 1U);
        if (frames.size() != 1) {
            return {};
        }
        const ether_arp message = arp_of(frames[0]);
        EXPECT_EQ(message.op, arpop_reply);
        EXPECT_EQ(ether_of(frames[0]).dhost, message.tha);
        EXPECT_EQ(ether_of(frames[0]).shost, em0_lladdr);
        return message;
    }
    void expect_silence() {
        EXPECT_TRUE(n.sent(0).empty());
        EXPECT_TRUE(n.sent(1).empty());
    }
    // A line of arp -a: address, state.
    std::string row(const char* host) {
        std::string out;
        EXPECT_TRUE(model::admin::command(n.st, std::string("arp -n ") + host, out) <= 1);
        const size_t at = out.find(host, out.find('\n'));
        return at == std::string::npos ? "" : out.substr(at + 37, out.rfind('\n') - at - 37);
    }

    network n;
};

TEST_F(arp, request) {
    EXPECT_EQ(request(local_lladdr, local, remote), "delivered arp");
    EXPECT_EQ(answer(), (ether_arp{arpop_reply, em0_lladdr, remote, local_lladdr, local}));
    EXPECT_EQ(row("10.0.1.17"), "02:00:00:00:01:17     em0 20m0s     ");
    EXPECT_TRUE(n.log().empty());
}

TEST_F(arp, multicast_sender) {
    request(local_lladdr, local, remote);
    (void)answer();
    const ether_addr group = 0x333333333333;
    EXPECT_EQ(request(group, local, remote), "delivered arp");
    EXPECT_EQ(answer().tha, group);
    EXPECT_EQ(n.log().at(0), "arp info overwritten for 10.0.1.17 by 33:33:33:33:33:33 on em0");
    EXPECT_EQ(row("10.0.1.17"), "33:33:33:33:33:33     em0 20m0s     ");
}

TEST_F(arp, probe) {
    EXPECT_EQ(request(local_lladdr, 0, remote), "delivered arp");
    EXPECT_EQ(answer(), (ether_arp{arpop_reply, em0_lladdr, remote, local_lladdr, 0}));
}

TEST_F(arp, broadcast_sender) {
    EXPECT_EQ(request(ether_broadcast, local, remote), "dropped arpbroadcast");
    EXPECT_EQ(n.log().at(0), "arp: ether address is broadcast for IP address 10.0.1.17!");
    expect_silence();
}

TEST_F(arp, announcement_of_our_address_is_answered) {
    EXPECT_EQ(request(local_lladdr, remote, remote), "delivered arp");
    EXPECT_EQ(answer(), (ether_arp{arpop_reply, em0_lladdr, remote, local_lladdr, remote}));
    EXPECT_EQ(n.log().at(0), duplicate);
    EXPECT_EQ(row("10.0.1.1"), "02:00:00:00:01:01     em0 permanent l");
}

TEST_F(arp, gratuitous_reply_is_only_logged) {
    EXPECT_EQ(reply(local_lladdr, remote, ether_broadcast, remote), "delivered arp");
    EXPECT_EQ(n.log().at(0), duplicate);
    expect_silence();
    EXPECT_EQ(row("10.0.1.1"), "02:00:00:00:01:01     em0 permanent l");
}

TEST_F(arp, permanent) {
    n.run("arp -s 10.0.1.188 02:00:00:00:01:be permanent");
    EXPECT_EQ(request(local_lladdr, fake, fake), "dropped arpoverwrite");
    EXPECT_EQ(n.log().at(0),
              "arp: attempt to overwrite permanent entry for 10.0.1.188 by "
              "02:00:00:00:01:17 on em0");
    expect_silence();
    EXPECT_EQ(row("10.0.1.188"), "02:00:00:00:01:be     em0 permanent ");
}

TEST_F(arp, our_address_of_another_interface) {
    EXPECT_EQ(request(local_lladdr, other, other), "dropped arpoverwrite");
    EXPECT_EQ(n.log().at(0),
              "arp: attempt to overwrite permanent entry for 10.0.2.1 by "
              "02:00:00:00:01:17 on em0");
    EXPECT_EQ(row("10.0.2.1"), "02:00:00:00:02:01     em1 permanent l");
}

TEST_F(arp, temporary_entry_of_another_interface) {
    n.run("arp -s 10.0.2.188 02:00:00:00:02:be temp");
    EXPECT_EQ(request(local_lladdr, other_fake, other_fake), "dropped arpoverwrite");
    EXPECT_EQ(n.log().at(0),
              "arp: attempt to overwrite entry for 10.0.2.188 on em1 by "
              "02:00:00:00:01:17 on em0");
    EXPECT_EQ(row("10.0.2.188"), "02:00:00:00:02:be     em1 20m0s     ");
}

TEST_F(arp, incomplete_entry_of_another_interface) {
    n.run("sysctl net.inet.ip.forwarding=1");
    ip_packet p;
    p.header.destination = other_fake;
    EXPECT_EQ(n.input("em0", p.frame()), "held");
    (void)n.sent(1);
    EXPECT_EQ(request(local_lladdr, other_fake, other_fake), "dropped arpoverwrite");
    EXPECT_EQ(n.log().at(0),
              "arp: attempt to add entry for 10.0.2.188 on em1 by "
              "02:00:00:00:01:17 on em0");
    EXPECT_EQ(row("10.0.2.188"), "(incomplete)          em1 expired   ");
    n.expect_conserved();
}

TEST_F(arp, proxy) {
    n.run("arp -s 10.0.1.188 02:00:00:00:01:be pub");
    n.forget_wires();
    EXPECT_EQ(request(local_lladdr, local, fake), "delivered arp");
    EXPECT_EQ(answer(), (ether_arp{arpop_reply, fake_lladdr, fake, local_lladdr, local}));
    EXPECT_EQ(row("10.0.1.188"), "02:00:00:00:01:be     em0 static    p");
    // Who does not talk to us gets no entry.
    EXPECT_EQ(row("10.0.1.17"), "");
}

TEST_F(arp, proxy_beside_an_ordinary_entry) {
    n.run("arp -s 10.0.1.188 02:00:00:00:01:aa");
    n.run("arp -s 10.0.1.188 02:00:00:00:01:be pub");
    n.forget_wires();
    request(local_lladdr, local, fake);
    EXPECT_EQ(answer().sha, fake_lladdr);
}

// Which of the two an entry of the administrator is: the one that packets use, or the published one.
TEST_F(arp, an_ordinary_and_a_published_entry_side_by_side) {
    n.run("arp -s 10.0.1.188 02:00:00:00:01:aa permanent");
    n.run("arp -s 10.0.1.188 02:00:00:00:01:be pub");
    const std::string table = n.run("arp -n 10.0.1.188");
    EXPECT_EQ(table.substr(table.find('\n') + 1),
              "10.0.1.188                           02:00:00:00:01:aa     em0 permanent \n"
              "10.0.1.188                           02:00:00:00:01:be     em0 static    p\n");
    EXPECT_EQ(n.fails("arp -s 10.0.1.188 02:00:00:00:01:ab pub"),
              "arp: writing to routing socket: File exists\n");
    EXPECT_EQ(n.fails("arp -s 10.0.1.188 02:00:00:00:01:ab"),
              "arp: writing to routing socket: File exists\n");
    // Whoever claims the address is measured by the ordinary one, and asked for it is the other.
    n.forget_wires();
    EXPECT_EQ(request(local_lladdr, fake, fake), "dropped arpoverwrite");
    EXPECT_EQ(request(local_lladdr, local, fake), "delivered arp");
    EXPECT_EQ(answer().sha, fake_lladdr);
    n.run("arp -d 10.0.1.188");
    EXPECT_EQ(row("10.0.1.188"), "02:00:00:00:01:be     em0 static    p");
    n.run("arp -d 10.0.1.188");
    EXPECT_EQ(row("10.0.1.188"), "");
    EXPECT_EQ(n.fails("arp -d 10.0.1.188"), "arp: delete: can't locate 10.0.1.188\n");
}

TEST_F(arp, all_entries_are_deleted_each_by_itself) {
    n.run("route add 10.9.0.0/16 10.0.1.188");
    n.run("arp -s 10.0.1.188 02:00:00:00:01:aa");
    n.run("arp -s 10.0.1.188 02:00:00:00:01:be pub");
    n.run("arp -ad");
    EXPECT_EQ(row("10.0.1.188"), "(incomplete)          em0 expired   ")
        << "the one that a gateway route uses forgets its address, the published one goes";
}

TEST_F(arp, a_published_entry_behind_a_gateway_is_not_answered_but_can_be_deleted) {
    n.run("route add -host -priority 4 10.0.1.188 10.0.1.17");
    {
        const configuring lock(n.st);
        model::net::rtentry* over = model::net::rtalloc_locked(n.st, remote, 0, 0);
        model::net::rt_addrinfo info{fake, 32, model::net::RTF_HOST | model::net::RTF_ANNOUNCE, 8,
                                     over->rt_ifidx};
        info.ifa = over->rt_ifa;
        info.lladdr = fake_lladdr;
        EXPECT_EQ(model::net::rtrequest_add_locked(n.st, info, nullptr, 0), 0);
        model::net::rtfree(over);
    }
    n.forget_wires();
    EXPECT_EQ(request(local_lladdr, local, fake), "delivered arp");
    expect_silence();
    EXPECT_EQ(n.run("arp -d 10.0.1.188"), "10.0.1.188 (10.0.1.188) deleted\n");
    EXPECT_EQ(n.fails("arp -d 10.0.1.188"), "arp: delete: can't locate 10.0.1.188\n");
}

TEST_F(arp, a_published_entry_that_a_gateway_route_uses_is_changed_in_place) {
    n.run("arp -s 10.0.1.188 02:00:00:00:01:be pub");
    n.run("route add 10.9.0.0/16 10.0.1.188");
    n.run("arp -d 10.0.1.188");
    EXPECT_EQ(row("10.0.1.188"), "(incomplete)          em0 expired   p");
    n.run("arp -s 10.0.1.188 02:00:00:00:01:aa pub");
    EXPECT_EQ(row("10.0.1.188"), "02:00:00:00:01:aa     em0 static    p");
}

TEST_F(arp, an_entry_ends_or_is_permanent) {
    EXPECT_NE(n.fails("arp -s 10.0.1.188 02:00:00:00:01:be temp permanent").find("usage"),
              std::string::npos);
    n.run("route add 10.9.0.0/16 10.0.1.188");
    n.run("arp -s 10.0.1.188 02:00:00:00:01:be permanent");
    EXPECT_EQ(row("10.0.1.188"), "02:00:00:00:01:be     em0 permanent ");
    n.run("arp -s 10.0.1.188 02:00:00:00:01:bf temp");
    EXPECT_EQ(row("10.0.1.188"), "02:00:00:00:01:bf     em0 20m0s     ");
}

TEST_F(arp, nonproxy) {
    n.run("arp -s 10.0.1.188 02:00:00:00:01:be");
    EXPECT_EQ(request(local_lladdr, local, fake), "delivered arp");
    expect_silence();
    EXPECT_EQ(row("10.0.1.188"), "02:00:00:00:01:be     em0 static    ");
}

TEST_F(arp, proxy_of_another_interface) {
    n.run("arp -s 10.0.2.188 02:00:00:00:02:be pub");
    n.forget_wires();
    EXPECT_EQ(request(local_lladdr, local, other_fake), "delivered arp");
    expect_silence();
    EXPECT_EQ(row("10.0.2.188"), "02:00:00:00:02:be     em1 static    p");
}

// ---- beside the regress -------------------------------------------------------------------------

TEST_F(arp, what_is_not_understood) {
    EXPECT_EQ(n.input("em0", arp_frame(em0_lladdr, {3, local_lladdr, local, 0, remote})),
              "dropped arpop");
    EXPECT_EQ(request(em0_lladdr, local, remote), "dropped arpown");
    bytes odd = arp_frame(em0_lladdr, {arpop_request, local_lladdr, local, 0, remote});
    odd[14 + 4] = 8;
    EXPECT_EQ(n.input("em0", odd), "dropped arpbad");
    odd.resize(14 + 27);
    EXPECT_EQ(n.input("em0", odd), "dropped tooshort");
    EXPECT_EQ(n.count(counter::arps_dropped), 4);
    EXPECT_EQ(n.count(counter::arps_received), 4);
    expect_silence();
}

TEST_F(arp, an_entry_that_exists_follows_what_it_overhears) {
    request(local_lladdr, local, remote);
    (void)answer();
    EXPECT_EQ(request(0x020000000199, local, fake), "delivered arp");
    expect_silence();
    EXPECT_EQ(row("10.0.1.17"), "02:00:00:00:01:99     em0 20m0s     ");
}

TEST_F(arp, a_static_entry_that_is_overwritten_is_static_no_more) {
    n.run("arp -s 10.0.1.17 02:00:00:00:01:aa");
    request(local_lladdr, local, remote);
    EXPECT_EQ(n.log().at(0), "arp info overwritten for 10.0.1.17 by 02:00:00:00:01:17 on em0");
    EXPECT_EQ(row("10.0.1.17"), "02:00:00:00:01:17     em0 20m0s     ");
    n.run("arp -d 10.0.1.17");
    n.run("arp -s 10.0.1.17 02:00:00:00:01:17");
    request(local_lladdr, local, remote);
    EXPECT_EQ(row("10.0.1.17"), "02:00:00:00:01:17     em0 static    ")
        << "the same says nothing new";
}

// ---- holding ------------------------------------------------------------------------------------

class arp_hold : public arp {
  protected:
    arp_hold() { n.run("sysctl net.inet.ip.forwarding=1"); }

    std::string send_to(uint32_t dst) {
        ip_packet p;
        p.header.destination = dst;
        return n.input("em0", p.frame());
    }
    void answer_for(uint32_t address) {
        n.input("em1", arp_frame(em1_lladdr, {arpop_reply, lladdr_of(address), address, em1_lladdr,
                                              ip(10, 0, 2, 1)}));
    }
    // Requests among the new frames of em1.
    size_t requests() {
        size_t count = 0;
        for (bytes& f : n.sent(1)) {
            count += ether_of(f).type == model::net::ethertype_arp ? 1 : 0;
        }
        return count;
    }
};

TEST_F(arp_hold, asks_holds_and_sends_when_the_answer_comes) {
    EXPECT_EQ(send_to(next_hop), "held");
    std::vector<bytes> asked = n.sent(1);
    ASSERT_EQ(asked.size(), 1U);
    EXPECT_EQ(ether_of(asked[0]).dhost, ether_broadcast);
    EXPECT_EQ(arp_of(asked[0]),
              (ether_arp{arpop_request, em1_lladdr, ip(10, 0, 2, 1), 0, next_hop}));
    EXPECT_EQ(send_to(next_hop), "held");
    EXPECT_EQ(requests(), 0U) << "one request a second";
    n.expect_conserved();

    answer_for(next_hop);
    EXPECT_EQ(n.fate(1), "forwarded em1");
    EXPECT_EQ(n.fate(2), "forwarded em1");
    std::vector<bytes> frames = n.sent(1);
    ASSERT_EQ(frames.size(), 2U);
    EXPECT_EQ(ether_of(frames[1]).dhost, lladdr_of(next_hop));
    EXPECT_EQ(n.st.arp->hold_total, 0U);
    EXPECT_EQ(send_to(next_hop), "forwarded em1");
    n.expect_conserved();
}

TEST_F(arp_hold, a_full_queue_gives_up_its_oldest_packet) {
    for (unsigned i = 0; i < la_hold_queue_max; ++i) {
        EXPECT_EQ(send_to(next_hop), "held");
    }
    EXPECT_EQ(send_to(next_hop), "held");
    EXPECT_EQ(n.fate(1), "dropped arphold");
    EXPECT_EQ(n.fate(2), "held");
    EXPECT_EQ(n.st.arp->hold_total, la_hold_queue_max);
    n.expect_conserved();
}

TEST_F(arp_hold, all_queues_together_are_bounded) {
    for (uint32_t host = 2; host < 12; ++host) {
        for (unsigned i = 0; i < la_hold_queue_max; ++i) {
            EXPECT_EQ(send_to(ip(10, 0, 2, host)), "held");
        }
    }
    EXPECT_EQ(n.st.arp->hold_total, la_hold_total_max);
    // One more: the entry that wants it loses what it has.
    EXPECT_EQ(send_to(ip(10, 0, 2, 5)), "dropped arphold");
    EXPECT_EQ(n.st.arp->hold_total, la_hold_total_max - la_hold_queue_max);
    EXPECT_EQ(n.fate(31), "dropped arphold");
    EXPECT_EQ(n.fate(30), "held");
    EXPECT_EQ(n.fate(41), "held");
    n.expect_conserved();
}

TEST_F(arp_hold, who_does_not_answer_is_left_alone_for_a_while) {
    for (unsigned i = 0; i < arp_maxtries; ++i) {
        EXPECT_EQ(send_to(next_hop), "held");
        EXPECT_EQ(requests(), 1U) << i;
        n.pass(1);
    }
    send_to(next_hop);
    EXPECT_EQ(n.fate(1), "dropped hostdown");
    EXPECT_EQ(n.fate(n.last_packet()), "dropped hostdown");
    EXPECT_EQ(n.st.arp->hold_total, 0U);
    EXPECT_EQ(send_to(next_hop), "dropped hostdown") << "rejected at once";
    EXPECT_EQ(requests(), 0U);
    n.pass(arpt_down + 1);
    EXPECT_EQ(send_to(next_hop), "held");
    EXPECT_EQ(requests(), 1U);
    answer_for(next_hop);
    EXPECT_EQ(send_to(next_hop), "forwarded em1");
    n.expect_conserved();
}

// A packet that has looked before the host was given up, and waits for the mutex, neither waits for an answer nor uses
// the address that has expired.
TEST_F(arp_hold, who_comes_late_to_a_host_that_was_given_up_is_told_so) {
    send_to(next_hop);
    answer_for(next_hop);
    n.pass(arpt_keep);
    for (unsigned i = 0; i < arp_maxtries; ++i) {
        EXPECT_EQ(send_to(next_hop), "held");
        ++n.st.clock.seconds;
    }
    send_to(next_hop);
    EXPECT_EQ(n.fate(n.last_packet()), "dropped hostdown");
    (void)n.sent(1);
    model::net::rtentry* rt = model::net::rtalloc(n.st, next_hop, 0, 0);
    ASSERT_EQ(arp_lladdr(*rt), lladdr_of(next_hop)) << "the address is still there";
    // The time to come alone does not say that it may be used.
    EXPECT_EQ(send_to(next_hop), "dropped hostdown");
    rt->rt_flags.fetch_and(~model::net::RTF_REJECT);
    rt->rt_expire = n.st.clock.seconds;
    EXPECT_EQ(send_to(next_hop), "held");
    model::net::rtfree(rt);
    n.expect_conserved();
}

// The same address said again on another interface changes nothing, but what waits for it leaves where the entry is.
TEST_F(arp_hold, what_is_held_leaves_by_the_interface_of_its_entry) {
    send_to(next_hop);
    answer_for(next_hop);
    n.pass(arpt_keep);
    EXPECT_EQ(send_to(next_hop), "held");
    n.input("em0", arp_frame(em0_lladdr,
                             {arpop_reply, lladdr_of(next_hop), next_hop, em0_lladdr, remote}));
    EXPECT_EQ(n.fate(3), "forwarded em1");
    n.expect_conserved();
}

TEST_F(arp_hold, an_entry_is_refreshed_before_it_ends) {
    send_to(next_hop);
    answer_for(next_hop);
    (void)n.sent(1);
    n.pass(arpt_keep - arpt_keep / 8);
    EXPECT_EQ(send_to(next_hop), "forwarded em1");
    EXPECT_EQ(requests(), 0U);
    n.pass(1);
    EXPECT_EQ(send_to(next_hop), "forwarded em1");
    EXPECT_EQ(send_to(next_hop), "forwarded em1");
    EXPECT_EQ(requests(), 1U) << "once";
    n.pass(arp_refresh_interval + 1);
    EXPECT_EQ(send_to(next_hop), "forwarded em1");
    EXPECT_EQ(requests(), 1U);
    n.pass(arpt_keep);
    EXPECT_EQ(send_to(next_hop), "held") << "it has ended";
}

TEST_F(arp_hold, an_address_of_the_administrator_releases_what_is_held) {
    n.run("route add 10.9.0.0/16 10.0.2.2");
    EXPECT_EQ(send_to(far), "held");
    n.run("arp -s 10.0.2.2 02:00:00:00:02:02");
    EXPECT_EQ(n.fate(1), "forwarded em1");
    n.expect_conserved();
}

TEST_F(arp_hold, what_is_held_for_a_deleted_entry_is_dropped) {
    EXPECT_EQ(send_to(next_hop), "held");
    EXPECT_EQ(n.run("arp -d 10.0.2.2"), "10.0.2.2 (10.0.2.2) deleted\n");
    EXPECT_EQ(n.fate(1), "dropped arpdeleted");
    EXPECT_EQ(send_to(next_hop), "held");
    n.run("ifconfig em1 destroy");
    EXPECT_EQ(n.fate(2), "dropped arpdeleted");
    n.expect_conserved();
}

TEST_F(arp_hold, an_entry_that_gateway_routes_use_is_only_emptied) {
    n.run("route add 10.9.0.0/16 10.0.2.2");
    n.run("arp -s 10.0.2.2 02:00:00:00:02:02");
    n.run("arp -d 10.0.2.2");
    EXPECT_EQ(row("10.0.2.2"), "(incomplete)          em1 expired   ");
    EXPECT_EQ(send_to(far), "held");
    answer_for(next_hop);
    EXPECT_EQ(n.fate(1), "forwarded em1");
}

TEST_F(arp_hold, interfaces_without_arp) {
    n.run("ifconfig em1 staticarp");
    EXPECT_EQ(send_to(next_hop), "dropped noarp");
    n.run("arp -s 10.0.2.2 02:00:00:00:02:02");
    EXPECT_EQ(send_to(next_hop), "forwarded em1");
}

TEST_F(arp, addresses_are_announced) {
    n.run("ifconfig em0 inet 10.0.3.1/24 alias");
    std::vector<bytes> frames = n.sent(0);
    ASSERT_EQ(frames.size(), 1U);
    EXPECT_EQ(arp_of(frames[0]),
              (ether_arp{arpop_request, em0_lladdr, ip(10, 0, 3, 1), 0, ip(10, 0, 3, 1)}));
    n.run("ifconfig em0 lladdr 02:00:00:00:0a:0a");
    frames = n.sent(0);
    ASSERT_EQ(frames.size(), 2U);
    EXPECT_EQ(arp_of(frames[0]).sha, 0x020000000a0aU);
    EXPECT_EQ(row("10.0.1.1"), "02:00:00:00:0a:0a     em0 permanent l");
}

}  // namespace

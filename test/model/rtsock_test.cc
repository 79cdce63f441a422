// Who listens to the routing table is told what changes, in the order of the changes.
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "model/admin/observe.h"
#include "model/admin/text.h"
#include "test/model/network.h"

namespace {

using namespace model;
using namespace model::net;
using namespace model_test;

std::string seen(network& n, const std::string& query) {
    const std::string words = "monitor " + query;
    std::string out;
    EXPECT_TRUE(admin::observe(n.st, admin::split_words(words), out)) << words;
    return out;
}

// What M has heard of since the last time.
std::string heard(network& n) {
    const std::string words = seen(n, "queued M");
    n.run("route read M all");
    return words;
}

struct listening : network {
    explicit listening(const std::string& how = "") {
        set_up();
        run("route monitor " + how + " as M");
    }
};

// ---- what is told -------------------------------------------------------------------------------

struct told_case {
    const char* command;
    const char* words;
};

TEST(rtsock, what_changes_is_told) {
    const told_case cases[] = {
        {"route add 10.8.0.0/16 10.0.2.2", "add 10.8.0.0/16 10.0.2.2"},
        {"route change 10.8.0.0/16 10.0.2.3",
         // The neighbour is needed, and made.
         "add 10.0.2.3/32 + change 10.8.0.0/16 10.0.2.3"},
        {"route delete 10.8.0.0/16", "delete 10.8.0.0/16 10.0.2.3"},
        {"arp -s 10.0.2.7 02:00:00:00:02:07", "add 10.0.2.7/32 02:00:00:00:02:07"},
        {"arp -d 10.0.2.7", "delete 10.0.2.7/32 02:00:00:00:02:07"},
        // One that is used is changed in place.
        {"arp -s 10.0.2.2 02:00:00:00:02:99", "change 10.0.2.2/32 02:00:00:00:02:99"},
        {"arp -d 10.0.2.2", "change 10.0.2.2/32"},
        {"ifconfig em1 down", "delete 10.0.2.3/32 + ifinfo em1 link up"},
        {"ifconfig em1 up mtu 1400", "ifinfo em1 link up + ifinfo em1 link up"},
        {"ifconfig em2 create", "ifannounce em2 arrival"},
        {"ifconfig em2 inet 10.0.3.1/30",
         "ifinfo em2 link up + add 10.0.3.1/32 02:00:00:00:00:02 + newaddr 10.0.3.1/30 + add "
         "10.0.3.3/32 + add "
         "10.0.3.0/30"},
        {"ifconfig em2 destroy",
         "delete 10.0.3.1/32 02:00:00:00:00:02 + delete 10.0.3.3/32 + delete 10.0.3.0/30 + "
         "deladdr 10.0.3.1/30 + ifannounce em2 departure"},
    };
    listening n;
    for (const told_case& c : cases) {
        n.run(c.command);
        EXPECT_EQ(heard(n), c.words) << c.command;
    }
    EXPECT_EQ(seen(n, "knows M"), "in_step");
}

TEST(rtsock, what_is_refused_is_told_too) {
    listening n;
    n.fails("route add 10.9.0.0/16 10.0.2.2");
    n.fails("route delete 10.7.0.0/16");
    EXPECT_EQ(heard(n), "add 10.9.0.0/16 10.0.2.2 refused + delete 10.7.0.0/16 refused");
    EXPECT_EQ(seen(n, "knows M"), "in_step");
}

TEST(rtsock, a_link_goes_and_comes) {
    listening n;
    n.run("wire em1 down");
    kern::taskq_barrier(n.st.systq);
    const std::string down = heard(n);
    EXPECT_NE(down.find("ifinfo em1 link down"), std::string::npos) << down;
    n.run("wire em1 up");
    kern::taskq_barrier(n.st.systq);
    EXPECT_EQ(heard(n), "ifinfo em1 link up");
    EXPECT_EQ(seen(n, "knows M"), "in_step");
}

TEST(rtsock, neighbours_are_cloned_and_tell_their_address) {
    listening n;
    ip_packet p;
    p.header.destination = ip(10, 0, 2, 9);
    n.input("em0", p.frame());
    EXPECT_EQ(heard(n), "add 10.0.2.9/32");
    const netinet::ether_arp is_at = {netinet::arpop_reply, lladdr_of(ip(10, 0, 2, 9)),
                                      ip(10, 0, 2, 9), em1_lladdr, ip(10, 0, 2, 1)};
    n.input("em1", arp_frame(em1_lladdr, is_at));
    EXPECT_EQ(heard(n), "resolve 10.0.2.9/32 02:00:00:00:02:09");
    n.input("em1", arp_frame(em1_lladdr, is_at));
    EXPECT_EQ(heard(n), "");  // which is no news
    n.pass(netinet::arpt_keep + 1);
    EXPECT_EQ(kern::timeout_fire(n.st.timeouts, "arptimer"), 1);
    kern::timeout_flush(n.st.timeouts);
    EXPECT_EQ(heard(n), "delete 10.0.2.9/32");
}

TEST(rtsock, clones_go_before_what_they_were_cloned_from) {
    listening n;
    n.run("ifconfig em2 inet 10.0.3.1/24");
    n.run("arp -s 10.0.3.9 02:00:00:00:03:09");
    ip_packet p;
    p.header.destination = ip(10, 0, 3, 8);
    n.input("em0", p.frame());
    (void)heard(n);
    n.run("ifconfig em2 inet 10.0.3.1/24 delete");
    const std::string words = heard(n);
    EXPECT_LT(words.find("delete 10.0.3.8/32"), words.find("delete 10.0.3.0/24")) << words;
    EXPECT_NE(words.find("deladdr 10.0.3.1/24"), std::string::npos);
    EXPECT_EQ(seen(n, "knows M"), "in_step");
}

// ---- filters ------------------------------------------------------------------------------------

struct filter_case {
    const char* how;
    const char* words;
};

TEST(rtsock, filters) {
    const filter_case cases[] = {
        {"only add", "add 10.0.2.3/32 + add 10.8.0.0/16 10.0.2.3"},
        {"only delete RTM_IFINFO", "delete 10.8.0.0/16 10.0.2.3 + ifinfo em1 link up"},
        {"without host static", "ifinfo em1 link up"},
        {"without cloned",
         "add 10.8.0.0/16 10.0.2.3 + delete 10.8.0.0/16 10.0.2.3 + ifinfo em1 link up"},
        {"priority 7", "add 10.0.2.3/32 + ifinfo em1 link up"},
        {"only add buffer 5 without host", "add 10.8.0.0/16 10.0.2.3"},
    };
    for (const filter_case& c : cases) {
        listening n(c.how);
        n.run("route add 10.8.0.0/16 10.0.2.3");
        n.run("route delete 10.8.0.0/16");
        n.run("ifconfig em1 mtu 1400");
        EXPECT_EQ(heard(n), c.words) << c.how;
    }
}

// ---- a full buffer ------------------------------------------------------------------------------

TEST(rtsock, what_is_lost_is_told_once_when_all_is_read) {
    listening n("buffer 2");
    for (const char* to : {"10.0.2.2", "10.0.2.2", "10.0.2.2"}) {
        n.run(std::string("route add 10.8.0.0/16 ") + to);
        n.run("route delete 10.8.0.0/16");
    }
    EXPECT_EQ(seen(n, "queued M"), "add 10.8.0.0/16 10.0.2.2 + delete 10.8.0.0/16 10.0.2.2");
    EXPECT_EQ(seen(n, "knows M"), "desync");
    n.run("route read M");
    n.run("route add 10.8.0.0/16 10.0.2.2");  // lost, though there is room again
    n.run("route read M 2");
    EXPECT_EQ(seen(n, "got M"), "add 10.8.0.0/16 10.0.2.2 + delete 10.8.0.0/16 10.0.2.2 + desync");
    EXPECT_EQ(seen(n, "knows M"), "in_step");  // it has read it anew
    n.run("route add 10.7.0.0/16 10.0.2.2");
    EXPECT_EQ(n.run("route read M all").substr(0, 24), "RTM_ADD: 10.7.0.0/16 10.");
    EXPECT_EQ(seen(n, "desync M"), "1");
    EXPECT_EQ(seen(n, "messages M"), "4");
    EXPECT_EQ(seen(n, "knows M"), "in_step");
}

TEST(rtsock, a_full_buffer_is_no_loss_until_something_comes) {
    listening n("buffer 1");
    n.run("route add 10.8.0.0/16 10.0.2.2");
    EXPECT_EQ(seen(n, "knows M"), "in_step");
    n.run("route read M all");
    EXPECT_EQ(seen(n, "desync M"), "0");
}

TEST(rtsock, each_has_a_buffer_of_its_own) {
    listening n("buffer 1");
    n.run("route monitor as N");
    n.run("route add 10.8.0.0/16 10.0.2.2");
    n.run("route delete 10.8.0.0/16");
    EXPECT_EQ(seen(n, "knows M"), "desync");
    EXPECT_EQ(seen(n, "knows N"), "in_step");
    EXPECT_EQ(seen(n, "queued N"), "add 10.8.0.0/16 10.0.2.2 + delete 10.8.0.0/16 10.0.2.2");
}

// ---- opening, reading, closing ------------------------------------------------------------------

TEST(rtsock, names) {
    listening n;
    EXPECT_EQ(n.fails("route monitor as M"), "route: M: File exists\n");
    EXPECT_EQ(n.fails("route read N"), "route: N: Bad file descriptor\n");
    n.run("route add 10.8.0.0/16 10.0.2.2");
    n.run("route read M");
    n.run("route close M");
    EXPECT_EQ(n.fails("route close M"), "route: M: Bad file descriptor\n");
    EXPECT_EQ(n.fails("route read M"), "route: M: Bad file descriptor\n");
    EXPECT_EQ(seen(n, "knows M"), "closed");
    EXPECT_EQ(seen(n, "got M"), "add 10.8.0.0/16 10.0.2.2");
    EXPECT_EQ(seen(n, "queued N"), "none");
    EXPECT_EQ(kern::pool_live(n.st.rtpcb_pool), 0);
    n.run("route delete 10.8.0.0/16");
    n.run("route monitor as M");
    EXPECT_EQ(seen(n, "got M"), "");
    EXPECT_EQ(kern::pool_live(n.st.rtpcb_pool), 1);
}

TEST(rtsock, usage) {
    listening n;
    for (const char* wrong :
         {"route monitor as", "route monitor as a-b", "route monitor buffer 0",
          "route monitor buffer", "route monitor only none", "route monitor without add",
          "route monitor priority 64", "route monitor messages 0", "route read", "route read M 0",
          "route read M some", "route read M 1 2", "route close", "route close M N",
          "route monitor add"}) {
        const std::string said = n.fails(wrong);
        EXPECT_EQ(said.substr(0, 21), "usage: route monitor ") << wrong << ": " << said;
    }
}

TEST(rtsock, what_a_line_says) {
    listening n;
    n.run("route add -mtu 1400 10.8.0.0/16 10.0.2.2");
    n.run("ifconfig em1 mtu 1400");
    n.fails("route add 10.8.0.0/16 10.0.2.2");
    EXPECT_EQ(n.run("route read M 3"),
              "RTM_ADD: 10.8.0.0/16 10.0.2.2, if# 2, priority 8, mtu 1400, flags "
              "<UP,GATEWAY,STATIC>\n"
              "RTM_IFINFO: em1 link up, if# 2, mtu 1400, flags 8843\n"
              "RTM_ADD: 10.8.0.0/16 10.0.2.2, if# 0, priority 0, File exists, flags <STATIC>\n");
}

TEST(rtsock, who_waits_is_woken_by_a_message_and_by_the_end) {
    listening n;
    std::string out;
    std::thread program([&] {
        kern::cpu_attach(1);
        (void)admin::command(n.st, "route monitor messages 1", out);
        std::string ended;
        EXPECT_EQ(admin::command(n.st, "route read M 9", ended), 1);
        // It waits when M is closed, or comes too late to find it.
        const std::string said = ended.substr(ended.rfind("route:"));
        EXPECT_TRUE(said == "route: M: Socket is not connected\n" ||
                    said == "route: M: Bad file descriptor\n")
            << said;
    });
    const auto listeners = [&] {
        kern::rw_enter_read(n.st.conf_lock);
        const rtpcb* first = n.st.rtsock.list;
        const bool two = first != nullptr && first->rop_next != nullptr;
        kern::rw_exit(n.st.conf_lock);
        return two;
    };
    while (!listeners()) {
        std::this_thread::yield();
    }
    n.run("route add 10.8.0.0/16 10.0.2.2");
    while (listeners()) {
        std::this_thread::yield();
    }
    n.run("route close M");
    program.join();
    EXPECT_EQ(out.substr(0, 20), "RTM_ADD: 10.8.0.0/16");
    EXPECT_EQ(kern::pool_live(n.st.rtpcb_pool), 0);
}

// Two change routes while a third opens, reads, closes: whoever has lost nothing knows the table.
TEST(rtsock, many_at_once) {
    listening n("buffer 8");
    const auto change = [&](unsigned cpu, const std::string& net) {
        kern::cpu_attach(cpu);
        std::string out;
        for (int round = 0; round < 200; ++round) {
            (void)admin::command(n.st, "route add " + net + " 10.0.2.2", out);
            (void)admin::command(n.st, "route change " + net + " 10.0.2.3", out);
            (void)admin::command(n.st, "route delete " + net, out);
        }
    };
    std::thread other(change, 1, "10.7.0.0/16");
    for (int round = 0; round < 200; ++round) {
        n.run("route monitor buffer 3 as N");
        n.run("route read M all");
        n.run("route read N all");
        n.run("route close N");
    }
    other.join();
    n.run("route read M all");
    EXPECT_EQ(seen(n, "knows M"), "in_step");
    EXPECT_EQ(kern::pool_live(n.st.rtpcb_pool), 1);
}

}  // namespace

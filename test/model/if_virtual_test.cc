// Interfaces without hardware: loopback, vether, pair, vlan. What the administrator sees of them, and where packets go.
#include <cerrno>

#include "model/net/if_vlan.h"
#include "model/net/softnet.h"
#include "test/model/network.h"
#include "test/model/together.h"

namespace kern = model::kern;
using namespace model::net;
using namespace model_test;

namespace {

class if_virtual : public ::testing::Test {
  protected:
    void SetUp() override { n.set_up(); }

    // Whatever tasks have to do has been done.
    void settle() {
        for (int round = 0; round < 3; ++round) {
            kern::taskq_barrier(n.st.systq);
            softnet_barrier(n.st);
        }
        const configuring lock(n.st);  // looks whether everything fits
    }
    // A frame comes in; its fate when everything has settled.
    std::string input(const char* ifname, const bytes& frame) {
        n.input(ifname, frame);
        // A packet that goes round is forwarded once between two barriers at least, and as often as its TTL says. Nobody
        // may ask for its fate before: whoever has the packet tells it without a lock.
        for (int round = 0; round < 70; ++round) {
            softnet_barrier(n.st);
        }
        settle();
        return n.fate(n.last_packet());
    }
    // The lines of `ifconfig` behind the first that have this word.
    std::string line_of(const std::string& ifname, const std::string& word) {
        const std::string text = n.run("ifconfig " + ifname);
        const size_t at = text.find("\t" + word);
        return at == std::string::npos ? "" : text.substr(at + 1, text.find('\n', at) - at - 1);
    }
    void expect_errors(const std::vector<std::pair<const char*, const char*>>& cases) {
        for (const auto& [command, complaint] : cases) {
            EXPECT_EQ(n.fails(command), complaint) << command;
        }
    }
    network n;
};

// The frame with a tag behind its addresses.
bytes tagged(bytes frame, uint16_t tag) {
    const uint8_t encap[] = {0x81, 0x00, static_cast<uint8_t>(tag >> 8), static_cast<uint8_t>(tag)};
    frame.insert(frame.begin() + 12, encap, encap + sizeof encap);
    return frame;
}

bytes packet_to(uint32_t destination, ether_addr to = em0_lladdr) {
    ip_packet p;
    p.header.destination = destination;
    p.to = to;
    return p.frame();
}

}  // namespace

TEST_F(if_virtual, are_listed_by_kind) {
    EXPECT_EQ(n.run("ifconfig -C"), "em lo pair vether vlan\n");
    expect_errors(
        {{"ifconfig vlan create", "ifconfig: SIOCIFCREATE: Invalid argument\n"},
         {"ifconfig vlan01 create", "ifconfig: SIOCIFCREATE: Invalid argument\n"},
         {"ifconfig vlan65536 create", "ifconfig: SIOCIFCREATE: Invalid argument\n"},
         {"ifconfig bridge0 create", "ifconfig: SIOCIFCREATE: Invalid argument\n"},
         {"ifconfig em0 create", "ifconfig: SIOCIFCREATE: File exists\n"},
         {"ifconfig em16 create", "ifconfig: SIOCIFCREATE: Invalid argument\n"},
         {"ifconfig vether0 destroy", "ifconfig: SIOCIFDESTROY: Device not configured\n"}});
    n.run("ifconfig vlan65535 create");
    n.run("ifconfig vlan65535 destroy");
}

// ---- loopback -----------------------------------------------------------------------------------

TEST_F(if_virtual, lo0_is_shown) {
    n.run("ifconfig lo0 127.0.0.1/8");
    EXPECT_EQ(n.run("ifconfig lo0"),
              "lo0: flags=8049<UP,LOOPBACK,RUNNING,MULTICAST> mtu 32768\n"
              "\tindex 3 priority 0 llprio 3\n"
              "\tgroups: lo\n"
              "\tinet 127.0.0.1 netmask 0xff000000\n");
    const std::string routes = n.run("route show");
    EXPECT_NE(routes.find(
                  "127.0.0.1          127.0.0.1          UHl        0        - 32768     1 lo0\n"),
              std::string::npos)
        << routes;
    EXPECT_EQ(routes.find("127/8"), std::string::npos);
    EXPECT_NE(n.run("netstat -in").find("lo0     32768 <Link>"), std::string::npos);
    expect_errors(
        {{"ifconfig lo0 lladdr 02:00:00:00:00:01", "ifconfig: SIOCSIFLLADDR: Invalid argument\n"},
         {"ifconfig lo0 mtu 65536", "ifconfig: SIOCSIFMTU: Invalid argument\n"},
         {"ifconfig lo0 destroy", "ifconfig: SIOCIFDESTROY: Operation not permitted\n"}});
    n.run("ifconfig lo0 mtu 65535");
    n.run("ifconfig lo1 127.0.0.2/32");
    n.run("ifconfig lo1 destroy");
}

TEST_F(if_virtual, what_we_send_to_ourselves_goes_by_lo0) {
    EXPECT_EQ(n.fails("ping 127.0.0.1").find("PING"), 0U) << "no way without lo0";
    EXPECT_NE(n.run("ping 10.0.1.1").find("64 bytes from 10.0.1.1"), std::string::npos);
    n.run("ifconfig lo0 127.0.0.1/8");
    EXPECT_NE(n.run("ping -c 3 127.0.0.1").find("64 bytes from 127.0.0.1: icmp_seq=2"),
              std::string::npos);
    EXPECT_NE(n.run("ping 10.0.1.1").find("64 bytes from 10.0.1.1"), std::string::npos);
    settle();
    {
        const configuring lock(n.st);
        const ifnet* lo = if_unit_locked(n.st, "lo0");
        // Each request and each answer is one packet.
        EXPECT_EQ(if_counter_read(lo->if_counters, if_counter::opackets), 8);
        EXPECT_EQ(if_counter_read(lo->if_counters, if_counter::ipackets), 8);
    }
    n.run("ifconfig lo0 down");
    n.run("socket udp bind 127.0.0.1.99 as S");
    n.run("send S 5 to 127.0.0.1.99");
    settle();
    n.expect_conserved();
}

TEST_F(if_virtual, a_loopback_address_never_comes_over_a_wire) {
    n.run("ifconfig lo0 127.0.0.1/8");
    EXPECT_EQ(input("em0", packet_to(ip(127, 0, 0, 1))), "dropped badaddr");
    ip_packet p;
    p.header.source = ip(127, 0, 0, 1);
    EXPECT_EQ(input("em0", p.frame()), "dropped badaddr");
    n.expect_conserved();
}

TEST_F(if_virtual, a_host_that_is_no_router_hears_itself_by_lo0) {
    n.run("sysctl net.inet.ip.forwarding=0");
    n.run("ifconfig lo0 127.0.0.1/8");
    EXPECT_NE(n.run("ping 10.0.2.1").find("64 bytes from 10.0.2.1"), std::string::npos);
    EXPECT_EQ(input("em0", packet_to(ip(10, 0, 2, 1))), "dropped wrongif");
}

// ---- vether -------------------------------------------------------------------------------------

TEST_F(if_virtual, vether_is_shown_and_swallows_frames) {
    n.run("ifconfig vether0 create");
    EXPECT_EQ(n.run("ifconfig vether0"),
              "vether0: flags=8802<BROADCAST,SIMPLEX,MULTICAST> mtu 1500\n"
              "\tlladdr fe:e1:ba:d0:00:00\n"
              "\tindex 3 priority 0 llprio 3\n"
              "\tgroups: vether\n"
              "\tstatus: active\n");
    n.run("ifconfig vether0 10.0.3.1/24");
    EXPECT_NE(n.run("ifconfig vether0").find("flags=8843<UP,BROADCAST,RUNNING,SIMPLEX,MULTICAST>"),
              std::string::npos);
    n.run("arp -s 10.0.3.9 02:00:00:00:03:09");
    EXPECT_EQ(input("em0", packet_to(ip(10, 0, 3, 9))), "forwarded vether0");
    EXPECT_EQ(input("em0", packet_to(ip(10, 0, 3, 1))), "dropped badlen") << "UDP has it";
    // An announcement, and the packet.
    EXPECT_NE(n.run("netstat -in")
                  .find("vether0 1500  10.0.3/24   10.0.3.1                 0     0        2 "),
              std::string::npos)
        << n.run("netstat -in");
    n.run("ifconfig vether0 down");
    EXPECT_EQ(input("em0", packet_to(ip(10, 0, 3, 9))), "dropped ifdown");
    n.run("ifconfig vether0 destroy");
    EXPECT_EQ(n.fails("ifconfig vether0"), "vether0: no such interface\n");
    n.expect_conserved();
}

// ---- pair ---------------------------------------------------------------------------------------

TEST_F(if_virtual, pair_is_a_cable) {
    n.run("ifconfig pair0 10.0.3.1/24");
    n.run("ifconfig pair1 create");
    EXPECT_EQ(line_of("pair0", "status"), "status: no carrier");
    EXPECT_EQ(line_of("pair0", "patch"), "");
    n.run("ifconfig pair0 patch pair1");
    EXPECT_EQ(line_of("pair0", "patch"), "patch: pair1");
    EXPECT_EQ(line_of("pair1", "patch"), "patch: pair0");
    EXPECT_EQ(line_of("pair1", "status"), "status: active");
    EXPECT_EQ(line_of("pair1", "groups"), "groups: pair");
    settle();
    n.run("arp -s 10.0.3.9 fe:e1:ba:d1:00:01");
    // Out by pair0 and in by pair1, which is down; then up, and no router for its own network's hosts.
    EXPECT_EQ(input("em0", packet_to(ip(10, 0, 3, 9))), "dropped ifdown");
    n.run("ifconfig pair1 up");
    n.run("arp -d 10.0.3.9");
    n.run("arp -s 10.0.3.9 fe:e1:ba:d1:00:07");
    EXPECT_EQ(input("em0", packet_to(ip(10, 0, 3, 9))), "dropped notforus");
    n.run("ifconfig pair0 -patch");
    settle();
    EXPECT_EQ(line_of("pair1", "status"), "status: no carrier");
    EXPECT_EQ(input("em0", packet_to(ip(10, 0, 3, 9))), "dropped unpatched");
    n.run("ifconfig pair0 -patch");
    n.expect_conserved();
}

TEST_F(if_virtual, pair_goes_round_to_ourselves) {
    n.run("ifconfig pair0 10.0.3.1/24");
    n.run("ifconfig pair1 10.0.4.1/24");
    n.run("ifconfig pair1 patch pair0");
    settle();
    // The neighbour on pair0 is our own other end, which routes it on to em1.
    n.run("arp -s 10.0.3.2 fe:e1:ba:d1:00:01");
    n.run("route add 10.7.0.0/16 10.0.3.2");
    EXPECT_EQ(input("em0", packet_to(ip(10, 7, 0, 1))), "dropped ttl") << "round and round";
    n.run("sysctl net.inet.ip.forwarding=1");
    n.expect_conserved();
}

TEST_F(if_virtual, pair_errors_are_those_of_the_tool) {
    for (const char* name : {"pair0", "pair1", "pair2", "vether0"}) {
        n.run("ifconfig " + std::string(name) + " create");
    }
    n.run("ifconfig pair0 patch pair1");
    expect_errors(
        {{"ifconfig pair2 patch pair1", "ifconfig: SIOCSIFPAIR: Device busy\n"},
         {"ifconfig pair2 patch pair2", "ifconfig: SIOCSIFPAIR: Invalid argument\n"},
         {"ifconfig pair2 patch pair9", "ifconfig: patch pair9: No such file or directory\n"},
         {"ifconfig pair2 patch vether0",
          "ifconfig: SIOCSIFPAIR: Operation not supported by device\n"},
         {"ifconfig em0 patch pair1", "ifconfig: SIOCSIFPAIR: Inappropriate ioctl for device\n"},
         {"ifconfig em0 -patch", "ifconfig: SIOCSIFPAIR: Inappropriate ioctl for device\n"},
         {"ifconfig pair2 patch", "ifconfig: 'patch' requires argument\n"}});
    n.run("ifconfig pair0 patch pair1");
    n.run("ifconfig pair0 patch pair2");  // in place of pair1
    EXPECT_EQ(line_of("pair1", "patch"), "");
    EXPECT_EQ(line_of("pair2", "patch"), "patch: pair0");
    n.run("ifconfig pair0 destroy");
    EXPECT_EQ(line_of("pair2", "patch"), "");
    EXPECT_EQ(line_of("pair2", "status"), "status: no carrier");
}

// ---- vlan ---------------------------------------------------------------------------------------

TEST_F(if_virtual, vlan_is_shown) {
    n.run("ifconfig vlan10 create");
    EXPECT_EQ(n.run("ifconfig vlan10"),
              "vlan10: flags=8802<BROADCAST,SIMPLEX,MULTICAST> mtu 1500\n"
              "\tlladdr 00:00:00:00:00:00\n"
              "\tindex 3 priority 0 llprio 3\n"
              "\tencap: vnetid none parent none txprio packet rxprio outer\n"
              "\tgroups: vlan\n"
              "\tstatus: no carrier\n");
    n.run("ifconfig vlan10 parent em0 vnetid 10");
    n.run("ifconfig vlan10 10.0.3.1/24");
    EXPECT_EQ(n.run("ifconfig vlan10"),
              "vlan10: flags=8843<UP,BROADCAST,RUNNING,SIMPLEX,MULTICAST> mtu 1500\n"
              "\tlladdr 02:00:00:00:01:01\n"
              "\tindex 3 priority 0 llprio 3\n"
              "\tencap: vnetid 10 parent em0 txprio packet rxprio outer\n"
              "\tgroups: vlan\n"
              "\tstatus: active\n"
              "\tinet 10.0.3.1 netmask 0xffffff00 broadcast 10.0.3.255\n");
}

TEST_F(if_virtual, vlan_tags_what_it_sends) {
    n.run("ifconfig vlan10 create");
    n.run("ifconfig vlan10 parent em1 vnetid 10 lladdr 02:00:00:00:03:01");
    n.run("ifconfig vlan10 10.0.3.1/24");
    n.run("arp -s 10.0.3.9 02:00:00:00:03:09");
    n.forget_wires();
    EXPECT_EQ(input("em0", packet_to(ip(10, 0, 3, 9))), "forwarded em1");
    const std::vector<bytes> frames = n.sent(1);
    ASSERT_EQ(frames.size(), 1U);
    const bytes head(frames[0].begin(), frames[0].begin() + 18);
    EXPECT_EQ(head, bytes({0x02, 0, 0, 0, 3, 9, 0x02, 0, 0, 0, 3, 1, 0x81, 0, 0x60, 10, 8, 0}));
    n.expect_conserved();
}

TEST_F(if_virtual, vlan_gets_what_is_tagged_for_it) {
    n.run("ifconfig vlan10 create");
    n.run("ifconfig vlan20 create");
    n.run("ifconfig vlan10 parent em0 vnetid 10");
    n.run("ifconfig vlan20 parent em0 vnetid 20");
    n.run("ifconfig vlan10 10.0.3.1/24");
    EXPECT_EQ(input("em0", tagged(packet_to(far), 10)), "forwarded em1");
    EXPECT_EQ(input("em0", tagged(packet_to(far), 0xe00a)), "forwarded em1")
        << "whatever its priority";
    EXPECT_EQ(input("em0", tagged(packet_to(far, 0x020000000777), 10)), "dropped notforus");
    EXPECT_EQ(input("em0", tagged(packet_to(far), 20)), "dropped ifdown");
    EXPECT_EQ(input("em0", tagged(packet_to(far), 30)), "dropped noproto");
    EXPECT_EQ(input("em1", tagged(packet_to(far), 10)), "dropped noproto");
    EXPECT_EQ(input("em0", tagged(tagged(packet_to(far), 10), 10)), "dropped noproto");
    bytes short_one = tagged(packet_to(far), 10);
    short_one.resize(17);
    EXPECT_EQ(input("em0", short_one), "dropped tooshort");
    n.run("ifconfig vlan10 vnetid 11");
    EXPECT_EQ(input("em0", tagged(packet_to(far), 11)), "forwarded em1");
    // Untagged frames are the parent's.
    EXPECT_EQ(input("em0", packet_to(far)), "forwarded em1");
    n.expect_conserved();
}

TEST_F(if_virtual, vlan_follows_its_parent) {
    n.run("ifconfig vlan10 create");
    n.run("ifconfig vlan10 parent em1 vnetid 10");
    n.run("ifconfig vlan10 10.0.3.1/24");
    n.run("arp -s 10.0.3.9 02:00:00:00:03:09");
    n.run("wire em1 down");
    settle();
    EXPECT_EQ(line_of("vlan10", "status"), "status: no carrier");
    n.run("wire em1 up");
    settle();
    EXPECT_EQ(line_of("vlan10", "status"), "status: active");
    EXPECT_EQ(input("em0", packet_to(ip(10, 0, 3, 9))), "forwarded em1");
    n.run("ifconfig em1 down");
    EXPECT_EQ(input("em0", packet_to(ip(10, 0, 3, 9))), "dropped noparent");
    n.run("ifconfig em1 destroy");
    settle();
    EXPECT_NE(n.run("ifconfig vlan10").find("vlan10: flags=8802<BROADCAST,SIMPLEX,MULTICAST>"),
              std::string::npos);
    EXPECT_EQ(line_of("vlan10", "encap"),
              "encap: vnetid 10 parent none txprio packet rxprio outer");
    EXPECT_EQ(line_of("vlan10", "status"), "status: no carrier");
    EXPECT_EQ(input("em0", packet_to(ip(10, 0, 3, 9))), "dropped ifdown");
    EXPECT_EQ(n.fails("ifconfig vlan10 up"), "ifconfig: SIOCSIFFLAGS: Device not configured\n");
    n.run("ifconfig vlan10 parent em0 up");
    settle();
    EXPECT_EQ(line_of("vlan10", "status"), "status: active");
    n.run("ifconfig vlan10 destroy");
    n.run("ifconfig em0 destroy");
    n.expect_conserved();
}

TEST_F(if_virtual, vlan_errors_are_those_of_the_tool) {
    for (const char* name : {"vlan10", "vlan11", "lo0", "vether0"}) {
        n.run("ifconfig " + std::string(name) + " create");
    }
    n.run("ifconfig vlan10 parent em0 vnetid 10 up");
    expect_errors(
        {{"ifconfig vlan10 parent em1", "ifconfig: SIOCSIFPARENT: Device busy\n"},
         {"ifconfig vlan10 -parent", "ifconfig: SIOCDIFPARENT: Device busy\n"},
         {"ifconfig vlan11 parent em9", "ifconfig: SIOCSIFPARENT: Invalid argument\n"},
         {"ifconfig vlan11 parent lo0", "ifconfig: SIOCSIFPARENT: Protocol not supported\n"},
         {"ifconfig vlan11 parent vlan10", "ifconfig: SIOCSIFPARENT: Protocol not supported\n"},
         {"ifconfig em0 parent em1", "ifconfig: SIOCSIFPARENT: Inappropriate ioctl for device\n"},
         {"ifconfig em0 vnetid 7", "ifconfig: SIOCSVNETID: Inappropriate ioctl for device\n"},
         {"ifconfig vlan11 vnetid 0", "ifconfig: SIOCSVNETID: Invalid argument\n"},
         {"ifconfig vlan11 vnetid 4095", "ifconfig: SIOCSVNETID: Invalid argument\n"},
         {"ifconfig vlan11 vnetid ten", "ifconfig: vnetid ten: invalid\n"},
         {"ifconfig vlan11 up", "ifconfig: SIOCSIFFLAGS: Device not configured\n"},
         {"ifconfig vlan11 10.0.4.1/24", "ifconfig: SIOCAIFADDR: Device not configured\n"},
         {"ifconfig vlan11 mtu 1501", "ifconfig: SIOCSIFMTU: Invalid argument\n"},
         {"ifconfig vlan11 parent em0 vnetid 10",
          "ifconfig: SIOCSVNETID: Address already in use\n"}});
    n.run("ifconfig vlan11 -parent -vnetid vnetid 10");
    EXPECT_EQ(n.fails("ifconfig vlan11 parent em0"),
              "ifconfig: SIOCSIFPARENT: Address already in use\n");
    n.run("ifconfig vlan11 parent vether0 up");
    n.run("ifconfig vether0 destroy");
    EXPECT_EQ(line_of("vlan11", "encap"),
              "encap: vnetid 10 parent none txprio packet rxprio outer");
}

// Senders and receivers of both ends, while cables are plugged and everything is destroyed and made again.
TEST(if_virtual_stress, come_and_go_under_packets) {
    network n(4);
    n.set_up();
    const auto make = [&n] {
        std::string out;
        for (const char* line :
             {"ifconfig vlan10 create", "ifconfig vlan10 parent em1 vnetid 10",
              "ifconfig vlan10 10.0.3.1/24", "arp -s 10.0.3.9 02:00:00:00:03:09",
              "ifconfig pair0 10.0.4.1/24", "ifconfig pair1 up", "ifconfig pair0 patch pair1",
              "arp -s 10.0.4.9 fe:e1:ba:d1:00:01"}) {
            (void)model::admin::command(n.st, line, out);
        }
    };
    make();
    std::atomic<bool> done{false};
    together(0, 4, [&](unsigned cpu) {
        std::string out;
        if (cpu == 3) {
            for (unsigned round = 0; round < 40; ++round) {
                for (const char* line :
                     {"ifconfig em1 destroy", "ifconfig em1 10.0.2.1/24", "ifconfig pair1 -patch",
                      "ifconfig pair1 destroy", "ifconfig vlan10 destroy"}) {
                    (void)model::admin::command(n.st, line, out);
                }
                make();
            }
            done.store(true);
            return;
        }
        const bytes out_by_vlan = packet_to(ip(10, 0, 3, 9));
        const bytes out_by_pair = packet_to(ip(10, 0, 4, 9));
        const bytes in_by_vlan = tagged(packet_to(sender, em1_lladdr), 10);
        while (!done.load(std::memory_order_relaxed)) {
            for (const bytes* f : {&out_by_vlan, &out_by_pair}) {
                (void)if_input(n.st, "em0", f->data(), f->size(), 0);
            }
            (void)if_input(n.st, "em1", in_by_vlan.data(), in_by_vlan.size(), 0);
        }
    });
    kern::taskq_barrier(n.st.systq);
    softnet_barrier(n.st);
    const configuring lock(n.st);
}

// ---- groups -------------------------------------------------------------------------------------

TEST_F(if_virtual, egress_is_where_default_routes_lead) {
    const auto members = [this](const std::string& group) {
        std::string names;
        std::string text;
        (void)model::admin::command(n.st, "ifconfig " + group, text);
        for (size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) {
            names += text[at] == '\t' ? "" : text.substr(at, text.find(':', at) - at) + " ";
        }
        return names;
    };
    EXPECT_EQ(n.fails("ifconfig egress"), "egress: no such interface\n");
    n.run("route add default 10.0.1.9");
    EXPECT_EQ(members("egress"), "em0 ");
    EXPECT_EQ(line_of("em0", "groups"), "groups: egress");
    n.run("route change default 10.0.2.2");
    EXPECT_EQ(members("egress"), "em1 ");
    n.run("route add -mpath -priority 40 default 10.0.1.9");
    EXPECT_EQ(members("egress"), "em0 em1 ");
    n.run("ifconfig em1 delete 10.0.2.1");
    EXPECT_EQ(members("egress"), "em0 ");
    n.run("route delete default");
    EXPECT_EQ(n.fails("ifconfig egress"), "egress: no such interface\n");
    n.run("ifconfig vlan1 create");
    n.run("ifconfig vlan2 create");
    EXPECT_EQ(members("vlan"), "vlan1 vlan2 ");
    EXPECT_EQ(members("all"), "em0 em1 vlan1 vlan2 ");
    EXPECT_EQ(n.fails("ifconfig em0 group all"), "ifconfig: SIOCAIFGROUP: File exists\n");
    EXPECT_EQ(line_of("em0", "groups"), "");
}

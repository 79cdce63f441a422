// The administrator's tools: what they print, what they complain about, what they change.
#include <gtest/gtest.h>

#include "test/model/network.h"

namespace {

using namespace model_test;

struct command_case {
    const char* line;
    int status;
    const char* output;
};

// Runs the lines one after the other on one router.
void expect_outputs(network& n, std::initializer_list<command_case> cases) {
    for (const command_case& c : cases) {
        std::string out;
        EXPECT_EQ(model::admin::command(n.st, c.line, out), c.status) << c.line;
        EXPECT_EQ(out, c.output) << c.line;
    }
}

TEST(command, finds_the_tool) {
    network n;
    expect_outputs(n, {{"", 0, ""},
                       {"  ", 0, ""},
                       {"ifconfig", 0, ""},
                       {"traceroute 10.0.1.1", 127, "sh: traceroute: not found\n"}});
}

TEST(ifconfig, shows) {
    network n;
    n.set_up_interfaces();
    n.run("ifconfig em0 inet 10.0.3.1/30 alias");
    n.run("ifconfig em0 mtu 1400 staticarp down");
    expect_outputs(n, {{"ifconfig em0", 0,
                        "em0: flags=8862<BROADCAST,STATICARP,RUNNING,SIMPLEX,MULTICAST> mtu 1400\n"
                        "\tlladdr 02:00:00:00:01:01\n"
                        "\tindex 1 priority 0 llprio 3\n"
                        "\tstatus: active\n"
                        "\tinet 10.0.1.1 netmask 0xffffff00 broadcast 10.0.1.255\n"
                        "\tinet 10.0.3.1 netmask 0xfffffffc broadcast 10.0.3.3\n"},
                       {"ifconfig em7", 1, "em7: no such interface\n"}});
    const std::string all = n.run("ifconfig -a");
    EXPECT_NE(all.find("em0: "), std::string::npos);
    EXPECT_NE(all.find("em1: flags=8843<UP,BROADCAST,RUNNING,SIMPLEX,MULTICAST> mtu 1500\n"),
              std::string::npos);
}

TEST(ifconfig, creates_and_destroys) {
    network n;
    expect_outputs(
        n, {{"ifconfig em0 create", 0, ""},
            {"ifconfig em0 create", 1, "ifconfig: SIOCIFCREATE: File exists\n"},
            {"ifconfig wg0 create", 1, "ifconfig: SIOCIFCREATE: Invalid argument\n"},
            {"ifconfig em16 up", 1, "em16: no such interface\n"},
            {"ifconfig em3 up", 0, ""},
            {"ifconfig em3 destroy", 0, ""},
            {"ifconfig em3 destroy", 1, "ifconfig: SIOCIFDESTROY: Device not configured\n"}});
    EXPECT_EQ(model::kern::pool_live(n.st.ifnet_pool), 1);
}

TEST(ifconfig, says_what_is_wrong) {
    network n;
    n.set_up_interfaces();
    expect_outputs(
        n,
        {{"ifconfig em0 mtu 20", 1, "ifconfig: SIOCSIFMTU: Invalid argument\n"},
         {"ifconfig em0 mtu 1501", 1, "ifconfig: SIOCSIFMTU: Invalid argument\n"},
         {"ifconfig em0 mtu x", 1, "ifconfig: mtu x: invalid\n"},
         {"ifconfig em0 lladdr x", 1, "ifconfig: malformed link-level address\n"},
         {"ifconfig em0 lladdr 01:00:00:00:00:01", 1,
          "ifconfig: SIOCSIFLLADDR: Invalid argument\n"},
         {"ifconfig em0 inet 1.2.3", 1, "ifconfig: 1.2.3: bad value\n"},
         {"ifconfig em0 netmask 255.0.255.0", 1, "ifconfig: 255.0.255.0: bad value\n"},
         {"ifconfig em0 upp", 1, "ifconfig: upp: bad value\n"},
         {"ifconfig em0 inet", 1, "ifconfig: 'inet' requires argument\n"},
         {"ifconfig em0 delete", 1, "ifconfig: delete: address wanted\n"},
         {"ifconfig em1 inet 10.0.1.1/24 alias", 1, "ifconfig: SIOCAIFADDR: File exists\n"},
         {"ifconfig em0 inet 10.0.1.0/24 alias", 1, "ifconfig: SIOCAIFADDR: Invalid argument\n"},
         {"ifconfig em0 inet 224.0.0.1/24 alias", 1, "ifconfig: SIOCAIFADDR: Invalid argument\n"},
         {"ifconfig em0 10.0.9.9 delete", 1,
          "ifconfig: SIOCDIFADDR: Can't assign requested address\n"}});
}

TEST(ifconfig, a_new_address_takes_the_place_of_the_first) {
    network n;
    n.set_up();
    n.run("ifconfig em1 10.0.5.1 netmask 255.255.255.0");
    const std::string shown = n.run("ifconfig em1");
    EXPECT_EQ(shown.find("10.0.2.1"), std::string::npos);
    EXPECT_NE(shown.find("inet 10.0.5.1 netmask 0xffffff00"), std::string::npos);
    // Everything that stood on the old one is gone.
    n.fails("route get 10.9.0.5");
    EXPECT_EQ(n.run("arp -an").find("10.0.2."), std::string::npos);
    n.run("ifconfig em1 10.0.5.1 delete");
    EXPECT_EQ(n.run("ifconfig em1").find("inet "), std::string::npos);
}

TEST(ifconfig, classes_give_the_length_that_nobody_gave) {
    network n;
    n.run("ifconfig em0 10.1.1.1");
    n.run("ifconfig em1 172.16.1.1");
    n.run("ifconfig em2 192.168.1.1");
    EXPECT_NE(n.run("ifconfig em0").find("0xff000000"), std::string::npos);
    EXPECT_NE(n.run("ifconfig em1").find("0xffff0000"), std::string::npos);
    EXPECT_NE(n.run("ifconfig em2").find("0xffffff00"), std::string::npos);
}

TEST(ifconfig, two_addresses_share_their_network) {
    network n;
    n.set_up_interfaces();
    n.run("ifconfig em0 10.0.1.2/24 alias");
    EXPECT_EQ(n.input("em0", echo_request(ip(10, 0, 1, 2), ip(10, 0, 1, 1))), "delivered icmp");
    n.run("ifconfig em0 10.0.1.1 delete");
    // The network goes over to the address that stays.
    EXPECT_NE(n.run("route show").find("10.0.1/24          10.0.1.2           UCn"),
              std::string::npos);
    n.run("sysctl net.inet.ip.forwarding=1");
    ip_packet p;
    p.header.destination = sender;
    p.to = em1_lladdr;
    EXPECT_EQ(n.input("em1", p.frame()), "held");
}

TEST(ifconfig, down_is_down) {
    network n;
    n.set_up();
    n.run("ifconfig em1 down");
    EXPECT_EQ(n.input("em0", ip_packet{}.frame()), "dropped ifdown");
    n.run("ifconfig em1 up");
    EXPECT_EQ(n.input("em0", ip_packet{}.frame()), "forwarded em1");
    n.run("ifconfig em0 down");
    EXPECT_EQ(n.input("em0", ip_packet{}.frame()), "dropped ifdown");
}

// ---- route --------------------------------------------------------------------------------------

TEST(route_command, shows) {
    network n;
    n.set_up();
    n.run("route add default 10.0.1.9");
    expect_outputs(
        n, {{"route -n show -inet", 0,
             "Routing tables\n\nInternet:\n"
             "Destination        Gateway            Flags   Refs      Use   Mtu  Prio Iface\n"
             "default            10.0.1.9           UGS        0        -     -     8 em0\n"
             "10.0.1/24          10.0.1.1           UCn        0        -     -     4 em0\n"
             "10.0.1.1           02:00:00:00:01:01  UHLl       0        -     -     1 em0\n"
             "10.0.1.9           02:00:00:00:01:09  UHLSh      1        -     -     3 em0\n"
             "10.0.1.255         10.0.1.1           UHb        0        -     -     1 em0\n"
             "10.0.2/24          10.0.2.1           UCn        1        -     -     4 em1\n"
             "10.0.2.1           02:00:00:00:02:01  UHLl       0        -     -     1 em1\n"
             "10.0.2.2           02:00:00:00:02:02  UHLSch     1        -     -     3 em1\n"
             "10.0.2.255         10.0.2.1           UHb        0        -     -     1 em1\n"
             "10.9/16            10.0.2.2           UGS        0        -     -     8 em1\n"},
            {"route get 10.9.0.5", 0,
             "   route to: 10.9.0.5\n"
             "destination: 10.9.0.0\n"
             "       mask: 255.255.0.0\n"
             "    gateway: 10.0.2.2\n"
             "  interface: em1\n"
             " if address: 10.0.2.1\n"
             "   priority: 8 (static)\n"
             "      flags: <UP,GATEWAY,STATIC>\n"},
            {"route get 172.16.0.1", 0,
             "   route to: 172.16.0.1\n"
             "destination: default\n"
             "       mask: default\n"
             "    gateway: 10.0.1.9\n"
             "  interface: em0\n"
             " if address: 10.0.1.1\n"
             "   priority: 8 (static)\n"
             "      flags: <UP,GATEWAY,STATIC>\n"}});
}

TEST(route_command, adds_changes_and_deletes) {
    network n;
    n.set_up_interfaces();
    expect_outputs(
        n, {{"route add 10.9.0.0/16 10.0.2.2", 0, "add net 10.9.0.0/16: gateway 10.0.2.2\n"},
            {"route add 10.9.0.0/16 10.0.2.2", 1,
             "add net 10.9.0.0/16: gateway 10.0.2.2: File exists\n"},
            {"route add -priority 20 10.9/16 10.0.1.2", 0, "add net 10.9/16: gateway 10.0.1.2\n"},
            {"route add -host 10.5.5.5 10.0.2.2", 0, "add host 10.5.5.5: gateway 10.0.2.2\n"},
            {"route add -net 10.6.0.0 10.0.2.2 -netmask 255.254.0.0", 0,
             "add net 10.6.0.0: gateway 10.0.2.2\n"},
            {"route change 10.9/16 10.0.2.3", 0, "change net 10.9/16: gateway 10.0.2.3\n"},
            {"route change 10.8/16 10.0.2.3", 1,
             "change net 10.8/16: gateway 10.0.2.3: not in table\n"},
            {"route delete 10.9/16 10.0.2.2", 1,
             "delete net 10.9/16: gateway 10.0.2.2: not in table\n"},
            {"route delete 10.9/16 10.0.2.3", 0, "delete net 10.9/16: gateway 10.0.2.3\n"},
            {"route -q delete 10.9/16", 0, ""},
            {"route delete 10.9/16", 1, "delete net 10.9/16: not in table\n"},
            {"route delete 10.6/15", 0, "delete net 10.6/15\n"},
            {"route get 10.5.5.6", 1, "route: writing to routing socket: No such process\n"}});
}

TEST(route_command, says_what_is_wrong) {
    constexpr const char* usage =
        "usage: route [-nq] [-T rtable] command [modifiers] destination [gateway]\n";
    network n;
    n.set_up_interfaces();
    expect_outputs(
        n, {{"route", 1, usage},
            {"route add", 1, usage},
            {"route add 10.9/16", 1, usage},
            {"route frob", 1, (std::string("route: botched keyword: frob\n") + usage).c_str()},
            {"route add -foo 1.2.3.4", 1,
             (std::string("route: botched keyword: foo\n") + usage).c_str()},
            {"route add 10.9/16 x", 1, "route: x: bad value\n"},
            {"route add 10.9 10.0.2.2", 1, "route: 10.9: bad value\n"},
            {"route add -priority 0 10.9/16 10.0.2.2", 1, "route: 0: bad value\n"},
            {"route add 10.7.0.0/16 172.16.0.1", 1,
             "add net 10.7.0.0/16: gateway 172.16.0.1: Network is unreachable\n"},
            {"route add 10.7.0.0/16 10.0.2.1", 1,
             "add net 10.7.0.0/16: gateway 10.0.2.1: Network is unreachable\n"},
            {"route delete 10.0.2.1", 1, "delete host 10.0.2.1: Invalid argument\n"}});
}

// ---- arp ----------------------------------------------------------------------------------------

TEST(arp_command, shows) {
    network n;
    n.set_up();
    n.run("arp -s 10.0.1.20 02:00:00:00:01:14 temp");
    n.run("arp -s 10.0.1.21 02:00:00:00:01:15 permanent pub");
    n.pass(61);
    expect_outputs(
        n, {{"arp -an", 0,
             "Host                                 Ethernet Address    Netif Expire    Flags\n"
             "10.0.1.1                             02:00:00:00:01:01     em0 permanent l\n"
             "10.0.1.9                             02:00:00:00:01:09     em0 static    \n"
             "10.0.1.20                            02:00:00:00:01:14     em0 18m59s    \n"
             "10.0.1.21                            02:00:00:00:01:15     em0 permanent p\n"
             "10.0.2.1                             02:00:00:00:02:01     em1 permanent l\n"
             "10.0.2.2                             02:00:00:00:02:02     em1 static    \n"},
            {"arp -n 10.0.2.2", 0,
             "Host                                 Ethernet Address    Netif Expire    Flags\n"
             "10.0.2.2                             02:00:00:00:02:02     em1 static    \n"},
            {"arp -n 10.0.2.9", 1, "10.0.2.9 (10.0.2.9) -- no entry\n"}});
}

TEST(arp_command, sets_and_deletes) {
    network n;
    n.set_up_interfaces();
    expect_outputs(
        n,
        {{"arp -s 10.0.1.9 02:00:00:00:01:09", 0, ""},
         {"arp -s 10.0.1.9 02:00:00:00:09:09", 1, "arp: writing to routing socket: File exists\n"},
         {"arp -F -s 10.0.1.9 02:00:00:00:09:09", 0, ""},
         {"arp -d 10.0.1.9", 0, "10.0.1.9 (10.0.1.9) deleted\n"},
         {"arp -d 10.0.1.9", 1, "arp: delete: can't locate 10.0.1.9\n"},
         {"arp -d 10.3.3.3", 1, "arp: 10.3.3.3: No such process\n"},
         {"arp -d 10.0.1.1", 0, ""},
         {"arp -s 10.0.1.8 02:00:00:00:01:08", 0, ""},
         {"arp -s 10.0.2.8 02:00:00:00:02:08", 0, ""},
         {"arp -ad", 0, "10.0.1.8 (10.0.1.8) deleted\n10.0.2.8 (10.0.2.8) deleted\n"}});
    model::kern::smr_flush(n.st.smr);
    EXPECT_EQ(model::kern::pool_live(n.st.llinfo_pool), 2) << "those of our own addresses";
}

TEST(arp_command, says_what_is_wrong) {
    constexpr const char* usage =
        "usage: arp [-adn] [-V rdomain] [hostname]\n"
        "       arp [-F] [-V rdomain] -s hostname ether_addr [temp | permanent] [pub]\n";
    network n;
    n.set_up();
    expect_outputs(
        n, {{"arp", 1, usage},
            {"arp -x", 1, usage},
            {"arp -d", 1, usage},
            {"arp -s 10.0.1.9", 1, usage},
            {"arp -s 10.0.1.7 02:00:00:00:01:07 for-ever", 1, usage},
            {"arp -s ten 02:00:00:00:01:07", 1, "arp: ten: no address associated with name\n"},
            {"arp -s 10.0.1.7 0200", 1, "arp: invalid ethernet address: 0200\n"},
            {"arp -s 10.3.3.3 02:00:00:00:03:03", 1, "arp: 10.3.3.3: No such process\n"},
            {"arp -s 10.0.2.1 02:00:00:00:09:09", 1, "set: can only proxy for 10.0.2.1\n"},
            {"arp -s 10.9.0.5 02:00:00:00:09:05", 1,
             "cannot intuit interface index and type for 10.9.0.5\n"}});
}

// ---- sysctl -------------------------------------------------------------------------------------

TEST(sysctl_command, table) {
    network n;
    expect_outputs(
        n, {{"sysctl", 0,
             "net.inet.ip.forwarding=0\nnet.inet.ip.redirect=1\nnet.inet.ip.multipath=0\nnet.inet."
             "ip.ttl=64\n"
             "net.inet.ip.directed-broadcast=0\nnet.inet.ip.sourceroute=0\nnet.inet.ip.maxqueue="
             "300\nnet.inet.icmp.maskrepl=0\nnet.inet.icmp.bmcastecho=0\nnet.inet.icmp.tstamprepl=0\nnet.inet.icmp."
             "rediraccept=0\nnet.inet.icmp.redirtimeout=600\n"
             "net.inet.icmp.errppslimit=100\n"},
            {"sysctl net.inet.icmp", 0,
             "net.inet.icmp.maskrepl=0\nnet.inet.icmp.bmcastecho=0\nnet.inet.icmp.tstamprepl=0\nnet.inet.icmp.rediraccept="
             "0\nnet.inet.icmp.redirtimeout=600\nnet.inet.icmp.errppslimit=100\n"},
            {"sysctl net.inet.ip.forwarding=1", 0, "net.inet.ip.forwarding: 0 -> 1\n"},
            {"sysctl net.inet.ip.forwarding", 0, "net.inet.ip.forwarding=1\n"},
            {"sysctl -n net.inet.ip.forwarding", 0, "1\n"},
            {"sysctl -q net.inet.ip.ttl=3", 0, ""},
            {"sysctl net.inet.icmp.errppslimit=-1 net.inet.ip.ttl", 0,
             "net.inet.icmp.errppslimit: 100 -> -1\nnet.inet.ip.ttl=3\n"},
            {"sysctl net.inet.ip.ttl=300", 1, "sysctl: net.inet.ip.ttl: Invalid argument\n"},
            {"sysctl net.inet.ip.ttl=x", 1, "sysctl: net.inet.ip.ttl: value is invalid: x\n"},
            {"sysctl net.inet.ip.forwardng=1", 1,
             "sysctl: fourth level name forwardng in net.inet.ip.forwardng is invalid\n"},
            {"sysctl net.inet6.ip6", 1,
             "sysctl: second level name inet6 in net.inet6.ip6 is invalid\n"},
            {"sysctl kern", 1, "sysctl: top level name kern in kern is invalid\n"},
            {"sysctl -z", 1, "usage: sysctl [-anqw] [name[=value] ...]\n"}});
}

}  // namespace

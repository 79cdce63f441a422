#include "test/viz/recorder.h"
#include "test/viz/traces.h"

namespace test {

namespace {

// Made by scapy: their checksums are right.
const char* udp_in =
    "02000000000102000000010908004500002400010000401165b20a0001090a090005"
    "04d2003500108b60686564646c652121";
const char* udp_out =
    "020000000202020000000002080045000024000100003f1166b20a0001090a090005"
    "04d2003500108b60686564646c652121";
const char* echo_in =
    "02000000000102000000010908004500002000020000400165850a0001090a4d0001"
    "080019270007000170696e67";
const char* arp_request =
    "ffffffffffff020000000002080600010800060400010200000000020a0002010000000000000a000202";
const char* arp_reply =
    "020000000002020000000202080600010800060400020200000002020a0002020200000000020a000201";

}  // namespace

sim::trace packets() {
    recorder r("packets.race", "fixed");
    const uint32_t net0 = r.context("net0", 0);
    const uint32_t net1 = r.context("net1", 1);
    const char* words = "IP 10.0.1.9.1234 > 10.9.0.5.53: udp 8";
    const char* echo = "IP 10.0.1.9 > 10.77.0.1: icmp echo request id 7 seq 1 len 4";
    r.step(net0, "start", "net0");
    r.packet(net0, "packet", std::string("r1:em0 queue 1 < ") + words, 1, udp_in);
    r.enter(net0, "net::ether_input", "model/net/ethernet.cc", 88);
    r.step(net0, "lock", "arp mutex");
    r.packet(net0, "fate", "held", 1, std::string(udp_in).substr(28));
    r.packet(net0, "packet", "r1:em1 > ARP who-has 10.0.2.2 tell 10.0.2.1", 0, arp_request);
    r.step(net0, "unlock", "arp mutex");
    r.leave(net0);
    r.step(net1, "start", "net1");
    r.packet(net1, "packet", "r1:em1 < ARP 10.0.2.2 is-at 02:00:00:00:02:02", 2, arp_reply);
    r.enter(net1, "netinet::arp_input", "model/netinet/arp.cc", 310);
    r.step(net1, "lock", "arp mutex");
    r.packet(net1, "fate", "delivered arp", 2, std::string(arp_reply).substr(28));
    r.step(net1, "unlock", "arp mutex");
    r.packet(net1, "packet", std::string("r1:em1 > ") + words, 1, udp_out);
    r.packet(net1, "fate", "forwarded em1", 1, udp_out);
    r.leave(net1);
    r.packet(net0, "packet", std::string("r2:em0 < ") + echo, 3, echo_in);
    r.enter(net0, "netinet::ip_input", "model/netinet/ip_input.cc", 140);
    r.step(net0, "load", "routes", "read none");
    r.packet(net0, "fate", "dropped noroute", 3, std::string(echo_in).substr(28));
    r.leave(net0);
    r.packet(net0, "packet", std::string("r2:em7 < ") + echo, 4, echo_in);
    r.packet(net0, "fate", "dropped nointerface", 4, "");  // never was a packet of the stack
    r.packet(net0, "packet", std::string("r2:em0 < ") + words, 5, udp_in);
    r.packet(net0, "fate", "lost on the wire", 5, udp_in);
    r.packet(net0, "fate", "dropped linkdown", 0, arp_request);
    r.step(net0, "exit", "net0");
    r.step(net1, "exit", "net1");
    return r.take();
}

}  // namespace test

// Divert sockets: packets go to a program and come back; what it sends back wrong is refused.
#include <gtest/gtest.h>

#include <cerrno>

#include "model/netinet/in_var.h"
#include "model/netinet/ip_divert.h"
#include "test/model/peer.h"

namespace {

using namespace model_test;
using model::net::counter;
namespace kern = model::kern;

class diverting : public peer {
  public:
    explicit diverting(const std::string& rules) {
        run("pfctl -f -\n" + rules);
        run("pfctl -e");
        run("socket divert bind *.700 as D");
    }
    int put_back(const bytes& packet, uint32_t address) {
        model::netinet::socket* so = model::netinet::socket_of_name(st, "D");
        const model::netinet::sockaddr to = {address, 0};
        const int error = model::netinet::sosend(st, *so, packet, &to);
        model::netinet::sorele(st, so);
        return error;
    }
};

bytes packet_in(const bytes& f) {
    return bytes(f.begin() + model::net::ether_header_length, f.end());
}

const char* const datagram = "IP 10.0.1.9.1 > 10.0.1.1.53: udp 8";

TEST(divert, what_comes_in_goes_by_way_of_a_program) {
    diverting d("pass in on em0 proto udp to port 53 divert-packet port 700");
    d.run("socket udp bind *.53 as S");
    EXPECT_EQ(d.says(datagram), "delivered D");
    EXPECT_EQ(d.run("reinject D"), "");
    EXPECT_EQ(d.run("recv S"), "0:8 from 10.0.1.9.1\n");
    // The state takes what follows there, too; that is read as it is.
    EXPECT_EQ(d.says(datagram), "delivered D");
    EXPECT_EQ(d.run("recv D"), "2:36 from 10.0.1.1.*\n");
    EXPECT_EQ(d.count(counter::divs_ipackets), 2);
    EXPECT_EQ(d.count(counter::divs_opackets), 1);
    EXPECT_EQ(d.says("IP 10.0.1.9.1 > 10.0.1.1.54: udp 8"), "dropped noport");
    d.run("close D");
    d.expect_conserved();
}

TEST(divert, what_is_forwarded_goes_there_where_the_rule_says) {
    diverting d("pass\npass out on em1 proto udp divert-packet port 700");
    EXPECT_EQ(d.says("IP 10.0.1.9.1 > 10.9.0.5.53: udp 8"), "delivered D");
    EXPECT_EQ(d.hears(1), lines{});
    EXPECT_EQ(d.hears(0), lines{});  // no error: nothing went wrong
    d.run("reinject D");
    std::vector<bytes> left = d.sent(1);
    ASSERT_EQ(left.size(), 1U);
    EXPECT_EQ(ip_of(left[0]).ttl(), 63);
    EXPECT_EQ(model::netinet::in_cksum(ip_of(left[0]).header()), 0);
    EXPECT_EQ(ip_of(left[0]).source(), sender);
}

TEST(divert, what_we_send_has_been_sent) {
    diverting d("pass out on em0 proto udp divert-packet port 700");
    d.run("socket udp bind 10.0.1.1.1024 as S");
    d.run("send S 8 to 10.0.1.9.53");
    EXPECT_EQ(d.hears(), lines{});
    d.run("reinject D");
    EXPECT_EQ(d.hears(), lines{"IP 10.0.1.1.1024 > 10.0.1.9.53: udp 8"});
}

TEST(divert, nobody_there_is_a_drop) {
    diverting d("pass in proto udp divert-packet port 701");
    EXPECT_EQ(d.says(datagram), "dropped nodivert");
    EXPECT_EQ(d.count(counter::divs_noport), 1);
    EXPECT_EQ(d.hears(), lines{});
    d.run("socket divert bind *.701 as E");
    for (unsigned n = 0; n < model::netinet::sb_records_max; ++n) {
        EXPECT_EQ(d.says(datagram), "delivered E");
    }
    EXPECT_EQ(d.says(datagram), "dropped fullsock");
    EXPECT_EQ(d.count(counter::divs_fullsock), 1);
}

TEST(divert, what_a_program_may_not_send) {
    diverting d("pass");
    bytes whole = packet_in(peer::frame_of(datagram));
    EXPECT_EQ(d.put_back(whole, ip(10, 0, 1, 7)), EADDRNOTAVAIL);  // no address of ours
    EXPECT_EQ(d.put_back(bytes(whole.begin(), whole.begin() + 19), 0), EINVAL);
    bytes longer = whole;
    longer.push_back(0);
    EXPECT_EQ(d.put_back(longer, 0), EINVAL);
    bytes other = whole;
    other[0] = 0x65;
    EXPECT_EQ(d.put_back(other, 0), EINVAL);
    EXPECT_EQ(d.count(counter::divs_errors), 4);
    EXPECT_EQ(d.fails("socket divert connect 10.0.1.9.700 as X").substr(0, 6), "usage:");
    EXPECT_EQ(d.fails("socket divert bind *.700 as X"), "socket: X: Address already in use\n");
    EXPECT_EQ(d.fails("reinject X"), "reinject: X: Bad file descriptor\n");
    d.run("socket udp bind *.53 as S");
    EXPECT_EQ(d.fails("reinject S"), "reinject: S: Operation not supported\n");
    EXPECT_EQ(kern::pool_live(d.st.mbuf_pool), 0);
}

TEST(divert, it_passes_once_only) {
    diverting d("block in\npass in on em0 proto udp to 10.9.0.5 divert-packet port 700\nblock out");
    EXPECT_EQ(d.says("IP 10.0.1.9.1 > 10.9.0.5.53: udp 8"), "delivered D");
    d.run("reinject D");
    EXPECT_EQ(d.hears(1), lines{});  // on its way out pf is asked
    EXPECT_EQ(d.count(counter::pf_match), 1);
}

}  // namespace

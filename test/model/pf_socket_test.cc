// States of pf and the sockets that their packets come from and go to: who is linked to whom, by the names of both.
#include <gtest/gtest.h>

#include "model/admin/observe.h"
#include "model/pf/pf_invariant.h"
#include "model/pf/pf_name.h"
#include "model/pf/pfvar.h"
#include "test/model/peer.h"

namespace {

using namespace model_test;
namespace kern = model::kern;
namespace pf = model::pf;

// With pf that passes everything and makes states.
class filtered_peer : public peer {
  public:
    filtered_peer() {
        run("pfctl -f -\npass\n");
        run("pfctl -e");
    }
    std::string key(std::string_view name, std::string_view field) {
        const std::string_view words[] = {"key", name, field};
        std::string out;
        EXPECT_TRUE(model::admin::observe(st, words, out)) << field;
        return out;
    }
    long refs(std::string_view name) { return pf::pf_state_named_refs(st, name); }
};

TEST(pf_socket, the_state_of_a_connected_socket_is_linked_to_it_by_what_it_sends) {
    filtered_peer n;
    n.run("socket udp connect 10.0.1.9.53 as S");
    n.run("send S 8");
    n.run("state udp 10.0.1.9.53 as ST");
    EXPECT_EQ(n.key("ST", ".inp"), "S");
    // The tree, both slots of the state, the pcb.
    EXPECT_EQ(n.key("ST", ".refs"), "4");
    EXPECT_EQ(n.key("ST", ".removed"), "0");
    EXPECT_EQ(n.refs("ST"), 1);
    EXPECT_EQ(n.says("IP 10.0.1.9.53 > 10.0.1.1.49152: udp 8"), "delivered S");
    n.run("close S");
    EXPECT_EQ(n.key("ST", ".inp"), "none");
    EXPECT_EQ(n.key("ST", ".refs"), "3");
    EXPECT_EQ(kern::pool_live(n.st.inpcb_pool), 0);
}

// Of a socket that sends to whom it likes no state is its own.
TEST(pf_socket, the_state_of_an_unconnected_socket_is_nobodys) {
    filtered_peer n;
    n.run("socket udp bind *.1000 as S");
    n.run("send S 8 to 10.0.1.9.53");
    n.run("state udp 10.0.1.9 as ST");
    EXPECT_EQ(n.key("ST", ".inp"), "none");
    EXPECT_EQ(n.says("IP 10.0.1.9.53 > 10.0.1.1.1000: udp 8"), "delivered S");
    EXPECT_EQ(n.key("ST", ".inp"), "none");
}

TEST(pf_socket, a_removed_key_is_unlinked_and_a_freed_state_has_none) {
    filtered_peer n;
    n.run("socket udp connect 10.0.1.9.53 as S");
    n.run("send S 8");
    n.run("state udp as ST");
    n.run("pfctl -F states");
    EXPECT_EQ(n.key("ST", ".inp"), "none");
    n.run("pf purge");
    EXPECT_EQ(n.key("ST", ".removed"), "none");
    EXPECT_EQ(n.refs("ST"), -1);
    EXPECT_TRUE(pf::pf_inp_symmetric(&n.st) != 0);
    n.run("send S 8");
    n.run("state udp as ST");
    EXPECT_EQ(n.key("ST", ".inp"), "S") << "a new state, of the same name";
}

TEST(pf_socket, a_name_is_of_one_state) {
    filtered_peer n;
    EXPECT_EQ(n.fails("state udp as ST"), "state: ST: there is no such state\n");
    n.run("socket udp bind *.1000 as S");
    n.run("send S 8 to 10.0.1.9.53");
    n.run("send S 8 to 10.0.1.9.54");
    EXPECT_EQ(n.fails("state udp 10.0.1.9 as ST"),
              "state: ST: several states are like that: say an address and a port\n");
    n.run("state udp 10.0.1.9.54 as ST");
    EXPECT_EQ(n.fails("state tcp as T"), "state: T: there is no such state\n");
    EXPECT_EQ(n.fails("state"), "usage: state proto [address[.port]] as name\n");
    EXPECT_EQ(n.fails("state udp as"), "usage: state proto [address[.port]] as name\n");
    EXPECT_EQ(n.fails("state xns as ST"), "usage: state proto [address[.port]] as name\n");
    EXPECT_EQ(n.fails("state udp 10.0.1 as ST"), "usage: state proto [address[.port]] as name\n");
    const std::string_view words[] = {"key", "ST", ".inq"};
    std::string out;
    EXPECT_FALSE(model::admin::observe(n.st, words, out));
}

}  // namespace

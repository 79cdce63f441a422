// Protocol control blocks: references.
#include <gtest/gtest.h>

#include <atomic>
#include <cerrno>
#include <memory>
#include <vector>

#include "model/net/stack.h"
#include "model/netinet/in_pcb.h"
#include "model/netinet/in_var.h"
#include "model/netinet/socket.h"
#include "model/netinet/udp_usrreq.h"
#include "test/model/router.h"
#include "test/model/together.h"

namespace {

namespace kern = model::kern;
using namespace model::net;
using namespace model::netinet;

TEST(pcb, the_last_reference_frees) {
    stack st("r", 1);
    auto* inp = kern::pool_get<inpcb>(st.inpcb_pool);
    EXPECT_EQ(in_pcbref(inp), inp);
    in_pcbunref(st, inp);
    EXPECT_EQ(kern::pool_live(st.inpcb_pool), 1);
    in_pcbunref(st, inp);
    EXPECT_EQ(kern::pool_live(st.inpcb_pool), 0);
    in_pcbunref(st, nullptr);
}

// A socket with a name while it lives.
class open_socket {
  public:
    explicit open_socket(stack& st) : st_(st), so_(socreate(st, udp_proto, "S", 0, 0)) {}
    ~open_socket() { soclose(st_, so_); }
    open_socket(const open_socket&) = delete;
    open_socket& operator=(const open_socket&) = delete;
    socket& operator*() { return *so_; }

  private:
    stack& st_;
    socket* so_;
};

// Who is connected, and who listens, against the rules by brute force.
TEST(pcb, lookup_finds_what_the_rules_say) {
    stack st("r", 1);
    model_test::random_numbers random(1);
    std::vector<std::unique_ptr<open_socket>> sockets;
    for (int n = 0; n < 40; ++n) {
        auto so = std::make_unique<open_socket>(st);
        inpcb& inp = *(**so).so_pcb;
        const bool connected = random.below(2) == 0;
        const in_ends ends = {connected ? 1 + random.below(3) : 0, random.below(3),
                              static_cast<uint16_t>(connected ? 1 + random.below(3) : 0),
                              static_cast<uint16_t>(1 + random.below(3))};
        const bool is_free = in_pcbset(inp, ends) == 0;
        ASSERT_TRUE(in_pcbs_linked(&st.inet->udbtable));
        if (is_free) {
            sockets.push_back(std::move(so));
        }
    }
    mbuf* m = m_get(st, 0);
    for (int n = 0; n < 400; ++n) {
        const in_ends ends = {1 + random.below(3), 1 + random.below(2),
                              static_cast<uint16_t>(1 + random.below(3)),
                              static_cast<uint16_t>(1 + random.below(3))};
        const inpcb* connected = nullptr;
        const inpcb* listening[2] = {};
        for (const auto& so : sockets) {
            const inpcb* one = (**so).so_pcb;
            if (one->inp_lport != ends.lport) {
                continue;
            }
            if (one->inp_faddr == ends.faddr && one->inp_fport == ends.fport &&
                one->inp_laddr == ends.laddr) {
                connected = one;
            } else if (one->inp_faddr == 0 && one->inp_laddr == ends.laddr) {
                listening[0] = one;
            } else if (one->inp_faddr == 0 && one->inp_laddr == 0) {
                listening[1] = one;
            }
        }
        inpcb* found = in_pcblookup(st.inet->udbtable, ends);
        EXPECT_EQ(found, connected);
        in_pcbunref(st, found);
        found = in_pcblookup_listen(st.inet->udbtable, ends, *m);
        EXPECT_EQ(found, listening[0] != nullptr ? listening[0] : listening[1]);
        in_pcbunref(st, found);
    }
    m_freem(st, m);
    sockets.clear();
    EXPECT_EQ(kern::pool_live(st.inpcb_pool), 0);
}

// Both see the connection free, unless seeing and taking are one section.
TEST(pcb, two_who_want_the_same_connection_do_not_both_get_it) {
    stack st("r", 4);
    model_test::add_address(st, "em0", model_test::ip(10, 0, 1, 1), 24);
    for (int round = 0; round < 200; ++round) {
        open_socket sockets[4] = {open_socket(st), open_socket(st), open_socket(st),
                                  open_socket(st)};
        for (open_socket& so : sockets) {
            (*so).so_pcb->inp_lport = 100;  // as with SO_REUSEPORT
        }
        std::atomic<int> got{0};
        model_test::together(0, 4, [&](unsigned cpu) {
            const int error = soconnect(st, *sockets[cpu], {model_test::ip(10, 0, 1, 9), 7});
            EXPECT_TRUE(error == 0 || error == EADDRINUSE) << error;
            got += error == 0 ? 1 : 0;
        });
        EXPECT_EQ(got, 1);
        ASSERT_TRUE(in_pcbs_linked(&st.inet->udbtable));
    }
}

TEST(pcb_death, the_last_reference_to_one_on_a_list_is_a_bug) {
    stack st("r", 1);
    auto* inp = kern::pool_get<inpcb>(st.inpcb_pool);
    inp->inp_onlist = true;
    EXPECT_DEATH(in_pcbunref(st, inp), "");
    inp->inp_onlist = false;
    in_pcbunref(st, inp);
}

}  // namespace

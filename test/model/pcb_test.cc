// Protocol control blocks: references.
#include <gtest/gtest.h>

#include "model/net/stack.h"
#include "model/netinet/in_pcb.h"

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

TEST(pcb_death, the_last_reference_to_one_on_a_list_is_a_bug) {
    stack st("r", 1);
    auto* inp = kern::pool_get<inpcb>(st.inpcb_pool);
    inp->inp_onlist = true;
    EXPECT_DEATH(in_pcbunref(st, inp), "");
    inp->inp_onlist = false;
    in_pcbunref(st, inp);
}

}  // namespace

// Hooks of interfaces: who runs when, and what a hook may do to its list.
#include "model/net/if_hooks.h"

#include <functional>

#include "model/net/if_em.h"
#include "test/model/network.h"

namespace kern = model::kern;
using namespace model::net;
using namespace model_test;

namespace {

// A hook that writes its letter down, and does something else.
struct letter {
    letter(std::string* to, char which) : written(to), name(which) {
        hook.function = [](void* argument) {
            auto& self = *static_cast<letter*>(argument);
            *self.written += self.name;
            if (self.also) {
                self.also();
            }
        };
        hook.argument = this;
    }
    if_hook hook;
    std::string* written;
    char name;
    std::function<void()> also;
};

struct three_hooks : public ::testing::Test {
    three_hooks() {
        for (letter* l : {&a, &b, &c}) {
            if_hook_add_locked(list, l->hook);
        }
    }
    std::string run() {
        written.clear();
        if_hooks_run_locked(list);
        return written;
    }
    std::string written;
    letter a{&written, 'a'};
    letter b{&written, 'b'};
    letter c{&written, 'c'};
    letter d{&written, 'd'};
    if_hook_list list;
};

}  // namespace

TEST_F(three_hooks, run_the_last_one_first) {
    EXPECT_EQ(run(), "cba");
    if_hook_del_locked(list, b.hook);
    EXPECT_EQ(run(), "ca");
    if_hook_add_locked(list, b.hook);
    EXPECT_EQ(run(), "bca");
}

TEST_F(three_hooks, may_take_themselves_and_others_off) {
    for (letter* l : {&a, &b, &c}) {
        l->also = [this, l] { if_hook_del_locked(list, l->hook); };
    }
    EXPECT_EQ(run(), "cba");
    EXPECT_EQ(list.first, nullptr);
    EXPECT_EQ(run(), "");
}

TEST_F(three_hooks, that_were_taken_off_by_another_do_not_run) {
    c.also = [this] { if_hook_del_locked(list, b.hook); };
    EXPECT_EQ(run(), "ca");
    c.also = nullptr;
    a.also = [this] { if_hook_del_locked(list, c.hook); };
    EXPECT_EQ(run(), "ca");
    a.also = nullptr;
    EXPECT_EQ(run(), "a");
}

TEST_F(three_hooks, that_come_meanwhile_run_the_next_time) {
    a.also = [this] { if_hook_add_locked(list, d.hook); };
    EXPECT_EQ(run(), "cba");
    a.also = nullptr;
    EXPECT_EQ(run(), "dcba");
}

TEST_F(three_hooks, may_run_the_list_once_more) {
    b.also = [this] {
        b.also = nullptr;
        if_hooks_run_locked(list);
    };
    EXPECT_EQ(run(), "cbcbaa");
}

// What an interface is while its detach hooks run: complete, with its addresses and routes, and on its way out.
TEST(if_hooks, run_when_an_interface_is_destroyed_and_find_it_whole) {
    network n;
    n.set_up();
    std::string written;
    letter first(&written, '1');
    letter second(&written, '2');
    letter link(&written, 'l');
    {
        const configuring lock(n.st);
        ifnet* ifp = if_unit_locked(n.st, "em1");
        if_hook_add_locked(ifp->if_detachhooks, first.hook);
        if_hook_add_locked(ifp->if_detachhooks, second.hook);
        if_hook_add_locked(ifp->if_linkstatehooks, link.hook);
        first.also = [&n, ifp, &link, &first, &second] {
            EXPECT_TRUE(ifp->if_detaching);
            EXPECT_EQ(if_unit_locked(n.st, "em1"), ifp);
            EXPECT_NE(ifp->if_addrlist.get_locked(), nullptr);
            EXPECT_NE(rtable_lookup_locked(n.st, ip(10, 0, 2, 0), 24, RTP_ANY, 0), nullptr);
            if_hook_del_locked(ifp->if_detachhooks, second.hook);
            if_hook_del_locked(ifp->if_linkstatehooks, link.hook);
            if_hook_del_locked(ifp->if_detachhooks, first.hook);
        };
    }
    EXPECT_EQ(em_link(n.st, "em1", false), 0);
    kern::taskq_barrier(n.st.systq);
    EXPECT_EQ(written, "l");
    n.run("ifconfig em1 destroy");
    EXPECT_EQ(written, "l21");
}

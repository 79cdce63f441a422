#include "viz/phrase.h"

#include <gtest/gtest.h>

#include "test/viz/traces.h"
#include "viz/why.h"

namespace {

TEST(Phrase, ShortFunction) {
    const std::pair<const char*, const char*> cases[] = {
        {"main", "main"},
        {"net::ip_output(mbuf*, rtentry const*)", "ip_output"},
        {"kern::mutex::enter()", "mutex::enter"},
        {"netinet::arpresolve(ifnet*)", "arpresolve"},
        {"model::net::(anonymous namespace)::match(unsigned int)", "net::match"},
        {"void net::list<net::ifnet>::insert_head<int>(net::ifnet*)", "insert_head"},
        {"kern::refs<a::b>::put()", "refs::put"},
        {"net::key::operator()(int) const", "net::key::operator()"},
        {"set_operator(int)", "set_operator"},
        {"main::{lambda#2}::operator()", "main lambda#2"},
        {"net::start(int)::{lambda(int)#1}::operator()(int) const", "net::start lambda(int)#1"},
        {"", ""},
    };
    for (const auto& [from, to] : cases) {
        EXPECT_EQ(viz::short_function(from), to) << from;
    }
}

sim::trace_event event(std::string kind, std::string object, std::string detail, bool remark) {
    sim::trace_event out;
    out.kind = std::move(kind);
    out.object = std::move(object);
    out.detail = std::move(detail);
    out.remark = remark;
    return out;
}

TEST(Phrase, ActionsAndChanges) {
    const struct {
        sim::trace_event event;
        const char* action;
        const char* change;
    } cases[] = {
        {event("load", "x", "read 0", false), "read x = 0", ""},
        {event("store", "x", "0 -> 1", false), "write x", "x: 0 -> 1"},
        {event("cas", "x", "read 3", false), "cas x (read 3)", ""},
        {event("lock", "m", "", false), "lock m", ""},
        {event("trylock", "m", "held by adm", false), "trylock m (held by adm)", ""},
        {event("advance", "", "to 5 ms", false), "clock advances (to 5 ms)", ""},
        {event("blocked", "ifrm", "held by net0", true), "waits for ifrm, held by net0", ""},
        {event("packet", "em0", "IP a > b", true), "packet em0: IP a > b", ""},
        {event("command", "ifconfig em1 destroy", "", true), "# ifconfig em1 destroy", ""},
        {event("note", "", "half way", true), "half way", ""},
        {event("state", "ifnet em1", "LIVE -> DYING", true), "state ifnet em1",
         "ifnet em1: LIVE -> DYING"},
        {event("free", "heap main#1", "8 bytes", true), "free heap main#1", "heap main#1 freed"},
        {event("unheard_of", "x", "y", false), "unheard_of x (y)", ""},
    };
    for (const auto& item : cases) {
        EXPECT_EQ(viz::action_of(item.event), item.action);
        EXPECT_EQ(viz::change_of(item.event), item.change);
    }
}

TEST(Phrase, Objects) {
    EXPECT_EQ(viz::object_of("ifnet em1+24"), "ifnet em1");
    EXPECT_EQ(viz::object_of("ifnet em1+0x18"), "ifnet em1");
    EXPECT_EQ(viz::object_of("a+b"), "a+b");
    EXPECT_EQ(viz::object_of("a+"), "a+");
    EXPECT_TRUE(viz::is_part_of("ifnet em1 refcnt", "ifnet em1"));
    EXPECT_TRUE(viz::is_part_of("ifnet em1", "ifnet em1"));
    EXPECT_FALSE(viz::is_part_of("ifnet em10", "ifnet em1"));
    EXPECT_FALSE(viz::is_part_of("ifnet", ""));
}

TEST(Phrase, TextIsCutAndWrappedByCodePoints) {
    EXPECT_EQ(viz::text_width("grüße"), 5U);
    EXPECT_EQ(viz::shortened("grüße", 5), "grüße");
    EXPECT_EQ(viz::shortened("grüße an alle", 7), "grüße..");
    EXPECT_EQ(viz::shortened("abc", 2), "ab");
    EXPECT_EQ(viz::wrapped("one two three", 8), (std::vector<std::string>{"one two", "three"}));
    EXPECT_EQ(viz::wrapped("abcdefgh", 3), (std::vector<std::string>{"abc", "def", "gh"}));
    EXPECT_EQ(viz::wrapped("", 3), std::vector<std::string>{""});
    EXPECT_EQ(viz::printable("a\tb\x1bü", false), "a b ?");
    EXPECT_EQ(viz::printable("ü", true), "ü");
}

TEST(Why, NamesTheFreeAndThePreemptions) {
    const sim::trace t = test::destroyed_interface();
    const std::vector<viz::why_line> lines = viz::why(t, t.findings[0], {"kern/"}, 200);
    ASSERT_EQ(lines.size(), 6U);
    EXPECT_EQ(lines[0].text, "use after free: net0 reads 4 bytes at ifnet em1+24, freed by adm");
    EXPECT_EQ(lines[1].label, "at");
    EXPECT_EQ(lines[2].label, "freed");
    EXPECT_EQ(lines[2].text,
              "step 88 by adm on cpu1: if_free (if.cc:210) < if_detach (if.cc:188) < "
              "ifconfig_destroy (ifconfig.cc:261)");
    EXPECT_EQ(lines[3].text,
              "before the race: if_alloc (if.cc:61) < ifconfig_create (ifconfig.cc:118)");
    EXPECT_EQ(lines[4].text, "net0 after step 33 in if_get (if_map.cc:41), then adm ran");
    EXPECT_EQ(lines[5].label, "preempted");
}

TEST(Why, ReplayCommand) {
    EXPECT_EQ(viz::replay_command(test::destroyed_interface()),
              "heddle replay forward.race --variant late_wait h1:net0*91");
    EXPECT_EQ(viz::replay_command(test::lost_wakeup()), "heddle replay wakeup.so h1:main*0");
}

}  // namespace

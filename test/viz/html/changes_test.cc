#include "viz/html/changes.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "test/viz/recorder.h"
#include "test/viz/traces.h"

namespace {

using viz::state_change;
using viz::state_group;

// "conf_lock: free => held by adm", those of one group, in order.
std::vector<std::string> told(const sim::trace& t, state_group group) {
    std::vector<std::string> out;
    for (const state_change& c : viz::state_changes(t)) {
        if (c.group == group) {
            out.push_back(c.thing + ": " + c.before + " => " + c.after);
        }
    }
    return out;
}

TEST(Changes, ALockIsHeldUntilItIsGivenBack) {
    test::recorder r("x", "");
    const uint32_t a = r.context("a", 0);
    const uint32_t b = r.context("b", 1);
    r.step(a, "lock", "m");
    r.step(b, "trylock", "m", "read 1, failed");
    r.step(b, "lock", "m", sim::tried_in_vain);
    r.step(a, "unlock", "m");
    r.step(b, "lock", "m");
    const std::vector<std::string> wanted = {"m: free => held by a", "m: held by a => free",
                                             "m: free => held by b"};
    EXPECT_EQ(told(r.take(), state_group::lock), wanted);
}

TEST(Changes, ReadersShare) {
    test::recorder r("x", "");
    const uint32_t a = r.context("a", 0);
    const uint32_t b = r.context("b", 1);
    r.step(a, "rdlock", "rw");
    r.step(b, "rdlock", "rw");
    r.step(a, "rwunlock", "rw");
    r.step(b, "rwunlock", "rw");
    r.step(b, "rwunlock", "never taken here");
    const std::vector<std::string> wanted = {
        "rw: free => read by a", "rw: read by a => read by a, b", "rw: read by a, b => read by b",
        "rw: read by b => free"};
    EXPECT_EQ(told(r.take(), state_group::lock), wanted);
}

TEST(Changes, AWaitGivesItsMutexBack) {
    test::recorder r("x", "");
    const uint32_t a = r.context("a", 0);
    r.step(a, "lock", "queue");
    r.step(a, "lock", "other");
    r.step(a, "cond_wait", "queue+40");
    r.step(a, "cond_resume", "queue");
    r.step(a, "cond_wait", "queue+40");  // for ever: what it took last
    const std::vector<std::string> wanted = {"queue: free => held by a", "other: free => held by a",
                                             "queue: held by a => free", "queue: free => held by a",
                                             "queue: held by a => free"};
    EXPECT_EQ(told(r.take(), state_group::lock), wanted);
}

TEST(Changes, WhatIsTakenAndPutIsAReference) {
    test::recorder r("x", "");
    const uint32_t a = r.context("a", 0);
    r.step(a, "load", "rtentry+8");
    r.remark(a, "take", "rtentry+8", "");
    r.step(a, "rmw", "rtentry+8", "1 -> 2");
    r.step(a, "store", "flag", "0 -> 1");
    r.step(a, "cas", "flag", "1 -> 2, failed");
    const sim::trace t = r.take();
    EXPECT_EQ(told(t, state_group::reference), std::vector<std::string>{"rtentry+8: 1 => 2"});
    EXPECT_EQ(told(t, state_group::value), std::vector<std::string>{"flag: 0 => 1"});
}

TEST(Changes, StatesMemoryAndPackets) {
    const sim::trace t = test::destroyed_interface();
    EXPECT_EQ(told(t, state_group::state), std::vector<std::string>{"ifnet em1: LIVE => DYING"});
    EXPECT_EQ(told(t, state_group::memory), std::vector<std::string>{"ifnet em1: DYING => freed"});
    EXPECT_EQ(told(t, state_group::packet),
              std::vector<std::string>{"IP 10.0.1.9.1234 > 10.9.0.5.53: udp 64:  => seen at em0"});
    test::recorder r("x", "");
    const uint32_t a = r.context("a", 0);
    r.remark(a, "packet", "", "em0 < IP 10.0.0.1.1 > 10.0.0.2.2: udp 4");
    r.remark(a, "packet", "", "em1 > IP 10.0.0.1.1 > 10.0.0.2.2: udp 4");
    const std::vector<std::string> wanted = {
        "IP 10.0.0.1.1 > 10.0.0.2.2: udp 4:  => in by em0",
        "IP 10.0.0.1.1 > 10.0.0.2.2: udp 4: in by em0 => out by em1"};
    EXPECT_EQ(told(r.take(), state_group::packet), wanted);
    const std::vector<std::string> all = told(test::packets(), state_group::packet);
    const std::string fate =
        "IP 10.0.1.9.1234 > 10.9.0.5.53: udp 8: out by r1:em1 => forwarded em1";
    EXPECT_EQ(std::count(all.begin(), all.end(), fate), 1);
}

TEST(Changes, WhatWasBeforeIsWhatItWasLast) {
    for (const sim::trace& t :
         {test::destroyed_interface(), test::five_cpus(), test::data_race()}) {
        std::map<std::string, std::string> last;
        for (const state_change& c : viz::state_changes(t)) {
            const auto known = last.find(c.thing);
            if (known != last.end() && c.group == state_group::lock) {
                EXPECT_EQ(known->second, c.before) << c.thing;
            }
            last[c.thing] = c.after;
        }
        EXPECT_FALSE(last.empty());
    }
}

}  // namespace

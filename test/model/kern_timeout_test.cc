// Timeouts: who calls them, in which order, and who owns one that was disarmed.
#include <gtest/gtest.h>

#include <atomic>
#include <vector>

#include "model/kern/cpu.h"
#include "model/kern/timeout.h"
#include "test/model/together.h"

namespace kern = model::kern;
using model_test::together;

namespace {

// A softclock with a clock that only the test moves.
class softclock {
  public:
    softclock() : timeouts(clock) {
        clock.manual = true;
        clock.seconds = 100;
        timeouts.start();
    }
    ~softclock() { timeouts.stop(); }
    softclock(const softclock&) = delete;
    softclock& operator=(const softclock&) = delete;

    void pass(int64_t seconds) { kern::timeout_set_clock(timeouts, clock.seconds + seconds); }

    kern::uptime_clock clock;
    kern::timeouts timeouts;
};

// A timeout that counts its calls, and waits inside while it is told to.
struct counted {
    counted(std::vector<const counted*>* order, const char* name) : seen(order) {
        kern::timeout_set(to, called, this, name);
    }
    explicit counted(const char* name) : counted(nullptr, name) {}

    static void called(void* argument) {
        auto& self = *static_cast<counted*>(argument);
        self.cell = kern::cpu_number();
        if (self.seen != nullptr) {
            self.seen->push_back(&self);
        }
        self.calls.fetch_add(1);
        while (self.stay.load()) {
            std::this_thread::yield();
        }
        self.ended.fetch_add(1);
    }

    kern::timeout to;
    std::vector<const counted*>* seen;
    std::atomic<int> calls{0};
    std::atomic<int> ended{0};
    std::atomic<bool> stay{false};
    unsigned cell = 0;
};

void await_calls(const counted& c, int calls) {
    while (c.calls.load() < calls) {
        std::this_thread::yield();
    }
}

}  // namespace

TEST(kern_timeout, is_called_by_softclock_when_its_time_has_come_and_not_before) {
    softclock sc;
    counted c("c");
    EXPECT_EQ(kern::timeout_add_sec(sc.timeouts, c.to, 10), 1);
    EXPECT_TRUE(kern::timeout_pending(sc.timeouts, c.to));
    sc.pass(9);
    EXPECT_EQ(c.calls.load(), 0);
    sc.pass(1);
    EXPECT_EQ(c.calls.load(), 1);
    EXPECT_EQ(c.cell, kern::cpu_softclock);
    EXPECT_FALSE(kern::timeout_pending(sc.timeouts, c.to));
    sc.pass(1000);
    EXPECT_EQ(c.calls.load(), 1);
}

TEST(kern_timeout, what_is_due_is_called_in_the_order_of_times_and_then_of_arming) {
    softclock sc;
    std::vector<const counted*> seen;
    counted late(&seen, "late");
    counted first(&seen, "first");
    counted second(&seen, "second");
    counted early(&seen, "early");
    kern::timeout_add_sec(sc.timeouts, late.to, 9);
    kern::timeout_add_sec(sc.timeouts, first.to, 5);
    kern::timeout_add_sec(sc.timeouts, second.to, 5);
    kern::timeout_add_sec(sc.timeouts, early.to, 1);
    sc.pass(20);
    EXPECT_EQ(seen, (std::vector<const counted*>{&early, &first, &second, &late}));
}

TEST(kern_timeout, arming_again_moves_it) {
    softclock sc;
    std::vector<const counted*> seen;
    counted a(&seen, "a");
    counted b(&seen, "b");
    kern::timeout_add_sec(sc.timeouts, a.to, 1);
    kern::timeout_add_sec(sc.timeouts, b.to, 3);
    EXPECT_EQ(kern::timeout_add_sec(sc.timeouts, a.to, 5), 0);
    sc.pass(2);
    EXPECT_TRUE(seen.empty());
    sc.pass(8);
    EXPECT_EQ(seen, (std::vector<const counted*>{&b, &a}));
}

TEST(kern_timeout, one_that_is_disarmed_is_not_called) {
    softclock sc;
    counted head("head");
    counted middle("middle");
    counted tail("tail");
    kern::timeout_add_sec(sc.timeouts, head.to, 1);
    kern::timeout_add_sec(sc.timeouts, middle.to, 2);
    kern::timeout_add_sec(sc.timeouts, tail.to, 3);
    EXPECT_EQ(kern::timeout_del(sc.timeouts, middle.to), 1);
    EXPECT_EQ(kern::timeout_del(sc.timeouts, middle.to), 0);
    EXPECT_EQ(kern::timeout_del(sc.timeouts, tail.to), 1);
    EXPECT_EQ(kern::timeout_del(sc.timeouts, head.to), 1);
    sc.pass(10);
    EXPECT_EQ(head.calls.load() + middle.calls.load() + tail.calls.load(), 0);
}

TEST(kern_timeout, del_of_one_that_runs_says_so_and_the_barrier_waits_for_it) {
    softclock sc;
    counted c("c");
    c.stay.store(true);
    kern::timeout_add_at(sc.timeouts, c.to, 0);
    await_calls(c, 1);
    EXPECT_EQ(kern::timeout_del(sc.timeouts, c.to), 0);
    EXPECT_EQ(c.ended.load(), 0);
    std::thread release([&] { c.stay.store(false); });
    EXPECT_EQ(kern::timeout_del_barrier(sc.timeouts, c.to), 0);
    EXPECT_EQ(c.ended.load(), 1);
    release.join();
}

TEST(kern_timeout, the_barrier_does_not_wait_for_others) {
    softclock sc;
    counted runs("runs");
    counted armed("armed");
    runs.stay.store(true);
    kern::timeout_add_at(sc.timeouts, runs.to, 0);
    await_calls(runs, 1);
    kern::timeout_add_sec(sc.timeouts, armed.to, 10);
    EXPECT_EQ(kern::timeout_del_barrier(sc.timeouts, armed.to), 1);
    EXPECT_EQ(runs.ended.load(), 0);
    runs.stay.store(false);
    kern::timeout_flush(sc.timeouts);
}

namespace {

// Comes again every ten seconds.
struct periodic {
    explicit periodic(softclock& s) : sc(s) {
        kern::timeout_set_housekeeping(to, called, this, "periodic");
        kern::timeout_add_sec(sc.timeouts, to, 10);
    }
    static void called(void* argument) {
        auto& self = *static_cast<periodic*>(argument);
        ++self.calls;
        kern::timeout_add_sec(self.sc.timeouts, self.to, 10);
    }

    softclock& sc;
    kern::timeout to;
    int calls = 0;
};

}  // namespace

TEST(kern_timeout, one_that_arms_itself_comes_again_until_the_barrier) {
    softclock sc;
    periodic p(sc);
    for (int round = 1; round <= 5; ++round) {
        sc.pass(10);
        EXPECT_EQ(p.calls, round);
    }
    kern::timeout_hardclock_update(sc.timeouts);
    EXPECT_EQ(kern::timeout_del_barrier(sc.timeouts, p.to), 1);
    sc.pass(100);
    EXPECT_EQ(p.calls, 5);
}

TEST(kern_timeout, the_barrier_keeps_one_that_arms_itself_from_coming_again) {
    softclock sc;
    for (int round = 0; round < 200; ++round) {
        periodic p(sc);
        kern::timeout_fire(sc.timeouts, "periodic");
        kern::timeout_del_barrier(sc.timeouts, p.to);
        EXPECT_FALSE(kern::timeout_pending(sc.timeouts, p.to));
    }
    kern::timeout_flush(sc.timeouts);
}

TEST(kern_timeout, fires_at_once_by_its_name_if_it_is_armed) {
    softclock sc;
    std::vector<const counted*> seen;
    counted a(&seen, "a");
    counted b(&seen, "b");
    EXPECT_EQ(kern::timeout_fire(sc.timeouts, "b"), 0);
    kern::timeout_add_sec(sc.timeouts, a.to, 50);
    kern::timeout_add_sec(sc.timeouts, b.to, 90);
    EXPECT_EQ(kern::timeout_fire(sc.timeouts, "b"), 1);
    kern::timeout_flush(sc.timeouts);
    EXPECT_EQ(seen, (std::vector<const counted*>{&b}));
    EXPECT_EQ(kern::timeout_fire(sc.timeouts, "b"), 0);
    kern::timeout_del(sc.timeouts, a.to);
}

TEST(kern_timeout, the_real_clock_wakes_softclock_by_itself) {
    kern::uptime_clock clock;
    kern::timeouts timeouts(clock);
    timeouts.start();
    counted c("c");
    kern::timeout_add_sec(timeouts, c.to, 1);
    await_calls(c, 1);
    timeouts.stop();
}

// One that is freed after del said 1, or by its own function, is used by nobody.
TEST(kern_timeout, belongs_to_who_disarmed_it_or_to_its_function) {
    struct owned {
        kern::timeout to;
        std::atomic<int>* freed;
        static void called(void* argument) {
            auto* self = static_cast<owned*>(argument);
            self->freed->fetch_add(1);
            delete self;
        }
    };
    softclock sc;
    std::atomic<int> freed{0};
    constexpr int rounds = 500;
    together(0, 2, [&](unsigned) {
        for (int i = 0; i < rounds; ++i) {
            auto* o = new owned{{}, &freed};
            kern::timeout_set(o->to, owned::called, o, "owned");
            kern::timeout_add_at(sc.timeouts, o->to, 0);
            if (i % 2 == 0) {
                continue;  // its function frees it
            }
            // Who does not know whether it is still there may not ask.
        }
    });
    kern::timeout_flush(sc.timeouts);
    EXPECT_EQ(freed.load(), 2 * rounds);
    for (int i = 0; i < rounds; ++i) {
        auto* o = new owned{{}, &freed};
        kern::timeout_set(o->to, owned::called, o, "owned");
        kern::timeout_add_sec(sc.timeouts, o->to, 5);
        ASSERT_EQ(kern::timeout_del(sc.timeouts, o->to), 1);
        delete o;
    }
}

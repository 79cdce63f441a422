// Signals and limits: sleeps that end before what they wait for is there.
#include <gtest/gtest.h>

#include <atomic>
#include <cerrno>
#include <thread>

#include "model/kern/proc.h"

namespace kern = model::kern;

namespace {

struct waiting {
    waiting() : timeouts(clock) {
        clock.manual = true;
        clock.seconds = 100;
        timeouts.start();
    }
    ~waiting() { timeouts.stop(); }
    waiting(const waiting&) = delete;
    waiting& operator=(const waiting&) = delete;

    // Sleeps until somebody has said that it is there, or why not.
    int sleep() {
        for (;;) {
            kern::sleeper self;
            const kern::sleep_catch signals(&channel);
            kern::sleep_setup(channel, self, "test");
            sleeping.store(true);
            const bool there = is_there.load();
            const int signal = there ? 0 : signals.pending();
            kern::sleep_finish(channel, self, !there && signal == 0);
            if (there || signal != 0) {
                return signal;
            }
        }
    }
    void until_sleeping() const {
        while (!sleeping.load()) {
            std::this_thread::yield();
        }
    }

    kern::uptime_clock clock;
    kern::timeouts timeouts;
    kern::sleep_channel channel;
    std::atomic<bool> is_there{false};
    std::atomic<bool> sleeping{false};
};

TEST(kern_proc, a_signal_ends_a_sleep_and_all_that_come) {
    waiting w;
    kern::proc p;
    int first = 0;
    int second = 0;
    std::thread sleeper([&] {
        const kern::proc_use use(p);
        EXPECT_EQ(kern::curproc_or_null(), &p);
        first = w.sleep();
        second = w.sleep();
    });
    w.until_sleeping();
    kern::psignal(p, EINTR);
    sleeper.join();
    EXPECT_EQ(first, EINTR);
    EXPECT_EQ(second, EINTR);
    EXPECT_EQ(kern::curproc_or_null(), nullptr);
}

TEST(kern_proc, a_limit_ends_a_sleep_and_then_is_over) {
    waiting w;
    std::atomic<int> first{0};
    std::atomic<bool> between{false};
    std::atomic<bool> go_on{false};
    int second = -1;
    std::thread sleeper([&] {
        {
            const kern::sleep_limit limit(w.timeouts, 5);
            first.store(w.sleep());
        }
        between.store(true);
        while (!go_on.load()) {
            std::this_thread::yield();
        }
        const kern::sleep_limit limit(w.timeouts, 5);
        second = w.sleep();
    });
    w.until_sleeping();
    kern::timeout_set_clock(w.timeouts, 104);
    EXPECT_EQ(first.load(), 0);
    kern::timeout_set_clock(w.timeouts, 105);
    while (!between.load()) {
        std::this_thread::yield();
    }
    EXPECT_EQ(first.load(), EWOULDBLOCK);
    w.is_there.store(true);
    go_on.store(true);
    sleeper.join();
    EXPECT_EQ(second, 0) << "what is there is told, and the limit is forgotten";
    kern::timeout_set_clock(w.timeouts, 200);
}

TEST(kern_proc, without_one_nothing_ends_a_sleep) {
    waiting w;
    kern::proc p;
    kern::psignal(p, EINTR);
    const kern::sleep_limit none(w.timeouts, 0);
    std::thread sleeper([&] { EXPECT_EQ(w.sleep(), 0); });
    w.until_sleeping();
    w.is_there.store(true);
    kern::wakeup(w.channel);
    sleeper.join();
}

TEST(kern_proc, a_signal_is_stronger_than_a_limit) {
    waiting w;
    kern::proc p;
    const kern::proc_use use(p);
    kern::psignal(p, EINTR);
    {
        const kern::sleep_limit limit(w.timeouts, 1);
        kern::timeout_set_clock(w.timeouts, 101);
        EXPECT_EQ(w.sleep(), EINTR);
    }
    EXPECT_EQ(w.sleep(), EINTR);
}

}  // namespace

// Task queues: who calls, in which order, what is called once, and what a barrier waits for.
#include <gtest/gtest.h>

#include <atomic>
#include <vector>

#include "model/kern/cpu.h"
#include "model/kern/taskq.h"
#include "test/model/together.h"

namespace kern = model::kern;
using model_test::together;

namespace {

struct queue : kern::taskq {
    queue() : taskq("systq", kern::cpu_systq) { start(); }
};

// A task that counts its calls, and waits inside while it is told to.
struct counted {
    explicit counted(std::vector<const counted*>* order = nullptr) : seen(order) {
        kern::task_set(t, called, this);
    }
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

    kern::task t;
    std::vector<const counted*>* seen;
    std::atomic<int> calls{0};
    std::atomic<int> ended{0};
    std::atomic<bool> stay{false};
    unsigned cell = 0;
};

// Keeps the queue at work until it is let go on.
class hindrance {
  public:
    explicit hindrance(kern::taskq& q) {
        c_.stay.store(true);
        kern::task_add(q, c_.t);
        while (c_.calls.load() == 0) {
            std::this_thread::yield();
        }
    }
    void end() { c_.stay.store(false); }

  private:
    counted c_;
};

}  // namespace

TEST(kern_taskq, calls_in_the_order_of_adding_in_its_own_context) {
    queue q;
    std::vector<const counted*> seen;
    counted a(&seen);
    counted b(&seen);
    counted c(&seen);
    EXPECT_EQ(kern::task_add(q, b.t), 1);
    EXPECT_EQ(kern::task_add(q, a.t), 1);
    EXPECT_EQ(kern::task_add(q, c.t), 1);
    kern::taskq_barrier(q);
    EXPECT_EQ(seen, (std::vector<const counted*>{&b, &a, &c}));
    EXPECT_EQ(a.cell, kern::cpu_systq);
    q.stop();
}

TEST(kern_taskq, a_task_stands_on_the_queue_once_and_may_be_added_while_it_runs) {
    queue q;
    counted c;
    {
        hindrance h(q);
        EXPECT_EQ(kern::task_add(q, c.t), 1);
        EXPECT_EQ(kern::task_add(q, c.t), 0);
        h.end();
        kern::taskq_barrier(q);
    }
    EXPECT_EQ(c.calls.load(), 1);
    c.stay.store(true);
    kern::task_add(q, c.t);
    while (c.calls.load() < 2) {
        std::this_thread::yield();
    }
    EXPECT_EQ(kern::task_add(q, c.t), 1);
    c.stay.store(false);
    kern::taskq_barrier(q);
    EXPECT_EQ(c.calls.load(), 3);
    q.stop();
}

TEST(kern_taskq, one_that_is_taken_off_is_not_called) {
    queue q;
    std::vector<const counted*> seen;
    counted a(&seen);
    counted b(&seen);
    counted c(&seen);
    {
        hindrance h(q);
        kern::task_add(q, a.t);
        kern::task_add(q, b.t);
        kern::task_add(q, c.t);
        EXPECT_EQ(kern::task_del(q, b.t), 1);
        EXPECT_EQ(kern::task_del(q, b.t), 0);
        EXPECT_EQ(kern::task_del(q, c.t), 1);
        EXPECT_EQ(kern::task_add(q, b.t), 1);
        h.end();
        kern::taskq_barrier(q);
    }
    EXPECT_EQ(seen, (std::vector<const counted*>{&a, &b}));
    q.stop();
}

TEST(kern_taskq, del_of_one_that_runs_says_so_and_the_barrier_waits_for_it) {
    queue q;
    counted c;
    c.stay.store(true);
    kern::task_add(q, c.t);
    while (c.calls.load() == 0) {
        std::this_thread::yield();
    }
    EXPECT_EQ(kern::task_del(q, c.t), 0);
    EXPECT_EQ(c.ended.load(), 0);
    std::thread release([&] { c.stay.store(false); });
    EXPECT_EQ(kern::taskq_del_barrier(q, c.t), 0);
    EXPECT_EQ(c.ended.load(), 1);
    release.join();
    q.stop();
}

TEST(kern_taskq, a_barrier_is_not_kept_by_what_comes_later) {
    queue q;
    counted again;
    struct forever {
        kern::taskq& q;
        kern::task t;
        std::atomic<bool> over{false};
        static void called(void* argument) {
            auto& self = *static_cast<forever*>(argument);
            if (!self.over.load()) {
                kern::task_add(self.q, self.t);
            }
        }
    } f{q, {}, {}};
    kern::task_set(f.t, forever::called, &f);
    kern::task_add(q, f.t);
    kern::task_add(q, again.t);
    kern::taskq_barrier(q);
    EXPECT_EQ(again.calls.load(), 1);
    f.over.store(true);
    kern::taskq_del_barrier(q, f.t);
    q.stop();
}

TEST(kern_taskq, stop_runs_what_is_queued) {
    queue q;
    counted c;
    kern::task_add(q, c.t);
    q.stop();
    EXPECT_EQ(c.calls.load(), 1);
}

TEST(kern_taskq, nothing_added_by_several_is_lost) {
    queue q;
    constexpr int rounds = 2000;
    std::atomic<int> called{0};
    std::atomic<int> added{0};
    struct entry {
        kern::task t;
        std::atomic<int>* called;
    };
    together(0, 3, [&](unsigned) {
        entry e{{}, &called};
        kern::task_set(
            e.t, [](void* p) { static_cast<entry*>(p)->called->fetch_add(1); }, &e);
        for (int i = 0; i < rounds; ++i) {
            added.fetch_add(kern::task_add(q, e.t));
            if (i % 7 == 0) {
                added.fetch_sub(kern::task_del(q, e.t));
            }
            if (i % 31 == 0) {
                kern::taskq_barrier(q);
            }
        }
        added.fetch_sub(kern::taskq_del_barrier(q, e.t));
    });
    EXPECT_EQ(called.load(), added.load());
    q.stop();
}

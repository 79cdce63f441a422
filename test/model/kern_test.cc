// The primitives: alone, and under several threads.
#include <gtest/gtest.h>

#include "model/kern/clock.h"
#include "model/kern/pool.h"
#include "model/kern/refcnt.h"
#include "model/kern/rwlock.h"
#include "model/kern/sleep.h"
#include "model/kern/smr.h"
#include "model/kern/smr_ptr.h"
#include "test/model/together.h"

namespace kern = model::kern;
using model_test::together;

TEST(kern_cpu, belongs_to_the_thread) {
    together(0, 4, [](unsigned cpu) { EXPECT_EQ(kern::cpu_number(), cpu); });
    EXPECT_EQ(kern::cpu_number(), 0U);
}

TEST(kern_pool, counts_what_is_alive_whoever_frees_it) {
    kern::pool pool;
    int* object = kern::pool_get<int>(pool, 7);
    EXPECT_EQ(kern::pool_live(pool), 1);
    together(3, 1, [&](unsigned) { kern::pool_put(pool, object); });
    EXPECT_EQ(kern::pool_live(pool), 0);
}

TEST(kern_clock, can_be_set_by_hand) {
    kern::uptime_clock clock;
    EXPECT_GE(kern::getuptime(clock), 1);
    clock.manual = true;
    clock.seconds = 42;
    EXPECT_EQ(kern::getuptime(clock), 42);
}

TEST(kern_rwlock, writers_exclude_everybody) {
    kern::rwlock lock;
    int a = 0;
    int b = 0;
    together(0, 4, [&](unsigned cpu) {
        for (int i = 0; i < 2000; ++i) {
            if (cpu % 2 == 0) {
                kern::rw_enter_write(lock);
                ++a;
                ++b;
            } else {
                kern::rw_enter_read(lock);
                EXPECT_EQ(a, b);
            }
            kern::rw_exit(lock);
        }
    });
    EXPECT_EQ(a, 4000);
}

// ---- sleep --------------------------------------------------------------------------------------

TEST(kern_sleep, wakeup_between_setup_and_finish_is_not_lost) {
    kern::sleep_channel channel;
    kern::sleeper self;
    kern::sleep_setup(channel, self, "test");
    kern::wakeup_one(channel);
    kern::sleep_finish(channel, self, true);  // returns at once
    EXPECT_EQ(channel.head, nullptr);
    EXPECT_EQ(channel.tail, nullptr);
}

TEST(kern_sleep, who_need_not_sleep_leaves_the_channel) {
    kern::sleep_channel channel;
    kern::sleeper first;
    kern::sleeper second;
    kern::sleeper third;
    kern::sleep_setup(channel, first, "test");
    kern::sleep_setup(channel, second, "test");
    kern::sleep_setup(channel, third, "test");
    kern::sleep_finish(channel, second, false);
    EXPECT_EQ(channel.head, &first);
    EXPECT_EQ(first.next, &third);
    kern::sleep_finish(channel, third, false);
    EXPECT_EQ(channel.tail, &first);
    kern::sleep_finish(channel, first, false);
    EXPECT_EQ(channel.head, nullptr);
    EXPECT_EQ(channel.tail, nullptr);
}

TEST(kern_sleep, wakeup_one_is_first_in_first_out) {
    kern::sleep_channel channel;
    kern::sleeper first;
    kern::sleeper second;
    kern::sleep_setup(channel, first, "test");
    kern::sleep_setup(channel, second, "test");
    kern::wakeup_one(channel);
    EXPECT_EQ(first.state.load(), kern::sleeper::awake);
    EXPECT_EQ(second.state.load(), kern::sleeper::asleep);
    kern::wakeup(channel);
    EXPECT_EQ(second.state.load(), kern::sleeper::awake);
    kern::wakeup_one(channel);  // nobody: nothing happens
}

TEST(kern_sleep, every_sleeper_is_woken) {
    kern::sleep_channel channel;
    std::atomic<int> turn{0};
    together(0, 4, [&](unsigned cpu) {
        for (int round = 0; round < 200; ++round) {
            const int mine = round * 4 + static_cast<int>(cpu);
            for (;;) {
                kern::sleeper self;
                kern::sleep_setup(channel, self, "turn");
                const bool wait = turn.load() != mine;
                kern::sleep_finish(channel, self, wait);
                if (!wait) {
                    break;
                }
            }
            turn.store(mine + 1);
            kern::wakeup(channel);
        }
    });
    EXPECT_EQ(turn.load(), 800);
}

// ---- reference counts ---------------------------------------------------------------------------

TEST(kern_refcnt, last_one_out) {
    kern::refcnt r;
    kern::refcnt_take(r);
    EXPECT_EQ(kern::refcnt_read(r), 2U);
    EXPECT_FALSE(kern::refcnt_rele(r));
    EXPECT_TRUE(kern::refcnt_rele(r));
}

TEST(kern_refcnt, finalize_of_the_only_reference_returns) {
    kern::sleep_channel channel;
    kern::refcnt r;
    r.channel = &channel;
    kern::refcnt_finalize(r, "ifrm");
    EXPECT_EQ(kern::refcnt_read(r), 0U);
    EXPECT_EQ(channel.head, nullptr);
}

TEST(kern_refcnt, finalize_waits_for_every_holder_and_the_memory_may_go_at_once) {
    kern::sleep_channel channel;  // outlives the objects
    struct object {
        kern::refcnt refcnt;
        int value = 1;
    };
    for (int round = 0; round < 300; ++round) {
        auto* o = new object;
        o->refcnt.channel = &channel;
        for (int i = 0; i < 3; ++i) {
            kern::refcnt_take(o->refcnt);
        }
        together(0, 4, [&](unsigned cpu) {
            if (cpu == 0) {
                kern::refcnt_finalize(o->refcnt, "test");
                o->value = 0;
                delete o;
            } else {
                EXPECT_EQ(o->value, 1);
                kern::refcnt_rele_wake(o->refcnt);
            }
        });
    }
    EXPECT_EQ(channel.head, nullptr);
}

// ---- safe memory reclamation --------------------------------------------------------------------

TEST(kern_smr, read_sections_nest) {
    kern::smr_state smr(1);
    kern::smr_read_enter(smr);
    kern::smr_read_enter(smr);
    kern::smr_read_leave(smr);
    EXPECT_EQ(smr.cells[0].state.load() % 2, 1U);
    kern::smr_read_leave(smr);
    EXPECT_EQ(smr.cells[0].state.load() % 2, 0U);
    kern::smr_barrier(smr);
}

TEST(kern_smr, callbacks_run_in_order) {
    kern::smr_state smr(1);
    smr.start();
    struct entry {
        kern::smr_entry smr;
        std::vector<int>* seen = nullptr;
        int number = 0;
    };
    std::vector<int> seen;
    entry entries[20];
    for (int i = 0; i < 20; ++i) {
        entries[i].seen = &seen;
        entries[i].number = i;
        kern::smr_call(
            smr, entries[i].smr,
            [](void* p) {
                auto* e = static_cast<entry*>(p);
                e->seen->push_back(e->number);
            },
            &entries[i]);
    }
    kern::smr_flush(smr);
    ASSERT_EQ(seen.size(), 20U);
    for (int i = 0; i < 20; ++i) {
        EXPECT_EQ(seen[static_cast<size_t>(i)], i);
    }
    smr.stop();
}

TEST(kern_smr, stop_runs_what_is_queued) {
    kern::smr_state smr(2);
    smr.start();
    int called = 0;
    kern::smr_entry entry;
    kern::smr_call(
        smr, entry, [](void* p) { ++*static_cast<int*>(p); }, &called);
    smr.stop();
    EXPECT_EQ(called, 1);
}

namespace {

struct box {
    kern::smr_entry smr;
    int value = 7;
};

void box_free(void* p) {
    static_cast<box*>(p)->value = 0;
    delete static_cast<box*>(p);
}

}  // namespace

TEST(kern_smr, readers_never_see_what_was_freed) {
    kern::smr_state smr(4);
    smr.start();
    kern::smr_ptr<box*> current(new box);
    std::atomic<bool> done{false};
    together(0, 4, [&](unsigned cpu) {
        if (cpu == 0) {
            for (int i = 0; i < 2000; ++i) {
                box* old_box = current.get_locked();
                current.set_locked(new box);
                if (i % 2 == 0) {
                    kern::smr_call(smr, old_box->smr, box_free, old_box);
                } else {
                    kern::smr_barrier(smr);
                    box_free(old_box);
                }
            }
            done.store(true);
            return;
        }
        // The writer may be through before a reader has begun: each reads a few times at least.
        for (unsigned reads = 0; reads < 100 || !done.load(std::memory_order_relaxed); ++reads) {
            kern::smr_read_enter(smr);
            EXPECT_EQ(current.get()->value, 7);
            kern::smr_read_leave(smr);
        }
    });
    delete current.get_locked();
    smr.stop();
}

// sleep.h - sleeping on a channel until somebody wakes it, without a window for a lost wakeup.
// Source:  sleep_setup(9), wakeup(9) of the BSDs.
// Shapes:  a channel is an object that outlives what is waited for; sleepers leave it in FIFO order.
// Locks:   [Q] the channel's mutex  [a] atomic  [O] the sleeping context
// Errors:  none. A sleeper that returns must look at its condition again.
#pragma once

#include <atomic>
#include <cstdint>

#include "model/kern/mutex.h"

namespace model::kern {

struct sleeper {
    static constexpr uint32_t asleep = 1;
    static constexpr uint32_t awake = 2;

    std::atomic<uint32_t> state{asleep};  // [a] awake is stored by the waker, under the mutex
    sleeper* next = nullptr;              // [Q]
    const char* wmesg = "";               // [O] what a blocked context shows
};

struct sleep_channel {
    mutex mtx{ipl_high};            // every interrupt may wake somebody
    sleeper* head = nullptr;        // [Q]
    sleeper* tail = nullptr;        // [Q]
    sleep_channel* next = nullptr;  // link of the owner's list of channels
};

// The way to sleep until a condition holds: sleep_setup, look at the condition, sleep_finish(not
// yet). A wakeup between the first and the last finds the sleeper queued. A sleeper is used once.
void sleep_setup(sleep_channel& channel, sleeper& self, const char* wmesg);

// Sleeps if `do_sleep`, else takes the sleeper off the channel if no wakeup has done so. May sleep.
void sleep_finish(sleep_channel& channel, sleeper& self, bool do_sleep);

void wakeup_one(sleep_channel& channel);
void wakeup(sleep_channel& channel);

}  // namespace model::kern

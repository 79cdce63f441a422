#include "model/kern/sleep.h"

#include "sim/annotate.h"

namespace model::kern {

namespace {

// Takes the first sleeper off. It may be gone once its state is stored: nothing of it is used later.
bool wakeup_first_locked(sleep_channel& channel) {
    sleeper* first = channel.head;
    if (first == nullptr) {
        return false;
    }
    channel.head = first->next;
    if (channel.head == nullptr) {
        channel.tail = nullptr;
    }
    first->state.store(sleeper::awake, std::memory_order_release);
    return true;
}

// Whether it was still queued.
bool unqueue_locked(sleep_channel& channel, sleeper& self) {
    sleeper* before = nullptr;
    for (sleeper* s = channel.head; s != nullptr; before = s, s = s->next) {
        if (s != &self) {
            continue;
        }
        (before == nullptr ? channel.head : before->next) = self.next;
        if (channel.tail == &self) {
            channel.tail = before;
        }
        return true;
    }
    return false;
}

}  // namespace

void sleep_setup(sleep_channel& channel, sleeper& self, const char* wmesg) {
    self.wmesg = wmesg;
    mtx_enter(channel.mtx);
    self.next = nullptr;
    (channel.tail == nullptr ? channel.head : channel.tail->next) = &self;
    channel.tail = &self;
    heddle_waits_on(&channel);
    mtx_leave(channel.mtx);
}

void sleep_finish(sleep_channel& channel, sleeper& self, bool do_sleep) {
    heddle_may_sleep(self.wmesg);
    if (do_sleep) {
        heddle_await_u32(&self.state, HEDDLE_NOT_EQUAL, sleeper::asleep, self.wmesg);
        return;
    }
    // A wakeup that took us off meant one of us; if it came too late for that, it wakes nobody else:
    // whoever wakes has made the condition true for all.
    mtx_enter(channel.mtx);
    unqueue_locked(channel, self);
    heddle_waits_on(nullptr);
    mtx_leave(channel.mtx);
}

void wakeup_one(sleep_channel& channel) {
    mtx_enter(channel.mtx);
    const unsigned woken = wakeup_first_locked(channel) ? 1 : 0;
    if (channel.head == nullptr) {
        heddle_woke(&channel, woken);  // whoever waited then; else the others wait on
    }
    mtx_leave(channel.mtx);
}

void wakeup(sleep_channel& channel) {
    mtx_enter(channel.mtx);
    unsigned woken = 0;
    while (wakeup_first_locked(channel)) {
        ++woken;
    }
    heddle_woke(&channel, woken);
    mtx_leave(channel.mtx);
}

}  // namespace model::kern

#include "model/kern/timeout.h"

#include <cstring>

#include "model/kern/assert.h"
#include "model/kern/cpu.h"
#include "model/kern/spl.h"

namespace model::kern {

namespace {

// The mutex, with interrupts kept out while it is held.
class holding {
  public:
    explicit holding(timeouts& ts) : lock_(ts.mtx) {}
    [[nodiscard]] std::unique_lock<std::mutex>& lock() { return lock_; }

  private:
    const spl_high alone_;
    std::unique_lock<std::mutex> lock_;
};

// Behind all that are due no later.
void insert_locked(timeouts& ts, timeout& to) {
    timeout* before = ts.tail;
    while (before != nullptr && before->time > to.time) {
        before = before->prev;
    }
    to.prev = before;
    to.next = before == nullptr ? ts.head : before->next;
    (before == nullptr ? ts.head : before->next) = &to;
    (to.next == nullptr ? ts.tail : to.next->prev) = &to;
    to.armed = true;
    ts.pressing += to.housekeeping ? 0 : 1;
}

void remove_locked(timeouts& ts, timeout& to) {
    (to.prev == nullptr ? ts.head : to.prev->next) = to.next;
    (to.next == nullptr ? ts.tail : to.next->prev) = to.prev;
    to.armed = false;
    ts.pressing -= to.housekeeping ? 0 : 1;
}

bool is_due_locked(const timeouts& ts) {
    return ts.head != nullptr && ts.head->time <= getuptime(ts.clock);
}

// Whoever waits for the end of a function looks again.
void tell_waiting_locked(timeouts& ts) {
    if (ts.awaited) {
        ts.awaited = false;
        wakeup(ts.ended);
    }
}

void doze(timeouts& ts, std::unique_lock<std::mutex>& lock) {
    tell_waiting_locked(ts);
    ts.asleep = true;
    if (ts.head == nullptr || ts.clock.manual) {
        ts.work.wait(lock);
    } else {
        if (ts.pressing == 0) {
            heddle_housekeeping();
        }
        ts.work.wait_until(lock, uptime_point(ts.head->time));
    }
    ts.asleep = false;
}

struct call {
    void (*function)(void*);  // null: the service is to end
    void* argument;
};

// What is due first, disarmed. Sleeps while there is nothing. The function called before has ended.
call next_due(timeouts& ts) {
    holding held(ts);
    ts.running = nullptr;
    tell_waiting_locked(ts);
    while (!ts.stopping) {
        if (is_due_locked(ts)) {
            timeout& to = *ts.head;
            remove_locked(ts, to);
            ts.running = &to;
            return {to.function, to.argument};
        }
        doze(ts, held.lock());
    }
    return {nullptr, nullptr};
}

void softclock(timeouts& ts) {
    heddle_context("softclock", 1);
    cpu_attach(cpu_softclock);
    for (;;) {
        const call due = next_due(ts);
        if (due.function == nullptr) {
            return;
        }
        heddle_enter(HEDDLE_CALLBACK, &ts, "timeouts");
        due.function(due.argument);
        heddle_leave(HEDDLE_CALLBACK, &ts);
    }
}

// Sleeps until softclock has got on.
void await_end(timeouts& ts, holding& held) {
    sleeper self;
    ts.awaited = true;
    sleep_setup(ts.ended, self, "tmobar");
    held.lock().unlock();
    sleep_finish(ts.ended, self, true);
    held.lock().lock();
}

}  // namespace

timeouts::~timeouts() {
    kassert(!service.joinable(), "timeouts: softclock is running");
}

void timeouts::start() {
    heddle_name(&mtx, "timeout_mtx");
    service = std::thread(softclock, std::ref(*this));
}

void timeouts::stop() {
    {
        const holding held(*this);
        kassert(head == nullptr, "timeouts: a timeout is armed");
        stopping = true;
        work.notify_one();
    }
    service.join();
}

void timeout_set(timeout& to, void (*function)(void*), void* argument, const char* name) {
    to.function = function;
    to.argument = argument;
    to.name = name;
}

void timeout_set_housekeeping(timeout& to, void (*function)(void*), void* argument,
                              const char* name) {
    timeout_set(to, function, argument, name);
    to.housekeeping = true;
}

int timeout_add_at(timeouts& ts, timeout& to, int64_t uptime) {
    bool look = false;
    int added = 1;
    {
        const holding held(ts);
        if (to.armed) {
            remove_locked(ts, to);
            added = 0;
        }
        to.time = uptime;
        insert_locked(ts, to);
        look = ts.asleep && ts.head == &to;
    }
    if (look) {
        ts.work.notify_one();
    }
    return added;
}

int timeout_add_sec(timeouts& ts, timeout& to, int64_t seconds) {
    return timeout_add_at(ts, to, getuptime(ts.clock) + seconds);
}

int timeout_del(timeouts& ts, timeout& to) {
    const holding held(ts);
    if (!to.armed) {
        return 0;
    }
    remove_locked(ts, to);
    return 1;
}

int timeout_del_barrier(timeouts& ts, timeout& to) {
    heddle_barrier(&ts);
    heddle_may_sleep("tmobar");
    holding held(ts);
    int armed = 0;
    for (;;) {
        if (to.armed) {
            remove_locked(ts, to);
            armed = 1;
        }
        if (ts.running != &to) {
            return armed;
        }
        await_end(ts, held);
    }
}

bool timeout_pending(timeouts& ts, const timeout& to) {
    const holding held(ts);
    return to.armed;
}

void timeout_hardclock_update(timeouts& ts) {
    bool look = false;
    {
        const holding held(ts);
        look = ts.asleep && is_due_locked(ts);
    }
    if (look) {
        ts.work.notify_one();
    }
}

int timeout_fire(timeouts& ts, const char* name) {
    bool look = false;
    {
        const holding held(ts);
        timeout* to = ts.head;
        while (to != nullptr && strcmp(to->name, name) != 0) {
            to = to->next;
        }
        if (to == nullptr) {
            return 0;
        }
        // Before all others, but not before what is due already.
        remove_locked(ts, *to);
        to->time = getuptime(ts.clock);
        insert_locked(ts, *to);
        look = ts.asleep;
    }
    if (look) {
        ts.work.notify_one();
    }
    return 1;
}

void timeout_set_clock(timeouts& ts, int64_t uptime) {
    {
        const holding held(ts);
        ts.clock.manual = true;
        ts.clock.seconds = uptime;
    }
    timeout_hardclock_update(ts);
    timeout_flush(ts);
}

void timeout_flush(timeouts& ts) {
    heddle_barrier(&ts);
    holding held(ts);
    while (ts.running != nullptr || is_due_locked(ts)) {
        await_end(ts, held);
    }
}

}  // namespace model::kern

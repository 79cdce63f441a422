#include "model/kern/taskq.h"

#include "model/kern/assert.h"
#include "model/kern/cpu.h"
#include "model/kern/spl.h"

namespace model::kern {

namespace {

// The mutex, with interrupts kept out while it is held.
class holding {
  public:
    explicit holding(taskq& q) : lock_(q.mtx) {}
    [[nodiscard]] std::unique_lock<std::mutex>& lock() { return lock_; }

  private:
    const spl_high alone_;
    std::unique_lock<std::mutex> lock_;
};

void remove_locked(taskq& q, task& t) {
    task* before = nullptr;
    for (task* at = q.head; at != &t; at = at->next) {
        before = at;
    }
    (before == nullptr ? q.head : before->next) = t.next;
    if (q.tail == &t) {
        q.tail = before;
    }
    t.queued = false;
}

// Whoever waits for the end of a task looks again.
void tell_waiting_locked(taskq& q) {
    if (q.awaited) {
        q.awaited = false;
        wakeup(q.ended);
    }
}

struct call {
    void (*function)(void*);  // null: the service is to end
    void* argument;
};

// What was added first, taken off. Sleeps while there is nothing. The task called before has ended.
call next_task(taskq& q) {
    holding held(q);
    q.running = nullptr;
    tell_waiting_locked(q);
    while (q.head == nullptr) {
        if (q.stopping) {
            return {nullptr, nullptr};
        }
        q.asleep = true;
        q.work.wait(held.lock());
        q.asleep = false;
        tell_waiting_locked(q);
    }
    task& t = *q.head;
    remove_locked(q, t);
    q.running = &t;
    q.running_ticket = t.ticket;
    return {t.function, t.argument};
}

void taskq_thread(taskq& q) {
    heddle_context(q.name, 1);
    cpu_attach(q.cell);
    for (;;) {
        const call next = next_task(q);
        if (next.function == nullptr) {
            return;
        }
        heddle_enter(HEDDLE_CALLBACK, &q, q.name);
        next.function(next.argument);
        heddle_leave(HEDDLE_CALLBACK, &q);
    }
}

// Sleeps until the service has got on.
void await_end(taskq& q, holding& held) {
    sleeper self;
    q.awaited = true;
    sleep_setup(q.ended, self, "tqbar");
    held.lock().unlock();
    sleep_finish(q.ended, self, true);
    held.lock().lock();
}

}  // namespace

taskq::~taskq() {
    kassert(!service.joinable(), "taskq: the service is running");
}

void taskq::start() {
    heddle_name(&mtx, name);
    service = std::thread(taskq_thread, std::ref(*this));
}

void taskq::stop() {
    {
        const holding held(*this);
        stopping = true;
        work.notify_one();
    }
    service.join();
}

void task_set(task& t, void (*function)(void*), void* argument) {
    t.function = function;
    t.argument = argument;
}

int task_add(taskq& q, task& t) {
    bool look = false;
    {
        const holding held(q);
        if (t.queued) {
            return 0;
        }
        t.queued = true;
        t.ticket = q.tickets.load(std::memory_order_relaxed) + 1;
        q.tickets.store(t.ticket, std::memory_order_relaxed);
        t.next = nullptr;
        (q.head == nullptr ? q.head : q.tail->next) = &t;
        q.tail = &t;
        look = q.asleep;
    }
    if (look) {
        q.work.notify_one();
    }
    return 1;
}

int task_del(taskq& q, task& t) {
    const holding held(q);
    if (!t.queued) {
        return 0;
    }
    remove_locked(q, t);
    tell_waiting_locked(q);
    return 1;
}

void taskq_barrier(taskq& q) {
    heddle_barrier(&q);
    heddle_may_sleep("tqbar");
    // Who knows of a task sees that it was added; who sees more goes by the mutex. So no order is needed.
    if (q.tickets.load(std::memory_order_relaxed) == 0) {
        return;
    }
    holding held(q);
    const uint64_t last = q.tickets.load(std::memory_order_relaxed);
    while ((q.head != nullptr && q.head->ticket <= last) ||
           (q.running != nullptr && q.running_ticket <= last)) {
        await_end(q, held);
    }
}

int taskq_del_barrier(taskq& q, task& t) {
    heddle_barrier(&q);
    heddle_may_sleep("tqbar");
    holding held(q);
    int queued = 0;
    for (;;) {
        if (t.queued) {
            remove_locked(q, t);
            tell_waiting_locked(q);
            queued = 1;
        }
        if (q.running != &t) {
            return queued;
        }
        await_end(q, held);
    }
}

}  // namespace model::kern

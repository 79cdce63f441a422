// Timeouts and tasks of the model on their own: somebody takes one back while its context may be calling it. The
// argument is the case; those that begin with wrong_ break the rule of who owns it, or wait where they must not.
#include <atomic>
#include <cassert>
#include <cstring>
#include <mutex>
#include <thread>

#include "model/kern/clock.h"
#include "model/kern/cpu.h"
#include "model/kern/taskq.h"
#include "model/kern/timeout.h"

using namespace model::kern;

namespace {

uptime_clock clock_by_hand{true, 100};
timeouts softclock(clock_by_hand);
taskq systq("systq", cpu_systq);
std::mutex owners;

struct object {
    timeout to;
    task t;
    int calls = 0;
    std::atomic<int> references{2};  // the owner's, and that of the timeout or task
};

void touch(void* argument) {
    ++static_cast<object*>(argument)->calls;
}
void release(void* argument) {
    auto* o = static_cast<object*>(argument);
    if (o->references.fetch_sub(1) == 1) {
        delete o;
    }
}
void touch_locked(void* argument) {
    const std::lock_guard lock(owners);
    ++static_cast<object*>(argument)->calls;
}
void arm_again(void* argument) {
    auto* o = static_cast<object*>(argument);
    if (++o->calls < 3) {
        timeout_add_at(softclock, o->to, 0);
    }
}
void add_again(void* argument) {
    auto* o = static_cast<object*>(argument);
    if (++o->calls < 3) {
        task_add(systq, o->t);
    }
}
void wait_for_itself(void* argument) {
    timeout_del_barrier(softclock, static_cast<object*>(argument)->to);
}
void wait_for_own_queue(void*) {
    taskq_barrier(systq);
}

object* made(void (*function)(void*)) {
    auto* o = new object;
    timeout_set(o->to, function, o, "to");
    task_set(o->t, function, o);
    return o;
}
// A timeout that is due.
object* armed(void (*function)(void*)) {
    object* o = made(function);
    timeout_add_at(softclock, o->to, 0);
    return o;
}
object* added(void (*function)(void*)) {
    object* o = made(function);
    task_add(systq, o->t);
    return o;
}

// ---- timeouts -----------------------------------------------------------------------------------

void del_owns() {
    object* o = armed(release);
    if (timeout_del(softclock, o->to) == 1) {
        release(o);  // else its function does
    }
    release(o);
}

void barrier() {
    object* o = armed(touch);
    timeout_del_barrier(softclock, o->to);
    delete o;
}

void rearmed() {
    object* o = armed(arm_again);
    timeout_del_barrier(softclock, o->to);
    delete o;
}

void two_barriers() {
    object* o = armed(touch);
    std::thread other([o] { timeout_del_barrier(softclock, o->to); });
    timeout_del_barrier(softclock, o->to);
    other.join();
    delete o;
}

void fired() {
    object* o = made(touch);
    timeout_add_sec(softclock, o->to, 50);
    timeout_fire(softclock, "to");
    timeout_flush(softclock);
    assert(o->calls == 1);
    delete o;
}

void ticked() {
    object* o = made(touch);
    timeout_add_sec(softclock, o->to, 50);
    timeout_set_clock(softclock, 150);
    assert(o->calls == 1);
    delete o;
}

void two_arm() {
    object* o = made(touch);
    object* p = made(touch);
    std::thread other([p] { timeout_add_at(softclock, p->to, 0); });
    timeout_add_at(softclock, o->to, 0);
    other.join();
    timeout_flush(softclock);
    assert(o->calls == 1 && p->calls == 1);
    delete o;
    delete p;
}

void wrong_del() {
    object* o = armed(touch);
    timeout_del(softclock, o->to);  // it may be running
    delete o;
}

void wrong_locked() {
    object* o = armed(touch_locked);
    {
        const std::lock_guard lock(owners);
        timeout_del_barrier(softclock, o->to);  // for who wants the mutex
    }
    delete o;
}

void wrong_inside() {
    armed(wait_for_itself);
    timeout_flush(softclock);
}

// ---- tasks --------------------------------------------------------------------------------------

void task_owns() {
    object* o = added(release);
    if (task_del(systq, o->t) == 1) {
        release(o);
    }
    release(o);
}

void task_barrier() {
    object* o = added(touch);
    taskq_barrier(systq);
    assert(o->calls == 1);
    delete o;
}

void task_del_barrier() {
    object* o = added(add_again);
    taskq_del_barrier(systq, o->t);
    delete o;
}

void task_twice() {
    object* o = added(touch);
    const int again = task_add(systq, o->t);
    taskq_barrier(systq);
    assert(o->calls == 1 + again);
    delete o;
}

void task_two_barriers() {
    object* o = added(touch);
    std::thread other([] { taskq_barrier(systq); });
    taskq_barrier(systq);
    other.join();
    assert(o->calls == 1);
    delete o;
}

void task_barrier_and_del() {
    object* o = added(touch);
    std::thread other([o] { task_del(systq, o->t); });
    taskq_barrier(systq);
    other.join();
    delete o;
}

void wrong_task_del() {
    object* o = added(touch);
    task_del(systq, o->t);
    delete o;
}

void wrong_task_locked() {
    object* o = added(touch_locked);
    {
        const std::lock_guard lock(owners);
        taskq_barrier(systq);
    }
    delete o;
}

void wrong_task_inside() {
    object* o = added(wait_for_own_queue);
    taskq_barrier(systq);
    delete o;
}

struct named_case {
    const char* name;
    void (*play)();
};

constexpr named_case cases[] = {
    {"del_owns", del_owns},
    {"barrier", barrier},
    {"rearmed", rearmed},
    {"two_barriers", two_barriers},
    {"fired", fired},
    {"ticked", ticked},
    {"two_arm", two_arm},
    {"wrong_del", wrong_del},
    {"wrong_locked", wrong_locked},
    {"wrong_inside", wrong_inside},
    {"task_owns", task_owns},
    {"task_barrier", task_barrier},
    {"task_del_barrier", task_del_barrier},
    {"task_twice", task_twice},
    {"task_two_barriers", task_two_barriers},
    {"task_barrier_and_del", task_barrier_and_del},
    {"wrong_task_del", wrong_task_del},
    {"wrong_task_locked", wrong_task_locked},
    {"wrong_task_inside", wrong_task_inside},
};

}  // namespace

int main(int argc, char** argv) {
    softclock.start();
    systq.start();
    int played = 0;
    for (const named_case& c : cases) {
        if (argc == 2 && strcmp(argv[1], c.name) == 0) {
            c.play();
            ++played;
        }
    }
    assert(played == 1);
    systq.stop();
    softclock.stop();
    return 0;
}

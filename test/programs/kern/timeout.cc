// timeout: what is due is called once and sees what was there before; what was taken back is not called.
#include "model/kern/timeout.h"

#include "test/programs/kern/kern_program.h"

using namespace model::kern;

namespace {

uptime_clock clock_by_hand{true, 100};
timeouts softclock(clock_by_hand);

struct object {
    timeout to;
    int before = 0;  // written by who arms
    int calls = 0;   // by the timeout
};

void call(void* argument) {
    auto* o = static_cast<object*>(argument);
    assert(o->before == 1);
    ++o->calls;
}

void call_again(void* argument) {
    auto* o = static_cast<object*>(argument);
    if (++o->calls < 2) {
        timeout_add_at(softclock, o->to, 0);
    }
}

// A timeout that is due, or not yet.
object* armed(void (*function)(void*), int64_t when = 0) {
    auto* o = new object;
    timeout_set(o->to, function, o, "to");
    o->before = 1;
    timeout_add_at(softclock, o->to, when);
    return o;
}

void is_called() {
    object* o = armed(call);
    timeout_flush(softclock);
    assert(o->calls == 1 && !timeout_pending(softclock, o->to));
    delete o;
}

void deleted() {
    object* o = armed(call);
    if (timeout_del(softclock, o->to) == 0) {
        timeout_flush(softclock);
        assert(o->calls == 1);
    } else {
        timeout_flush(softclock);
        assert(o->calls == 0);
    }
    delete o;
}

void del_barrier() {
    object* o = armed(call);
    const int was = timeout_del_barrier(softclock, o->to);
    assert(o->calls == 1 - was);
    delete o;
}

void rearmed() {
    object* o = armed(call_again);
    timeout_del_barrier(softclock, o->to);
    assert(o->calls <= 2);
    delete o;
}

void not_due() {
    object* o = armed(call, 200);
    assert(timeout_del_barrier(softclock, o->to) == 1);
    assert(o->calls == 0);
    delete o;
}

void ticked() {
    object* o = armed(call, 200);
    timeout_set_clock(softclock, 250);
    assert(o->calls == 1);
    delete o;
}

sleep_channel called;

void call_and_wake(void* argument) {
    call(argument);
    wakeup(called);
}

// By the clock itself, of which somebody waits for the end of two seconds, and takes back what is due later.
void passes() {
    static uptime_clock clock;
    static timeouts wheel(clock);
    wheel.start();
    object soon;
    object later;
    timeout_set(soon.to, call_and_wake, &soon, "soon");
    timeout_set(later.to, call, &later, "later");
    soon.before = 1;
    sleeper self;
    sleep_setup(called, self, "called");
    timeout_add_sec(wheel, later.to, 50);
    timeout_add_sec(wheel, soon.to, 2);
    sleep_finish(called, self, true);
    assert(soon.calls == 1);
    timeout_del_barrier(wheel, soon.to);
    assert(timeout_del(wheel, later.to) == 1 && later.calls == 0);
    wheel.stop();
}

void frees_itself() {
    armed([](void* argument) { delete static_cast<object*>(argument); });
    timeout_flush(softclock);
}

void two_arm() {
    const auto body = [] {
        object* o = armed(call);
        const int was = timeout_del_barrier(softclock, o->to);
        assert(o->calls == 1 - was);
        delete o;
    };
    together(body, body);
}

void wrong_del() {
    object* o = armed(call);
    timeout_del(softclock, o->to);
    delete o;
}

constexpr named_case cases[] = {
    {"is_called", is_called}, {"deleted", deleted}, {"del_barrier", del_barrier},
    {"rearmed", rearmed},     {"not_due", not_due}, {"ticked", ticked},
    {"two_arm", two_arm},     {"passes", passes},   {"frees_itself", frees_itself},
    {"wrong_del", wrong_del},
};

}  // namespace

int main(int argc, char** argv) {
    softclock.start();
    play(cases, argc, argv);
    softclock.stop();
    return 0;
}

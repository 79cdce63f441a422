// taskq: a task that was added is called, by a context that sees what was there before; who waits sees what it did.
#include "model/kern/taskq.h"

#include "model/kern/cpu.h"
#include "test/programs/kern/kern_program.h"

using namespace model::kern;

namespace {

taskq systq("systq", cpu_systq);

struct object {
    task t;
    int before = 0;  // written by who adds
    int calls = 0;   // by the task
};

void call(void* argument) {
    auto* o = static_cast<object*>(argument);
    assert(o->before == 1);
    ++o->calls;
}

object* added(void (*function)(void*)) {
    auto* o = new object;
    task_set(o->t, function, o);
    o->before = 1;
    task_add(systq, o->t);
    return o;
}

void is_called() {
    object* o = added(call);
    systq.stop();
    assert(o->calls == 1);
    delete o;
    systq.start();
}

void barrier() {
    object* o = added(call);
    taskq_barrier(systq);
    assert(o->calls == 1);
    delete o;
}

void deleted() {
    object* o = added(call);
    if (task_del(systq, o->t) == 1) {
        assert(o->calls == 0);  // and never will be
        delete o;
    } else {
        taskq_barrier(systq);
        assert(o->calls == 1);
        delete o;
    }
}

void del_barrier() {
    object* o = added(call);
    const int queued = taskq_del_barrier(systq, o->t);
    assert(o->calls == 1 - queued);
    delete o;
}

void frees_itself() {
    added([](void* argument) { delete static_cast<object*>(argument); });
    taskq_barrier(systq);
}

void two_add() {
    const auto body = [] {
        object* o = added(call);
        taskq_barrier(systq);
        assert(o->calls == 1);
        delete o;
    };
    together(body, body);
}

// Who was told of a task by somebody else waits for it, too, though nothing but a relaxed word told it.
void told() {
    static std::atomic<object*> passed{nullptr};
    together([] { passed.store(added(call), std::memory_order_release); },
             [] {
                 object* o = passed.load(std::memory_order_acquire);
                 taskq_barrier(systq);
                 if (o != nullptr) {
                     assert(o->calls == 1);
                 }
             });
    taskq_barrier(systq);
    delete passed.load();
}

// A barrier on a queue that somebody adds to for the first time: it may come before, but must not end between.
void empty() {
    static object* o;
    together([] { o = added(call); }, [] { taskq_barrier(systq); });
    taskq_barrier(systq);
    assert(o->calls == 1);
    delete o;
}

void wrong_del() {
    object* o = added(call);
    task_del(systq, o->t);
    delete o;
}

constexpr named_case cases[] = {
    {"is_called", is_called},
    {"barrier", barrier},
    {"deleted", deleted},
    {"del_barrier", del_barrier},
    {"frees_itself", frees_itself},
    {"two_add", two_add},
    {"told", told},
    {"empty", empty},
    {"wrong_del", wrong_del},
};

}  // namespace

int main(int argc, char** argv) {
    systq.start();
    play(cases, argc, argv);
    systq.stop();
    return 0;
}

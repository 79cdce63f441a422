// refcnt: the last one out sees what all others did with the object, and may free it.
#include "model/kern/refcnt.h"

#include "model/kern/sleep.h"
#include "test/programs/kern/kern_program.h"

using namespace model::kern;

namespace {

struct object {
    refcnt references;
    int used[3] = {};  // one cell a context: what a holder does with its object
};

sleep_channel channel;  // outlives all objects

object* made(unsigned references) {
    auto* o = new object;
    o->references.channel = &channel;
    for (unsigned n = 1; n < references; ++n) {
        refcnt_take(o->references);
    }
    return o;
}

void use_and_drop(object* o, int me) {
    o->used[me] = 1;
    if (refcnt_rele(o->references)) {
        assert(o->used[me] == 1);
        delete o;
    }
}

void use_and_wake(object* o, int me) {
    o->used[me] = 1;
    refcnt_rele_wake(o->references);
}

void two_drop() {
    object* o = made(2);
    together([o] { use_and_drop(o, 0); }, [o] { use_and_drop(o, 1); });
}

void three_drop() {
    object* o = made(3);
    together([o] { use_and_drop(o, 0); }, [o] { use_and_drop(o, 1); }, [o] { use_and_drop(o, 2); });
}

// Who has a reference takes another while others drop theirs.
void taken() {
    object* o = made(2);
    together(
        [o] {
            refcnt_take(o->references);
            use_and_drop(o, 0);
            use_and_drop(o, 1);
        },
        [o] { use_and_drop(o, 2); });
}

void finalized() {
    object* o = made(2);
    together([o] { use_and_wake(o, 0); },
             [o] {
                 refcnt_finalize(o->references, "final");
                 assert(refcnt_read(o->references) == 0);
                 assert(o->used[0] == 1);
                 delete o;
             });
}

void finalized_by_two() {
    object* o = made(3);
    together([o] { use_and_wake(o, 0); }, [o] { use_and_wake(o, 1); },
             [o] {
                 refcnt_finalize(o->references, "final");
                 assert(o->used[0] == 1 && o->used[1] == 1);
                 delete o;
             });
}

// A finalizer for each of two objects, on one channel: a wakeup means one of them.
void shared_channel() {
    object* o = made(2);
    object* p = made(2);
    together(
        [o, p] {
            use_and_wake(o, 0);
            use_and_wake(p, 0);
        },
        [o, p] {
            refcnt_finalize(o->references, "final");
            delete o;
            refcnt_finalize(p->references, "final");
            assert(p->used[0] == 1);
            delete p;
        });
}

// Drops without waking: the finalizer waits for good.
void wrong_drop() {
    object* o = made(2);
    together([o] { static_cast<void>(refcnt_rele(o->references)); },
             [o] {
                 refcnt_finalize(o->references, "final");
                 delete o;
             });
}

// Uses the object after its reference is gone.
void wrong_use() {
    object* o = made(2);
    together([o] { use_and_drop(o, 0); },
             [o] {
                 if (refcnt_rele(o->references)) {
                     delete o;
                 } else {
                     o->used[1] = 1;
                 }
             });
}

constexpr named_case cases[] = {
    {"two_drop", two_drop},
    {"three_drop", three_drop},
    {"taken", taken},
    {"finalized", finalized},
    {"finalized_by_two", finalized_by_two},
    {"shared_channel", shared_channel},
    {"wrong_drop", wrong_drop},
    {"wrong_use", wrong_use},
};

}  // namespace

int main(int argc, char** argv) {
    return play(cases, argc, argv);
}

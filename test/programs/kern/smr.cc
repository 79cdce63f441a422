// smr: what a reader finds in a section stays until it has left, and is complete.
#include "model/kern/smr.h"

#include "model/kern/smr_ptr.h"
#include "test/programs/kern/kern_program.h"

using namespace model::kern;

namespace {

struct object {
    explicit object(int number) : value(number) {}
    smr_entry entry;
    int value;
    int uses = 0;  // by reader 0 alone
};

smr_state smr{3};  // CPUs: two readers, one writer
smr_ptr<object*> current;
smr_ptr<object*> other;

void free_object(void* argument) {
    delete static_cast<object*>(argument);
}

int read_current() {
    smr_read_enter(smr);
    object* o = current.get();
    const int value = o->value;
    smr_read_leave(smr);
    return value;
}

template <unsigned cpu>
void read_once() {
    cpu_attach(cpu);
    const int value = read_current();
    assert(value == 1 || value == 2);
}

void read_twice() {
    cpu_attach(0);
    const int first = read_current();
    assert(read_current() >= first);
}

// Reads within a section that is inside another.
void read_nested() {
    cpu_attach(0);
    smr_read_enter(smr);
    object* o = current.get();
    read_current();
    assert(o->value == 1 || o->value == 2);
    smr_read_leave(smr);
}

// What a reader writes is there when the object is freed.
void use() {
    cpu_attach(0);
    smr_read_enter(smr);
    ++current.get()->uses;
    smr_read_leave(smr);
}

object* replace_by(int value) {
    object* old = current.get_locked();
    current.set_locked(new object(value));
    return old;
}

void replace() {
    cpu_attach(2);
    object* old = replace_by(2);
    smr_barrier(smr);
    assert(old->uses <= 1);
    delete old;
}

void replace_twice() {
    cpu_attach(2);
    for (int value = 2; value <= 3; ++value) {
        object* old = replace_by(value);
        smr_barrier(smr);
        delete old;
    }
}

void replace_later() {
    cpu_attach(2);
    object* old = replace_by(2);
    smr_call(smr, old->entry, free_object, old);
}

void done() {
    delete current.get_locked();
}

void begin() {
    current.init(new object(1));
}

void one_reader() {
    begin();
    together(read_once<0>, replace);
    done();
}

void two_readers() {
    begin();
    together(read_once<0>, read_once<1>, replace);
    done();
}

void reads_twice() {
    begin();
    together(read_twice, replace);
    done();
}

void replaces_twice() {
    begin();
    together(
        [] {
            cpu_attach(0);
            const int value = read_current();
            assert(value >= 1 && value <= 3);
        },
        replace_twice);
    done();
}

void nested() {
    begin();
    together(read_nested, replace);
    done();
}

void used() {
    begin();
    together(use, replace);
    done();
}

// An object that is found through two pointers is taken out of both.
void two_pointers() {
    begin();
    other.init(current.get_locked());
    together(
        [] {
            cpu_attach(0);
            smr_read_enter(smr);
            object* o = current.get();
            object* p = other.get();
            assert(o->value == 1 || p == nullptr || p->value == 1);
            smr_read_leave(smr);
        },
        [] {
            cpu_attach(2);
            object* old = replace_by(2);
            other.set_locked(nullptr);
            smr_barrier(smr);
            delete old;
        });
    done();
}

// The service frees; stopping it waits for that.
void called() {
    begin();
    smr.start();
    together(read_once<0>, replace_later);
    smr.stop();
    done();
}

void flushed() {
    begin();
    smr.start();
    cpu_attach(1);
    static int freed;
    static smr_entry entry;
    freed = 1;
    smr_call(
        smr, entry, [](void*) { ++freed; }, nullptr);
    smr_flush(smr);
    assert(freed == 2);
    smr.stop();
    done();
}

// Frees at once.
void wrong_free() {
    begin();
    together(read_once<0>, [] {
        cpu_attach(2);
        delete replace_by(2);
    });
}

// Waits first, then takes the object out.
void wrong_order() {
    begin();
    together(read_once<0>, [] {
        cpu_attach(2);
        smr_barrier(smr);
        delete replace_by(2);
    });
}

constexpr named_case cases[] = {
    {"one_reader", one_reader},         {"two_readers", two_readers}, {"reads_twice", reads_twice},
    {"replaces_twice", replaces_twice}, {"nested", nested},           {"used", used},
    {"two_pointers", two_pointers},     {"called", called},           {"flushed", flushed},
    {"wrong_free", wrong_free},         {"wrong_order", wrong_order},
};

}  // namespace

int main(int argc, char** argv) {
    return play(cases, argc, argv);
}

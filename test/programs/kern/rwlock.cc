// rwlock: writers alone, readers see all or nothing of what a writer did.
#include "model/kern/rwlock.h"

#include "test/programs/kern/kern_program.h"

using namespace model::kern;

namespace {

rwlock lock;
int left;   // written by writers
int right;  // always as much

void write() {
    rw_enter_write(lock);
    ++left;
    assert(left == right + 1);
    ++right;
    rw_exit(lock);
}

void read() {
    rw_enter_read(lock);
    assert(left == right);
    rw_exit(lock);
}

void two_readers() {
    together(read, read, write);
    assert(left == 1);
}

void two_writers() {
    together(write, write, read);
    assert(left == 2);
}

// What was seen under the lock stays so for who comes later.
void read_again() {
    together(write, [] {
        rw_enter_read(lock);
        const int first = left;
        rw_exit(lock);
        rw_enter_read(lock);
        assert(left >= first);
        rw_exit(lock);
    });
}

// Writes as a reader.
void wrong_read() {
    together(read, [] {
        rw_enter_read(lock);
        ++left;
        ++right;
        rw_exit(lock);
    });
}

// Reads within its own read: a writer may wait in between.
void wrong_again() {
    together(write, [] {
        rw_enter_read(lock);
        rw_enter_read(lock);
        rw_exit(lock);
        rw_exit(lock);
    });
}

constexpr named_case cases[] = {
    {"two_readers", two_readers}, {"two_writers", two_writers}, {"read_again", read_again},
    {"wrong_read", wrong_read},   {"wrong_again", wrong_again},
};

}  // namespace

int main(int argc, char** argv) {
    return play(cases, argc, argv);
}

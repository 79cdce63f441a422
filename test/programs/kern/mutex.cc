// mutex: one at a time, and who comes next sees what the one before did.
#include "model/kern/mutex.h"

#include "test/programs/kern/kern_program.h"

using namespace model::kern;

namespace {

mutex outer{ipl_none};
mutex inner{ipl_high};
int count;  // outer, or inner where only that is taken
int twice;  // the same

void add() {
    mtx_enter(outer);
    assert(twice == 2 * count);
    ++count;
    twice += 2;
    mtx_leave(outer);
}

void add_nested() {
    mtx_enter(outer);
    mtx_enter(inner);
    ++count;
    mtx_leave(inner);
    ++twice;
    mtx_leave(outer);
}

void three_add() {
    together(add, add, add);
    assert(count == 3 && twice == 6);
}

void add_again() {
    const auto body = [] {
        add();
        add();
    };
    together(body, body);
    assert(count == 4);
}

void nested() {
    together(add_nested, add_nested, [] {
        mtx_enter(inner);
        ++count;
        mtx_leave(inner);
    });
    assert(count == 3 && twice == 2);
}

// One of the three counts under the other mutex.
void wrong_mutex() {
    together(add, [] {
        mtx_enter(inner);
        ++count;
        mtx_leave(inner);
    });
}

constexpr named_case cases[] = {
    {"three_add", three_add},
    {"add_again", add_again},
    {"nested", nested},
    {"wrong_mutex", wrong_mutex},
};

}  // namespace

int main(int argc, char** argv) {
    return play(cases, argc, argv);
}

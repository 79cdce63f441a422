// What a CPU has for itself: the cells of pools and counters are plain, and have one writer.
#include "model/kern/cpu.h"
#include "model/kern/mutex.h"
#include "model/kern/pool.h"
#include "model/net/counters.h"
#include "test/programs/kern/kern_program.h"

using namespace model::kern;
using model::net::counter;

namespace {

pool objects;
model::net::counter_cells counters;
mutex owners{ipl_none};
int* passed;  // owners

void on(unsigned cpu) {
    heddle_cpu(cpu);
    cpu_attach(cpu);
}

// Twice by a context of a CPU, once by an interrupt there.
template <typename Work>
void interrupt_beside(Work work) {
    together(
        [work] {
            on(0);
            work();
            work();
        },
        [work] {
            heddle_interrupt(0, ipl_net);
            cpu_attach(0);
            work();
        });
}

// An object that is made on one CPU may be freed on another.
void pool_passed() {
    together(
        [] {
            on(0);
            int* made = pool_get<int>(objects, 7);
            mtx_enter(owners);
            passed = made;
            mtx_leave(owners);
        },
        [] {
            on(1);
            mtx_enter(owners);
            int* got = passed;
            passed = nullptr;
            mtx_leave(owners);
            if (got != nullptr) {
                assert(*got == 7);
                pool_put(objects, got);
            }
        });
    assert(pool_live(objects) == (passed == nullptr ? 0 : 1));
    delete passed;
}

// Contexts of one CPU write one cell: they do not preempt each other.
void pool_shared() {
    const auto body = [] {
        on(1);
        pool_put(objects, pool_get<int>(objects, 1));
    };
    together(body, body, [] {
        on(0);
        pool_count(objects, 2);
    });
    assert(pool_live(objects) == 2);
}

template <unsigned cpu>
void count() {
    on(cpu);
    counters_inc(counters, counter{});
    counters_inc(counters, counter{});
}

void counters_summed() {
    together(count<0>, count<1>, count<1>);
    assert(counters_read(counters, counter{}) == 6);
}

// An interrupt does so, too, but does not come in between.
void pool_interrupted() {
    const auto make = [] { pool_count(objects, 1); };
    interrupt_beside(make);
    assert(pool_live(objects) == 3);
}

void counters_interrupted() {
    const auto count = [] { counters_inc(counters, counter{}); };
    interrupt_beside(count);
    assert(counters_read(counters, counter{}) == 3);
}

// Two CPUs, one cell.
void wrong_cell() {
    const auto body = [] { pool_count(objects, 1); };
    together(body, body);
}

constexpr named_case cases[] = {
    {"pool_passed", pool_passed},
    {"pool_shared", pool_shared},
    {"counters_summed", counters_summed},
    {"pool_interrupted", pool_interrupted},
    {"counters_interrupted", counters_interrupted},
    {"wrong_cell", wrong_cell},
};

}  // namespace

int main(int argc, char** argv) {
    return play(cases, argc, argv);
}

// oracle.h - small programs as tables; their interleavings counted by trying every one.
// Source:  ours, and written apart from sim/: a machine of its own with a dependence of its own, so that
//          what the strategies count is checked against something that shares no code with them.
// Shapes:  as table_program.c; every operation is one step.
// Locks:   none.
// Errors:  none.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace sim::test {

enum class table_kind : int {
    none,
    load,
    store,
    add,
    cas,
    lock,
    unlock,
    trylock,
    unlock_if,
    wait,
    signal,
    broadcast,
    await,
    rdlock,
    wrlock,
    rwunlock,
    post,
    sem_take,
    choose,
    raise_to,  // the level of its CPU, to `value`
    lower_to,
    resume
};

struct table_entry {
    table_kind kind = table_kind::none;
    int object = 0;
    int value = 0;
    int value2 = 0;
};

using table_program = std::vector<std::vector<table_entry>>;
// Of each thread the CPU that it chooses first of all; 0: none. Fewer than threads: the rest choose none.
using table_cpus = std::vector<int>;
// Of each thread the level at which it interrupts its CPU; 0: none. The same.
using table_levels = std::vector<int>;

struct oracle_count {
    uint64_t finished = 0;
    uint64_t deadlocked = 0;
    std::map<int, uint64_t> with_preemptions;  // traces by the fewest preemptions that show them
    bool too_many = false;                     // given up
    bool host_deadlock =
        false;  // an interrupt waits for a mutex of who cannot go on before it has ended
};

// Numbers of traces: classes of interleavings that differ in the order of independent steps alone.
// Threads that chose a CPU do as sim/machine/cpus.h says: they take it, try what may have to wait, give it up
// before they wait and at their end, and take it with the operation that they waited for.
// Interrupts come as sim/machine/interrupts.h says.
oracle_count count_traces(const table_program& program, uint64_t interleavings_max,
                          const table_cpus& cpus = {}, const table_levels& levels = {});

// Schedules, not traces, within 0 to delays_max delays: the round-robin scheduler goes on with who ran
// last, else with the next by number that can; each that is passed over is a delay.
struct delay_count {
    std::vector<uint64_t> schedules;  // within each bound
    std::vector<uint64_t> traces;
};
delay_count count_delays(const table_program& program, uint32_t delays_max);

std::string text_of(const table_program& program);

// Random programs of all kinds; the same for the same seed. Their threads may be shorter by so much.
table_program random_program(uint64_t seed, size_t shorter = 0);
// CPUs of its threads, of which at least two share one.
table_cpus random_cpus(uint64_t seed, size_t threads);
// Makes one or two of its threads interrupts of a CPU of another, which raises its level here and there.
table_levels add_interrupts(uint64_t seed, table_program& program, table_cpus& cpus);

}  // namespace sim::test

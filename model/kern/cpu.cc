#include "model/kern/cpu.h"

#include "model/kern/assert.h"

namespace model::kern {

namespace {

thread_local unsigned current_cpu = 0;

}  // namespace

void cpu_attach(unsigned cell) {
    kassert(cell < cpu_cells, "cpu_attach: no such CPU");
    current_cpu = cell;
}

unsigned cpu_number() {
    return current_cpu;
}

bool cpu_is_softnet() {
    return current_cpu >= cpu_softnet && current_cpu < cpu_cells;
}

}  // namespace model::kern

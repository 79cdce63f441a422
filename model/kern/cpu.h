// cpu.h - which CPU of its router the calling context runs on, and where its cells are.
// Shapes:  cells 0..cpus_max-1 are those of the CPUs, on which packets and commands run; each service
//          context of a stack has one of its own behind them, wherever it runs.
// Locks:   none. A cell belongs to one context at a time: what is in it has a single writer.
// Errors:  none.
#pragma once

namespace model::kern {

inline constexpr unsigned cpus_max = 8;
inline constexpr unsigned softnets_max = 4;  // NET_TASKQ

inline constexpr unsigned cpu_smr = cpus_max;
inline constexpr unsigned cpu_softclock = cpus_max + 1;
inline constexpr unsigned cpu_systq = cpus_max + 2;
inline constexpr unsigned cpu_softnet = cpus_max + 3;              // the first of softnets_max
inline constexpr unsigned cpu_cells = cpu_softnet + softnets_max;  // size of a per-CPU array

// Tasks work on received packets in so many contexts: a CPU each, up to softnets_max.
[[nodiscard]] constexpr unsigned softnets_of(unsigned cpus) {
    return cpus < softnets_max ? cpus : softnets_max;
}

// Whether a stack with so many CPUs has a context whose cell this is.
[[nodiscard]] constexpr bool cpu_attached(unsigned cpus, unsigned cell) {
    return cell < cpus || (cell >= cpus_max && cell < cpu_softnet + softnets_of(cpus));
}

// Whether the calling context is a softnet.
[[nodiscard]] bool cpu_is_softnet();

// Says where the calling context runs. Called once, at its start; without it a context is CPU 0.
void cpu_attach(unsigned cell);
[[nodiscard]] unsigned cpu_number();

}  // namespace model::kern

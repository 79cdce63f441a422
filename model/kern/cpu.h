// cpu.h - which CPU of its router the calling context runs on.
// Shapes:  CPUs 0..cpus_max-1 run packets and commands; cpu_service is for service contexts.
// Locks:   none. A CPU number belongs to one context at a time: its per-CPU cells are single-writer.
// Errors:  none.
#pragma once

namespace model::kern {

inline constexpr unsigned cpus_max = 8;
inline constexpr unsigned cpu_service = cpus_max;    // the one service context of a stack
inline constexpr unsigned cpu_cells = cpus_max + 1;  // size of a per-CPU array

// Says where the calling context runs. Called once, at its start; without it a context is CPU 0.
void cpu_attach(unsigned cpu);
[[nodiscard]] unsigned cpu_number();

}  // namespace model::kern

// counters.h - statistics of a stack: one plain cell per counter and CPU, summed when asked for.
// Shapes:  counters.def lists them; a new one is a line there.
// Locks:   [c] CPU's own cell; counters_read is exact when nobody runs, and natively may look beside who counts.
// Errors:  -1 for an unknown name.
#pragma once

#include <cstdint>

#include "model/kern/cpu.h"

namespace model::net {

enum class counter : unsigned {
#define HEDDLE_COUNTER(name) name,
#include "model/net/counters.def"
#undef HEDDLE_COUNTER
    count
};

inline constexpr unsigned counters_count = static_cast<unsigned>(counter::count);

struct counter_cells {
    struct alignas(64) cell {
        uint64_t value[counters_count] = {};  // [c]
    };
    cell cpus[kern::cpu_cells];
};

// Those of one interface: what netstat -i shows.
enum class if_counter : unsigned { ipackets, ierrors, opackets, oerrors, count };

struct if_counter_cells {
    struct alignas(64) cell {
        uint64_t value[static_cast<unsigned>(if_counter::count)] = {};  // [c]
    };
    cell cpus[kern::cpu_cells];
};

void if_counter_inc(if_counter_cells& cells, if_counter which);
[[nodiscard]] int64_t if_counter_read(const if_counter_cells& cells, if_counter which);

void counters_inc(counter_cells& cells, counter which);
[[nodiscard]] int64_t counters_read(const counter_cells& cells, counter which);

// By name; -1 if there is no such counter.
[[nodiscard]] int64_t counters_read_named(const counter_cells& cells, const char* name);

// The n-th name, null behind the last.
[[nodiscard]] const char* counters_name_or_null(unsigned n);

}  // namespace model::net

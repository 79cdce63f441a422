#include "model/net/counters.h"

#include <cstring>

#include "model/kern/spl.h"

namespace model::net {

namespace {

constexpr const char* names[] = {
#define HEDDLE_COUNTER(name) #name,
#include "model/net/counters.def"
#undef HEDDLE_COUNTER
};

}  // namespace

void counters_inc(counter_cells& cells, counter which) {
    const kern::spl_high alone;  // an interrupt may count
    ++cells.cpus[kern::cpu_number()].value[static_cast<unsigned>(which)];
}

int64_t counters_read(const counter_cells& cells, counter which) {
    uint64_t sum = 0;
    for (const counter_cells::cell& c : cells.cpus) {
        sum += c.value[static_cast<unsigned>(which)];
    }
    return static_cast<int64_t>(sum);
}

int64_t counters_read_named(const counter_cells& cells, const char* name) {
    for (unsigned n = 0; n < counters_count; ++n) {
        if (strcmp(names[n], name) == 0) {
            return counters_read(cells, static_cast<counter>(n));
        }
    }
    return -1;
}

const char* counters_name_or_null(unsigned n) {
    return n < counters_count ? names[n] : nullptr;
}

}  // namespace model::net

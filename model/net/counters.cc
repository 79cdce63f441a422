#include "model/net/counters.h"

#include <atomic>
#include <cstring>

#include "model/kern/spl.h"

namespace model::net {

namespace {

constexpr const char* names[] = {
#define HEDDLE_COUNTER(name) #name,
#include "model/net/counters.def"
#undef HEDDLE_COUNTER
};

// A cell has one writer, and netstat may look while that counts: natively a word that is neither torn nor added to at
// one go. In a simulation counting is no step of anybody's, and netstat looks when all is over.
void cell_add(uint64_t& cell, uint64_t more) {
#ifdef HEDDLE_SUBJECT
    cell += more;
#else
    std::atomic_ref<uint64_t> word(cell);
    word.store(word.load(std::memory_order_relaxed) + more, std::memory_order_relaxed);
#endif
}

uint64_t cell_read(const uint64_t& cell) {
#ifdef HEDDLE_SUBJECT
    return cell;
#else
    return std::atomic_ref<uint64_t>(const_cast<uint64_t&>(cell)).load(std::memory_order_relaxed);
#endif
}

template <typename Cells>
void count(Cells& cells, unsigned which) {
    const kern::spl_high alone;  // an interrupt may count
    cell_add(cells.cpus[kern::cpu_number()].value[which], 1);
}

}  // namespace

void counters_inc(counter_cells& cells, counter which) {
    count(cells, static_cast<unsigned>(which));
}

int64_t counters_read(const counter_cells& cells, counter which) {
    uint64_t sum = 0;
    for (const counter_cells::cell& c : cells.cpus) {
        sum += cell_read(c.value[static_cast<unsigned>(which)]);
    }
    return static_cast<int64_t>(sum);
}

void if_counter_inc(if_counter_cells& cells, if_counter which) {
    count(cells, static_cast<unsigned>(which));
}

int64_t if_counter_read(const if_counter_cells& cells, if_counter which) {
    uint64_t sum = 0;
    for (const if_counter_cells::cell& c : cells.cpus) {
        sum += cell_read(c.value[static_cast<unsigned>(which)]);
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

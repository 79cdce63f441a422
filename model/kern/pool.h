// pool.h - where objects of one kind come from, and how many of them are alive.
// Source:  pool(9) of the BSDs, without its free lists: a freed object is freed.
// Locks:   [c] CPU's own cell; live() is for when nobody runs.
// Errors:  none; running out of memory throws std::bad_alloc.
#pragma once

#include <cstdint>
#include <new>
#include <utility>

#include "model/kern/cpu.h"
#include "model/kern/spl.h"

namespace model::kern {

struct pool {
    struct alignas(64) cell {
        int64_t live = 0;  // [c] made minus freed on this CPU; alone it may be negative
    };
    cell cells[cpu_cells];
};

// One object more or less, for who allocates otherwise than by pool_get.
inline void pool_count(pool& p, int64_t objects) {
    const spl_high alone;  // an interrupt may allocate
    p.cells[cpu_number()].live += objects;
}

template <typename T, typename... Args>
[[nodiscard]] T* pool_get(pool& p, Args&&... args) {
    T* object = new T(std::forward<Args>(args)...);
    pool_count(p, 1);
    return object;
}

template <typename T>
void pool_put(pool& p, T* object) {
    delete object;
    pool_count(p, -1);
}

[[nodiscard]] inline int64_t pool_live(const pool& p) {
    int64_t live = 0;
    for (const pool::cell& c : p.cells) {
        live += c.live;
    }
    return live;
}

}  // namespace model::kern

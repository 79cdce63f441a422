// smr.h - safe memory reclamation: readers without locks, frees that wait for them.
// Source:  smr_call(9) of OpenBSD; here each CPU says itself when it is inside a read section.
// Shapes:  a CPU's cell is odd inside a read section, even outside, and never takes a value twice.
//          Every access that publication depends on is sequentially consistent: a reader's store to
//          its cell comes before its loads, a writer's store to a pointer before its look at cells.
// Locks:   [a] atomic  [c] CPU's own  [Q] queue mutex  [I] immutable. Never sleep in a read section.
// Errors:  none.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>

#include "model/kern/cpu.h"
#include "model/kern/spl.h"

namespace model::kern {

// Part of an object that is to be freed when no reader can see it any more.
struct smr_entry {
    smr_entry* next = nullptr;          // [Q]
    void (*function)(void*) = nullptr;  // [Q]
    void* argument = nullptr;           // [Q]
};

struct alignas(64) smr_cell {
    std::atomic<uint32_t> state{0};  // [a] written by this CPU only
    uint32_t count = 0;              // [c] what state holds
    uint32_t depth = 0;              // [c] nesting
};

struct smr_state {
    explicit smr_state(unsigned cpus);
    ~smr_state();  // stop() first
    smr_state(const smr_state&) = delete;
    smr_state& operator=(const smr_state&) = delete;

    void start();  // starts the service context `smr`
    void stop();   // runs what is queued and ends the service context

    const unsigned cpus;           // [I]
    smr_cell cells[cpu_cells];     // of which smr_has_reader tells those in use
    std::mutex mtx;                // leaf, at ipl_high: every interrupt may free by smr_call
    std::condition_variable work;  // queue is not empty, or stopping
    smr_entry* head = nullptr;     // [Q]
    smr_entry* tail = nullptr;     // [Q]
    bool stopping = false;         // [Q]
    std::thread service;           // [I] after start
};

// Whether a context that reads may have this cell: that of a CPU of this router or of a service context, but `smr`
// itself, which waits for readers. It is the same for as long as the router lives.
[[nodiscard]] constexpr bool smr_has_reader(const smr_state& smr, unsigned cell) {
    return cpu_attached(smr.cpus, cell) && cell != cpu_smr;
}

// Read sections nest. Pointers read from an smr_ptr inside one stay valid until it is left.
void smr_read_enter(smr_state& smr);
void smr_read_leave(smr_state& smr);

// Sleeps until every read section that was open when it was called has been left. Not from inside a
// read section, and with no lock held that a reader or a queued callback needs.
void smr_barrier(smr_state& smr);

// Has function(argument) called by the service context after a grace period. Does not sleep.
void smr_call(smr_state& smr, smr_entry& entry, void (*function)(void*), void* argument);

// Sleeps until everything that was queued before has been called. For tests and shutting down.
void smr_flush(smr_state& smr);

}  // namespace model::kern

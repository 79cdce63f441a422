#include "model/kern/smr.h"

#include "model/kern/assert.h"
#include "model/kern/sleep.h"

namespace model::kern {

namespace {

// Takes everything that is queued; null when the service is to end. Sleeps while there is nothing.
smr_entry* take_queue(smr_state& smr) {
    const spl_high alone;
    std::unique_lock lock(smr.mtx);
    while (smr.head == nullptr && !smr.stopping) {
        smr.work.wait(lock);
    }
    smr_entry* first = smr.head;
    smr.head = nullptr;
    smr.tail = nullptr;
    return first;
}

void smr_thread(smr_state& smr) {
    heddle_context("smr", 1);
    cpu_attach(cpu_smr);
    while (smr_entry* entry = take_queue(smr)) {
        smr_barrier(smr);
        while (entry != nullptr) {
            // The entry is part of what the function frees.
            smr_entry* next = entry->next;
            heddle_enter(HEDDLE_CALLBACK, &smr, "smr queue");
            entry->function(entry->argument);
            heddle_leave(HEDDLE_CALLBACK, &smr);
            entry = next;
        }
    }
}

}  // namespace

smr_state::smr_state(unsigned cpus_wanted) : cpus(cpus_wanted) {
    kassert(cpus >= 1 && cpus <= cpus_max, "smr: number of CPUs");
    for (unsigned cell = 0; cell < cpu_cells; ++cell) {
        if (smr_has_reader(*this, cell)) {
            heddle_name(&cells[cell].state, "smr cell");
        }
    }
}

smr_state::~smr_state() {
    kassert(!service.joinable(), "smr: service is running");
}

void smr_state::start() {
    service = std::thread(smr_thread, std::ref(*this));
}

void smr_state::stop() {
    {
        const spl_high alone;
        const std::lock_guard lock(mtx);
        stopping = true;
        work.notify_one();
    }
    service.join();
}

void smr_read_enter(smr_state& smr) {
    kassert(smr_has_reader(smr, cpu_number()), "smr_read_enter: not a context that reads");
    smr_cell& cell = smr.cells[cpu_number()];
    // An interrupt that comes between the depth and the state would read without being seen.
    const spl_high alone;
    if (cell.depth++ == 0) {
        // Odd: inside. Sequentially consistent, so that it is seen before any pointer is read.
        cell.state.store(++cell.count, std::memory_order_seq_cst);
        heddle_read_enter(&smr, &cell, "smr");
    }
}

void smr_read_leave(smr_state& smr) {
    smr_cell& cell = smr.cells[cpu_number()];
    const spl_high alone;
    kassert(cell.depth != 0, "smr_read_leave: not inside");
    if (--cell.depth == 0) {
        heddle_read_leave(&smr, &cell);
        cell.state.store(++cell.count, std::memory_order_release);
    }
}

void smr_barrier(smr_state& smr) {
    heddle_grace_wait(&smr);
    const unsigned self = cpu_number();
    for (unsigned number = 0; number < cpu_cells; ++number) {
        if (!smr_has_reader(smr, number)) {
            continue;  // nobody would ever be inside
        }
        smr_cell& cell = smr.cells[number];
        if (number == self) {
            kassert(cell.depth == 0, "smr_barrier: inside a read section");
            continue;
        }
        heddle_await_u32(&cell.state, HEDDLE_QUIESCENT, 0, "smr");
        heddle_quiescent(&smr, &cell);
    }
}

void smr_call(smr_state& smr, smr_entry& entry, void (*function)(void*), void* argument) {
    // Who calls this has taken the object out of all that readers look at.
    heddle_unlinked(argument, &smr);
    entry.next = nullptr;
    entry.function = function;
    entry.argument = argument;
    const spl_high alone;
    smr.mtx.lock();
    const bool was_empty = smr.head == nullptr;
    (was_empty ? smr.head : smr.tail->next) = &entry;
    smr.tail = &entry;
    smr.mtx.unlock();
    if (was_empty) {
        smr.work.notify_one();
    }
}

namespace {

void wake_flusher(void* channel) {
    wakeup(*static_cast<sleep_channel*>(channel));
}

}  // namespace

void smr_flush(smr_state& smr) {
    heddle_barrier(&smr);
    sleep_channel done;
    sleeper self;
    smr_entry entry;
    sleep_setup(done, self, "smrflush");
    smr_call(smr, entry, wake_flusher, &done);
    sleep_finish(done, self, true);
    // The waker may still be inside the channel's mutex.
    mtx_enter(done.mtx);
    mtx_leave(done.mtx);
}

}  // namespace model::kern

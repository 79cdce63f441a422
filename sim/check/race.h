// race.h - the data race checker: FastTrack epochs over real synchronisation only.
// Source:  Flanagan and Freund, FastTrack, PLDI 2009; C++20 6.9.2 (release sequences, fences).
// Shapes:  one cell for 4 bytes of subject memory. Each snapshot and each restore begin a new stamp; a cell
//          is valid while the stretch between two snapshots of which it bears the stamp is part of the
//          execution. What is valid and of an earlier stretch is logged before it changes. An epoch is
//          context id << 24 | clock. Cells that two sizes meet in go to single bytes.
// Locks:   none.
// Errors:  a race is recorded as a finding and the run goes on.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/machine/machine.h"

namespace sim {

// What one access remembers of the earlier ones to the same bytes.
struct access_pair {
    uint32_t write = 0;     // epoch of the last write
    uint32_t read = 0;      // epoch of the last read, or of the only concurrent one
    uint32_t write_pc = 0;  // low half of the address: modules are smaller than 4 GiB
    uint32_t read_pc = 0;
};

struct race_cell {
    uint32_t stamp;
    access_pair access;
    uint8_t write_mask;  // bytes that access.write covers
    uint8_t read_mask;
    uint8_t split;   // 1: `extra` names four byte cells
    uint8_t level;   // the snapshot behind which it was touched last
    uint32_t extra;  // concurrent readers (index into read clocks) or byte cells
    uint32_t sync;   // atomics: index of the synchronisation record, 0: none
};
static_assert(sizeof(race_cell) == 32);

// An atomic location or a lock: the clock that its releases carry, and who touched it how.
struct sync_head {
    uint64_t object = 0;
    uint32_t stamp = 0;  // not older than the innermost snapshot: logged, or made since
    uint32_t next = 0;   // further atomic in the same cell
    uint32_t size = 0;
    uint64_t written_pc = 0;
    uint64_t read_pc = 0;
};
struct sync_record : sync_head {
    vector_clock released;
    vector_clock written;  // clock of each context's last atomic write
    vector_clock read;
};

// What a snapshot keeps of this checker: how long its lists were. What they held then is not changed later.
// The root snapshot is a barrier: everything before it happens before everything after it, so it keeps
// nothing.
struct race_state {
    size_t readers = 1;
    size_t bytes = 4;
    size_t cell_log = 0;
    size_t sync_log = 0;
    uint32_t syncs = 1;
};

void race_init();
// The snapshot becomes the innermost one.
race_state race_save(unsigned level);
void race_restore(const race_state& state, unsigned level);
// A new context inherits its creator's clock; both go on.
void race_create(context& parent, context& child);
void race_join(context& waiter, const context& finished);

inline constexpr unsigned race_levels_max = 256;

extern race_cell* race_cells;
extern uint32_t
    race_stamps[race_levels_max];  // of the stretch behind each snapshot; 0: there is none
extern uint8_t race_level;         // of the innermost
inline bool race_valid(const race_cell& cell) {
    return cell.stamp == race_stamps[cell.level];
}
const std::vector<sync_record>& syncs();
// Records in use, changes logged; and back to such a state.
uint32_t syncs_used();
size_t syncs_logged();
void syncs_restore(uint32_t used, size_t logged);
// Makes a cell one of the stretch behind the innermost snapshot, and logs what it was if that wants it back.
race_cell& race_touch(race_cell& cell);

// Slow halves. `mask` are the bytes of the cell that are touched.
void race_read_slow(race_cell& cell, uint64_t offset, uint8_t mask, uint64_t pc);
void race_write_slow(race_cell& cell, uint64_t offset, uint8_t mask, uint64_t pc);
void race_range(uint64_t offset, uint64_t size, bool write, uint64_t pc);
// Memory is freed: races like a write, but leaves nothing behind, since whoever comes later uses freed
// memory and is told so.
void race_free(uint64_t offset, uint64_t size, uint64_t pc);

inline bool race_ordered(const context& c, uint32_t epoch) {
    return c.clock.at[epoch >> epoch_shift] >= (epoch & epoch_clock_mask);
}

// The usual case: one epoch each way, the same bytes as before, everything ordered. False: look closer.
template <bool Write>
inline bool race_usual(race_cell& cell, uint8_t mask, uint32_t pc) {
    const context& c = *g.current;
    access_pair& a = cell.access;
    if (cell.split != 0 || cell.extra != 0 || cell.sync != 0 || !race_ordered(c, a.write) ||
        !race_ordered(c, a.read)) {
        return false;
    }
    if constexpr (Write) {
        if ((cell.write_mask & ~mask) != 0 || (cell.read_mask & ~mask) != 0) {
            return false;
        }
        a = {c.epoch, 0, pc, 0};
        cell.write_mask = mask;
        cell.read_mask = 0;
    } else {
        if ((cell.read_mask & ~mask) != 0) {
            return false;
        }
        a.read = c.epoch;
        a.read_pc = pc;
        cell.read_mask = mask;
    }
    return true;
}

// One access to bytes of one cell, as far as that is quickly done. False: the slow half has to.
template <bool Write>
inline bool race_quick(race_cell& cell, uint8_t mask, uint64_t pc) {
    const uint32_t epoch = g.current->epoch;
    const auto low_pc = static_cast<uint32_t>(pc);
    if (cell.stamp == g.stamp) {
        const access_pair& a = cell.access;
        const bool known = Write ? a.write == epoch && (cell.write_mask & mask) == mask
                                 : a.read == epoch && (cell.read_mask & mask) == mask;
        return known || race_usual<Write>(cell, mask, low_pc);
    }
    if (race_valid(cell)) {
        return false;
    }
    // The first access of this execution: nothing to check, everything to remember.
    cell = Write ? race_cell{g.stamp, {epoch, 0, low_pc, 0}, mask, 0, 0, race_level, 0, 0}
                 : race_cell{g.stamp, {0, epoch, 0, low_pc}, 0, mask, 0, race_level, 0, 0};
    return true;
}

// A plain access of 1, 2, 4 or 8 bytes at a multiple of its size.
template <unsigned Size, bool Write>
inline void race_access(uint64_t offset, uint64_t pc) {
    constexpr uint8_t whole = Size >= 4 ? 0xf : static_cast<uint8_t>((1U << Size) - 1);
    race_cell* cell = race_cells + (offset >> 2);
    for (unsigned part = 0; part < (Size + 3) / 4; ++part, ++cell) {
        const auto mask = static_cast<uint8_t>(whole << (Size >= 4 ? 0 : offset & 3));
        if (race_quick<Write>(*cell, mask, pc)) {
            continue;
        }
        if (Write) {
            race_write_slow(*cell, offset + uint64_t{part} * 4, mask, pc);
        } else {
            race_read_slow(*cell, offset + uint64_t{part} * 4, mask, pc);
        }
    }
}

// An atomic access meets what plain accesses left in a cell.
void race_plain_conflict(const race_cell& cell, uint64_t offset, bool write, uint64_t pc);

// Atomics. `order` as the code states it; the access itself has just been chosen to happen.
void race_atomic_read(uint64_t offset, uint32_t size, uint8_t order, uint64_t pc);
void race_atomic_write(uint64_t offset, uint32_t size, uint8_t order, uint64_t pc);
// The part of an order that publishes.
inline uint8_t without_acquire(uint8_t order) {
    return order >= 3 ? 3 : 0;
}
void race_atomic_update(uint64_t offset, uint32_t size, uint8_t order, uint64_t pc);
// The same in parts, where what a read takes is chosen (sim/memory): the access meets plain ones; the context learns
// what the write that it takes has released; what a write releases, to which it adds.
void race_word(uint64_t offset, uint32_t size, bool write, uint64_t pc);
void race_learn(uint8_t order, const vector_clock& released);
void race_publish(uint8_t order, vector_clock& released);
// Orders a context behind what is known elsewhere; what it does from now on is not among what others know of it.
void race_meets(context& c, const vector_clock& known);
void race_fence(uint8_t order);
// Locks, condition variables' mutexes, semaphores, onces: acquire what the object's releases carry.
void race_acquire(uint64_t object);
void race_acquire_for(context& c, uint64_t object);  // who was chosen, and does not run yet
void race_release(uint64_t object);                  // replaces: the next holder sees exactly this
void race_release_join(uint64_t object);  // adds: readers of a lock, posts of a semaphore

}  // namespace sim

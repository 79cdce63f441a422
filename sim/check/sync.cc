// Synchronisation records of the race checker: what atomics, locks and thread creation order.
#include <algorithm>

#include "sim/check/race.h"
#include "sim/machine/memory.h"

namespace sim {

namespace {

std::vector<sync_record> records(1);

bool acquires(uint8_t order) {
    return order == 1 || order == 2 || order >= 4;
}
bool releases(uint8_t order) {
    return order >= 3;
}

// Clocks are as wide as the most contexts that ever lived, in fours for the vector unit; beyond that
// every clock is zero.
void join(vector_clock& to, const vector_clock& from) {
    for (unsigned i = 0; i < g.clock_width; i += 4) {
        for (unsigned k = i; k < i + 4; ++k) {
            to.at[k] = to.at[k] < from.at[k] ? from.at[k] : to.at[k];
        }
    }
}

void copy(vector_clock& to, const vector_clock& from) {
    for (unsigned i = 0; i < g.clock_width; i += 4) {
        for (unsigned k = i; k < i + 4; ++k) {
            to.at[k] = from.at[k];
        }
    }
}

void advance_epoch(context& c) {
    HEDDLE_ASSERT((c.epoch & epoch_clock_mask) != epoch_clock_mask);
    ++c.epoch;
    c.clock.at[c.id] = c.epoch & epoch_clock_mask;
}

void clear(vector_clock& clock) {
    for (unsigned i = 0; i < g.clock_width; i += 4) {
        for (unsigned k = i; k < i + 4; ++k) {
            clock.at[k] = 0;
        }
    }
}

// Records are recycled between executions: growing is rare, clearing is what it costs.
uint32_t used = 1;

// As it was at a snapshot: its three clocks are entries of saved_clocks.
struct saved_record {
    uint32_t index;
    uint32_t width;
    sync_head head;
};
std::vector<saved_record> sync_log;
std::vector<uint32_t> saved_clocks;

void log_record(uint32_t index) {
    host_scope host;
    const sync_record& r = records[index];
    sync_log.push_back({index, g.clock_width, r});
    for (const vector_clock* clock : {&r.released, &r.written, &r.read}) {
        saved_clocks.insert(saved_clocks.end(), clock->at, clock->at + g.clock_width);
    }
}

void restore_record(const saved_record& saved) {
    sync_record& r = records[saved.index];
    static_cast<sync_head&>(r) = saved.head;
    for (vector_clock* clock : {&r.read, &r.written, &r.released}) {
        clear(*clock);  // clocks may have become wider since
        std::copy_n(saved_clocks.end() - saved.width, saved.width, clock->at);
        saved_clocks.resize(saved_clocks.size() - saved.width);
    }
}

sync_record& to_be_changed(uint32_t index) {
    sync_record& r = records[index];
    if (r.stamp != g.stamp) {
        log_record(index);
        r.stamp = g.stamp;
    }
    return r;
}

sync_record& record_of(uint64_t object, uint32_t size) {
    race_cell& cell = race_touch(race_cells[(object - region_base) >> 2]);
    for (uint32_t i = cell.sync; i != 0; i = records[i].next) {
        if (records[i].object == object) {
            return to_be_changed(i);
        }
    }
    host_scope host;
    if (used == records.size()) {
        records.emplace_back();
    }
    sync_record& r = records[used];
    r.object = object;
    r.size = size;
    r.stamp = g.stamp;
    r.next = cell.sync;
    clear(r.released);
    clear(r.written);
    clear(r.read);
    cell.sync = used++;
    if (size == 8) {
        // The other half must lead plain accesses here too; a second atomic there is not usual.
        race_cell& other = race_touch(race_cells[((object - region_base) >> 2) + 1]);
        if (other.sync == 0) {
            other.sync = cell.sync;
        }
    }
    return r;
}

void against_plain(uint64_t offset, uint32_t size, bool write, uint64_t pc) {
    for (uint64_t at = offset; at < offset + size; at = (at | 3) + 1) {
        const race_cell& cell = race_cells[at >> 2];
        if (!race_valid(cell) || (cell.write_mask == 0 && cell.read_mask == 0 && cell.split == 0)) {
            continue;
        }
        race_plain_conflict(cell, at, write, pc);
    }
}

}  // namespace

const std::vector<sync_record>& syncs() {
    return records;
}

uint32_t syncs_used() {
    return used;
}

size_t syncs_logged() {
    return sync_log.size();
}

void syncs_restore(uint32_t count, size_t logged) {
    while (sync_log.size() > logged) {
        restore_record(sync_log.back());
        sync_log.pop_back();
    }
    used = count;
}

void race_word(uint64_t offset, uint32_t size, bool write, uint64_t pc) {
    against_plain(offset, size, write, pc);
    const context& c = *g.current;
    sync_record& r = record_of(region_base + offset, size);
    (write ? r.written : r.read).at[c.id] = c.clock.at[c.id];
    (write ? r.written_pc : r.read_pc) = pc;
}

void race_learn(uint8_t order, const vector_clock& released) {
    context& c = *g.current;
    if (acquires(order)) {
        join(c.clock, released);
    } else {
        if (!c.has_acquire_clock) {
            clear(c.acquire_pending);
            c.has_acquire_clock = true;
        }
        join(c.acquire_pending, released);
    }
}

void race_meets(context& c, const vector_clock& known) {
    join(c.clock, known);
    advance_epoch(c);
}

void race_publish(uint8_t order, vector_clock& released) {
    context& c = *g.current;
    if (releases(order)) {
        join(released, c.clock);
        advance_epoch(c);
    } else if (c.has_release_fence) {
        join(released, c.release_fence);
    }
}

void race_atomic_read(uint64_t offset, uint32_t size, uint8_t order, uint64_t pc) {
    against_plain(offset, size, false, pc);
    sync_record& r = record_of(region_base + offset, size);
    r.read.at[g.current->id] = g.current->clock.at[g.current->id];
    r.read_pc = pc;
    race_learn(order, r.released);
}

void race_atomic_write(uint64_t offset, uint32_t size, uint8_t order, uint64_t pc) {
    against_plain(offset, size, true, pc);
    context& c = *g.current;
    sync_record& r = record_of(region_base + offset, size);
    r.written.at[c.id] = c.clock.at[c.id];
    r.written_pc = pc;
    if (releases(order)) {
        copy(r.released, c.clock);
        advance_epoch(c);
    } else if (c.has_release_fence) {
        copy(r.released, c.release_fence);
    } else {
        clear(r.released);  // a plain store ends the release sequence
    }
}

void race_atomic_update(uint64_t offset, uint32_t size, uint8_t order, uint64_t pc) {
    against_plain(offset, size, true, pc);
    context& c = *g.current;
    sync_record& r = record_of(region_base + offset, size);
    r.written.at[c.id] = c.clock.at[c.id];
    r.written_pc = pc;
    race_learn(order, r.released);
    if (releases(order)) {
        join(r.released, c.clock);
        advance_epoch(c);
    } else if (c.has_release_fence) {
        join(r.released, c.release_fence);
    }
}

void race_fence(uint8_t order) {
    context& c = *g.current;
    if (acquires(order) && c.has_acquire_clock) {
        join(c.clock, c.acquire_pending);
    }
    if (releases(order)) {
        copy(c.release_fence, c.clock);
        c.has_release_fence = true;
        advance_epoch(c);
    }
}

void race_acquire_for(context& c, uint64_t object) {
    if ((g.checks & check_race) != 0) {
        join(c.clock, record_of(object, 0).released);
    }
}

void race_acquire(uint64_t object) {
    race_acquire_for(*g.current, object);
}

void race_release(uint64_t object) {
    if ((g.checks & check_race) != 0) {
        copy(record_of(object, 0).released, g.current->clock);
        advance_epoch(*g.current);
    }
}

void race_release_join(uint64_t object) {
    if ((g.checks & check_race) != 0) {
        join(record_of(object, 0).released, g.current->clock);
        advance_epoch(*g.current);
    }
}

void race_create(context& parent, context& child) {
    clear(child.clock);
    if ((g.checks & check_race) != 0) {
        copy(child.clock, parent.clock);
        advance_epoch(parent);
    }
    child.epoch = static_cast<uint32_t>(child.id) << epoch_shift | 1;
    child.clock.at[child.id] = 1;
}

void race_join(context& waiter, const context& finished) {
    if ((g.checks & check_race) != 0) {
        join(waiter.clock, finished.clock);
    }
}

}  // namespace sim

#include "sim/check/race.h"

#include <sys/mman.h>

#include <algorithm>

#include "sim/machine/memory.h"
#include "sim/machine/visible.h"
#include "sim/memory/words.h"

namespace sim {

race_cell* race_cells;
uint32_t race_stamps[race_levels_max] = {1};
uint8_t race_level = 0;

namespace {

// Those that a snapshot may want back are copied before they change.
std::vector<vector_clock> readers(1);
std::vector<access_pair> byte_cells(4);
size_t readers_kept = 1;
size_t bytes_kept = 4;

struct saved_cell {
    race_cell* cell;
    race_cell value;
};
// Far enough from the last stamp for all snapshots of one execution.
constexpr uint32_t stamp_limit = 0xf0000000;

std::vector<saved_cell> cell_log;

bool ordered(uint32_t epoch) {
    return g.current->clock.at[epoch >> epoch_shift] >= (epoch & epoch_clock_mask);
}

uint64_t whole_pc(uint32_t low) {
    return low == 0 ? 0 : region_base | low;
}

void report_race(uint64_t offset, bool write, uint64_t pc, uint32_t other_epoch, bool other_write,
                 uint64_t other_pc) {
    // By a memory model a race has no meaning: the finding is all that there is to say.
    if (!by_graph()) {
        visible_found(offset);
    }
    finding f;
    f.kind = finding_kind::data_race;
    f.address = region_base + offset;
    f.pc = pc;
    f.write = write;
    f.other_write = other_write;
    f.other_pc = other_pc;
    f.other_context = static_cast<uint8_t>(other_epoch >> epoch_shift);
    report(f);
}

// Atomic accesses by others that are not ordered before this plain one.
void against_atomics(const race_cell& cell, uint64_t offset, uint8_t mask, bool write,
                     uint64_t pc) {
    for (uint32_t i = cell.sync; i != 0; i = syncs()[i].next) {
        const sync_record& s = syncs()[i];
        uint64_t first = s.object - region_base;
        bool overlaps = false;
        for (unsigned byte = 0; byte < 4; ++byte) {
            uint64_t at = (offset & ~3ULL) + byte;
            overlaps |= ((mask >> byte) & 1) != 0 && at >= first && at < first + s.size;
        }
        if (!overlaps) {
            continue;
        }
        const vector_clock& mine = g.current->clock;
        for (unsigned other = 0; other < g.context_count; ++other) {
            uint32_t id = other << epoch_shift;
            if (s.written.at[other] > mine.at[other]) {
                report_race(offset, write, pc, id, true, s.written_pc);
                return;
            }
            if (write && s.read.at[other] > mine.at[other]) {
                report_race(offset, write, pc, id, false, s.read_pc);
                return;
            }
        }
    }
}

void check_readers(uint32_t index, uint64_t offset, uint64_t pc, uint32_t read_pc) {
    const vector_clock& r = readers[index];
    for (unsigned other = 0; other < g.context_count; ++other) {
        if (r.at[other] > g.current->clock.at[other]) {
            report_race(offset, true, pc, other << epoch_shift, false, whole_pc(read_pc));
            return;
        }
    }
}

// Byte cells have no room for concurrent readers beyond one epoch: the later unordered reader
// replaces the former; a write then still races with at least one of them.
void split_cell(race_cell& cell) {
    host_scope host;
    uint32_t at = static_cast<uint32_t>(byte_cells.size());
    bool shared = cell.split == 0 && cell.extra != 0;
    for (unsigned byte = 0; byte < 4; ++byte) {
        access_pair b;
        if ((cell.write_mask >> byte & 1) != 0) {
            b.write = cell.access.write;
            b.write_pc = cell.access.write_pc;
        }
        if ((cell.read_mask >> byte & 1) != 0) {
            b.read = cell.access.read;
            b.read_pc = cell.access.read_pc;
            if (shared) {
                const vector_clock& r = readers[cell.extra];
                for (unsigned c = 0; c < g.context_count; ++c) {
                    if (r.at[c] > g.current->clock.at[c]) {
                        b.read = c << epoch_shift | r.at[c];
                    }
                }
            }
        }
        byte_cells.push_back(b);
    }
    cell.split = 1;
    cell.extra = at;
}

// The byte cells of a cell, to be changed.
access_pair* bytes_of(race_cell& cell) {
    if (__builtin_expect(cell.extra < bytes_kept, 0)) {
        host_scope host;
        const auto at = static_cast<uint32_t>(byte_cells.size());
        byte_cells.resize(at + 4);
        std::copy_n(&byte_cells[cell.extra], 4, &byte_cells[at]);
        cell.extra = at;
    }
    return &byte_cells[cell.extra];
}

vector_clock& readers_of(race_cell& cell) {
    if (__builtin_expect(cell.extra < readers_kept, 0)) {
        host_scope host;
        const auto at = static_cast<uint32_t>(readers.size());
        readers.resize(at + 1);
        readers[at] = readers[cell.extra];
        cell.extra = at;
    }
    return readers[cell.extra];
}

void split_read(race_cell& cell, uint64_t offset, uint8_t mask, uint64_t pc) {
    access_pair* bytes = bytes_of(cell);
    for (unsigned byte = 0; byte < 4; ++byte) {
        if ((mask >> byte & 1) == 0) {
            continue;
        }
        access_pair& b = bytes[byte];
        if (!ordered(b.write)) {
            report_race(offset, false, pc, b.write, true, whole_pc(b.write_pc));
        }
        b.read = g.current->epoch;
        b.read_pc = static_cast<uint32_t>(pc);
    }
}

void split_write(race_cell& cell, uint64_t offset, uint8_t mask, uint64_t pc) {
    access_pair* bytes = bytes_of(cell);
    for (unsigned byte = 0; byte < 4; ++byte) {
        if ((mask >> byte & 1) == 0) {
            continue;
        }
        access_pair& b = bytes[byte];
        if (!ordered(b.write)) {
            report_race(offset, true, pc, b.write, true, whole_pc(b.write_pc));
        } else if (!ordered(b.read)) {
            report_race(offset, true, pc, b.read, false, whole_pc(b.read_pc));
        }
        b.write = g.current->epoch;
        b.write_pc = static_cast<uint32_t>(pc);
        b.read = 0;
    }
}

// True if the access can be kept in the cell itself: it covers all bytes seen so far, or those seen
// so far have the same epoch.
bool fits(uint8_t seen, uint8_t mask, uint32_t seen_epoch) {
    return seen == 0 || (seen & ~mask) == 0 || seen_epoch == g.current->epoch;
}

}  // namespace

void race_init() {
    if (race_cells != nullptr) {
        return;
    }
    void* p = mmap(nullptr, (region_size >> 2) * sizeof(race_cell), PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    HEDDLE_ASSERT(p != MAP_FAILED);
    race_cells = static_cast<race_cell*>(p);
}

race_cell& race_touch(race_cell& cell) {
    if (cell.stamp == g.stamp) {
        return cell;
    }
    if (race_valid(cell)) {
        host_scope host;
        cell_log.push_back({&cell, cell});
    } else {
        cell = race_cell{};
    }
    cell.stamp = g.stamp;
    cell.level = race_level;
    return cell;
}

void race_read_slow(race_cell& c, uint64_t offset, uint8_t mask, uint64_t pc) {
    race_cell& cell = race_touch(c);
    if (cell.sync != 0) {
        against_atomics(cell, offset, mask, false, pc);
    }
    if (cell.split == 0 && !(fits(cell.read_mask, mask, cell.access.read) &&
                             (cell.extra == 0 || cell.read_mask == mask))) {
        split_cell(cell);
    }
    if (cell.split != 0) {
        split_read(cell, offset, mask, pc);
        return;
    }
    if ((cell.write_mask & mask) != 0 && !ordered(cell.access.write)) {
        report_race(offset, false, pc, cell.access.write, true, whole_pc(cell.access.write_pc));
    }
    uint32_t epoch = g.current->epoch;
    if (cell.extra != 0) {
        readers_of(cell).at[g.current->id] = epoch & epoch_clock_mask;
    } else if (cell.read_mask != 0 && !ordered(cell.access.read)) {
        host_scope host;
        cell.extra = static_cast<uint32_t>(readers.size());
        readers.emplace_back(vector_clock{});
        uint32_t other = cell.access.read;
        readers.back().at[other >> epoch_shift] = other & epoch_clock_mask;
        readers.back().at[g.current->id] = epoch & epoch_clock_mask;
    }
    cell.access.read = epoch;
    cell.access.read_pc = static_cast<uint32_t>(pc);
    cell.read_mask |= mask;
}

void race_write_slow(race_cell& c, uint64_t offset, uint8_t mask, uint64_t pc) {
    race_cell& cell = race_touch(c);
    if (cell.sync != 0) {
        against_atomics(cell, offset, mask, true, pc);
    }
    if (cell.split == 0 &&
        !(fits(cell.write_mask, mask, cell.access.write) && (cell.read_mask & ~mask) == 0)) {
        split_cell(cell);
    }
    if (cell.split != 0) {
        split_write(cell, offset, mask, pc);
        return;
    }
    if ((cell.write_mask & mask) != 0 && !ordered(cell.access.write)) {
        report_race(offset, true, pc, cell.access.write, true, whole_pc(cell.access.write_pc));
    } else if (cell.extra != 0) {
        check_readers(cell.extra, offset, pc, cell.access.read_pc);
    } else if ((cell.read_mask & mask) != 0 && !ordered(cell.access.read)) {
        report_race(offset, true, pc, cell.access.read, false, whole_pc(cell.access.read_pc));
    }
    cell.access.write = g.current->epoch;
    cell.access.write_pc = static_cast<uint32_t>(pc);
    cell.write_mask |= mask;
    cell.access.read = 0;
    cell.read_mask = 0;
    cell.extra = 0;
}

void race_range(uint64_t offset, uint64_t size, bool write, uint64_t pc) {
    if ((g.checks & check_race) == 0 || g.current == nullptr) {
        return;
    }
    uint64_t end = offset + size;
    for (uint64_t at = offset; at < end;) {
        uint64_t next = (at | 3) + 1 < end ? (at | 3) + 1 : end;
        uint8_t mask = static_cast<uint8_t>(((1U << (next - at)) - 1) << (at & 3));
        race_cell& cell = race_cells[at >> 2];
        if (write ? !race_quick<true>(cell, mask, pc) : !race_quick<false>(cell, mask, pc)) {
            if (write) {
                race_write_slow(cell, at, mask, pc);
            } else {
                race_read_slow(cell, at, mask, pc);
            }
        }
        at = next;
    }
}

void race_free(uint64_t offset, uint64_t size, uint64_t pc) {
    if ((g.checks & check_race) == 0 || g.current == nullptr) {
        return;
    }
    const uint64_t last = (offset + size - 1) >> 2;
    for (uint64_t at = offset >> 2; at <= last; ++at) {
        const race_cell& cell = race_cells[at];
        if (__builtin_expect(!race_valid(cell), 1)) {
            continue;
        }
        if (cell.sync != 0) {
            against_atomics(cell, at << 2, 0xf, true, pc);
        }
        race_plain_conflict(cell, at << 2, true, pc);
    }
}

void race_plain_conflict(const race_cell& cell, uint64_t offset, bool write, uint64_t pc) {
    if (cell.split != 0) {
        for (unsigned byte = 0; byte < 4; ++byte) {
            const access_pair& b = byte_cells[cell.extra + byte];
            if (!ordered(b.write) || (write && !ordered(b.read))) {
                bool by_write = !ordered(b.write);
                report_race(offset, write, pc, by_write ? b.write : b.read, by_write,
                            whole_pc(by_write ? b.write_pc : b.read_pc));
                return;
            }
        }
        return;
    }
    if (!ordered(cell.access.write)) {
        report_race(offset, write, pc, cell.access.write, true, whole_pc(cell.access.write_pc));
    } else if (write && cell.extra != 0) {
        check_readers(cell.extra, offset, pc, cell.access.read_pc);
    } else if (write && !ordered(cell.access.read)) {
        report_race(offset, write, pc, cell.access.read, false, whole_pc(cell.access.read_pc));
    }
}

namespace {

void begin_stretch(const race_state& state, unsigned level) {
    race_level = static_cast<uint8_t>(level);
    race_stamps[level] = g.stamp;
    readers_kept = state.readers;
    bytes_kept = state.bytes;
}

}  // namespace

race_state race_save(unsigned level) {
    HEDDLE_ASSERT(level < race_levels_max);
    race_state s;
    if (level > 0) {
        s.readers = readers.size();
        s.bytes = byte_cells.size();
        s.cell_log = cell_log.size();
        s.sync_log = syncs_logged();
        s.syncs = syncs_used();
        ++g.stamp;
    }
    begin_stretch(s, level);
    return s;
}

void race_restore(const race_state& state, unsigned level) {
    // Stamps are never used twice, so what a discarded stretch left behind is void.
    ++g.stamp;
    HEDDLE_ASSERT(g.stamp != 0);
    for (unsigned inner = level + 1; inner <= race_level; ++inner) {
        race_stamps[inner] = 0;
    }
    if (level == 0) {
        cell_log.clear();  // all of them are void by now
    }
    while (cell_log.size() > state.cell_log) {
        *cell_log.back().cell = cell_log.back().value;
        cell_log.pop_back();
    }
    readers.resize(state.readers);
    byte_cells.resize(state.bytes);
    syncs_restore(state.syncs, state.sync_log);
    if (level == 0 && g.stamp > stamp_limit) {
        madvise(race_cells, (region_size >> 2) * sizeof(race_cell), MADV_DONTNEED);
        g.stamp = 1;
    }
    begin_stretch(state, level);
}

}  // namespace sim

// Snapshots: a restore costs what was dirtied since. Heap and data go back line by line from the undo
// log, blocks by counters, contexts by copying the part of their stack that was in use.
#include <algorithm>
#include <cstring>
#include <numeric>
#include <tuple>

#include "sim/check/journal.h"
#include "sim/check/race.h"
#include "sim/check/unwritten.h"
#include "sim/machine/digest.h"
#include "sim/machine/fair.h"
#include "sim/machine/memory.h"
#include "sim/machine/names.h"
#include "sim/machine/snapshot.h"
#include "sim/machine/spin.h"
#include "sim/machine/visible.h"

namespace sim {

namespace {

struct saved_line {
    uint64_t address;
    uint64_t written;  // bits of its bytes (memory.written)
    alignas(8) uint8_t bytes[line_size];
};

struct saved_bytes {
    uint64_t address;
    std::vector<uint8_t> bytes;
};

// As many entries of a clock as are in use; the others are zero.
struct saved_clock {
    std::vector<uint32_t> at;

    void save(const vector_clock& clock) { at.assign(clock.at, clock.at + g.clock_width); }
    void restore(vector_clock& clock) const {
        std::copy(at.begin(), at.end(), clock.at);
        std::fill(clock.at + at.size(), clock.at + g.clock_width, 0);
    }
};

struct saved_context {
    context_core core;
    saved_clock clock;
    saved_clock release_fence;
    saved_clock acquire_pending;
    operation awaited;
    std::string name;
    // Of one that lives.
    std::vector<call_frame> frames;
    std::vector<uint64_t> read_keys;
    uint64_t stack_begin;  // lowest address in use
    std::vector<uint8_t> stack;
};

// Scalars of the machine that belong to an execution.
struct saved_machine {
    uint64_t enabled;
    uint64_t live;
    uint64_t sharers;
    uint64_t interrupts;
    uint64_t interruptible;
    uint32_t context_count;
    uint32_t host_children;
    uint32_t host_epoch;
    uint32_t steps;
    uint32_t preemptions;
    uint32_t time_passed_at;
    bool cpus_bound;
    uint32_t awaiting;
    uint8_t last;
    uint8_t cpu_holder[contexts_max];
    uint64_t now_ns;
    size_t choices;
    size_t history;
    size_t findings;
    size_t blocks;
    decltype(g.time_of_services) time_of_services;
};

struct image_part {
    uint64_t begin;
    std::vector<uint8_t> bytes;
};

struct level {
    size_t undo_mark;
    size_t freed_mark;
    size_t outside_mark;
    uint64_t top[contexts_max];
    uint32_t count[contexts_max];
    saved_machine machine;
    std::vector<saved_context>
        contexts;         // machine.context_count of them; the others are memory kept
    uint64_t ran_before;  // contexts that had run since the snapshot before
    race_state race;
    size_t journal = 0;
    names_state names;
    uint32_t exceptions;
    std::vector<image_part> image;  // when comparing
};

// Those from level_count on keep their memory.
std::vector<level> levels;
size_t level_count = 0;
std::vector<saved_line> undo_log;
std::vector<saved_bytes> outside_log;
uint32_t exceptions = 0;          // that live
std::vector<uint32_t> freed_log;  // block numbers older than the innermost snapshot, now freed

compare_mode comparing = compare_mode::off;

bool innermost(size_t level) {
    return level + 1 == level_count;
}

void save_context(saved_context& s, const context& c) {
    s.core = c;
    s.clock.save(c.clock);
    s.name = c.name;
    if (c.has_release_fence) {
        s.release_fence.save(c.release_fence);
    }
    if (c.has_acquire_clock) {
        s.acquire_pending.save(c.acquire_pending);
    }
    if (c.has_awaited) {
        s.awaited = c.awaited;
    }
    s.stack.clear();
    if (c.state != context_state::live) {
        return;
    }
    s.frames.assign(c.frames, c.frames + c.depth);
    s.read_keys.assign(c.read_keys, c.read_keys + c.reads);
    if (c.position != nullptr) {
        // fcontext keeps the saved registers at the position and above it.
        s.stack_begin = reinterpret_cast<uint64_t>(c.position) & ~15ULL;
        s.stack.assign(reinterpret_cast<const uint8_t*>(s.stack_begin),
                       reinterpret_cast<const uint8_t*>(c.stack_high));
    }
}

void restore_context(context& c, const saved_context& s) {
    static_cast<context_core&>(c) = s.core;
    if (!c.ran) {
        return;
    }
    c.ran = false;
    s.clock.restore(c.clock);
    c.name = s.name;
    if (c.has_release_fence) {
        s.release_fence.restore(c.release_fence);
    }
    if (c.has_acquire_clock) {
        s.acquire_pending.restore(c.acquire_pending);
    }
    if (c.has_awaited) {
        c.awaited = s.awaited;
    }
    if (c.state != context_state::live) {
        return;
    }
    std::copy(s.frames.begin(), s.frames.end(), c.frames);
    std::copy(s.read_keys.begin(), s.read_keys.end(), c.read_keys);
    if (!s.stack.empty()) {
        std::memcpy(reinterpret_cast<void*>(s.stack_begin), s.stack.data(), s.stack.size());
    }
}

void restore_blocks(level& to) {
    while (freed_log.size() > to.freed_mark) {
        block& b = memory.blocks[freed_log.back()];
        freed_log.pop_back();
        b.freed = false;
        memory_revive(b);
        if (visible_any) {
            const auto number = static_cast<uint64_t>(&b - memory.blocks);
            visible_mark_block(static_cast<uint32_t>(number / blocks_max),
                               static_cast<uint32_t>(number % blocks_max), b.address, b.size);
        }
    }
    for (uint64_t heaps = memory.touched_heaps; heaps != 0; heaps &= heaps - 1) {
        unsigned slot = static_cast<unsigned>(__builtin_ctzll(heaps));
        uint64_t begin = (to.top[slot] - region_base) >> 3;
        uint64_t end = (memory.top[slot] - region_base) >> 3;
        if (end > begin) {
            std::memset(memory.state + begin, state_unallocated, end - begin);
        }
        memory.top[slot] = to.top[slot];
        memory.count[slot] = to.count[slot];
        memory.base_top[slot] = to.top[slot];
    }
    memory.touched_heaps = 0;
}

void next_epoch() {
    if (++g.undo_epoch == 0) {
        std::memset(memory.line, 0, region_size >> 4);
        g.undo_epoch = 1;
    }
    g.write_epoch = g.undo_epoch;
}

void take_image(level& l) {
    l.image.clear();
    auto add = [&l](uint64_t begin, uint64_t end) {
        const auto* p = reinterpret_cast<const uint8_t*>(begin);
        l.image.push_back({begin, std::vector<uint8_t>(p, p + (end - begin))});
    };
    for (const module_range& r : memory.data) {
        add(r.begin, r.end);
    }
    for (unsigned slot = 0; slot < contexts_max; ++slot) {
        if (memory.top[slot] > heap_slot_begin(slot)) {
            add(heap_slot_begin(slot), memory.top[slot]);
        }
    }
}

void compare_image(const level& l) {
    for (const image_part& part : l.image) {
        auto* now = reinterpret_cast<uint8_t*>(part.begin);
        if (std::memcmp(now, part.bytes.data(), part.bytes.size()) == 0) {
            continue;
        }
        if (comparing == compare_mode::repair) {
            std::memcpy(now, part.bytes.data(), part.bytes.size());
            continue;
        }
        size_t at = 0;
        while (now[at] == part.bytes[at]) {
            ++at;
        }
        restore_mismatch(part.begin + at);
    }
}

}  // namespace

void log_line(uint64_t line) {
    host_scope host;
    uint64_t address = region_base + (line << line_shift);
    if (g.spin_kept) {
        spin_line_written(address);
        if (memory.line[line] == g.undo_epoch) {
            return;
        }
    }
    memory.line[line] = g.undo_epoch;
    if (level_count == 0) {
        return;
    }
    if (in_heap_area(address)) {
        if (address >= memory.base_top[heap_slot_of(address)]) {
            return;  // nothing was there at the snapshot
        }
    } else if (in_stack_area(address)) {
        g.contexts[stack_slot_of(address)].ran = true;
        return;
    }
    saved_line saved;
    saved.address = address;
    saved.written = written_of(line);
    std::memcpy(saved.bytes, reinterpret_cast<const void*>(address), line_size);
    undo_log.push_back(saved);
}

void log_freed_block(uint32_t number) {
    if (level_count != 0 &&
        number % blocks_max < levels[level_count - 1].count[number / blocks_max]) {
        host_scope host;
        freed_log.push_back(number);
    }
}

void exception_made() {
    ++exceptions;
}

void exception_freed() {
    --exceptions;
}

bool snapshot_possible() {
    return exceptions == 0;
}

bool heap_pointer_overwritten() {
    for (size_t i = level_count == 0 ? 0 : levels[level_count - 1].undo_mark; i < undo_log.size();
         ++i) {
        const auto* then = reinterpret_cast<const uint64_t*>(undo_log[i].bytes);
        const auto* now = reinterpret_cast<const uint64_t*>(undo_log[i].address);
        for (unsigned word = 0; word < line_size / 8; ++word) {
            if (then[word] != now[word] && in_heap_area(then[word])) {
                return true;
            }
        }
    }
    return false;
}

namespace {

// Allocated since the root snapshot.
bool is_new(uint64_t address) {
    return in_heap_area(address) && address >= levels.front().top[heap_slot_of(address)];
}

// Of what was saved of the same place more than once, the first says what it held at the root. Those that
// hold that again say nothing.
template <typename Saved, typename Size>
void digest_changed(digest& to, const std::vector<Saved>& log, Size size_of) {
    std::vector<uint32_t> by_address(log.size());
    std::iota(by_address.begin(), by_address.end(), 0U);
    std::sort(by_address.begin(), by_address.end(), [&](uint32_t a, uint32_t b) {
        return std::tie(log[a].address, a) < std::tie(log[b].address, b);
    });
    uint64_t last = 0;
    for (uint32_t i : by_address) {
        const auto* now = reinterpret_cast<const void*>(log[i].address);
        if (log[i].address != last && !is_new(log[i].address) &&
            std::memcmp(now, static_cast<const void*>(&log[i].bytes[0]), size_of(log[i])) != 0) {
            to.add(log[i].address);
            to.add_bytes(now, size_of(log[i]));
        }
        last = log[i].address;
    }
}

}  // namespace

void digest_memory(digest& to) {
    digest_changed(to, undo_log, [](const saved_line&) { return line_size; });
    digest_changed(to, outside_log, [](const saved_bytes& s) { return s.bytes.size(); });
    for (unsigned slot = 0; slot < contexts_max; ++slot) {
        const uint64_t begin = levels.front().top[slot];
        to.add(memory.top[slot]);
        to.add_bytes(reinterpret_cast<const void*>(begin), memory.top[slot] - begin);
    }
}

void log_outside(uint64_t address, uint64_t size) {
    if (g.current != nullptr) {
        spin_wrote(*g.current);
    }
    if (level_count == 0) {
        return;
    }
    host_scope host;
    const auto* p = reinterpret_cast<const uint8_t*>(address);
    outside_log.push_back({address, std::vector<uint8_t>(p, p + size)});
}

unsigned snapshot_push() {
    HEDDLE_ASSERT(g.current == nullptr);
    if (level_count == levels.size()) {
        levels.emplace_back();
    }
    const auto number = static_cast<unsigned>(level_count);
    level& l = levels[number];
    l.undo_mark = undo_log.size();
    l.freed_mark = freed_log.size();
    l.outside_mark = outside_log.size();
    for (unsigned slot = 0; slot < contexts_max; ++slot) {
        if (level_count == 0) {
            // What comes later begins on a line of its own, so that it needs no undo. Not within an
            // execution: addresses must not depend on where its snapshots are.
            memory.top[slot] = (memory.top[slot] + line_size - 1) & ~(line_size - 1);
        }
        l.top[slot] = memory.base_top[slot] = memory.top[slot];
        l.count[slot] = memory.count[slot];
    }
    memory.touched_heaps = 0;
    l.machine = {g.enabled,         g.live,           g.sharers,
                 g.interrupts,      g.interruptible,  g.context_count,
                 g.host.children,   g.host.epoch,     g.steps,
                 g.preemptions,     g.time_passed_at, g.cpus_bound,
                 g.awaiting,        g.last,           {},
                 g.now_ns,          g.choices.size(), g.history.size(),
                 g.findings.size(), g.blocks.size(),  g.time_of_services};
    std::memcpy(l.machine.cpu_holder, g.cpu_holder, sizeof g.cpu_holder);
    if (l.contexts.size() < g.context_count) {
        l.contexts.resize(g.context_count);
    }
    l.ran_before = 0;
    for (unsigned i = 0; i < g.context_count; ++i) {
        context& c = g.contexts[i];
        save_context(l.contexts[i], c);
        l.ran_before |= c.ran ? 1ULL << i : 0;
        c.ran = false;
    }
    l.race = race_save(number);
    l.journal = journal_mark();
    l.names = names_save();
    l.exceptions = exceptions;
    ++level_count;
    next_epoch();
    spin_save(number);
    fair_save(number);
    if (comparing != compare_mode::off) {
        take_image(l);
    }
    return number;
}

void snapshot_restore(unsigned to) {
    HEDDLE_ASSERT(g.current == nullptr && to < level_count);
    if (!innermost(to)) {
        // Heaps may have grown below any of the inner levels; contexts may have run there.
        for (unsigned slot = 0; slot < contexts_max; ++slot) {
            memory.touched_heaps |= (memory.top[slot] != levels[to].top[slot]) ? 1ULL << slot : 0;
        }
        uint64_t ran = 0;
        while (!innermost(to)) {
            ran |= levels[--level_count].ran_before;
        }
        for (; ran != 0; ran &= ran - 1) {
            g.contexts[__builtin_ctzll(ran)].ran = true;
        }
    }
    level& l = levels[to];
    while (undo_log.size() > l.undo_mark) {
        const saved_line& saved = undo_log.back();
        std::memcpy(reinterpret_cast<void*>(saved.address), saved.bytes, line_size);
        restore_written((saved.address - region_base) >> line_shift, saved.written);
        undo_log.pop_back();
    }
    while (outside_log.size() > l.outside_mark) {
        const saved_bytes& saved = outside_log.back();
        std::memcpy(reinterpret_cast<void*>(saved.address), saved.bytes.data(), saved.bytes.size());
        outside_log.pop_back();
    }
    restore_blocks(l);
    for (unsigned i = 0; i < l.machine.context_count; ++i) {
        restore_context(g.contexts[i], l.contexts[i]);
    }
    for (unsigned i = l.machine.context_count; i < g.context_count; ++i) {
        g.contexts[i].state = context_state::unused;
    }
    const saved_machine& m = l.machine;
    g.enabled = m.enabled;
    g.live = m.live;
    g.sharers = m.sharers;
    g.interrupts = m.interrupts;
    g.interruptible = m.interruptible;
    std::memcpy(g.cpu_holder, m.cpu_holder, sizeof g.cpu_holder);
    g.context_count = m.context_count;
    g.host.children = m.host_children;
    g.host.epoch = m.host_epoch;
    g.host.clock.at[g.host.id] = m.host_epoch & epoch_clock_mask;
    g.steps = m.steps;
    g.preemptions = m.preemptions;
    g.time_passed_at = m.time_passed_at;
    g.time_of_services = m.time_of_services;
    g.blocks.resize(m.blocks);
    g.cpus_bound = m.cpus_bound;
    g.awaiting = m.awaiting;
    g.last = m.last;
    g.now_ns = m.now_ns;
    g.choices.resize(m.choices);
    g.history.resize(m.history);
    g.findings.resize(m.findings);
    race_restore(l.race, to);
    journal_undo(l.journal);
    names_restore(l.names);
    exceptions = l.exceptions;
    next_epoch();
    spin_restore(to);
    fair_restore(to);
    if (comparing != compare_mode::off) {
        compare_image(l);
    }
}

unsigned snapshot_depth() {
    return static_cast<unsigned>(level_count);
}

uint64_t snapshot_dirty_bytes() {
    return level_count == 0 ? 0 : (undo_log.size() - levels[level_count - 1].undo_mark) * line_size;
}

void snapshot_compare(compare_mode mode) {
    comparing = mode;
}

}  // namespace sim

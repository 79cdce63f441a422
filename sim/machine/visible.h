// visible.h - locations of which an exploration has learned that it must look closer, and begins anew.
// Source:  design section 4: a data race makes its location visible. As long as there is none, switching at
//          synchronisation alone shows every outcome; where there is one, the orders of the two
//          accesses matter and are explored like those of atomics: they are scheduling points.
//          Two assumptions are given up in the same way: a counter that is visible has takes and puts
//          that do not commute (explore/counters.h), a reader/writer lock that is visible has writers
//          whose announcement everybody sees (rwlocks.cc).
//          A CPU to which interrupts come is one, too: each step there shows (interrupts.h).
//          And so is, where executions do not end, that all schedules are fair: a place at which a loop goes
//          round is a location, too, and whoever comes there is held back (fair.h).
// Shapes:  a location is 8 bytes at a multiple of 8. In a heap it is named by block and offset, so that it
//          is found again wherever the block comes to lie; elsewhere by its address.
// Locks:   none.
// Errors:  parse_location is false for text that names no location.
#pragma once

#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

namespace sim {

// Added to memory.state of a usable granule.
inline constexpr uint8_t state_visible = 0x40;

struct location {
    uint32_t slot = no_slot;  // heap, or none, or a place in the text
    uint32_t index = 0;       // of the block in its heap
    uint64_t offset = 0;      // from the block's begin, or from the begin of the region

    static constexpr uint32_t no_slot = ~0U;
    static constexpr uint32_t loop_slot = ~0U - 1;
    static constexpr uint32_t cpu_slot = ~0U - 2;  // its number is the index
    bool operator==(const location&) const = default;
    bool operator<(const location& other) const {
        return std::tie(slot, index, offset) < std::tie(other.slot, other.index, other.offset);
    }
};

// The race checker found two accesses that nothing orders. Counts from the next visible_apply.
void visible_found(uint64_t offset);
// A loop goes round there, and an execution did not end (loops.h).
void visible_found_loop(uint64_t site);
// Interrupts come to that CPU.
void visible_found_cpu(unsigned cpu);
// Those that are visible, as a mask.
uint64_t visible_cpus();
// Locations were found that are not visible yet.
bool visible_pending();
// Gives them away instead of making them visible.
std::vector<location> visible_take_found();
// Makes them visible. Only between two executions, as all below.
void visible_apply();
// The same for a given one.
void visible_add(const location& l);
// In order of their coming.
const std::vector<location>& visible_locations();
// The first `count` of them are visible, as they were when an execution was recorded.
void visible_use(uint32_t count);
uint32_t visible_count();
// These, and for once the location at the offset, too. True: it is one of them.
bool visible_use_with(uint32_t count, uint64_t offset);

// A block was made, or is usable again: marks what of it is visible.
void visible_mark_block(uint32_t slot, uint32_t index, uint64_t address, uint64_t size);

// This location is one of them, whatever has become of its block.
bool visible_named(uint64_t offset);
bool visible_in_slow(uint64_t offset, uint64_t size);
extern bool visible_any;
inline bool visible_in(uint64_t offset, uint64_t size) {
    return __builtin_expect(visible_any, 0) && visible_in_slow(offset, size);
}
// The scheduling point before such an access of the current context.
void visible_point(uint64_t offset, uint64_t size, bool write, uint64_t pc);

// "x", "x~8" for variables; "h2.17~8" for block 17 of heap 2; "~40" for other memory;
// "loop.take~31", "loop.~40" for places in the text; "cpu.0" for CPUs.
std::string print_location(const location& l);
[[nodiscard]] bool parse_location(const std::string& text, location& l);

}  // namespace sim

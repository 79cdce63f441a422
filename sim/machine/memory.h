// memory.h - the subject's memory: allocation, lifetime, what was overwritten since a snapshot.
// Source:  design section 4 (addresses, snapshot); byte shadow after the idea of AddressSanitizer.
// Shapes:  state: one byte for 8 bytes (0 never allocated, 1..8 that many first bytes may be used,
//          0x80.. a reason why not; 0x40 is added where plain accesses are scheduling points,
//          visible.h, and 0x20 where some of those bytes were never written). Undo works on lines of 64 bytes, stamped with the undo epoch.
// Locks:   none.
// Errors:  what the subject does wrong is reported as a finding of the current context.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/machine/machine.h"

namespace sim {

inline constexpr uint8_t state_unallocated = 0;
inline constexpr uint8_t state_usable = 8;
// Added to that of a usable granule: some of its bytes were never written (check/unwritten.h).
inline constexpr uint8_t state_unwritten = 0x20;
inline constexpr uint8_t state_freed = 0x81;
inline constexpr unsigned line_shift = 6;
inline constexpr uint64_t line_size = 1ULL << line_shift;
inline constexpr uint64_t redzone_size = 16;
inline constexpr uint8_t fresh_byte = 0xbe;  // what allocated memory holds at first

struct block {
    uint64_t address;
    uint64_t size;
    uint64_t allocated_pc;
    uint64_t freed_pc;
    uint32_t allocated_step;
    uint32_t freed_step;
    uint32_t allocated_stack;  // index into the recorder's stacks, 0: not recorded
    uint32_t freed_stack;
    uint8_t allocated_by;
    uint8_t freed_by;
    bool freed;
};

struct module_range {
    uint64_t begin;
    uint64_t end;
};

struct memory_tables {
    uint8_t* state = nullptr;              // [offset >> 3]
    uint8_t* written = nullptr;            // [offset >> 3]: of a heap, a bit a byte
    uint32_t* line = nullptr;              // [offset >> 6]
    block* blocks = nullptr;               // [slot * blocks_max + n]
    uint64_t top[contexts_max] = {};       // first free address of each heap
    uint32_t count[contexts_max] = {};     // blocks made in each heap
    uint64_t base_top[contexts_max] = {};  // at the innermost snapshot
    uint64_t touched_heaps = 0;            // heaps that grew since then
    std::vector<module_range> data;        // writable module memory
};

extern memory_tables memory;

inline constexpr uint32_t blocks_max = 1U << 20;

// Maps region and tables. Once a process.
void memory_init();
// Declares a module's writable data usable.
void memory_add_module_data(uint64_t begin, uint64_t end);
// Maps a context's stack on first use; it stays for good.
// What was allocated and freed until now was so before the race: in step 0.
void memory_before_race();
void memory_make_stack(context& c);

void* subject_allocate(size_t size, size_t align, uint64_t pc);
void subject_free(void* p, uint64_t pc);
void* subject_reallocate(void* p, size_t size, uint64_t pc);
size_t subject_block_size(const void* p);
inline block* block_at(unsigned slot, uint32_t index) {
    return memory.blocks + static_cast<uint64_t>(slot) * blocks_max + index;
}
// The block that the machine's red zones and headers in front of it belong to, too: the one that begins within
// `redzone_size` bytes behind the address.
const block* find_block_behind_or_null(uint64_t address);
// The block that holds the address or, failing that, the last one that begins before it.
const block* find_block_or_null(uint64_t address);

// A block that was freed is not, after a restore.
void memory_revive(const block& b);

// Slow half of note_write: saves the line, unless nothing of it existed at the snapshot.
void log_line(uint64_t line);

// Must be called before subject memory is overwritten.
inline void note_write(uint64_t offset, uint64_t size) {
    uint64_t first = offset >> line_shift;
    uint64_t last = (offset + size - 1) >> line_shift;
    if (memory.line[first] != g.write_epoch) {
        log_line(first);
    }
    while (first != last) {
        ++first;
        if (memory.line[first] != g.write_epoch) {
            log_line(first);
        }
    }
}

// Slow half of check_lifetime: finds out what is wrong and reports it.
void report_bad_access(uint64_t address, uint64_t size, bool write, uint64_t pc);

// Whatever is not one wholly usable granule.
void check_lifetime_slow(uint64_t offset, uint64_t size, bool write, uint64_t pc);

// Ends the execution if any byte must not be touched.
inline void check_lifetime(uint64_t offset, uint64_t size, bool write, uint64_t pc) {
    if (__builtin_expect(memory.state[offset >> 3] != state_usable || (offset & 7) + size > 8, 0)) {
        check_lifetime_slow(offset, size, write, pc);
    }
}

// Snapshots nest; 0 is the root. All contexts must be switched out.
unsigned snapshot_push();
// Puts everything back to snapshot `level`, which becomes the innermost one.
void snapshot_restore(unsigned level);
unsigned snapshot_depth();
uint64_t snapshot_dirty_bytes();  // logged since the innermost snapshot

// Compares all subject memory after each restore with an image kept for that. `repair` is for
// subjects that call functions whose writes the machine cannot see: it copies instead of failing.
enum class compare_mode : uint8_t { off, check, repair };
void snapshot_compare(compare_mode mode);

}  // namespace sim

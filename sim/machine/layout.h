// layout.h - where the subject's memory lies: the same addresses in every process on every day.
// Source:  design: addresses are a function of (creating context, its n-th allocation).
// Shapes:  one region of 2^36 bytes: modules, then a stack a context, then a heap a context.
//          Tables beside the region are indexed by (address - region_base) >> shift.
// Locks:   none; constants and pure functions.
// Errors:  none.
#pragma once

#include <cstdint>

namespace sim {

inline constexpr uint64_t region_base = 0x200000000000;
inline constexpr uint64_t region_size = 1ULL << 36;

inline constexpr uint64_t module_slot_size = 1ULL << 28;  // what `heddle cc --slot N` links at
inline constexpr unsigned module_slots_max = 16;
inline constexpr uint64_t module_area_size = module_slot_size * module_slots_max;

inline constexpr unsigned contexts_max = 64;

// Stacks: a slot of 1 MiB for each context; the lowest part is never mapped, so that running over
// the end is a fault with an address that says what happened.
inline constexpr uint64_t stack_area = region_base + module_area_size;
inline constexpr uint64_t stack_slot_size = 1ULL << 20;
inline constexpr uint64_t stack_guard_size = 1ULL << 16;

// Heaps: a bump allocator for each context. 2^36 - 2^32 - 2^26 leaves room for 64 of 512 MiB.
inline constexpr uint64_t heap_area = stack_area + stack_slot_size * contexts_max;
inline constexpr uint64_t heap_slot_size = 1ULL << 29;

static_assert(heap_area + heap_slot_size * contexts_max <= region_base + region_size);

inline bool in_region(uint64_t address) {
    return address - region_base < region_size;
}
inline bool in_region(const void* p) {
    return in_region(reinterpret_cast<uint64_t>(p));
}
inline bool in_stack_area(uint64_t address) {
    return address - stack_area < stack_slot_size * contexts_max;
}
inline bool in_heap_area(uint64_t address) {
    return address - heap_area < heap_slot_size * contexts_max;
}
inline unsigned stack_slot_of(uint64_t address) {
    return static_cast<unsigned>((address - stack_area) / stack_slot_size);
}
inline unsigned heap_slot_of(uint64_t address) {
    return static_cast<unsigned>((address - heap_area) / heap_slot_size);
}
inline uint64_t stack_slot_begin(unsigned slot) {
    return stack_area + slot * stack_slot_size;
}
inline uint64_t stack_slot_end(unsigned slot) {
    return stack_slot_begin(slot) + stack_slot_size;
}
inline uint64_t heap_slot_begin(unsigned slot) {
    return heap_area + slot * heap_slot_size;
}

}  // namespace sim

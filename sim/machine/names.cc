#include "sim/machine/names.h"

#include <fmt/format.h>

#include "sim/machine/cpus.h"
#include "sim/machine/memory.h"
#include "sim/machine/module.h"
#include "sim/program/symbols.h"

namespace sim {

names_table subject_names;

names_state names_save() {
    return {subject_names.names.size(), subject_names.handlers.size(),
            subject_names.invariants.size(), subject_names.of_locks, subject_names.keys};
}

void names_restore(const names_state& state) {
    subject_names.names.resize(state.names);
    subject_names.handlers.resize(state.handlers);
    subject_names.invariants.resize(state.invariants);
    subject_names.of_locks = state.of_locks;
    subject_names.keys = state.keys;
}

namespace {

std::string with_offset(const std::string& name, uint64_t offset) {
    return offset == 0 ? name : fmt::format("{}+{}", name, offset);
}

// The last name given at or before the address, if it is in the same block.
const given_name* given_or_null(uint64_t address, const block* b) {
    const given_name* best = nullptr;
    for (const given_name& n : subject_names.names) {
        bool inside = b != nullptr ? n.address >= b->address && n.address <= address &&
                                         address < b->address + b->size
                                   : n.address == address;
        if (inside && (best == nullptr || n.address >= best->address)) {
            best = &n;
        }
    }
    return best;
}

}  // namespace

std::string describe_address(uint64_t address) {
    if (address == 0) {
        return "";
    }
    // A context stands for its thread. It is the host's memory, elsewhere in every process.
    auto contexts = reinterpret_cast<uint64_t>(g.contexts);
    if (address >= contexts && address < contexts + sizeof g.contexts) {
        return "thread " +
               name_of_context(static_cast<unsigned>((address - contexts) / sizeof g.contexts[0]));
    }
    if (address == clock_object) {
        return "the clock";
    }
    if (!in_region(address)) {
        return fmt::format("address {:#x}", address);
    }
    if (in_stack_area(address) && address == cpu_object(stack_slot_of(address))) {
        return fmt::format("cpu{}", stack_slot_of(address));
    }
    const block* b = find_block_or_null(address);
    if (const given_name* n = given_or_null(address, b); n != nullptr) {
        return with_offset(n->text, address - n->address);
    }
    if (b != nullptr) {
        auto slot = static_cast<unsigned>((b - memory.blocks) / blocks_max);
        auto index = (b - memory.blocks) % blocks_max;
        if (address < b->address + b->size) {
            return with_offset(fmt::format("heap {}#{}", name_of_context(slot), index + 1),
                               address - b->address);
        }
        if (const block* next = find_block_behind_or_null(address); next != nullptr) {
            return fmt::format("{} bytes before heap {}#{}", next->address - address,
                               name_of_context(slot), index + 2);
        }
        return fmt::format("{} bytes after heap {}#{}", address - (b->address + b->size),
                           name_of_context(slot), index + 1);
    }
    if (const block* first = find_block_behind_or_null(address); first != nullptr) {
        return fmt::format("{} bytes before heap {}#1", first->address - address,
                           name_of_context(heap_slot_of(address)));
    }
    if (in_stack_area(address)) {
        return fmt::format("stack of {}", name_of_context(stack_slot_of(address)));
    }
    std::string name = g.subject != nullptr ? g.subject->name_of_data(address) : "";
    return name.empty() ? fmt::format("module+{:#x}", address - region_base) : name;
}

std::string name_of_context(unsigned id) {
    const context& c = g.contexts[id];
    if (!c.name.empty()) {
        return c.name;
    }
    if (c.parent == 0xff) {
        return id == 0 ? "main" : fmt::format("c{}", id);
    }
    // The n-th thread that its creator made: main makes t1, t2; t1 makes t1.1.
    const unsigned nth = c.nth_child;
    std::string parent = name_of_context(c.parent);
    return parent == "main" ? fmt::format("t{}", nth) : fmt::format("{}.{}", parent, nth);
}

}  // namespace sim

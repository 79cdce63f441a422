#include "sim/machine/visible.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>
#include <utility>

#include "sim/machine/fair.h"
#include "sim/machine/memory.h"
#include "sim/machine/record.h"
#include "sim/machine/schedule.h"
#include "sim/machine/spin.h"
#include "sim/program/symbols.h"

namespace sim {

bool visible_any = false;

namespace {

std::vector<location> known;    // in order of their coming
std::vector<location> visible;  // those in use, sorted
std::vector<location> found;    // to be added

location location_of(uint64_t offset) {
    const uint64_t address = region_base + offset;
    const block* b = in_heap_area(address) ? find_block_or_null(address) : nullptr;
    if (b == nullptr) {
        return {location::no_slot, 0, offset & ~7ULL};
    }
    const auto number = static_cast<uint64_t>(b - memory.blocks);
    return {static_cast<uint32_t>(number / blocks_max), static_cast<uint32_t>(number % blocks_max),
            (address - b->address) & ~7ULL};
}

bool is_visible(const location& l) {
    return std::binary_search(visible.begin(), visible.end(), l);
}

void mark(uint64_t granule, bool on) {
    uint8_t& state = memory.state[granule];
    const uint8_t bare = state & static_cast<uint8_t>(~state_visible);
    if (state < state_freed && bare != state_unallocated) {
        state = on ? bare | state_visible : bare;
    }
}

void mark_location(const location& l, bool on) {
    if (l.slot == location::loop_slot || l.slot == location::cpu_slot) {
        return;
    }
    if (l.slot == location::no_slot) {
        mark(l.offset >> 3, on);
    } else if (l.index < memory.count[l.slot]) {
        const block& b = *block_at(l.slot, l.index);
        if (!b.freed && l.offset < b.size) {
            mark((b.address + l.offset - region_base) >> 3, on);
        }
    }
}

bool parse_number(std::string_view text, uint64_t& value) {
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() && !text.empty();
}

}  // namespace

namespace {

void add_found(const location& l) {
    if (!is_visible(l) && std::find(found.begin(), found.end(), l) == found.end()) {
        host_scope host;
        found.push_back(l);
    }
}

}  // namespace

void visible_found(uint64_t offset) {
    add_found(location_of(offset));
}

void visible_found_loop(uint64_t site) {
    add_found({location::loop_slot, 0, site - region_base});
}

void visible_found_cpu(unsigned cpu) {
    add_found({location::cpu_slot, cpu, 0});
}

uint64_t visible_cpus() {
    uint64_t cpus = 0;
    for (const location& l : visible) {
        cpus |= l.slot == location::cpu_slot ? 1ULL << l.index : 0;
    }
    return cpus;
}

std::vector<location> visible_take_found() {
    return std::exchange(found, {});
}

bool visible_pending() {
    return !found.empty();
}

void visible_add(const location& l) {
    if (std::find(known.begin(), known.end(), l) == known.end()) {
        known.push_back(l);
    }
    visible_use(static_cast<uint32_t>(known.size()));
}

void visible_apply() {
    for (const location& l : found) {
        visible_add(l);
    }
    found.clear();
}

const std::vector<location>& visible_locations() {
    return known;
}
uint32_t visible_count() {
    return static_cast<uint32_t>(visible.size());
}

void visible_use(uint32_t count) {
    if (count == visible.size()) {
        return;
    }
    for (const location& l : visible) {
        mark_location(l, false);
    }
    visible.assign(known.begin(), known.begin() + count);
    for (const location& l : visible) {
        mark_location(l, true);
    }
    std::sort(visible.begin(), visible.end());
    std::vector<uint64_t> sites;
    for (const location& l : visible) {
        if (l.slot == location::loop_slot) {
            sites.push_back(region_base + l.offset);
        }
    }
    visible_any = count != sites.size() + static_cast<size_t>(std::popcount(visible_cpus()));
    fair_use(std::move(sites));
}

bool visible_use_with(uint32_t count, uint64_t offset) {
    visible_use(0);
    visible_use(count);
    const location l = location_of(offset);
    if (is_visible(l)) {
        return true;
    }
    visible.insert(std::lower_bound(visible.begin(), visible.end(), l), l);
    mark_location(l, true);
    visible_any = true;
    return false;
}

void visible_mark_block(uint32_t slot, uint32_t index, uint64_t address, uint64_t size) {
    for (auto at = std::lower_bound(visible.begin(), visible.end(), location{slot, index, 0});
         at != visible.end() && at->slot == slot && at->index == index; ++at) {
        if (at->offset < size) {
            mark((address + at->offset - region_base) >> 3, true);
        }
    }
}

bool visible_named(uint64_t offset) {
    return visible_any && is_visible(location_of(offset));
}

bool visible_in_slow(uint64_t offset, uint64_t size) {
    for (uint64_t granule = offset >> 3; granule <= (offset + size - 1) >> 3; ++granule) {
        const uint8_t state = memory.state[granule];
        if (state < state_freed && (state & state_visible) != 0) {
            return true;
        }
    }
    return false;
}

void visible_point(uint64_t offset, uint64_t size, bool write, uint64_t pc) {
    // By a memory model plain accesses are no steps, but a lock whose announcements matter is visible there, too.
    if (g.current == nullptr || !g.choosing || g.current->section_depth != 0 || g.by_graph) {
        return;
    }
    operation& op = begin_operation(write ? op_kind::store : op_kind::load, region_base + offset,
                                    pc, true, static_cast<uint32_t>(size));
    op.order = plain_order;
    if (write) {
        note_write(offset, size);  // once more: there may be a snapshot since
    }
    if (!write && size <= 8) {
        uint64_t value = 0;
        std::memcpy(&value, reinterpret_cast<const void*>(region_base + offset), size);
        spin_has_read(*g.current, region_base + offset, static_cast<uint32_t>(size), value);
    } else {
        spin_wrote(*g.current);
    }
    if (write && g.awaiting != 0) {
        spin_touched(region_base + offset, size);
    }
    operation_done(*g.current);
}

namespace {

constexpr std::string_view loop_prefix = "loop.";
constexpr std::string_view cpu_prefix = "cpu.";

// A function that has its name for itself, and no other characters than a token takes as they are.
std::string print_loop(uint64_t site) {
    const function_symbol* f = g.subject->function_at_or_null(site - 1);
    const bool plain = f != nullptr && g.subject->functions_named(f->name).size() == 1 &&
                       f->name.find_first_of(".~[:<( ") == std::string::npos;
    return plain ? fmt::format("{}{}~{}", loop_prefix, f->name, site - f->begin)
                 : fmt::format("{}~{}", loop_prefix, site - region_base);
}

bool parse_loop(std::string_view function, uint64_t offset, location& l) {
    l = {location::loop_slot, 0, offset};
    if (function.empty()) {
        return offset < region_size;
    }
    if (g.subject == nullptr) {
        return false;
    }
    const std::vector<const function_symbol*> named = g.subject->functions_named(function);
    if (named.size() != 1) {
        return false;
    }
    l.offset += named.front()->begin - region_base;
    return true;
}

}  // namespace

std::string print_location(const location& l) {
    if (l.slot == location::loop_slot) {
        return print_loop(region_base + l.offset);
    }
    if (l.slot == location::cpu_slot) {
        return fmt::format("{}{}", cpu_prefix, l.index);
    }
    if (l.slot != location::no_slot) {
        return fmt::format("h{}.{}~{}", l.slot, l.index, l.offset);
    }
    const std::string name =
        g.subject != nullptr ? g.subject->name_of_data(region_base + l.offset) : "";
    if (name.empty() || name.find_first_of(".[:<( ") != std::string::npos) {
        return fmt::format("~{}", l.offset);
    }
    std::string text = name;
    std::replace(text.begin(), text.end(), '+', '~');
    return text;
}

bool parse_location(const std::string& text, location& l) {
    const size_t tilde = text.find('~');
    uint64_t offset = 0;
    if (tilde != std::string::npos &&
        !parse_number(std::string_view(text).substr(tilde + 1), offset)) {
        return false;
    }
    const std::string_view base = std::string_view(text).substr(0, tilde);
    if (base.empty()) {
        l = {location::no_slot, 0, offset};
        return tilde != std::string::npos && offset < region_size;
    }
    if (base.rfind(loop_prefix, 0) == 0) {
        return parse_loop(base.substr(loop_prefix.size()), offset, l);
    }
    if (base.rfind(cpu_prefix, 0) == 0) {
        uint64_t cpu = 0;
        const bool good = parse_number(base.substr(cpu_prefix.size()), cpu) && cpu < contexts_max;
        l = {location::cpu_slot, static_cast<uint32_t>(cpu), 0};
        return good && tilde == std::string::npos;
    }
    const size_t dot = base.find('.');
    if (dot == std::string_view::npos) {
        const uint64_t address = g.subject != nullptr ? g.subject->address_of_data(base) : 0;
        l = {location::no_slot, 0, address + offset - region_base};
        return address != 0;
    }
    uint64_t slot = 0;
    uint64_t index = 0;
    if (base[0] != 'h' || !parse_number(base.substr(1, dot - 1), slot) ||
        !parse_number(base.substr(dot + 1), index) || slot >= contexts_max || index >= blocks_max) {
        return false;
    }
    l = {static_cast<uint32_t>(slot), static_cast<uint32_t>(index), offset};
    return true;
}

}  // namespace sim

#include "sim/program/symbols.h"

#include <elfutils/libdw.h>
#include <fmt/core.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <unordered_map>
#include <utility>

#include "sim/machine/layout.h"
#include "sim/program/arguments.h"
#include "sim/program/data_names.h"
#include "sim/program/elf_image.h"
#include "sim/program/inlined.h"
#include "sim/program/line_table.h"
#include "sim/program/name.h"

namespace sim {
namespace {

constexpr uint64_t page_size = 4096;

struct data_symbol {
    uint64_t begin = 0;
    uint64_t size = 0;
    std::string name;
};

std::vector<function_symbol> function_table(const elf_image& elf) {
    std::vector<function_symbol> functions;
    for (const elf_symbol& s : elf.defined()) {
        if (s.type == STT_FUNC && s.size != 0) {
            std::string full = demangle(s.name);
            std::string plain = plain_name(full);
            functions.push_back(
                {s.address, s.address + s.size, s.name, std::move(full), std::move(plain)});
        }
    }
    // Constructors have two names for one body; the order must not depend on the table's.
    std::sort(functions.begin(), functions.end(),
              [](const function_symbol& a, const function_symbol& b) {
                  return std::pair(a.begin, a.mangled) < std::pair(b.begin, b.mangled);
              });
    return functions;
}

std::vector<data_symbol> data_table(const elf_image& elf, unsigned char type) {
    std::vector<data_symbol> data;
    for (const elf_symbol& s : elf.defined()) {
        if (s.type == type && s.size != 0) {
            data.push_back({s.address, s.size, plain_name(demangle(s.name))});
        }
    }
    std::sort(data.begin(), data.end(), [](const data_symbol& a, const data_symbol& b) {
        return std::pair(a.begin, a.name) < std::pair(b.begin, b.name);
    });
    return data;
}

const data_symbol* find_data_or_null(const std::vector<data_symbol>& table, uint64_t address) {
    auto after =
        std::upper_bound(table.begin(), table.end(), address,
                         [](uint64_t wanted, const data_symbol& s) { return wanted < s.begin; });
    if (after == table.begin()) {
        return nullptr;
    }
    --after;
    return address - after->begin < after->size ? &*after : nullptr;
}

std::string with_offset(const std::string& name, uint64_t offset) {
    return offset == 0 ? name : fmt::format("{}+{}", name, offset);
}

// The writable segments without the part the loader makes read-only again.
std::vector<memory_range> writable_ranges(const elf_image& elf) {
    memory_range relro;
    for (const GElf_Phdr& p : elf.segments()) {
        if (p.p_type == PT_GNU_RELRO) {
            relro = {p.p_vaddr, (p.p_vaddr + p.p_memsz) / page_size * page_size - p.p_vaddr};
        }
    }
    std::vector<memory_range> ranges;
    for (const GElf_Phdr& p : elf.segments()) {
        if (p.p_type != PT_LOAD || (p.p_flags & PF_W) == 0) {
            continue;
        }
        uint64_t begin = p.p_vaddr;
        const uint64_t end = p.p_vaddr + p.p_memsz;
        if (relro.begin <= begin && begin < relro.begin + relro.size) {
            begin = std::min(relro.begin + relro.size, end);
        }
        if (begin < end) {
            ranges.push_back({begin, end - begin});
        }
    }
    return ranges;
}

memory_range image_range(const elf_image& elf) {
    uint64_t begin = UINT64_MAX;
    uint64_t end = 0;
    for (const GElf_Phdr& p : elf.segments()) {
        if (p.p_type == PT_LOAD) {
            begin = std::min(begin, p.p_vaddr / page_size * page_size);
            end = std::max(end, (p.p_vaddr + p.p_memsz + page_size - 1) / page_size * page_size);
        }
    }
    return begin < end ? memory_range{begin, end - begin} : memory_range{};
}

tls_image tls_of(const elf_image& elf) {
    for (const GElf_Phdr& p : elf.segments()) {
        if (p.p_type == PT_TLS) {
            return {p.p_vaddr, p.p_filesz, p.p_memsz, p.p_align};
        }
    }
    return {};
}

// Stubs of the procedure linkage table that lead to the hook. Every variety of stub is an indirect
// jump through a slot, perhaps behind an endbr64 and with a bnd prefix.
std::vector<uint64_t> hook_stubs(const elf_image& elf, std::string_view hook) {
    std::vector<uint64_t> slots;
    for (const import_slot& i : elf.imports()) {
        if (i.symbol == hook) {
            slots.push_back(i.address);
        }
    }
    std::vector<uint64_t> stubs;
    for (const code_section& section : elf.code()) {
        for (uint64_t i = 0; section.name.starts_with(".plt") && i + 8 <= section.size; i += 8) {
            const unsigned char* const stub = section.bytes + i;
            uint64_t at = std::memcmp(stub, "\xf3\x0f\x1e\xfa", 4) == 0 ? 4 : 0;
            at += stub[at] == 0xf2 ? 1 : 0;
            if (i + at + 6 > section.size || stub[at] != 0xff || stub[at + 1] != 0x25) {
                continue;
            }
            int32_t distance = 0;
            std::memcpy(&distance, stub + at + 2, sizeof distance);
            const uint64_t slot = section.address + i + at + 6 + static_cast<uint64_t>(distance);
            if (std::find(slots.begin(), slots.end(), slot) != slots.end()) {
                stubs.push_back(section.address + i);
            }
        }
    }
    std::sort(stubs.begin(), stubs.end());
    return stubs;
}

size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<size_t> row(b.size() + 1);
    for (size_t j = 0; j <= b.size(); ++j) {
        row[j] = j;
    }
    for (size_t i = 1; i <= a.size(); ++i) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.size(); ++j) {
            const size_t changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({changed, row[j] + 1, row[j - 1] + 1});
        }
    }
    return row[b.size()];
}

}  // namespace

std::string_view function_symbol::short_name() const {
    return last_component(name);
}

struct symbols::parts {
    elf_image elf;
    Dwarf* dwarf = nullptr;
    std::vector<function_symbol> functions;
    std::vector<data_symbol> data;
    std::vector<data_symbol> tls_data;
    std::vector<memory_range> writable;
    std::vector<uint64_t> entry_stubs;
    memory_range image;
    tls_image tls;
    uint64_t main_address = 0;
    std::optional<line_table> lines;
    std::optional<data_names> names;
    std::optional<argument_table> arguments;
    std::unordered_map<uint64_t, trace_frame> frames;  // looked up, never walked

    ~parts() {
        if (dwarf != nullptr) {
            dwarf_end(dwarf);
        }
    }
};

symbols::symbols(std::unique_ptr<parts> p) : parts_(std::move(p)) {}
symbols::~symbols() = default;

std::unique_ptr<symbols> symbols::open_or_null(const std::string& path, std::string& error,
                                               const std::string& source_root) {
    auto p = std::make_unique<parts>();
    if (!p->elf.open(path, error)) {
        return nullptr;
    }
    p->image = image_range(p->elf);
    const uint64_t offset = p->image.begin - region_base;
    if (!in_region(p->image.begin) || offset >= module_area_size ||
        offset % module_slot_size != 0 || p->image.size > module_slot_size) {
        error = path + ": this file was not made by heddle cc (it is not linked at a heddle slot)";
        return nullptr;
    }
    p->dwarf = dwarf_begin_elf(p->elf.handle(), DWARF_C_READ, nullptr);
    p->functions = function_table(p->elf);
    p->data = data_table(p->elf, STT_OBJECT);
    p->tls_data = data_table(p->elf, STT_TLS);
    p->writable = writable_ranges(p->elf);
    p->tls = tls_of(p->elf);
    p->entry_stubs = hook_stubs(p->elf, "__tsan_func_entry");
    p->lines.emplace(p->dwarf, source_root);
    p->names.emplace(p->dwarf);
    p->arguments.emplace(p->dwarf);
    for (const function_symbol& f : p->functions) {
        if (f.mangled == "main") {
            p->main_address = f.begin;
        }
    }
    return std::unique_ptr<symbols>(new symbols(std::move(p)));
}

const std::vector<function_symbol>& symbols::functions() const {
    return parts_->functions;
}

const function_symbol* symbols::function_at_or_null(uint64_t pc) const {
    const std::vector<function_symbol>& table = parts_->functions;
    auto after = std::upper_bound(
        table.begin(), table.end(), pc,
        [](uint64_t wanted, const function_symbol& f) { return wanted < f.begin; });
    if (after == table.begin()) {
        return nullptr;
    }
    --after;
    return pc < after->end ? &*after : nullptr;
}

std::vector<const function_symbol*> symbols::functions_named(std::string_view name) const {
    std::vector<const function_symbol*> found;
    for (const function_symbol& f : parts_->functions) {
        const bool second_name = !found.empty() && found.back()->begin == f.begin;
        if (!second_name && (name_matches(f.name, name) || f.mangled == name)) {
            found.push_back(&f);
        }
    }
    return found;
}

std::vector<std::string> symbols::near_matches(std::string_view name, size_t count) const {
    const std::string_view wanted = last_component(name);
    const size_t distance_max = std::max<size_t>(1, wanted.size() / 3);
    std::vector<std::pair<size_t, std::string>> near;
    for (const function_symbol& f : parts_->functions) {
        const std::string_view candidate = f.short_name();
        const size_t distance = edit_distance(wanted, candidate);
        if (distance <= distance_max) {
            near.emplace_back(distance, candidate);
        }
    }
    std::sort(near.begin(), near.end());
    near.erase(std::unique(near.begin(), near.end()), near.end());
    std::vector<std::string> names;
    for (size_t i = 0; i < near.size() && i < count; ++i) {
        names.push_back(near[i].second);
    }
    return names;
}

bool symbols::has_entry_hook(const function_symbol& function) const {
    constexpr unsigned char call_relative = 0xe8;
    constexpr uint64_t call_size = 5;
    for (const code_section& section : parts_->elf.code()) {
        if (function.begin < section.address || function.end > section.address + section.size) {
            continue;
        }
        for (uint64_t pc = function.begin; pc + call_size <= function.end; ++pc) {
            const unsigned char* const at = section.bytes + (pc - section.address);
            int32_t distance = 0;
            std::memcpy(&distance, at + 1, sizeof distance);
            const uint64_t target = pc + call_size + static_cast<uint64_t>(distance);
            if (*at == call_relative && std::binary_search(parts_->entry_stubs.begin(),
                                                           parts_->entry_stubs.end(), target)) {
                return true;
            }
        }
    }
    return false;
}

std::vector<std::string> symbols::source_files() const {
    return parts_->lines->files();
}

const trace_frame& symbols::locate(uint64_t pc) const {
    const auto [found, fresh] = parts_->frames.try_emplace(pc);
    if (fresh) {
        trace_frame& frame = found->second;
        line_table& lines = *parts_->lines;
        const function_symbol* const f = function_at_or_null(pc);
        const line_table::place place = lines.find(pc);
        if (place.file != nullptr) {
            frame.file = *place.file;
            frame.line = place.line;
        }
        if (f == nullptr) {
            return frame;
        }
        frame.function = f->name;
        // Code of another file was put into the function: its place is where it calls that.
        const line_table::place own = lines.find(f->begin);
        if (place.file == nullptr || own.file == nullptr || *place.file == *own.file) {
            return frame;
        }
        const call_place call = call_of_inlined(parts_->dwarf, pc);
        if (!call.file.empty()) {
            frame.file = lines.short_file(call.file.c_str());
            frame.line = call.line;
            return frame;
        }
        // What is left behind such code has its line still: that before it is nearer.
        frame.file = *own.file;
        frame.line = own.line;
        for (uint64_t before = pc; before != f->begin; --before) {
            const line_table::place nearer = lines.find(before);
            if (nearer.file != nullptr && *nearer.file == *own.file) {
                frame.line = nearer.line;
                break;
            }
        }
    }
    return found->second;
}

uint32_t symbols::column_of(uint64_t pc) const {
    const line_table::place place = parts_->lines->find(pc);
    const trace_frame& frame = locate(pc);
    if (place.file == nullptr || (frame.file == *place.file && frame.line == place.line)) {
        return place.column;
    }
    return call_of_inlined(parts_->dwarf, pc).column;
}

// The symbol table knows the qualified name, the debug information the type.
const std::vector<argument_place>& symbols::pointer_arguments(uint64_t pc) const {
    return parts_->arguments->pointers_at(pc);
}

bool symbols::takes_pointers(const function_symbol& function) const {
    return parts_->arguments->has_pointers(function.begin);
}

std::string symbols::name_of_data(uint64_t address) const {
    const data_symbol* const symbol = find_data_or_null(parts_->data, address);
    const std::optional<data_names::variable> variable = parts_->names->variable_at(address);
    if (!variable) {
        return symbol == nullptr ? "" : with_offset(symbol->name, address - symbol->begin);
    }
    // A static variable of a C function is "count.3" in the symbol table.
    const bool same = symbol != nullptr && symbol->begin == variable->address &&
                      last_component(symbol->name) == variable->name;
    return (same ? symbol->name : variable->name) + parts_->names->path_within(*variable, address);
}

std::string symbols::name_of_tls(uint64_t offset) const {
    const data_symbol* const symbol = find_data_or_null(parts_->tls_data, offset);
    return symbol == nullptr ? "" : with_offset(symbol->name, offset - symbol->begin);
}

uint64_t symbols::address_of_data(std::string_view name) const {
    for (const data_symbol& s : parts_->data) {
        if (name_matches(s.name, name)) {
            return s.begin;
        }
    }
    return 0;
}

const std::vector<memory_range>& symbols::writable() const {
    return parts_->writable;
}
memory_range symbols::image() const {
    return parts_->image;
}
const tls_image& symbols::tls() const {
    return parts_->tls;
}
uint64_t symbols::main_address() const {
    return parts_->main_address;
}
const std::vector<std::string>& symbols::undefined() const {
    return parts_->elf.undefined();
}
const std::string& symbols::build_id() const {
    return parts_->elf.build_id();
}
unsigned symbols::slot() const {
    return static_cast<unsigned>((parts_->image.begin - region_base) / module_slot_size);
}

}  // namespace sim

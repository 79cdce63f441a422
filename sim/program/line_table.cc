#include "sim/program/line_table.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

namespace sim {

line_table::line_table(Dwarf* dwarf, std::string source_root)
    : dwarf_(dwarf), source_root_(std::move(source_root)) {
    if (!source_root_.empty() && source_root_.back() != '/') {
        source_root_ += '/';
    }
}

line_table::place line_table::find(uint64_t pc) {
    if (!built_) {
        build();
    }
    auto after =
        std::upper_bound(rows_.begin(), rows_.end(), pc,
                         [](uint64_t address, const row& r) { return address < r.address; });
    if (after == rows_.begin()) {
        return {};
    }
    const row& found = *--after;
    return found.line == 0 ? place{} : place{&files_[found.file], found.line, found.column};
}

std::vector<std::string> line_table::files() {
    if (!built_) {
        build();
    }
    const std::set<std::string> sorted(files_.begin(), files_.end());
    return {sorted.begin(), sorted.end()};
}

void line_table::build() {
    built_ = true;
    if (dwarf_ == nullptr) {
        return;
    }
    Dwarf_CU* unit = nullptr;
    Dwarf_Die die;
    while (dwarf_get_units(dwarf_, unit, &unit, nullptr, nullptr, &die, nullptr) == 0) {
        add_unit(&die);
    }
    // Where one sequence ends another may begin: its row must be the later one.
    std::stable_sort(rows_.begin(), rows_.end(), [](const row& a, const row& b) {
        return a.address != b.address ? a.address < b.address : (a.line == 0) > (b.line == 0);
    });
}

void line_table::add_unit(Dwarf_Die* unit) {
    Dwarf_Lines* lines = nullptr;
    size_t count = 0;
    if (dwarf_getsrclines(unit, &lines, &count) != 0) {
        return;
    }
    std::map<const char*, uint32_t> seen;  // libdw gives one pointer a file
    for (size_t i = 0; i < count; ++i) {
        Dwarf_Line* const line = dwarf_onesrcline(lines, i);
        Dwarf_Addr address = 0;
        int number = 0;
        int column = 0;
        bool end = false;
        dwarf_lineaddr(line, &address);
        dwarf_lineno(line, &number);
        dwarf_linecol(line, &column);
        dwarf_lineendsequence(line, &end);
        const char* const file = dwarf_linesrc(line, nullptr, nullptr);
        // Line 0 is code the compiler made up: it belongs to the line before it.
        if (end) {
            rows_.push_back({address, 0, 0, 0});
        } else if (number > 0 && file != nullptr) {
            const auto [entry, fresh] = seen.emplace(file, static_cast<uint32_t>(files_.size()));
            if (fresh) {
                files_.push_back(short_file(file));
            }
            rows_.push_back({address, entry->second, static_cast<uint32_t>(number),
                             static_cast<uint32_t>(column)});
        }
    }
}

std::string line_table::short_file(const char* file) const {
    std::string_view text = file;
    if (!source_root_.empty() && text.starts_with(source_root_)) {
        text.remove_prefix(source_root_.size());
    }
    while (text.starts_with("./")) {
        text.remove_prefix(2);
    }
    return std::string(text);
}

}  // namespace sim

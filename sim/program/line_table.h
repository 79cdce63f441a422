// line_table.h - from an address of a subject to file and line.
// Source:  DWARF line programs, read with libdw; all of them, since clang writes no address ranges.
// Shapes:  file names are those of the debug information without a leading "./" or `source_root`.
// Locks:   none; built on the first question, so the first one is slow.
// Errors:  no debug information: every answer is empty.
#pragma once

#include <elfutils/libdw.h>

#include <cstdint>
#include <string>
#include <vector>

namespace sim {

class line_table {
  public:
    struct place {
        const std::string* file = nullptr;  // null: unknown
        uint32_t line = 0;
        uint32_t column = 0;
    };

    // Reads nothing yet. `dwarf` may be null and must outlive this.
    line_table(Dwarf* dwarf, std::string source_root);

    [[nodiscard]] place find(uint64_t pc);
    // Those of all places, sorted.
    [[nodiscard]] std::vector<std::string> files();
    [[nodiscard]] std::string short_file(const char* file) const;

  private:
    struct row {
        uint64_t address;
        uint32_t file;  // index into files_
        uint32_t line;  // 0: no code of anybody's from here on
        uint32_t column;
    };

    void build();
    void add_unit(Dwarf_Die* unit);

    Dwarf* dwarf_;
    std::string source_root_;
    bool built_ = false;
    std::vector<row> rows_;  // by address
    std::vector<std::string> files_;
};

}  // namespace sim

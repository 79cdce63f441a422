// data_names.h - from an address inside a global variable to what a programmer calls it.
// Source:  DWARF variables and types, read with libdw.
// Shapes:  "pool[1].next", "fk[2]", "table.head"; parts of the standard library's own types are not
//          named: a byte of a std::string is "text+8".
// Locks:   none; built on the first question.
// Errors:  no debug information: every answer is empty.
#pragma once

#include <elfutils/libdw.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace sim {

class data_names {
  public:
    struct variable {
        std::string name;  // as declared, without its namespace
        uint64_t address = 0;
        uint64_t size = 0;
    };

    // Reads nothing yet. `dwarf` may be null and must outlive this.
    explicit data_names(Dwarf* dwarf) : dwarf_(dwarf) {}

    // The variable that holds `address`, when its type is known.
    [[nodiscard]] std::optional<variable> variable_at(uint64_t address);

    // What follows the variable's name: ".next", "[2].lock", "+4", or nothing for its beginning.
    [[nodiscard]] std::string path_within(const variable& v, uint64_t address);

  private:
    struct entry {
        std::string name;
        Dwarf_Die type;
        uint64_t size;
    };

    void build();
    void add_below(Dwarf_Die* die);
    void add_variable(Dwarf_Die* die);

    Dwarf* dwarf_;
    bool built_ = false;
    std::map<uint64_t, entry> variables_;  // by address
};

}  // namespace sim

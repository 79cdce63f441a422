// arguments.h - which parameters of a function are addresses, and where they are as it begins.
// Source:  DWARF parameters and location lists, read with libdw.
// Shapes:  asked for the place behind a function's entry hook: what is still needed is by then in
//          registers that calls preserve, or on the stack.
// Locks:   none; answers are remembered.
// Errors:  a parameter that the compiler has dropped has no place and is left out.
#pragma once

#include <elfutils/libdw.h>

#include <cstdint>
#include <map>
#include <vector>

#include "sim/program/symbols.h"

namespace sim {

class argument_table {
  public:
    // Reads nothing yet. `dwarf` may be null and must outlive this.
    explicit argument_table(Dwarf* dwarf) : dwarf_(dwarf) {}

    // Pointers and references among the parameters of the function that `pc` is in.
    const std::vector<argument_place>& pointers_at(uint64_t pc);
    // Whether the function that `pc` is in was declared with any.
    bool has_pointers(uint64_t pc);

  private:
    struct entry {
        std::vector<argument_place> places;
        bool declared = false;
    };
    entry& find(uint64_t pc);

    Dwarf* dwarf_;
    std::map<uint64_t, entry> known_;  // by pc
};

}  // namespace sim

// inlined.h - where a function calls what the compiler has put into it.
// Source:  DWARF's inlined subroutines, read with libdw.
// Shapes:  a library's function that is always inlined (every operation of std::atomic) has no place in the
//          call stack: its lines would hide those of who calls it.
// Locks:   none.
// Errors:  no debug information, nothing inlined there: no answer.
#pragma once

#include <elfutils/libdw.h>

#include <cstdint>
#include <string>

namespace sim {

struct call_place {
    std::string file;  // as the debug information says it; "": unknown
    uint32_t line = 0;
    uint32_t column = 0;
};

// The outermost call of inlined code that `pc` belongs to, in the function's own text.
call_place call_of_inlined(Dwarf* dwarf, uint64_t pc);

}  // namespace sim

// known_symbols.h - which functions outside a module may write the subject's memory unseen.
// Source:  known_symbols.def and wrapped.def: hooks, interposed and wrapped functions, and
//          functions of libc and libstdc++ read one by one for what they write.
// Shapes:  names are the linker's, without version.
// Locks:   none; pure.
// Errors:  none; an unknown name is the answer, not an error.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sim {

// Whether the machine sees everything that this function does to the subject's memory.
[[nodiscard]] bool is_known_symbol(std::string_view name);

// Those of a module's undefined symbols whose writes the machine cannot see, in the order given.
// When there are any, the machine compares all memory after a restore, and says so.
[[nodiscard]] std::vector<std::string> unseen_writers(const std::vector<std::string>& undefined);

}  // namespace sim

// fuzz_check.h - how a fuzz target says that a property does not hold.
// Shapes:  the message names the property first, then what was compared.
// Errors:  prints and aborts, which is what the fuzzer takes for a crash.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>

namespace fuzz {

inline void require(bool holds, const char* property, const std::string& seen = "") {
    if (!holds) {
        std::fprintf(stderr, "does not hold: %s\n%s\n", property, seen.c_str());
        std::abort();
    }
}

}  // namespace fuzz

// values.h - a race with parameters is one scenario for each combination of their values.
// Source:  the language, `param n 1..3`.
// Shapes:  "n=2,k=1" in the names of variants, in the order of the file; only parameters of more than one value
//          to which the file gives none.
// Locks:   none; plain values.
// Errors:  parse_values is false for text that is no list of values.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "scenarios/lang/script.h"

namespace scenario {

inline constexpr uint64_t combinations_max = 256;

using parameter_values = std::map<std::string, uint64_t>;

// How many scenarios the file is.
uint64_t combinations_of(const script& s);
// Their values, the last parameter's changing fastest; without any to choose, one that chooses none.
std::vector<parameter_values> values_of(const script& s);

// "n=2,k=1"; "" if there was nothing to choose.
std::string text_of(const script& s, const parameter_values& values);
[[nodiscard]] bool parse_values(const std::string& text, parameter_values& values);

}  // namespace scenario

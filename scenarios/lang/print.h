// print.h - a script in normal form.
// Shapes:  parse(to_text(s)) == s for every script that parse() returned without errors. Includes,
//          repeats and parameters are printed as what they stand for.
// Errors:  none.
#pragma once

#include <string>

#include "scenarios/lang/script.h"

namespace scenario {

[[nodiscard]] std::string to_text(const script& s);

// `schedule NAME { ... }`, ready to paste.
[[nodiscard]] std::string to_text(const schedule& s);

[[nodiscard]] std::string to_text(const point& p);
[[nodiscard]] std::string to_text(const condition& c);
[[nodiscard]] std::string to_text(const atom& a);
[[nodiscard]] std::string to_text(const statement& s);

// One clause of an expect block: `exists (adm blocked on "ifrm")`.
[[nodiscard]] std::string to_text(const expect_clause& c);

// The word as it must be written to be read as itself.
[[nodiscard]] std::string to_text(const word& w);

// "31s": the largest unit that divides it.
[[nodiscard]] std::string duration_text(uint64_t nanoseconds);

}  // namespace scenario

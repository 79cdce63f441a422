// references.h - the small grammars of names that carry a router: `r1:em0`, `cpu r1:0`.
// Errors:  diagnostics through the cursor.
#pragma once

#include <string_view>

#include "scenarios/lang/script.h"
#include "scenarios/lang/word_cursor.h"

namespace scenario {

// Takes `em0` or `r1:em0`.
[[nodiscard]] interface_ref take_interface(word_cursor& words, std::string_view what);

// Takes `cpu 1` or `cpu r1:1`.
[[nodiscard]] cpu_ref take_cpu(word_cursor& words);

// The service that is placed: "r1:softclock" with several routers; where it names none it is the CPU's.
[[nodiscard]] std::string to_service(const placement& p, size_t routers);

// "r1:em0", "em0".
[[nodiscard]] std::string to_text(const interface_ref& reference);

}  // namespace scenario

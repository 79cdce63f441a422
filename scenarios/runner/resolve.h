// resolve.h - looks up in the subject the names that a script leaves to it.
// Source:  design section 6: a misspelt name is a load error with near matches.
// Shapes:  functions are looked up in the fixed model's file, without running it.
// Locks:   none.
// Errors:  diagnostics; what the runner cannot do yet is refused here, never ignored.
#pragma once

#include <string>
#include <vector>

#include "scenarios/lang/script.h"
#include "sim/program/symbols.h"

namespace scenario {

[[nodiscard]] std::vector<diagnostic> resolve(const script& s, const std::string& folder,
                                              const sim::symbols& subject);

// The patch of a regime that the project knows, whether or not it is there.
[[nodiscard]] std::string known_regime_patch(const std::string& regime);

}  // namespace scenario

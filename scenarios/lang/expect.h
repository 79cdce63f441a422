// expect.h - reads `expect VARIANT... [under REGIME...] { ... }`.
// Errors:  diagnostics; one mistake a clause.
#pragma once

#include "scenarios/lang/options.h"
#include "scenarios/lang/script.h"
#include "scenarios/lang/structure.h"

namespace scenario {

[[nodiscard]] expect_block read_expect(const statement_node& node, const parse_options& options,
                                       diagnostics& out);

}  // namespace scenario

// contexts.h - reads what runs: contexts, `before`, `after`, and the statements in them.
// Errors:  diagnostics; one mistake a statement. A statement with a mistake in it keeps its label
//          and its name, so that those who refer to it are not reported as well.
#pragma once

#include <vector>

#include "scenarios/lang/options.h"
#include "scenarios/lang/script.h"
#include "scenarios/lang/structure.h"

namespace scenario {

// Reads `cpu N thread NAME { ... }` or `interrupt on cpu N [level L] [as NAME] { ... }`.
[[nodiscard]] context read_context(const statement_node& node, const parse_options& options,
                                   diagnostics& out);

// Reads the statements of a block: of a context, of `before` or `after`.
[[nodiscard]] std::vector<statement> read_statements(const std::vector<statement_node>& block,
                                                     const parse_options& options,
                                                     diagnostics& out);

// Reads the statements of a router: command lines only.
[[nodiscard]] std::vector<statement> read_commands(const std::vector<statement_node>& block,
                                                   const parse_options& options, diagnostics& out);

}  // namespace scenario

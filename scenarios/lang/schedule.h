// schedule.h - reads `schedule NAME { ... }` and the points in it.
// Errors:  diagnostics; one mistake a clause.
#pragma once

#include "scenarios/lang/options.h"
#include "scenarios/lang/script.h"
#include "scenarios/lang/structure.h"

namespace scenario {

// Reads the whole block. A schedule with a mistake in it is returned without the wrong clause.
[[nodiscard]] schedule read_schedule(const statement_node& node, const parse_options& options,
                                     diagnostics& out);

}  // namespace scenario

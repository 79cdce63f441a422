// progress_line.h - how an exploring child tells its parent how far it is.
// Source:  ours.
// Shapes:  "progress EXECUTIONS FINDINGS BOUND SECONDS SHARE SHARE SHARE LEFT LEFT VARIANT", one line: the
//          fields of `progress` in their order.
// Locks:   none.
// Errors:  parsing another line returns false.
#pragma once

#include <string>

#include "scenarios/runner/race.h"

namespace scenario {

std::string progress_line(const progress& p);
[[nodiscard]] bool parse_progress_line(const std::string& line, progress& p);

}  // namespace scenario

// token_report.h - what came out for a token, whatever was done with it.
// Source:  design section 4, token.
// Shapes:  a plain value.
// Locks:   none.
// Errors:  none.
#pragma once

#include "scenarios/runner/report.h"
#include "scenarios/runner/token_drift.h"

namespace scenario {

struct token_report {
    bool fails = false;
    token_drift drift;       // of the token that was given
    finding_report finding;  // its token is that of the shortest schedule
    double seconds = 0;
    bool operator==(const token_report&) const = default;
};

}  // namespace scenario

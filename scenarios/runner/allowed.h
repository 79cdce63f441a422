// allowed.h - what a subject's text allows, told in the report.
// Source:  sim/check/suppress.h.
// Shapes:  each annotation that was used, with how often; complaints about the others.
// Locks:   none.
// Errors:  none.
#pragma once

#include "scenarios/runner/report.h"
#include "sim/explore/explorer.h"

namespace scenario {

// After the exploration, while its subject is loaded.
void tell_allowed(const sim::explore_result& result, variant_report& r);

// What a verdict assumes of them.
void assume_allowed(const variant_report& r, std::vector<std::string>& assumes);

}  // namespace scenario

// orders_text.h - which memory order or fence a failure would not be there with, in sentences.
// Source:  sim/explore/missing_orders.h.
// Shapes:  the first sentence says what, the others are further ways; without line breaks.
// Locks:   none; pure functions.
// Errors:  none.
#pragma once

#include <string>
#include <vector>

#include "scenarios/runner/explained.h"

namespace scenario {

// None where orders were not asked about.
std::vector<std::string> missing_orders_text(const explained_report& r);

}  // namespace scenario

// lock_orders.h - what a report says of the order in which locks were taken over all executions.
// Source:  sim/check/lock_order.h.
// Shapes:  a cycle that may deadlock is a finding without a token; one that was refuted or that a deadlock shows
//          is a note.
// Locks:   none.
// Errors:  none.
#pragma once

#include "scenarios/runner/report.h"
#include "sim/explore/explorer.h"

namespace scenario {

// `complete`: all executions were explored. True: there is a finding.
bool add_lock_orders(const sim::explore_result& explored, bool complete, variant_report& r);

}  // namespace scenario

// variant_run.h - explores one variant of a race in the process that calls it.
// Source:  design sections 4 (Verdicts) and 6 (Conditions).
// Shapes:  one call a process: the module stays loaded.
// Locks:   none.
// Errors:  in variant_report::error, rendered.
#pragma once

#include <memory>
#include <string>

#include "scenarios/runner/race.h"
#include "scenarios/runner/token_source.h"
#include "sim/explore/token.h"
#include "sim/explore/token_drift.h"
#include "sim/simulation.h"

namespace scenario {

variant_report explore_here(const script& s, const variant_choice& v,
                            const explore_request& request, const progress_observer& observer);

[[nodiscard]] bool replay_here(const script& s, const variant_choice& v,
                               const explore_request& request, const sim::token& token,
                               sim::trace& t, std::string& drift, std::string& error);

// What to say of a token that is not followed to its finding; "" if it is.
std::string lost_text(const sim::resolved_token& now, size_t choices, bool found);

}  // namespace scenario

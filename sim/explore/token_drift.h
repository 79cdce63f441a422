// token_drift.h - what becomes of a token when its subject was edited.
// Source:  design section 4: a token outlives edits. A choice is looked for by what the context was about
//          to do (which operation on which object, the how manieth in that function), before where.
// Shapes:  one execution a choice: those before it are settled, and all places that its context comes to
//          behind them are candidates.
// Locks:   none; host code.
// Errors:  a choice that has no candidate is left out and said to be lost.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sim/explore/token_text.h"
#include "sim/machine/machine.h"

namespace sim {

struct resolved_token {
    std::vector<deviation> deviations;  // each met exactly as it stands
    std::vector<std::string> drift;     // a line for each choice that is not where it was
    std::vector<std::string> lost;      // those of them that have no place any more
};

// `run` runs one execution under a strategy that has begun.
resolved_token resolve_token(const std::vector<deviation>& wanted,
                             const std::function<void(strategy&)>& run);

}  // namespace sim

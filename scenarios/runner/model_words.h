// model_words.h - words of a script that only a running model knows: counters, kinds of objects.
// Source:  design section 6: a misspelt name is a load error with near matches.
// Shapes:  asked when the routers have been set up, in the context that is alone.
// Locks:   none.
// Errors:  rendered diagnostics.
#pragma once

#include <string>

#include "scenarios/lang/script.h"
#include "scenarios/runner/stage.h"
#include "sim/simulation.h"

namespace scenario {

[[nodiscard]] bool check_model_words(const script& s, stage& on, sim::simulation& machine,
                                     std::string& error);

}  // namespace scenario

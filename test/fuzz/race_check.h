// race_check.h - what holds of every text that is given to the parser of scenarios.
// Shapes:  "part.race" can be included, and "again.race", which is the text itself.
// Errors:  fuzz_check.h.
#pragma once

#include <string>

namespace fuzz {

// The text is refused with messages that point into it, or it is a script that prints as itself.
void check_race(const std::string& text);

}  // namespace fuzz

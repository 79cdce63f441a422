// token_drift.h - what became of a token whose subject was edited, for those who run it.
// Source:  sim/explore/token_drift.h, which looks for the choices.
// Shapes:  a line of text for each choice that is not where it was.
// Locks:   none.
// Errors:  `lost`: choices had no place any more, and nothing is found without them. Exit status 4.
#pragma once

#include <string>
#include <vector>

namespace scenario {

struct token_drift {
    std::vector<std::string> lines;
    std::string lost;  // "" if all were followed, or the others were enough
    bool operator==(const token_drift&) const = default;
};

}  // namespace scenario

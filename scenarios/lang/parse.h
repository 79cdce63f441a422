// parse.h - the front door: the text of a `.race` file -> a script, or what is wrong with it.
// Source:  reads in two layers: structure.h gives statements of words, and the reader of each verb
//          (contexts.h, world.h, schedule.h, expect.h) gives its words their meaning; names.h then
//          checks that the parts fit together.
// Locks:   none; a pure function.
// Errors:  all mistakes of the text at once, in its order, as far as they are independent.
#pragma once

#include <string>
#include <vector>

#include "scenarios/lang/options.h"
#include "scenarios/lang/script.h"

namespace scenario {

struct parse_result {
    script value;                    // to be used only if there are no errors
    std::vector<diagnostic> errors;  // exit status 2
    [[nodiscard]] bool ok() const { return errors.empty(); }
};

// Parses `text`; `file` is its name in diagnostics and the place that `include` starts from. A
// script without a context or without an expect block is refused: an empty run must not look like
// one that passed.
[[nodiscard]] parse_result parse(const std::string& text, const std::string& file,
                                 const parse_options& options = {});

}  // namespace scenario

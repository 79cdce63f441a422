// expand.h - include, param and repeat: done on statements, before any verb reads its words, so
// that every verb sees plain words and every mistake has its place.
// Shapes:  `$n` in a bare word is replaced by the value of `param n`; inside `repeat N { }` `$i` is
//          the number of the copy, from 1 (of the innermost repeat).
//          Bounds: 16 files deep, 1,000 copies a repeat, 20,000 statements in all.
// Errors:  diagnostics.
#pragma once

#include <vector>

#include "scenarios/lang/options.h"
#include "scenarios/lang/script.h"
#include "scenarios/lang/structure.h"

namespace scenario {

// Reads text number `file` of `out` and all that it includes. `param` statements of the outermost
// level are taken out and appended to `parameters`. If the braces of one of the files do not match,
// nothing is expanded.
[[nodiscard]] structure read_expanded(uint32_t file, const parse_options& options,
                                      std::vector<parameter>& parameters, diagnostics& out);

}  // namespace scenario

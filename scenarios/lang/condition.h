// condition.h - reads conditions: `vlan7 > P1 or fate P1 == dropped noroute`.
// Shapes:  from loose to tight: implies, or, and, not, atom or ( condition ). The atoms are listed
//          at atom_kind. `no X` says the same as `not X`.
// Errors:  diagnostics through the cursor; an unknown word gets near matches.
#pragma once

#include <string>
#include <vector>

#include "scenarios/lang/options.h"
#include "scenarios/lang/script.h"
#include "scenarios/lang/word_cursor.h"

namespace scenario {

// Conditions are written tighter than other words: `stat x<=1`, `{old, new}`. Splits comparison
// operators and commas off the bare words.
[[nodiscard]] std::vector<word> condition_words(const std::vector<word>& words);

// Reads one condition of words from condition_words(); stops at what cannot belong to it. After a
// mistake the cursor has failed.
[[nodiscard]] condition parse_condition(word_cursor& words, const parse_options& options);

}  // namespace scenario

// structure.h - the lower layer of the language: text -> statements of words, with nested blocks.
// Source:  the look of pf.conf and bgpd.conf; PEGTL reads the characters.
// Shapes:  a statement is words up to the end of the line or ';', optionally followed by a block
//          '{ statements }' or a raw block. Words are bare or "quoted" (\" and \\ inside). '#' at
//          the beginning of a word starts a comment. A '\' at the end of a line joins it with the
//          next one. '(' and ')' are words of their own; between them line ends are blanks and
//          braces are words, so that a long condition may be broken and `in { a, b }` is no block.
//          The block of `pf` and `pfctl -f` is raw: pf.conf text, handed on as it stands.
// Errors:  diagnostics; what is well formed is returned in any case.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scenarios/lang/source.h"

namespace scenario {

// The text between the braces of `pf { ... }`, without them.
struct raw_block {
    std::string text;
    span at;  // the opening brace
    bool operator==(const raw_block&) const = default;
};

struct statement_node {
    std::vector<word> words;
    bool has_block = false;
    std::vector<statement_node> block;
    std::optional<raw_block> raw;
    bool damaged = false;  // a statement of the block was dropped, with a diagnostic
    span open;             // the opening brace of the block
    // The place just behind the last word: where a missing word is missing.
    [[nodiscard]] span end() const;
};

struct structure {
    std::vector<statement_node> statements;
    bool balanced = true;  // false: a brace is missing or too many, so that nobody can say which
                           // statement belongs to which block
};

// Reads one of the texts of `out`. Depth of blocks: at most 32.
[[nodiscard]] structure read_structure(uint32_t file, diagnostics& out);

}  // namespace scenario

// report_cells.h - what several tables of results share: cells, columns, how a variant is summed up in a word.
// Source:  ours.
// Shapes:  lines end in '\n'; nothing is cut to the width.
// Locks:   none; pure functions.
// Errors:  none.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "scenarios/command/terminal.h"
#include "scenarios/runner/report.h"

namespace scenario {

// One cell of a table: the text, and how it looks.
struct cell {
    std::string text;
    ink colour = ink::plain;
    bool right = false;
};
using row = std::vector<cell>;

// Columns as wide as their widest cell, two places apart; `before` stands before each line.
std::string table(const look& how, const std::vector<row>& rows, const std::string& before);

// Green, red or neither; "ok", "FAILED", "ERROR", "?".
ink ink_of(const variant_report& v);
std::string mark_of(const variant_report& v);

// The finding that tells most; null if there is none.
const finding_report* shortest_or_null(const variant_report& v);
// No finding, but something that holds of fixed does not of this variant.
bool only_breaks(const variant_report& v);
// "fails" of such a variant, else its verdict.
std::string verdict_text(const variant_report& v);
// Of any finding or, where there is none, of what holds of fixed and not here; "-" if nothing is known.
std::string fewest_preemptions(const variant_report& v);

// "late_wait under giant" -> {"late_wait", "giant"}.
std::pair<std::string, std::string> split_name(const std::string& name);
// What a cell of a ladder says: the finding, or how far its absence was shown.
cell ladder_cell(const variant_report& v);

}  // namespace scenario

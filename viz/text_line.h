// text_line.h - one line of a table in a terminal: gutter, cells, what changed.
// Shapes:  widths are places on the terminal, see text_width().
// Locks:   none; pure functions.
// Errors:  none.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace viz {

inline constexpr size_t column_gap = 2;

enum class style : uint8_t { plain, strong, alarm };  // alarm: bold and red

struct span {
    std::string text;
    style look = style::plain;
};

struct text_line {
    std::string gutter;
    style gutter_look = style::plain;
    std::vector<span> cells;  // one for each column
    std::string change;
    std::string across;    // text over all columns, instead of cells
    size_t across_at = 0;  // its first place
    style across_look = style::plain;
};

// Appends the line and a newline; the cells stand after the gutter, `widths` apart.
void print_line(std::string& out, const text_line& l, size_t gutter,
                const std::vector<size_t>& widths, bool colour);

// The text in at most two lines of `width` places; the second hangs behind the first one's
// indentation and is cut if it must.
std::vector<std::string> pieces(const std::string& text, size_t width);

}  // namespace viz

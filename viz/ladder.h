// ladder.h - a picture of rows in columns, a column a context: what the small views are drawn as.
// Shapes:  a row has its own height; the boxes of a column are equally wide and a line within it keeps to its
//          side, so that no line crosses a box.
// Locks:   none; pure functions.
// Errors:  none.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/trace/trace.h"
#include "viz/boxes.h"
#include "viz/phrase.h"
#include "viz/scene.h"

namespace viz {

struct ladder_row {
    uint32_t context = 0;
    std::vector<std::string> lines;
    look as = look::step;
    std::string tooltip;
    std::string url;
    bool is_bold = false;
};

struct ladder_line {
    uint32_t from = 0;  // rows
    uint32_t to = 0;
    std::string colour = blue;
    std::string style = "solid";
    std::string tooltip;
};

struct ladder {
    std::string title;
    std::vector<std::string> key;  // what the reader must know, a line each
    std::vector<ladder_row> rows;
    std::vector<ladder_line> lines;
};

scene draw_ladder(const sim::trace& t, const ladder& l);

// The innermost frame that is no plumbing: "if_ref (if.cc:31)".
std::string telling_place(const sim::trace_event& e, const plumbing_files& plumbing);

}  // namespace viz

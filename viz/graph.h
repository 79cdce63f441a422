// graph.h - a trace as a picture: a column per CPU, a box per row of the story, arrows for order.
// Shapes:  x is the CPU, y the row; arrows between columns are happens-before edges that no other
//          path already tells; the text is Graphviz with every position set.
// Locks:   draw() uses Graphviz, which keeps global state: call it from one thread.
// Errors:  draw() returns false and a message.
#pragma once

#include <cstdint>
#include <string>

#include "sim/trace/trace.h"
#include "viz/phrase.h"

namespace viz {

struct graph_options {
    uint32_t rows_max = 50;  // folds until it fits; 0: everything is shown
    plumbing_files plumbing = {"kern/"};
};

std::string graph(const sim::trace& t, const graph_options& options);

// Draws the trace into `path`, whose ending says the format (graphviz.h), and writes the text of
// the graph beside it as a .gv file; a path that ends in .gv gets the text alone, without Graphviz.
[[nodiscard]] bool draw(const sim::trace& t, const std::string& path, const graph_options& options,
                        std::string& error);

}  // namespace viz

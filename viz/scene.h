// scene.h - boxes and lines at fixed places, and the Graphviz text that draws them just so.
// Shapes:  points (1/72 inch); x grows to the right, y grows DOWN, as rows do; a box is placed by
//          its centre. Boxes with the same id must not be added twice.
// Locks:   none; plain values.
// Errors:  none.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace viz {

struct scene_box {
    std::string id;
    double x = 0;
    double y = 0;
    double width = 0;
    double height = 0;
    std::vector<std::string> lines;  // text
    std::string shape = "box";       // "box", "note", "plaintext"
    std::string style = "filled";    // "filled", "filled,rounded", "filled,dashed", "bold,filled"
    std::string fill = "#ffffff";
    std::string border = "#5a6472";
    std::string ink = "#1c2430";
    bool bold = false;
    double font_size = 10;
    double line_width = 1;
    bool centred = false;  // else text stands at the left
    std::string tooltip;
    std::string url;  // where a click leads
};

struct scene_line {
    std::string from;  // ids of boxes
    std::string to;
    // Start, two control points, end of a curve; or start and end of a straight line.
    std::vector<std::pair<double, double>> points;
    std::string colour = "#8a93a0";
    std::string style = "solid";
    double line_width = 1;
    bool arrow = true;
    std::string tooltip;
};

// A tinted strip behind the boxes of a column.
struct scene_lane {
    double left = 0;
    double top = 0;
    double right = 0;
    double bottom = 0;
    std::string fill;
};

struct scene {
    std::string name;
    double width = 0;
    double height = 0;
    std::vector<scene_lane> lanes;
    std::vector<scene_box> boxes;
    std::vector<scene_line> lines;
};

// How wide text of that many characters is in the font of all boxes.
double text_points(size_t characters, double font_size);
inline double line_points(double font_size) {
    return font_size * 1.25;
}

std::string graphviz_text(const scene& s);

}  // namespace viz

// tree_places.h - where the boxes of a tree stand.
// Shapes:  boxes are given by their width and height, parents before children; a level is as high as its highest box.
//          The first child stands straight below its parent, the others to the right of all that is below that.
// Locks:   none; pure function.
// Errors:  none.
#pragma once

#include <cstdint>
#include <vector>

namespace viz {

struct tree_cell {
    int32_t parent = -1;
    double width = 0;
    double height = 0;
    double left = 0;  // is set
    double top = 0;
};

// Gives the width and height of it all.
struct tree_size {
    double width = 0;
    double height = 0;
};
tree_size place_tree(std::vector<tree_cell>& cells, double gap, double level_gap);

}  // namespace viz

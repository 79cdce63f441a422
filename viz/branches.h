// branches.h - which parts of an exploration's tree a picture shows, and which it folds.
// Shapes:  parents stand before their children; a fold stands for a node with all below it.
// Locks:   none; pure functions.
// Errors:  none.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/trace/choice_tree.h"

namespace viz {

enum class branch_kind : uint8_t {
    open,    // its children follow
    fold,    // it has children that are not shown
    leaf,    // executions end there
    ends,    // executions end there, and others go on: those that end
    unkept,  // executions that left the tree there, once it was full
};

struct branch {
    branch_kind kind = branch_kind::open;
    int32_t node = 0;
    int32_t parent = -1;  // in the list
};

// One way to each thing that was found is shown, whatever the limit is; then further ones, then what is near the root.
// Subtrees in which nothing fails are folded first, and none is shown in part: all its children are there, or none.
std::vector<branch> shown_branches(const sim::choice_tree& tree, size_t limit);

}  // namespace viz

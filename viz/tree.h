// tree.h - the picture of an exploration: the tree of its choices, and how each branch ended.
// Shapes:  a box is a choice and the steps after it until the next; time goes down, the executions of a node stand from
//          left to right in the order in which they were explored, the first straight below.
// Locks:   none; `run` is called as often as there are branches to tell.
// Errors:  none.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "sim/trace/choice_tree.h"
#include "sim/trace/trace.h"
#include "viz/phrase.h"

namespace viz {

struct tree_options {
    std::string subject;   // "forward, variant late_wait"
    std::string strategy;  // "bounded, 3 preemptions"
    // Why somebody who could have gone on was not tried there.
    std::string left_out = "nothing new";
    std::string beyond;        // the same, where the bound did not allow it: "beyond the bound"
    int preemptions_max = -1;  // that is where so many are behind it; -1: nowhere
    bool bound_leaves_out = false;  // nothing else does
    bool cut_short = false;         // it was not explored to its end
    uint64_t earlier = 0;           // executions of rounds that began anew: not in the tree
    size_t boxes_max = 120;         // 0: all
    plumbing_files plumbing = {"kern/"};
    // Runs these choices again. The header has the token if something is found.
    std::function<sim::trace(const std::vector<uint8_t>& choices)> run;
};

// As Graphviz text.
std::string tree_picture(const sim::choice_tree& tree, const tree_options& options);

}  // namespace viz

// tree_words.h - what each box of an exploration's tree says.
// Shapes:  one for each branch that is shown, in their order; texts are wrapped already.
// Locks:   none.
// Errors:  none.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "sim/trace/choice_tree.h"
#include "viz/boxes.h"
#include "viz/branches.h"
#include "viz/tree.h"

namespace viz {

// What a box says.
struct told_branch {
    std::vector<std::string> lines;
    std::string fill = "#ffffff";
    std::string border = "#5a6472";
    std::string tooltip;
    std::string url;
    bool preempts = false;
    // How the executions ended, if that is below.
    std::vector<std::string> end_lines;
    look end_as = look::fold;
    bool end_ok = false;
    std::string end_tooltip;
    std::string end_url;
    // Who could go on behind it and was not tried.
    std::vector<std::pair<std::string, std::string>> left_out;  // names, why
};

struct told_tree {
    std::vector<std::string> head;
    std::vector<branch> branches;
    std::vector<told_branch> boxes;
    std::vector<std::string> failures;  // tokens, by their numbers in the picture
};

told_tree tell_tree(const sim::choice_tree& tree, const tree_options& options);

}  // namespace viz

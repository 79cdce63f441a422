// model_includes.h - which files of a tree a file reads, by its #include lines.
// Source:  the text alone. The compiler's dependency files leave out what it takes for a system header,
//          and that is every header found through a folder that is also given with -idirafter.
// Shapes:  rather too many than too few: lines that #if leaves out count, a name stands for every file
//          whose path ends in it, and what a macro names may be any file.
// Locks:   none; plain values.
// Errors:  none; names that are not in the tree are other people's.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "scenarios/runner/model_tree.h"

namespace scenario {

class include_graph {
  public:
    explicit include_graph(const model_tree& tree);
    // The file itself and everything that it reads, however far away.
    [[nodiscard]] std::set<std::string> read_by(const std::string& name) const;

  private:
    std::map<std::string, std::vector<std::string>> direct_;
};

}  // namespace scenario

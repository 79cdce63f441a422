// told.h - explores a program in a child and gives back what is told of what was found.
// Source:  ours.
// Shapes:  of each finding a line "KIND: MESSAGE", then a line " LABEL: TEXT | CALLERS" for each evidence, the stack of
//          the finding itself first, under the label "at"; of a data race a last line " effect: NAME".
// Locks:   none.
// Errors:  as child.h.
#pragma once

#include <string>
#include <vector>

namespace sim::test {

std::string told(const std::string& path, const std::vector<std::string>& arguments = {});

}  // namespace sim::test

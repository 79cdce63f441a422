// table.h - the rows of a story as lines of text: gutter, a column per CPU, changes at the right.
// Shapes:  a CPU that does nothing has no column; where the columns would be too narrow to read,
//          one column with the context's name before each line takes their place.
// Locks:   none; pure function.
// Errors:  none.
#pragma once

#include <string>

#include "sim/trace/trace.h"
#include "viz/columns.h"
#include "viz/story.h"

namespace viz {

// A header line and the rows. Of the options: width, colour, utf8.
std::string table_text(const sim::trace& t, const story& s, const columns_options& options);

}  // namespace viz

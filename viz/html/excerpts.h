// excerpts.h - the lines of source around every place that a trace names.
// Source:  a source_reader (report.h); the subject's own files, of the variant that ran.
// Shapes:  files by name, parts by line; parts that touch are one.
// Locks:   none.
// Errors:  none; a file that is not there has no part.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/trace/trace.h"
#include "viz/html/report.h"

namespace viz {

struct excerpt_part {
    uint32_t first = 1;  // line
    std::vector<std::string> lines;
    bool operator==(const excerpt_part&) const = default;
};

struct excerpt {
    std::string file;
    std::vector<excerpt_part> parts;
    bool operator==(const excerpt&) const = default;
};

std::vector<excerpt> excerpts_of(const sim::trace& t, const source_reader& source);

}  // namespace viz

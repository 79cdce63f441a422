// formats.h - every form in which one execution can be had: the one table of them.
// Source:  design section 8: each view is made from the one trace.
// Shapes:  a row a format; `make` gives the bytes of the file, or of a picture its Graphviz text, which is drawn
//          as the ending of the file says. Endings have their dot; the first is the usual one.
// Locks:   write_format() may draw: call it from one thread (graphviz.h).
// Errors:  false and a message.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/trace/trace.h"
#include "viz/html/report.h"
#include "viz/phrase.h"

namespace viz {

// What a format has no use for it leaves alone.
struct format_options {
    uint32_t width = 100;
    std::optional<uint32_t>
        rows_max;  // fold until so many are left; 0: all; none: what the format finds right
    bool colour = false;
    bool utf8 = false;
    std::string replay;  // the command to show; empty: made from the header
    std::string object;  // the one whose life is told; empty: that of the finding
    std::string packet;  // the one that is followed: "P1"; empty: the first
    plumbing_files plumbing = {"kern/"};
    source_reader source;  // of the subject that ran; none: without source
};

struct format {
    const char* name;
    std::vector<std::string> endings;
    const char* what;  // one line
    bool text;         // may be printed on a terminal
    bool picture;      // `make` gives Graphviz text
    bool (*make)(const sim::trace& t, const format_options& options, std::string& bytes,
                 std::string& error);
    bool quotes = false;  // shows source: wants format_options::source
};

const std::vector<format>& formats();

const format* format_named_or_null(std::string_view name);
// The first row that has the ending of this path.
const format* format_of_file_or_null(std::string_view path);
// "columns, graph, ...": for a complaint.
std::vector<std::string> format_names();
std::vector<std::string> format_endings();

// Writes the file. A picture's Graphviz text stands beside it, as a .gv file.
[[nodiscard]] bool write_format(const sim::trace& t, const format& f, const std::string& path,
                                const format_options& options, std::string& error);

}  // namespace viz

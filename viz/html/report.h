// report.h - one execution, or two side by side, as one HTML file that opens without a network.
// Source:  ecosystem notes 2.6 and 2.7; the page itself is page.html, *.css and *.js of this folder, built in.
// Shapes:  the page holds the whole trace as JSON (run_data.h) and what is computed here; same traces, same bytes.
// Locks:   none; pure functions, as far as `source` is one.
// Errors:  none; a source that cannot be read is left out, and the page says so.
#pragma once

#include <functional>
#include <string>

#include "sim/trace/trace.h"
#include "viz/phrase.h"

namespace viz {

// The text of a file of the subject, named as the trace names it; "" if it is not there.
using source_reader = std::function<std::string(const std::string& file)>;

struct report_options {
    uint32_t rows_max = 50;  // of the short view, with which the page begins
    std::string replay;      // the command to show; empty: made from the header
    plumbing_files plumbing = {"kern/"};
    source_reader source;
};

std::string html_report(const sim::trace& t, const report_options& options);

// Two executions, aligned (align.h).
std::string html_report(const sim::trace& a, const report_options& of_a, const sim::trace& b,
                        const report_options& of_b);

// What the page has to go by, as one JSON text; `b` may be null.
std::string report_data(const sim::trace& a, const report_options& of_a, const sim::trace* b,
                        const report_options& of_b);

}  // namespace viz

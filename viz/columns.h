// columns.h - a trace for the terminal: a column per CPU, changes of state beside them, then why.
// Shapes:  lines end in '\n' and are at most `width` places wide, the replay line excepted, which
//          must stay one piece to be pasted; ASCII unless `utf8`.
// Locks:   none; pure function of the trace and the options.
// Errors:  none; every kind of event is shown, an unknown one by its name.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "sim/trace/trace.h"
#include "viz/phrase.h"

namespace viz {

struct columns_options {
    uint32_t width = 100;
    uint32_t lines_max = 40;  // folds until the text fits; 0: everything is shown
    bool colour = false;      // bold for preemptions, bold red for the finding
    bool utf8 = false;        // box characters
    std::string replay;       // the command to show; empty: made from the header
    plumbing_files plumbing = {"kern/"};
    std::optional<size_t> about;  // the finding to tell; none: the main one
};

std::string columns(const sim::trace& t, const columns_options& options);

// Places on the terminal behind `fd`; `otherwise` if there is no terminal.
uint32_t terminal_width(int fd, uint32_t otherwise);

}  // namespace viz

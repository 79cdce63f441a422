#include "viz/columns.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>

#include "sim/trace/main_finding.h"
#include "viz/phrase.h"
#include "viz/story.h"
#include "viz/table.h"
#include "viz/why.h"

namespace viz {

namespace {

constexpr size_t also_max = 3;  // other findings that are named one by one

size_t lines_in(const std::string& text) {
    return static_cast<size_t>(std::count(text.begin(), text.end(), '\n'));
}

std::string plural(uint32_t count, const char* noun) {
    return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string title(const sim::trace& t, const story& s, const columns_options& options) {
    std::string out = t.header.subject;
    if (!t.header.variant.empty() && t.header.variant != "program") {
        out += fmt::format(", variant {}", t.header.variant);
    }
    out += fmt::format(": {}, {}, {}", plural(s.steps, "step"),
                       plural(static_cast<uint32_t>(s.contexts.size()), "context"),
                       plural(s.preemptions, "preemption"));
    if (t.findings.empty()) {
        out += ", no finding";
    }
    return shortened(printable(out, options.utf8), options.width) + '\n';
}

// A labelled paragraph: the label once, then text that hangs beside it.
void add_paragraph(std::string& out, const std::string& label, size_t label_width,
                   const std::string& text, const columns_options& options) {
    const size_t room = options.width > label_width + 20 ? options.width - label_width : 20;
    std::string before = label;
    for (const std::string& piece : wrapped(printable(text, options.utf8), room)) {
        out += fmt::format("{:<{}}{}\n", before, label_width, piece);
        before.clear();
    }
}

std::string footer(const sim::trace& t, const columns_options& options) {
    std::string out;
    if (!t.findings.empty()) {
        const sim::trace_finding& main =
            options.about ? t.findings.at(*options.about) : sim::main_finding(t);
        size_t label_width = std::string_view("preempted").size();
        for (const sim::trace_evidence& evidence : main.evidence) {
            label_width = std::max(label_width, text_width(evidence.label));
        }
        const size_t room = options.width - std::min<size_t>(options.width, label_width + 7);
        const std::vector<why_line> lines = why(t, main, options.plumbing, room);
        for (const why_line& l : lines) {
            const bool first = l.label.empty();
            add_paragraph(out, first ? "why:" : "     " + l.label, first ? 5 : label_width + 7,
                          l.text, options);
        }
        size_t also = 0;
        for (const sim::trace_finding& finding : t.findings) {
            if (&finding != &main && ++also <= also_max) {
                add_paragraph(out, "also:", 6, why(t, finding, options.plumbing, 0).front().text,
                              options);
            }
        }
        if (also > also_max) {
            out += fmt::format("also: {} more findings\n", also - also_max);
        }
    }
    const std::string command = options.replay.empty() ? replay_command(t) : options.replay;
    return out + "replay: " + printable(command, options.utf8) + '\n';
}

// The table with as many rows as fit into `lines_max` lines. A row may take several lines, so the
// number of rows is lowered by what is too much until it fits or only the necessary is left.
std::string fitting_table(const sim::trace& t, story& s, size_t lines_max,
                          const columns_options& options) {
    story_options wanted;
    wanted.plumbing = options.plumbing;
    wanted.rows_max = static_cast<uint32_t>(lines_max);
    std::string out;
    for (;;) {
        s = tell(t, wanted);
        out = table_text(t, s, options);
        const size_t lines = lines_in(out);
        if (lines_max == 0 || lines <= lines_max || wanted.rows_max <= 1) {
            return out;
        }
        const size_t rows = std::min<size_t>(s.rows.size(), wanted.rows_max);
        // Fewer rows also means fewer rows of two lines: going all the way at once would overshoot.
        const size_t excess = (lines - lines_max + 1) / 2;
        wanted.rows_max = static_cast<uint32_t>(rows - std::min(excess, rows - 1));
    }
}

}  // namespace

std::string columns(const sim::trace& t, const columns_options& options) {
    const std::string end = footer(t, options);
    const size_t others = lines_in(end) + 1;
    story s;
    const size_t room = options.lines_max == 0           ? 0
                        : options.lines_max > others + 8 ? options.lines_max - others
                                                         : 8;
    const std::string rows = fitting_table(t, s, room, options);
    return title(t, s, options) + rows + end;
}

uint32_t terminal_width(int fd, uint32_t otherwise) {
    winsize size{};
    const bool known = ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col != 0;
    return known ? size.ws_col : otherwise;
}

}  // namespace viz

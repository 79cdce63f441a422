#include "viz/formats.h"

#include <algorithm>
#include <sstream>

#include "sim/trace/main_finding.h"
#include "viz/columns.h"
#include "viz/graph.h"
#include "viz/graphviz.h"
#include "viz/junit.h"
#include "viz/lifetime.h"
#include "viz/lock_order.h"
#include "viz/mail.h"
#include "viz/mermaid.h"
#include "viz/packet_way.h"
#include "viz/pcapng.h"
#include "viz/perfetto.h"
#include "viz/phrase.h"
#include "viz/sarif.h"
#include "viz/shiviz.h"
#include "viz/slice.h"

namespace viz {

namespace {

constexpr uint32_t columns_lines_default = 40;

bool make_columns(const sim::trace& t, const format_options& options, std::string& bytes,
                  std::string&) {
    columns_options o;
    o.width = options.width;
    o.lines_max = options.rows_max.value_or(columns_lines_default);
    o.colour = options.colour;
    o.utf8 = options.utf8;
    o.replay = options.replay;
    o.plumbing = options.plumbing;
    bytes = columns(t, o);
    return true;
}

bool make_graph(const sim::trace& t, const format_options& options, std::string& bytes,
                std::string&) {
    graph_options o;
    o.rows_max = options.rows_max.value_or(o.rows_max);
    o.plumbing = options.plumbing;
    bytes = graph(t, o);
    return true;
}

// A view that is text and cannot fail.
template <std::string (*view)(const sim::trace&, const format_options&)>
bool make(const sim::trace& t, const format_options& options, std::string& bytes, std::string&) {
    bytes = view(t, options);
    return true;
}

bool make_sarif(const sim::trace& t, const format_options& options, std::string& bytes,
                std::string&) {
    bytes = sarif({t}, options);
    return true;
}

// One case; its failure is told as in a mail.
bool make_junit(const sim::trace& t, const format_options& options, std::string& bytes,
                std::string&) {
    junit_case c;
    c.suite = t.header.subject;
    c.name = t.header.variant + (t.header.token.empty() ? "" : " " + t.header.token);
    if (!t.findings.empty()) {
        const sim::trace_finding& f = sim::main_finding(t);
        c.failure = f.kind;
        c.message = finding_title(f, options.plumbing);
        c.text = mail(t, options);
    }
    bytes = junit({c});
    return true;
}

bool make_trace(const sim::trace& t, const format_options&, std::string& bytes, std::string&) {
    std::ostringstream out;
    sim::write_trace(t, out);
    bytes = out.str();
    return true;
}

bool make_html(const sim::trace& t, const format_options& options, std::string& bytes,
               std::string&) {
    report_options o;
    o.rows_max = options.rows_max.value_or(o.rows_max);
    o.replay = options.replay;
    o.plumbing = options.plumbing;
    o.source = options.source;
    bytes = html_report(t, o);
    return true;
}

}  // namespace

const std::vector<format>& formats() {
    static const std::vector<std::string> pictures = {".svg", ".png", ".pdf", ".gv"};
    static const std::vector<format> all = {
        {"columns", {".txt"}, "a column per CPU, for the terminal", true, false, make_columns},
        {"mail", {".eml"}, "72 columns of ASCII for a list or a commit", true, false, make<mail>},
        {"mermaid", {".mmd"}, "sequence diagram that Markdown draws", true, false, make<mermaid>},
        {"shiviz", {".log"}, "ShiViz: a log with vector clocks", true, false, make<shiviz>},
        {"perfetto", {".json"}, "timeline for ui.perfetto.dev", true, false, make<perfetto>},
        {"sarif", {".sarif"}, "SARIF 2.1.0: findings with thread flows", true, false, make_sarif},
        {"junit", {".xml"}, "JUnit XML: one test case", true, false, make_junit},
        {"jsonl", {".jsonl", ".trace"}, "the trace, a line an event", true, false, make_trace},
        {"pcapng", {".pcapng"}, "packets for Wireshark and tshark", false, false, pcapng},
        {"html",
         {".html"},
         "to step through in a browser, one file",
         false,
         false,
         make_html,
         true},
        {"graph", pictures, "picture: what happens before what", true, true, make_graph},
        {"slice", pictures, "picture: only what the finding depends on", true, true, slice},
        {"locks", pictures, "picture: which lock is taken under which", true, true, lock_order},
        {"lifetime", pictures, "picture: one object's references (--object)", true, true, lifetime},
        {"packet", pictures, "picture: a packet's way (--packet P1)", true, true, packet_way},
    };
    return all;
}

const format* format_named_or_null(std::string_view name) {
    for (const format& f : formats()) {
        if (f.name == name) {
            return &f;
        }
    }
    return nullptr;
}

const format* format_of_file_or_null(std::string_view path) {
    for (const format& f : formats()) {
        for (const std::string& ending : f.endings) {
            if (path.ends_with(ending)) {
                return &f;
            }
        }
    }
    return nullptr;
}

std::vector<std::string> format_names() {
    std::vector<std::string> names;
    for (const format& f : formats()) {
        names.emplace_back(f.name);
    }
    return names;
}

std::vector<std::string> format_endings() {
    std::vector<std::string> all;
    for (const format& f : formats()) {
        for (const std::string& ending : f.endings) {
            if (std::find(all.begin(), all.end(), ending) == all.end()) {
                all.push_back(ending);
            }
        }
    }
    return all;
}

bool write_format(const sim::trace& t, const format& f, const std::string& path,
                  const format_options& options, std::string& error) {
    std::string bytes;
    if (!f.make(t, options, bytes, error)) {
        return false;
    }
    return f.picture ? draw_text(bytes, path, error) : write_text(bytes, path, error);
}

}  // namespace viz

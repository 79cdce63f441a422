#include "viz/lock_order.h"

#include <fmt/format.h>

#include <algorithm>

#include "viz/boxes.h"
#include "viz/ladder.h"
#include "viz/lock_graph.h"

namespace viz {

namespace {

std::string quoted(const std::string& text) {
    std::string out = "\"";
    for (const char c : printable(text, true)) {
        out += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
    }
    return out + '"';
}

// Several lines, each a printable text of its own.
std::string label(const std::vector<std::string>& lines) {
    std::string out = "\"";
    for (const std::string& line : lines) {
        const std::string one = quoted(line);
        out += one.substr(1, one.size() - 2) + "\\l";
    }
    return out + '"';
}

std::string edge_text(const sim::trace& t, const lock_edge& e, const plumbing_files& plumbing) {
    const std::vector<sim::trace_frame> wanted = telling_stack(e.wanted_stack, plumbing);
    const std::string where = wanted.empty() ? "" : place(wanted.front());
    std::vector<std::string> lines = {
        fmt::format("  {} holds {}", who(t, e.context), e.held),
        e.wanted_step == 0 ? fmt::format("  and waits for {} for ever", e.wanted)
                           : fmt::format("  and wants {} (step {})", e.wanted, e.wanted_step)};
    if (!where.empty()) {
        lines.push_back("  in " + where);
    }
    if (e.times > 1) {
        lines.push_back(e.times == 2 ? "  and once more"
                                     : fmt::format("  and {} times more", e.times - 1));
    }
    std::string out =
        fmt::format("  {} -> {} [label={}, color=\"{}\", fontcolor=\"{}\", penwidth={}, tooltip={}",
                    quoted(e.held), quoted(e.wanted), label(lines), e.in_cycle ? red : grey,
                    e.in_cycle ? red : "#1c2430", e.in_cycle ? 2 : 1,
                    quoted(fmt::format("{} taken at step {}; then wanted: {}", e.held, e.held_step,
                                       stack_line(wanted, 8))));
    return out + (wanted.empty() ? "" : ", URL=" + quoted(url_of(wanted.front()))) + "];\n";
}

}  // namespace

bool lock_order(const sim::trace& t, const format_options& options, std::string& gv,
                std::string& error) {
    const std::vector<lock_edge> edges = lock_edges(t);
    if (edges.empty()) {
        error = t.header.subject + ": nobody wants a lock while holding another";
        return false;
    }
    const bool circle =
        std::any_of(edges.begin(), edges.end(), [](const lock_edge& e) { return e.in_cycle; });
    const std::string title =
        fmt::format("{}: {}", t.header.subject,
                    circle ? "locks are taken in a circle (red): each waits for the other"
                           : "which lock is taken while another is held");
    gv = "digraph locks {\n"
         "  graph [layout=dot, bgcolor=\"white\", pad=0.2, nodesep=0.9, ranksep=0.9, labelloc=t, "
         "fontname=\"DejaVu Sans Mono\", fontsize=13, label=" +
         quoted(title) +
         "];\n"
         "  node [shape=box, style=\"filled,rounded\", fillcolor=\"#e3f1fb\", color=\"#6b9bc3\", "
         "fontname=\"DejaVu Sans Mono\", fontsize=12];\n"
         "  edge [fontname=\"DejaVu Sans Mono\", fontsize=9];\n";
    std::vector<std::string> done;
    for (const lock_edge& e : edges) {
        for (const std::string& lock : {e.held, e.wanted}) {
            if (std::find(done.begin(), done.end(), lock) == done.end()) {
                done.push_back(lock);
                gv += fmt::format("  {} [tooltip={}];\n", quoted(lock), quoted(lock));
            }
        }
    }
    for (const lock_edge& e : edges) {
        gv += edge_text(t, e, options.plumbing);
    }
    gv += "}\n";
    return true;
}

}  // namespace viz

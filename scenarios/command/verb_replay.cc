// replay, show: one execution, as columns, as a trace, as a picture.
#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "scenarios/command/execution.h"
#include "scenarios/command/options.h"
#include "scenarios/command/verbs.h"
#include "viz/columns.h"
#include "viz/graph.h"
#include "viz/graphviz.h"

namespace scenario {

namespace {

constexpr int status_diverged = 4;
constexpr uint64_t lines_default = 40;

std::string trace_text(const sim::trace& t) {
    std::ostringstream out;
    sim::write_trace(t, out);
    return out.str();
}

[[nodiscard]] bool write_file(const std::string& path, const std::string& text,
                              std::string& error) {
    std::ofstream out(path, std::ios::binary);
    out << text;
    out.close();
    if (!out) {
        error = path + ": cannot be written";
        return false;
    }
    return true;
}

viz::columns_options columns_of(const look& how, std::optional<uint64_t> lines,
                                const std::string& replay) {
    viz::columns_options o;
    o.width = how.width;
    o.lines_max = static_cast<uint32_t>(lines.value_or(lines_default));
    o.colour = how.colour;
    o.utf8 = how.utf8;
    o.replay = replay;
    return o;
}

bool has_ending(const std::string& path, const char* ending) {
    return std::filesystem::path(path).extension() == ending;
}

// Draws or writes, by the ending of the name.
[[nodiscard]] bool write_view(const sim::trace& t, const std::string& path,
                              std::optional<uint64_t> rows, std::string& error) {
    if (has_ending(path, ".txt")) {
        look plain;
        return write_file(path, viz::columns(t, columns_of(plain, rows, "")), error);
    }
    if (has_ending(path, ".jsonl") || has_ending(path, ".trace")) {
        return write_file(path, trace_text(t), error);
    }
    viz::graph_options o;
    if (rows) {
        o.rows_max = static_cast<uint32_t>(*rows);
    }
    return viz::draw(t, path, o, error);
}

int end_of(const std::string& verb, const execution& e) {
    for (const std::string& one : e.trace.header.drift) {
        fmt::print(stderr, "drift: {}\n", one);
    }
    if (e.drift.empty()) {
        return 0;
    }
    fmt::print(stderr, "heddle {}: the replay diverged: {}\n", verb, e.drift);
    return status_diverged;
}

}  // namespace

int verb_replay(const invocation& line) {
    std::string x;
    std::string token;
    std::string variant;
    std::string output;
    std::optional<uint64_t> lines;
    view_options view;
    machine_options machine;
    arguments a(
        "replay", "[X] TOKEN [OPTIONS] [-- ARGS]",
        "Runs the execution that TOKEN names again and shows it, a column for each CPU. X is\n"
        "the race or program; a race of the source tree is found by the token alone.",
        {"heddle replay forward.race h1/forward/late_wait/net0:if_output:3:adm",
         "heddle replay prog.so TOKEN --json > x.jsonl   # the trace, a line an event",
         "heddle replay prog.so TOKEN --lines 0          # every step"});
    a.positional("X", x, "race or program");
    a.positional("TOKEN", token, "as heddle explore prints it", false);
    a.text("--variant", "NAME", variant, "the token says it, too: the two must agree");
    a.text("-o,--output", "FILE", output, "write the trace there");
    a.number("--lines", lines, 0, UINT32_MAX, "fold until it fits (40); 0: show every step");
    machine.add_to(a);
    view.add_to(a);
    a.take_subject_arguments();
    if (const std::optional<int> done = a.parse(line)) {
        return *done;
    }
    if (!sort_words(x, token)) {
        return wrong_usage(line.verb, fmt::format("a token is missing: heddle replay {} TOKEN", x));
    }
    explore_request request;
    machine.fill(request);
    execution e;
    std::string error;
    if (!agrees(variant, token, error)) {
        return complain(line.verb, error);
    }
    if (!replay_token(x, token, request, line.after_dashes, e, error)) {
        return complain(line.verb, error);
    }
    if (!output.empty() && !write_file(output, trace_text(e.trace), error)) {
        return complain(line.verb, error);
    }
    if (view.json) {
        std::fputs(trace_text(e.trace).c_str(), stdout);
    } else if (!view.quiet) {
        const std::string again = again_command(line, x, token, machine.typed());
        std::fputs(viz::columns(e.trace, columns_of(view.out(), lines, again)).c_str(), stdout);
    }
    return end_of(line.verb, e);
}

int verb_show(const invocation& line) {
    std::string what;
    std::string x;
    std::string output;
    std::optional<uint64_t> rows;
    view_options view;
    machine_options machine;
    arguments a(
        "show", "TOKEN|TRACE [OPTIONS] [-- ARGS]",
        "Shows one execution: of a token, or of a trace file that heddle replay -o wrote.\n"
        "Without -o as columns in the terminal.",
        {"heddle show h1/forward/late_wait/net0:if_output:3:adm -o x.svg",
         "heddle show x.jsonl -o x.png", "heddle show TOKEN --race prog.so -o x.svg -- 3 fast"});
    a.positional("TOKEN|TRACE", what, "what to show");
    a.text("-o,--output", "FILE", output, "its ending says what: .svg .png .pdf .gv .txt .jsonl");
    a.text("--race", "X", x, "race or program of the token, if its name is not enough");
    a.number("--rows", rows, 0, UINT32_MAX, "fold until so many are left; 0: show every step");
    machine.add_to(a);
    view.add_to(a, false);
    a.take_subject_arguments();
    if (const std::optional<int> done = a.parse(line)) {
        return *done;
    }
    const bool known = output.empty() || has_ending(output, ".txt") || has_ending(output, ".gv") ||
                       has_ending(output, ".jsonl") || has_ending(output, ".trace");
    std::string error;
    if (!known && !viz::is_picture(output, error)) {
        return complain(line.verb, error);
    }
    explore_request request;
    machine.fill(request);
    execution e;
    if (!take_execution(what, x, request, line.after_dashes, e, error)) {
        return complain(line.verb, error);
    }
    if (output.empty()) {
        std::fputs(viz::columns(e.trace, columns_of(view.out(), rows, "")).c_str(), stdout);
        return end_of(line.verb, e);
    }
    if (!write_view(e.trace, output, rows, error)) {
        return complain(line.verb, error);
    }
    if (!view.quiet) {
        fmt::print(stderr, "wrote {}\n", output);
    }
    return end_of(line.verb, e);
}

}  // namespace scenario

// replay, show: one execution, in every format of viz/formats.h.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>

#include "scenarios/command/debugger.h"
#include "scenarios/command/execution.h"
#include "scenarios/command/options.h"
#include "scenarios/command/sources.h"
#include "scenarios/command/verbs.h"
#include "scenarios/lang/source.h"
#include "viz/formats.h"
#include "viz/graphviz.h"

namespace scenario {

namespace {

constexpr int status_diverged = 4;

viz::format_options options_of(const look& how, std::optional<uint64_t> rows,
                               const std::string& replay) {
    viz::format_options o;
    o.width = how.width;
    if (rows) {
        o.rows_max = static_cast<uint32_t>(*rows);
    }
    o.colour = how.colour;
    o.utf8 = how.utf8;
    o.replay = replay;
    return o;
}

// The format that was asked for, or that the file's ending says. A file's name must end in one that the format
// has only if the format is not named, or is a picture: pictures come in several.
[[nodiscard]] bool take_format(const std::string& name, const std::string& file,
                               const viz::format*& f, std::string& error) {
    f = name.empty() ? viz::format_of_file_or_null(file) : viz::format_named_or_null(name);
    if (f == nullptr && !name.empty()) {
        f = viz::format_of_file_or_null("." + name);  // --as svg
    }
    if (f == nullptr) {
        const std::vector<std::string> known =
            name.empty() ? viz::format_endings() : viz::format_names();
        const std::string word =
            name.empty() ? std::filesystem::path(file).extension().string() : name;
        const std::vector<std::string> near = near_matches(word, known);
        error = fmt::format("{}: no format {} '{}'{}; there are {}", name.empty() ? file : "--as",
                            name.empty() ? "ends in" : "is named", word,
                            near.empty() ? "" : "; " + did_you_mean(word, known),
                            fmt::join(known, " "));
        return false;
    }
    return file.empty() || !f->picture || file.ends_with(".gv") || viz::is_picture(file, error);
}

// A picture without a file comes as its Graphviz text.
[[nodiscard]] bool print_format(const sim::trace& t, const viz::format& f,
                                const viz::format_options& o, std::string& error) {
    if (!f.text && isatty(STDOUT_FILENO) != 0) {
        error = fmt::format("{} is not for a terminal; -o FILE{}", f.name, f.endings.front());
        return false;
    }
    std::string bytes;
    if (!f.make(t, o, bytes, error)) {
        return false;
    }
    std::fwrite(bytes.data(), 1, bytes.size(), stdout);
    return true;
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

// What both verbs can be asked for.
struct wanted_form {
    std::string as;
    std::string output;
    std::string object;
    std::string packet;
    const viz::format* format = nullptr;

    void add_to(arguments& a) {
        a.text("--as", "FORMAT", as, "heddle list formats; the ending of FILE says it, too");
        a.text("-o,--output", "FILE", output, "write it there");
        a.text("--object", "NAME", object, "lifetime: whose life (that of the finding)");
        a.text("--packet", "P", packet, "packet: which one's way (the first)");
    }
    [[nodiscard]] bool take(const char* otherwise, std::string& error) {
        if (as.empty() && output.empty()) {
            as = otherwise;
        }
        return take_format(as, output, format, error);
    }
    // `x` and `request` say where the sources are, for a format that quotes them.
    [[nodiscard]] bool give(const sim::trace& t, viz::format_options o, const std::string& x,
                            const explore_request& request, std::string& error) const {
        if (format->quotes) {
            o.source = sources_of(t, x, request);
        }
        o.object = object;
        o.packet = packet;
        if (output.empty()) {
            return print_format(t, *format, o, error);
        }
        return viz::write_format(t, *format, output, o, error);
    }
};

}  // namespace

int verb_replay(const invocation& line) {
    std::string x;
    std::string token;
    std::string variant;
    wanted_form form;
    std::optional<uint64_t> lines;
    std::optional<uint64_t> debugged;
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
    form.add_to(a);
    a.number("--gdb", debugged, 1, UINT32_MAX, "under gdb, which stops before that step is done");
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
    if (debugged) {
        return replay_in_debugger(line, *debugged);
    }
    explore_request request;
    machine.fill(request);
    execution e;
    std::string error;
    wanted_form shown;  // beside the file
    shown.as = view.json ? "jsonl" : form.output.empty() ? form.as : "columns";
    if (!form.take("columns", error) || !shown.take("columns", error) ||
        !agrees(variant, token, error) ||
        !replay_token(x, token, request, line.after_dashes, e, error)) {
        return complain(line.verb, error);
    }
    const std::string again = again_command(line, x, token, machine.typed());
    if (!form.output.empty() && !form.give(e.trace, options_of({}, {}, again), x, request, error)) {
        return complain(line.verb, error);
    }
    if ((view.json || !view.quiet) &&
        !shown.give(e.trace, options_of(view.out(), lines, again), x, request, error)) {
        return complain(line.verb, error);
    }
    return end_of(line.verb, e);
}

int verb_show(const invocation& line) {
    std::string what;
    std::string x;
    wanted_form form;
    std::optional<uint64_t> rows;
    view_options view;
    machine_options machine;
    arguments a(
        "show", "TOKEN|TRACE [OPTIONS] [-- ARGS]",
        "Shows one execution: of a token, or of a trace file that heddle replay -o wrote.\n"
        "Without -o on the standard output, as columns if no format is named.",
        {"heddle show h1/forward/late_wait/net0:if_output:3:adm -o x.svg",
         "heddle show x.jsonl --as mail", "heddle show TOKEN --race prog.so -o x.svg -- 3 fast"});
    a.positional("TOKEN|TRACE", what, "what to show");
    form.add_to(a);
    a.text("--race", "X", x, "race or program of the token, if its name is not enough");
    a.number("--rows", rows, 0, UINT32_MAX, "fold until so many are left; 0: show every step");
    machine.add_to(a);
    view.add_to(a, false);
    a.take_subject_arguments();
    if (const std::optional<int> done = a.parse(line)) {
        return *done;
    }
    std::string error;
    explore_request request;
    machine.fill(request);
    execution e;
    if (!form.take("columns", error) ||
        !take_execution(what, x, request, line.after_dashes, e, error) ||
        !form.give(e.trace, options_of(form.output.empty() ? view.out() : look{}, rows, ""), x,
                   request, error)) {
        return complain(line.verb, error);
    }
    if (!form.output.empty() && !view.quiet) {
        fmt::print(stderr, "wrote {}\n", form.output);
    }
    return end_of(line.verb, e);
}

}  // namespace scenario

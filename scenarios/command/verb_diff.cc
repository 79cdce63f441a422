// diff: two executions, up to where they first differ; side by side as HTML.
#include <fmt/format.h>

#include <cstdio>

#include "scenarios/command/execution.h"
#include "scenarios/command/options.h"
#include "scenarios/command/sources.h"
#include "scenarios/command/verbs.h"
#include "viz/difference.h"
#include "viz/graphviz.h"
#include "viz/html/report.h"

namespace scenario {

namespace {

[[nodiscard]] bool write_side_by_side(const sim::trace& a, const sim::trace& b,
                                      const std::string& x, const explore_request& request,
                                      const std::string& output, std::string& error) {
    viz::report_options of_a;
    viz::report_options of_b;
    of_a.source = sources_of(a, x, request);
    of_b.source = sources_of(b, x, request);
    return viz::write_text(viz::html_report(a, of_a, b, of_b), output, error);
}

}  // namespace

int verb_diff(const invocation& line) {
    std::string first;
    std::string second;
    std::string x;
    std::string output;
    view_options view;
    machine_options machine;
    arguments a(
        "diff", "A B [OPTIONS] [-- ARGS]",
        "Shows where two executions first differ; A and B are tokens or trace files. Steps are\n"
        "compared context by context, with what happens before each: two interleavings of the\n"
        "same execution are the same. With -o also side by side, in a browser. Exit status: 0 the\n"
        "same, 1 not.",
        {"heddle diff TOKEN OTHER_TOKEN", "heddle diff passing.jsonl failing.jsonl -o x.html"});
    a.positional("A", first, "token or trace");
    a.positional("B", second, "token or trace");
    a.text("-o,--output", "FILE.html", output, "both, side by side, as one HTML file");
    a.text("--race", "X", x, "race or program of the tokens, if their names are not enough");
    machine.add_to(a);
    view.add_to(a, false);
    a.take_subject_arguments();
    if (const std::optional<int> done = a.parse(line)) {
        return *done;
    }
    if (!output.empty() && !output.ends_with(".html")) {
        return wrong_usage(line.verb, output + ": two executions are shown as .html");
    }
    explore_request request;
    machine.fill(request);
    execution left;
    execution right;
    std::string error;
    if (!take_execution(first, x, request, line.after_dashes, left, error) ||
        !take_execution(second, x, request, line.after_dashes, right, error)) {
        return complain(line.verb, error);
    }
    const viz::difference_text d =
        viz::difference(left.trace, right.trace, view.out().width, {"kern/"});
    std::fputs(d.text.c_str(), stdout);
    if (!output.empty() &&
        !write_side_by_side(left.trace, right.trace, x, request, output, error)) {
        return complain(line.verb, error);
    }
    if (!output.empty() && !view.quiet) {
        fmt::print(stderr, "wrote {}\n", output);
    }
    return d.same ? 0 : 1;
}

}  // namespace scenario

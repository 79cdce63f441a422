// diff: two executions, up to where they first differ.
#include <cstdio>

#include "scenarios/command/execution.h"
#include "scenarios/command/options.h"
#include "scenarios/command/verbs.h"
#include "viz/difference.h"

namespace scenario {

int verb_diff(const invocation& line) {
    std::string first;
    std::string second;
    std::string x;
    view_options view;
    machine_options machine;
    arguments a(
        "diff", "A B [OPTIONS] [-- ARGS]",
        "Shows where two executions first differ; A and B are tokens or trace files. Steps are\n"
        "compared context by context, with what happens before each: two interleavings of the\n"
        "same execution are the same. Exit status: 0 the same, 1 not.",
        {"heddle diff TOKEN OTHER_TOKEN", "heddle diff passing.jsonl failing.jsonl"});
    a.positional("A", first, "token or trace");
    a.positional("B", second, "token or trace");
    a.text("--race", "X", x, "race or program of the tokens, if their names are not enough");
    machine.add_to(a);
    view.add_to(a, false);
    a.take_subject_arguments();
    if (const std::optional<int> done = a.parse(line)) {
        return *done;
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
    return d.same ? 0 : 1;
}

}  // namespace scenario

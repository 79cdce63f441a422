// shrink: the shortest schedule that fails as a token does.
#include <fmt/format.h>

#include <cstdio>

#include "scenarios/command/execution.h"
#include "scenarios/command/options.h"
#include "scenarios/command/verbs.h"
#include "scenarios/runner/child.h"
#include "scenarios/runner/shrunk.h"
#include "viz/phrase.h"

namespace scenario {

namespace {

constexpr int status_passes = 1;
constexpr int status_diverged = 4;
constexpr int status_interrupted = 130;
constexpr uint64_t budget_default = 10;
constexpr uint64_t budget_max = 86400;

std::string size_text(const schedule_size& s) {
    return fmt::format("{}, {}, {}", plural(s.preemptions, "preemption"), plural(s.steps, "step"),
                       plural(s.choices, "choice"));
}

// What is known of shorter ones.
std::string certificate_text(const shrunk_report& r) {
    if (r.after.preemptions == 0) {
        return "certified: it needs no preemption at all";
    }
    const std::string searched = plural(r.searched, "execution");
    if (r.certified) {
        return fmt::format("certified: no schedule with fewer preemptions fails so ({} searched)",
                           searched);
    }
    std::string text = "not certified: ";
    if (r.none_below < 0) {
        text += fmt::format("not even schedules without preemption could all be searched ({})",
                            searched);
    } else {
        text +=
            fmt::format("none with at most {} fails so ({} searched), more were not all searched",
                        plural(static_cast<uint64_t>(r.none_below), "preemption"), searched);
    }
    return text + "; --budget-time S allows more";
}

std::string shrunk_text(const shrunk_report& r, const look& how, const std::string& command) {
    std::string out = fmt::format("{}\n", paint(how, ink::strong, r.finding.kind));
    for (const std::string& piece : viz::wrapped(r.finding.message, how.width - 4)) {
        out += "    " + piece + "\n";
    }
    if (!r.finding.where.empty()) {
        out += "    at " + r.finding.where + "\n";
    }
    out += fmt::format("\n  before  {}\n  after   {}\n", size_text(r.before), size_text(r.after));
    std::string lead = "  ";
    for (const std::string& piece : viz::wrapped(certificate_text(r), how.width - 2)) {
        out += lead + piece + "\n";
    }
    if (r.cut_short) {
        out += "  the time was up: on another day it may come further\n";
    }
    out += "\n  " + command + "\n";
    return r.schedule.empty() ? out : out + "\n" + r.schedule;
}

// A token that could not be followed is somebody else's; one that does not fail has nothing to shrink.
int status_of(const invocation& line, const shrunk_report& r, const std::string& replay) {
    if (!r.drift.empty()) {
        fmt::print(stderr, "heddle {}: the token diverged: {}\n", line.verb, r.drift);
        return status_diverged;
    }
    if (!r.fails) {
        fmt::print(stderr,
                   "heddle {}: the execution of this token does not fail: there is nothing to "
                   "shrink\n  {} shows it\n",
                   line.verb, replay);
        return status_passes;
    }
    if (stop_requested()) {
        return status_interrupted;
    }
    return 0;
}

}  // namespace

int verb_shrink(const invocation& line) {
    std::string x;
    std::string token;
    std::string variant;
    std::optional<uint64_t> budget;
    view_options view;
    machine_options machine;
    arguments a(
        "shrink", "[X] TOKEN [OPTIONS] [-- ARGS]",
        "Finds the schedule with the fewest preemptions that fails in the same way, and says\n"
        "whether it is certain that there is none with fewer. X is the race or program; a race\n"
        "of the source tree is found by the token alone.",
        {"heddle shrink forward h1/forward/late_wait/net0:if_output:3:adm",
         "heddle shrink prog.so TOKEN -- 3 fast", "heddle shrink prog.so TOKEN --budget-time 60"});
    a.positional("X", x, "race or program");
    a.positional("TOKEN", token, "as heddle explore prints it", false);
    a.text("--variant", "NAME", variant, "the token says it, too: the two must agree");
    a.number("--budget-time", budget, 1, budget_max,
             "seconds (10); the work that fits is fixed, so that results are the same");
    machine.add_to(a);
    view.add_to(a);
    a.take_subject_arguments();
    if (const std::optional<int> done = a.parse(line)) {
        return *done;
    }
    if (!sort_words(x, token)) {
        return wrong_usage(line.verb, fmt::format("a token is missing: heddle shrink {} TOKEN", x));
    }
    explore_request request;
    machine.fill(request);
    subject s;
    token_source source;
    std::string error;
    if (!agrees(variant, token, error) ||
        !open_token(x, token, request, line.after_dashes, s, source, error)) {
        return complain(line.verb, error);
    }
    shrunk_report r;
    if (!shrink_token(source, static_cast<double>(budget.value_or(budget_default)), r, error)) {
        return complain(line.verb, error);
    }
    const std::string command = again_command(line, x, r.finding.token, machine.typed());
    if (view.json) {
        std::fputs(to_json(source, r).c_str(), stdout);
    } else if (!view.quiet && r.fails) {
        std::fputs(shrunk_text(r, view.out(), command).c_str(), stdout);
    }
    return status_of(line, r, again_command(line, x, token, machine.typed()));
}

}  // namespace scenario

// shrink, explain: the shortest schedule that fails as a token does, and why it fails.
#include <fmt/format.h>

#include <cstdio>

#include "scenarios/command/execution.h"
#include "scenarios/command/explained_text.h"
#include "scenarios/command/options.h"
#include "scenarios/command/verbs.h"
#include "scenarios/runner/child.h"
#include "scenarios/runner/explained.h"
#include "scenarios/runner/shrunk.h"
#include "viz/columns.h"
#include "viz/phrase.h"

namespace scenario {

namespace {

constexpr int status_passes = 1;
constexpr int status_diverged = 4;
constexpr int status_interrupted = 130;
constexpr uint32_t columns_lines = 30;
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
    out += r.after == r.before ? fmt::format("\n  as short as it was  {}\n", size_text(r.after))
                               : fmt::format("\n  before  {}\n  after   {}\n", size_text(r.before),
                                             size_text(r.after));
    std::string lead = "  ";
    for (const std::string& piece : viz::wrapped(certificate_text(r), how.width - 2)) {
        out += lead + piece + "\n";
    }
    if (r.cut_short) {
        out += "  the time was up: --budget-time S allows more\n";
    }
    out += "\n  " + command + "\n";
    return r.schedule.empty() ? out : out + "\n" + r.schedule;
}

// A token that is not followed to a failure is somebody else's; one that is, and does not fail, has nothing
// to shrink. One that drifted and still fails is as good as it was.
int status_of(const invocation& line, const token_drift& drift, bool fails,
              const std::string& replay) {
    for (const std::string& one : drift.lines) {
        fmt::print(stderr, "drift: {}\n", one);
    }
    if (!drift.lost.empty()) {
        fmt::print(stderr, "heddle {}: the token diverged: {}\n", line.verb, drift.lost);
        return status_diverged;
    }
    if (!fails) {
        fmt::print(stderr,
                   "heddle {}: the execution of this token does not fail: there is nothing to "
                   "{}\n  {} shows it\n",
                   line.verb, line.verb, replay);
        return status_passes;
    }
    return stop_requested() ? status_interrupted : 0;
}

// What both verbs are told.
class failing_token {
  public:
    // Empty: go on. Else the verb is done with this exit status.
    std::optional<int> open(const invocation& line, arguments& a) {
        a.positional("X", x_, "race or program");
        a.positional("TOKEN", token_, "as heddle explore prints it", false);
        a.text("--variant", "NAME", variant_, "the token says it, too: the two must agree");
        a.number("--budget-time", budget_, 1, budget_max,
                 "seconds of work (10); what fits is counted in steps: the same on any day");
        machine_.add_to(a);
        view.add_to(a);
        a.take_subject_arguments();
        if (const std::optional<int> done = a.parse(line)) {
            return done;
        }
        if (!sort_words(x_, token_)) {
            return wrong_usage(
                line.verb, fmt::format("a token is missing: heddle {} {} TOKEN", line.verb, x_));
        }
        explore_request request;
        machine_.fill(request);
        std::string error;
        if (!agrees(variant_, token_, error) ||
            !open_token(x_, token_, request, line.after_dashes, subject_, source, error)) {
            return complain(line.verb, error);
        }
        return std::nullopt;
    }

    [[nodiscard]] double seconds() const {
        return static_cast<double>(budget_.value_or(budget_default));
    }
    [[nodiscard]] std::string again(const invocation& line, const std::string& verb,
                                    const std::string& token) const {
        return again_command(line, x_, token, machine_.typed(), verb);
    }
    [[nodiscard]] const std::string& token() const { return token_; }

    view_options view;
    token_source source;

  private:
    std::string x_;
    std::string token_;
    std::string variant_;
    std::optional<uint64_t> budget_;
    machine_options machine_;
    subject subject_;
};

// Where the failure became certain is shown where it happened.
void mark_turning(explained_report& r) {
    std::vector<sim::trace_event>& events = r.trace.events;
    for (size_t i = 0; i < events.size(); ++i) {
        if (r.turning_known() && !events[i].remark && events[i].step == r.turning_step) {
            sim::trace_event note;
            note.step = events[i].step;
            note.remark = true;
            note.context = events[i].context;
            note.kind = "note";
            note.detail = "from here on nothing averts it";
            note.time_ns = events[i].time_ns;
            events.insert(events.begin() + static_cast<std::ptrdiff_t>(i) + 1, note);
            return;
        }
    }
}

}  // namespace

int verb_shrink(const invocation& line) {
    failing_token it;
    arguments a(
        "shrink", "[X] TOKEN [OPTIONS] [-- ARGS]",
        "Finds the schedule with the fewest preemptions that fails in the same way, and says\n"
        "whether it is certain that there is none with fewer. X is the race or program; a race\n"
        "of the source tree is found by the token alone.",
        {"heddle shrink forward h1/forward/late_wait/net0:if_output:3:adm",
         "heddle shrink prog.so TOKEN -- 3 fast", "heddle shrink prog.so TOKEN --budget-time 60"});
    if (const std::optional<int> done = it.open(line, a)) {
        return *done;
    }
    shrunk_report r;
    std::string error;
    if (!shrink_token(it.source, it.seconds(), r, error)) {
        return complain(line.verb, error);
    }
    if (it.view.json) {
        std::fputs(to_json(it.source, r).c_str(), stdout);
    } else if (!it.view.quiet && r.fails) {
        std::fputs(shrunk_text(r, it.view.out(), it.again(line, "replay", r.finding.token)).c_str(),
                   stdout);
        fmt::print("\nnext:\n  why it fails            {}\n",
                   it.again(line, "explain", r.finding.token));
    }
    return status_of(line, r.drift, r.fails, it.again(line, "replay", it.token()));
}

int verb_explain(const invocation& line) {
    failing_token it;
    arguments a(
        "explain", "[X] TOKEN [OPTIONS] [-- ARGS]",
        "Says why the execution that TOKEN names fails: from which step on nothing averts the\n"
        "failure, and the few orders of operations without which it does not happen. What is\n"
        "explained is the shortest schedule that fails in the same way, as heddle shrink finds it.",
        {"heddle explain forward h1/forward/late_wait/net0:if_output:3:adm",
         "heddle explain prog.so TOKEN -- 3 fast", "heddle explain prog.so TOKEN --json"});
    if (const std::optional<int> done = it.open(line, a)) {
        return *done;
    }
    explained_report r;
    std::string error;
    if (!explain_token(it.source, it.seconds(), r, error)) {
        return complain(line.verb, error);
    }
    if (it.view.json) {
        const std::string sentence = r.fails ? order_sentence(r) : "";
        std::fputs(to_json(it.source, r, sentence).c_str(), stdout);
    } else if (!it.view.quiet && r.fails) {
        mark_turning(r);
        const look how = it.view.out();
        viz::columns_options o;
        o.width = how.width;
        o.colour = how.colour;
        o.utf8 = how.utf8;
        o.lines_max = columns_lines;
        o.about = r.about;
        o.replay = it.again(line, "replay", r.finding.token);
        std::fputs(viz::columns(r.trace, o).c_str(), stdout);
        std::fputs(("\n" + explained_text(r, how)).c_str(), stdout);
    }
    return status_of(line, r.drift, r.fails, it.again(line, "replay", it.token()));
}

}  // namespace scenario

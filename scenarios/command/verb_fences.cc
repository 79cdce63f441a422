// fences: which memory orders of a program are needed by what its main does.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "scenarios/command/options.h"
#include "scenarios/command/report_cells.h"
#include "scenarios/command/subject.h"
#include "scenarios/command/verbs.h"
#include "scenarios/runner/child.h"
#include "scenarios/runner/fences.h"
#include "scenarios/runner/script_points.h"
#include "viz/phrase.h"

namespace scenario {

namespace {

constexpr int status_interrupted = 130;
constexpr uint64_t jobs_max = 256;
constexpr uint64_t reversals_max = 1000;

std::string what_text(sim::ordered what) {
    return what == sim::ordered::failed_cas ? "cas that fails" : sim::name_of(what);
}

// A fence that is relaxed is none.
std::string order_text(const fence_place& p, uint8_t order) {
    return p.what == sim::ordered::fence && order == 0 ? "none" : sim::name_of_order(order);
}

std::string weakest_text(const fence_place& p) {
    std::string out;
    for (uint8_t order : p.weakest()) {
        out += (out.empty() ? "" : " or ") + order_text(p, order);
    }
    return out;
}

// With the column where the line has several alike.
std::string place_text(const fences_report& r, const fence_place& p) {
    const auto alike = std::count_if(r.places.begin(), r.places.end(), [&](const fence_place& q) {
        return q.file == p.file && q.line == p.line && q.what == p.what;
    });
    return fmt::format("{} ({}:{}{})", p.function, p.file, p.line,
                       alike > 1 ? fmt::format(":{}", p.column) : "");
}

cell verdict_cell(const fence_place& p) {
    const weakening* failing = p.failing_or_null();
    const std::string verdict = p.verdict();
    if (verdict == "needed" && failing != nullptr) {
        return {"needed: " + failing->finding.kind, ink::strong};
    }
    return {verdict, verdict == "unknown" ? ink::bad : ink::good};
}

std::string lines_of(const look& how, const std::string& before, const std::string& text) {
    std::string out;
    for (const std::string& piece : viz::wrapped(text, how.width - before.size())) {
        out += before + piece + "\n";
    }
    return out;
}

std::string finding_lines(const finding_report& f, const look& how, const std::string& replay) {
    std::string out = "    " + paint(how, ink::bad, f.kind) + "\n";
    out += f.message.empty() ? "" : lines_of(how, "      ", f.message);
    out += f.where.empty() ? "" : "      at " + f.where + "\n";
    return out + (f.token.empty() ? "" : fmt::format("      {}{}\n", replay, f.token));
}

std::string table_of(const fences_report& r, const look& how) {
    std::vector<row> rows = {{{"place", ink::dim},
                              {"what", ink::dim},
                              {"order", ink::dim},
                              {"weakest that holds", ink::dim},
                              {"verdict", ink::dim},
                              {"executions", ink::dim, true}}};
    for (const fence_place& p : r.places) {
        rows.push_back({{place_text(r, p), ink::strong},
                        {what_text(p.what)},
                        {sim::name_of_order(p.order)},
                        {weakest_text(p)},
                        verdict_cell(p),
                        {grouped(p.executions()), ink::plain, true}});
    }
    return table(how, rows, "  ");
}

// Of several that are not needed, each beside all others.
template <typename Text>
std::string together_text(const fences_report& r, const look& how, const std::string& of,
                          const Text& finding) {
    const std::string alone =
        "each order was weakened alone, beside all others as they are, for what this " + of +
        " does; ";
    if (!r.together) {
        return lines_of(how, "  ", alone.substr(0, alone.size() - 2));
    }
    switch (r.together->outcome) {
        case weakening_outcome::holds:
            return lines_of(how, "  ", alone + "the weakest that hold do so together, too");
        case weakening_outcome::fails:
            return lines_of(how, "  ", alone + "the weakest that hold fail together:") +
                   finding(r.together->finding);
        default:
            return lines_of(
                how, "  ",
                alone + "whether the weakest hold together is unknown: " + r.together->note);
    }
}

std::string fences_text(const fences_report& r, const look& how, const std::string& of,
                        const std::string& replay, const std::string& after) {
    std::string out =
        fmt::format("{}: its memory orders, {}\n\n", paint(how, ink::strong, r.scenario), r.memory);
    const auto finding = [&](const finding_report& f) {
        std::string text = finding_lines(f, how, replay);
        text.insert(f.token.empty() ? text.size() : text.size() - 1, f.token.empty() ? "" : after);
        return text;
    };
    if (const std::optional<finding_report> wrong = wrong_or_none(r.unweakened)) {
        out += "  it fails as it is, so what it needs cannot be told:\n";
        return out + finding(*wrong);
    }
    if (r.unweakened.verdict.rfind("complete to ", 0) == 0) {
        out += fmt::format("  all of it is {}\n\n", r.unweakened.verdict);
    } else if (!r.unweakened.complete) {
        out += fmt::format("  as it is, not all of it was explored: {}\n\n", r.unweakened.verdict);
    }
    if (r.places.empty()) {
        return out + "  no order is stronger than relaxed\n";
    }
    out += table_of(r, how);
    for (const fence_place& p : r.places) {
        if (const weakening* w = p.failing_or_null()) {
            out += fmt::format("\n  {}, {}: with {} instead of {}\n", place_text(r, p),
                               what_text(p.what), order_text(p, w->order),
                               sim::name_of_order(p.order));
            out += finding(w->finding);
        }
        for (const weakening& w : p.tried) {
            if (w.outcome == weakening_outcome::unknown) {
                out += fmt::format("\n  {}, {}: with {} it is unknown\n", place_text(r, p),
                                   what_text(p.what), order_text(p, w.order));
                out += lines_of(how, "    ", w.note);
            }
        }
    }
    return out + "\n" + together_text(r, how, of, finding);
}

int finish(const fences_report& r, const invocation& line, const view_options& view,
           const std::string& x, const std::string& of, const std::string& options) {
    if (view.json) {
        std::fputs(to_json(r).c_str(), stdout);
    } else if (!r.error.empty()) {
        return complain(line.verb, r.error);
    } else {
        std::string after = options;
        for (size_t i = 0; i < line.after_dashes.size(); ++i) {
            after += (i == 0 ? " -- " : " ") + line.after_dashes[i];
        }
        const std::string replay = fmt::format("{} replay {} ", line.command, x);
        std::fputs(fences_text(r, view.out(), of, replay, after).c_str(), stdout);
    }
    if (stop_requested()) {
        fmt::print(stderr, "heddle {}: interrupted: what is shown is what was seen until then\n",
                   line.verb);
        return status_interrupted;
    }
    return exit_status(r);
}

// What of the options does not fit the subject, or "".
std::string misfit(const subject& s, const std::string& variant, const machine_options& machine) {
    if (s.race) {
        return asks_for_an_order(s.text) ? s.path +
                                               ": its schedule asks for an order of steps, and an "
                                               "execution graph has none"
                                         : "";
    }
    if (!variant.empty()) {
        return s.path + " is a program: it has no variants";
    }
    return machine.patches.empty() ? "" : s.path + " is a program: it takes no patches";
}

// What this verb alone asks for.
struct fences_options {
    std::string variant;
    std::string in;
    std::optional<uint64_t> executions;
    std::optional<uint64_t> reversals;
    std::optional<uint64_t> jobs;

    void add_to(arguments& a) {
        a.text("--variant", "NAME", variant, "of a race (fixed)");
        a.text("--in", "FUNCTION", in,
               "only what stands in that function, not in those that it calls");
        a.number("-n,--executions", executions, 1, ~0ULL,
                 "of each exploration, no more than so many (1000000)");
        a.number("--reversals", reversals, 0, reversals_max,
                 "of each exploration: up to so many in a row (any number)");
        a.number("-j,--jobs", jobs, 1, jobs_max, "so many explorations at once (1)");
    }
    void fill(explore_request& request) const {
        request.executions = executions;
        request.jobs = static_cast<uint32_t>(jobs.value_or(1));
        if (reversals) {
            request.reversals = static_cast<uint32_t>(*reversals);
        }
    }
};

}  // namespace

int verb_fences(const invocation& line) {
    std::string x;
    fences_options o;
    view_options view;
    machine_options machine;
    arguments a(
        "fences", "X [OPTIONS] [-- ARGS]",
        "Says of each memory order in a program, or of the model in a race, that is stronger than\n"
        "relaxed, and of each fence, whether it is needed: it is weakened alone, down to relaxed "
        "(a\n"
        "fence: taken out), and all executions are explored again. What is found without it is "
        "shown\n"
        "with a token, which says what was weakened: heddle replay X TOKEN shows the failing\n"
        "execution. Of a race, what the file expects of the variant judges.",
        {"heddle fences prog.so                      # under c11",
         "heddle fences prog.so --memory tso         # what an x86 needs",
         "heddle fences prog.so --in take -j 2       # one function, two processes",
         "heddle fences prog.so --json -- 3 fast",
         "heddle fences claim --reversals 2          # a race, to so many reversals"});
    a.positional("X", x, "race or program");
    o.add_to(a);
    machine.add_to(a);
    view.add_to(a);
    a.take_subject_arguments();
    if (const std::optional<int> done = a.parse(line)) {
        return *done;
    }
    subject s;
    std::string error;
    if (!find_subject(x, s, error) || (s.race && !load_race(s.path, s.text, error, o.variant))) {
        return complain(line.verb, error);
    }
    if (const std::string wrong = misfit(s, o.variant, machine); !wrong.empty()) {
        return complain(line.verb, wrong);
    }
    machine.memory = machine.memory.empty() ? "c11" : machine.memory;
    explore_request request;
    machine.fill(request);
    o.fill(request);
    ticker ticks(view.quiet);
    const auto tell = [&](const progress& p) {
        ticks.show(p);
        return true;
    };
    const std::string usual = request.patches.empty() ? "fixed" : patched_name;
    const fences_report r =
        s.race ? explore_fences(s.text, o.variant.empty() ? usual : o.variant, request, o.in, tell)
               : explore_fences({s.path, line.after_dashes}, request, o.in, tell);
    ticks.clear();
    machine.memory.clear();  // tokens say it
    return finish(r, line, view, x, s.race ? "race" : "program's main", machine.typed());
}

}  // namespace scenario

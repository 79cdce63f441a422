// explore, ladder, run: what looks at many executions and judges them.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <string_view>

#include "scenarios/command/options.h"
#include "scenarios/command/report_file.h"
#include "scenarios/command/report_text.h"
#include "scenarios/command/subject.h"
#include "scenarios/command/verbs.h"
#include "scenarios/runner/child.h"
#include "scenarios/runner/program.h"
#include "scenarios/runner/script_points.h"
#include "scenarios/runner/search.h"
#include "scenarios/runner/strategy_choice.h"
#include "scenarios/runner/tree_watch.h"
#include "scenarios/runner/values.h"
#include "viz/graphviz.h"

namespace scenario {

namespace {

constexpr int status_interrupted = 130;
constexpr uint64_t tree_boxes_usual = 120;

std::string shell_word(const std::string& word) {
    const bool plain =
        !word.empty() && word.find_first_of(" \t\n'\"\\$`*?[](){}<>|&;!#~") == std::string::npos;
    if (plain) {
        return word;
    }
    std::string out = "'";
    for (char c : word) {
        out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    }
    return out + "'";
}

std::string typed_again(const invocation& line) {
    std::string out = line.after_dashes.empty() ? "" : " --";
    for (const std::string& word : line.after_dashes) {
        out += " " + shell_word(word);
    }
    return out;
}

// Names that --variant knows; a regime is named "VARIANT under REGIME".
std::vector<std::string> variant_names(const script& s, bool patched) {
    std::vector<std::string> names = {"fixed"};
    if (patched) {
        names.emplace_back(patched_name);
    }
    for (const variant& v : s.variants) {
        names.push_back(v.name.text);
    }
    for (const parameter_values& values : values_of(s)) {
        const std::string with = text_of(s, values);
        for (size_t i = 0, plain = s.variants.size() + (patched ? 2 : 1);
             i < plain && !with.empty(); ++i) {
            names.push_back(names[i] + " with " + with);
        }
    }
    for (size_t i = 0, plain = names.size(); i < plain; ++i) {
        for (const variant& r : s.regimes) {
            names.push_back(names[i] + " under " + r.name.text);
        }
    }
    return names;
}

bool is_of_one_variant(const script& s, const explore_request& request) {
    const bool all_values =
        request.variants.empty() || request.variants[0].find(" with ") == std::string::npos;
    if (all_values && combinations_of(s) > 1) {
        return false;
    }
    return request.variants.size() == 1 || (request.variants.empty() && !request.patches.empty());
}

// The schedule that explores begins with runs, or orders points.
// What of the request does not fit the subject, or "".
std::string misfit(const subject& s, const explore_request& request, const invocation& line) {
    const std::string usual = request.memory.empty() ? "optimal" : "graph";
    const std::string kind = s.race                     ? strategy_kind(s.text, request)
                             : request.strategy.empty() ? usual
                                                        : request.strategy;
    if (!request.memory.empty() && kind != "graph" && !draws(kind)) {
        return fmt::format(
            "--strategy {} explores interleavings, in which a read takes what was written last; "
            "--memory {} "
            "is for the strategy graph and those that draw",
            kind, request.memory);
    }
    if (kind == "graph" && s.race && asks_for_an_order(s.text)) {
        return s.path +
               ": its schedule asks for an order of steps, and an execution graph has none; those "
               "that draw keep to it: "
               "--strategy random";
    }
    if (request.memory.empty() && kind == "graph") {
        return "--strategy graph needs a memory model: --memory sc, tso or c11";
    }
    const bool file = !request.resume.empty() || !request.checkpoint.empty();
    if (file) {
        if (kind != "optimal" && kind != "graph") {
            return fmt::format(
                "--checkpoint and --resume are for the strategies optimal and graph, and this is "
                "{}; --time, "
                "--memory-limit and -n bound every exploration",
                kind);
        }
    }
    if (file && s.race && (line.verb == "ladder" || !is_of_one_variant(s.text, request))) {
        return "--checkpoint and --resume are about one variant: heddle explore --variant NAME";
    }
    if (!s.race) {
        if (!request.variants.empty() || !request.patches.empty()) {
            return fmt::format("{} is a program: it has no variants and takes no patches", s.path);
        }
        return "";
    }
    if (!line.after_dashes.empty()) {
        return s.path + " is a race: it takes no arguments";
    }
    const std::vector<std::string> names = variant_names(s.text, !request.patches.empty());
    for (const std::string& v : request.variants) {
        if (std::find(names.begin(), names.end(), v) == names.end()) {
            const std::string near = hint(v, names);
            return fmt::format("{} has no variant '{}'{}{}", s.path, v, near.empty() ? "" : "; ",
                               near);
        }
    }
    for (const variant& v : s.text.variants) {
        if (v.name.is(patched_name) && !request.patches.empty()) {
            return s.path + " has a variant 'patched' of its own: --patch would make another one";
        }
    }
    for (const std::string& patch : request.patches) {
        if (!std::filesystem::exists(patch)) {
            return patch + ": no such file";
        }
    }
    return "";
}

// What the three verbs ask for: where to look, and how.
struct asked {
    std::string name;
    view_options view;
    machine_options machine;
    search_options search;
    subject s;
    explore_request request;
    std::string tree;  // a file
    std::optional<uint64_t> boxes;
};

// A single subject that could not be explored at all is a complaint, not a table.
bool is_complaint(const report& r) {
    return r.variants.size() == 1 && !r.variants[0].error.empty();
}

bool draw_tree(const report& r, const std::string& path, std::string& error) {
    for (const variant_report& v : r.variants) {
        if (!v.tree.empty() && !viz::draw_text(v.tree, path, error)) {
            return false;
        }
    }
    return true;
}

// Why there is no tree to draw, or "".
std::string misfit_of_tree_file(const asked& it) {
    std::string error;
    if (it.tree.empty()) {
        return it.boxes ? "--boxes is about the picture of --tree FILE" : "";
    }
    if (!it.tree.ends_with(".gv") && !viz::is_picture(it.tree, error)) {
        return error;
    }
    if (it.s.race && !is_of_one_variant(it.s.text, it.request)) {
        return "--tree draws one variant: heddle explore X --variant NAME --tree FILE";
    }
    const std::string usual = it.request.memory.empty() ? "optimal" : "graph";
    return misfit_of_tree(it.s.race                     ? strategy_kind(it.s.text, it.request)
                          : it.request.strategy.empty() ? usual
                                                        : it.request.strategy,
                          it.request);
}

int finish(const report& r, const invocation& line, const asked& it, const report_view& how,
           std::string (*text)(const report&, const report_view&)) {
    const view_options& view = it.view;
    if (view.json) {
        std::fputs(to_json(r).c_str(), stdout);
    } else if (is_complaint(r)) {
        const std::string& error = r.variants[0].error;
        fmt::print(stderr, "heddle {}: {}{}", line.verb, error, error.back() == '\n' ? "" : "\n");
    } else {
        std::fputs(text(r, how).c_str(), stdout);
    }
    std::string error;
    if (!view.report.empty() &&
        !write_report_file(view.report, {{&it.s, &r}}, it.request, line.after_dashes, error)) {
        return complain(line.verb, error);
    }
    if (!it.tree.empty() && !draw_tree(r, it.tree, error)) {
        return complain(line.verb, error);
    }
    if (stop_requested()) {
        fmt::print(stderr, "heddle {}: interrupted: what is shown is what was seen until then\n",
                   line.verb);
        return status_interrupted;
    }
    return exit_status(r);
}

std::string whole_ladder(const report& r, const report_view& view) {
    std::string out = paint(view.how, ink::strong, r.scenario) +
                      ": the race under each regime\n\n" + ladder_text(r, view);
    report_view rest = view;
    rest.advice = false;
    // The same findings and failed expectations as everywhere, without the table.
    const std::string details = report_text(r, rest);
    const size_t table_end = details.find("\n\n", details.find("\n\n") + 2);
    return out + (table_end == std::string::npos ? "" : details.substr(table_end + 1));
}

// Keeps only what is expected of named schedules.
void keep_schedules(script& s) {
    for (expect_block& block : s.expects) {
        std::erase_if(block.clauses,
                      [](const expect_clause& c) { return c.kind != clause_kind::on_schedule; });
    }
    std::erase_if(s.expects, [](const expect_block& b) { return b.clauses.empty(); });
}

std::string schedules_text(const report& r, const report_view& view) {
    std::string out = paint(view.how, ink::strong, r.scenario) + ": its schedules, once each\n\n";
    size_t widest = 0;
    for (const variant_report& v : r.variants) {
        widest = std::max(widest, v.name.size());
    }
    for (const variant_report& v : r.variants) {
        for (const expectation_report& e : v.expectations) {
            out += fmt::format("  {}  {:<{}}  {}\n",
                               e.holds ? paint(view.how, ink::good, "ok    ")
                                       : paint(view.how, ink::bad, "FAILED"),
                               v.name, widest, e.text);
            if (!e.holds) {
                out += fmt::format("          {}:{}: {}\n", e.file, e.line, e.detail);
            }
        }
        if (!v.error.empty()) {
            out +=
                fmt::format("  {}  {}: {}\n", paint(view.how, ink::bad, "ERROR "), v.name, v.error);
        }
    }
    return out;
}

// Reads the line into `it` and opens the subject. `of_races`: what only a race has, to say why a program
// will not do; "" if it will. An exit status: there is nothing more to do.
std::optional<int> prepare(arguments& a, const invocation& line, std::string_view of_races,
                           asked& it) {
    it.machine.add_to(a);
    it.view.add_to(a);
    it.view.add_report_to(a);
    if (const std::optional<int> done = a.parse(line)) {
        return done;
    }
    std::string error;
    if (!open_subject(it.name, it.s, error)) {
        return complain(line.verb, error);
    }
    it.search.fill(it.request);
    it.machine.fill(it.request);
    error = misfit_of_report_file(it.view.report);
    if (!error.empty()) {
        return complain(line.verb, error);
    }
    error = it.s.race || of_races.empty()
                ? misfit(it.s, it.request, line)
                : fmt::format("{} is a program: it has no {}", it.s.path, of_races);
    return error.empty() ? std::nullopt : std::optional(complain(line.verb, error));
}

}  // namespace

int verb_explore(const invocation& line) {
    asked it;
    arguments a("explore", "X [OPTIONS] [-- ARGS]",
                "Explores the interleavings of X: a .race file, the name of a race, or a program\n"
                "that heddle cc has made. ARGS are the program's own.",
                {"heddle explore forward.race                # every variant, all checkers",
                 "heddle explore forward.race --variant fixed -p 2",
                 "heddle explore forward.race --patch try.patch  # judged as fixed is",
                 "heddle explore prog.so -- 3 fast           # a program and its arguments",
                 "heddle explore prog.so -j 2 --time 600     # two processes, ten minutes",
                 "heddle explore prog.so --resume prog.so.checkpoint",
                 "heddle explore forward.race --variant fixed --strategy optimal -j 2",
                 "heddle explore prog.so --strategy random -n 100000 --seed 7",
                 "heddle explore prog.so --tree x.svg        # which choices were tried, and which "
                 "failed"});
    a.positional("X", it.name, "race or program");
    it.search.add_to(a);
    a.text("--tree", "FILE", it.tree,
           "a picture of all that was explored, as a tree of choices: .svg, .png, .pdf, .gv");
    a.number("--boxes", it.boxes, 0, UINT32_MAX, "of that picture (about 120); 0: fold nothing");
    a.take_subject_arguments();
    if (const std::optional<int> done = prepare(a, line, "", it)) {
        return *done;
    }
    if (const std::string error = misfit_of_tree_file(it); !error.empty()) {
        return complain(line.verb, error);
    }
    if (!it.tree.empty()) {
        it.request.tree_boxes = it.boxes.value_or(tree_boxes_usual);
    }
    ticker ticks(it.view.quiet);
    const progress_observer observer = [&](const progress& p) {
        ticks.show(p);
        return true;
    };
    const report r = it.s.race
                         ? explore_race(it.s.text, it.request, observer)
                         : explore_program(it.s.path, line.after_dashes, it.request, observer);
    ticks.clear();
    const report_view how{it.view.out(), !it.view.quiet, line.command,
                          it.name,       it.s.race,      it.machine.typed() + typed_again(line)};
    return finish(r, line, it, how, report_text);
}

int verb_ladder(const invocation& line) {
    asked it;
    arguments a("ladder", "X.race [OPTIONS]",
                "Explores every variant of a race under every regime that its file names: which\n"
                "coarse lock hides which mistake.",
                {"heddle ladder forward.race", "heddle ladder forward.race --variant late_wait"});
    a.positional("X", it.name, "race");
    it.search.add_to(a);
    if (const std::optional<int> done = prepare(a, line, "regimes", it)) {
        return *done;
    }
    ticker ticks(it.view.quiet);
    const report r = ladder(it.s.text, it.request, [&](const progress& p) {
        ticks.show(p);
        return true;
    });
    ticks.clear();
    const report_view how{it.view.out(), !it.view.quiet, line.command,
                          it.name,       true,           it.machine.typed()};
    return finish(r, line, it, how, whole_ladder);
}

int verb_run(const invocation& line) {
    asked it;
    arguments a(
        "run", "X.race [OPTIONS]",
        "Runs each named schedule of a race of which something is expected, once, and says\n"
        "whether it came out so.",
        {"heddle run forward.race", "heddle run forward.race --variant fixed"});
    a.positional("X", it.name, "race");
    a.texts("--variant", "NAME", it.search.variants, "only this one; may be repeated");
    if (const std::optional<int> done = prepare(a, line, "schedules", it)) {
        return *done;
    }
    keep_schedules(it.s.text);
    if (it.s.text.expects.empty()) {
        return complain(line.verb, it.s.path + " expects nothing of a schedule");
    }
    // No execution beyond the schedules.
    it.request.strategy = "random";
    it.request.executions = 0;
    const report r = explore_race(it.s.text, it.request, nullptr);
    const report_view how{it.view.out(), !it.view.quiet, line.command,
                          it.name,       true,           it.machine.typed()};
    return finish(r, line, it, how, schedules_text);
}

}  // namespace scenario

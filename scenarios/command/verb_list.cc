// check, list, new, cc, version: what runs nothing.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "scenarios/command/options.h"
#include "scenarios/command/subject.h"
#include "scenarios/command/template.h"
#include "scenarios/command/verbs.h"
#include "sim/check/checker.h"
#include "sim/program/cc.h"
#include "viz/formats.h"

namespace scenario {

namespace {

struct known_thing {
    const char* name;
    const char* what;
};

constexpr known_thing strategies[] = {
    {"bounded", "every interleaving with 0, 1, ... k preemptions (-p k): the fewest first"},
    {"delay", "every schedule with 0, 1, ... d delays of a round-robin scheduler (--delays d)"},
    {"optimal", "every interleaving once, equivalent ones never twice (wakeup trees)"},
    {"graph",
     "every execution graph of a memory model once (--memory sc, tso or c11; --reversals)"},
    {"exhaustive", "depth first over all interleavings, equivalent ones once (sleep sets)"},
    {"dfs", "in a .race file: optimal, or bounded where it says preemptions"},
    {"random", "at each step any context that can go on (--seed, -n)"},
    {"pct", "random priorities and d-1 changes of them: what a bug of depth d needs (--depth)"},
    {"pos", "a random priority for each operation, drawn anew where operations race"},
    {"surw", "every order of the operations on one object as likely; the object drawn each time"},
    {"portfolio",
     "surw, pos, pct, bounded, random in turns; takes over where optimal has no hope of an end"},
};

int print_strategies() {
    for (const known_thing& t : strategies) {
        fmt::print("  {:<16}{}\n", t.name, t.what);
    }
    return 0;
}

int print_checkers() {
    for (const sim::checker_row& row : sim::checkers()) {
        fmt::print("  {:<16}{}{}\n", row.name, row.summary, row.bit == 0 ? " (always)" : "");
    }
    return 0;
}

int print_formats() {
    for (const viz::format& f : viz::formats()) {
        fmt::print("  {:<16}{} ({})\n", f.name, f.what, fmt::join(f.endings, " "));
    }
    return 0;
}

int print_races() {
    const std::vector<known_race> all = known_races();
    size_t widest = 0;
    for (const known_race& r : all) {
        widest = std::max(widest, r.name.size());
    }
    for (const known_race& r : all) {
        fmt::print("  {:<{}}  {}\n", r.name, widest, r.description);
    }
    return 0;
}

std::string counted(size_t count, const char* noun) {
    return count == 0 ? "" : ", " + plural(count, noun);
}

}  // namespace

int verb_check(const invocation& line) {
    std::string name;
    view_options view;
    arguments a("check", "X.race",
                "Reads a .race file and looks up in the model every name that it leaves to it.",
                {"heddle check scenarios/races/if_destroy/forward.race"});
    a.positional("X", name, "race");
    a.flag("-q,--quiet", view.quiet, "say nothing if it is right");
    if (const std::optional<int> done = a.parse(line)) {
        return *done;
    }
    subject s;
    std::string error;
    if (!find_subject(name, s, error)) {
        return complain(line.verb, error);
    }
    if (!s.race) {
        return complain(line.verb, s.path + " is no .race file");
    }
    if (!load_race(s.path, s.text, error)) {
        return complain(line.verb, error);
    }
    size_t clauses = 0;
    for (const expect_block& b : s.text.expects) {
        clauses += b.clauses.size();
    }
    if (!view.quiet) {
        fmt::print("{}: right: {}{}{}{}{}\n", s.path, plural(s.text.contexts.size(), "context"),
                   counted(s.text.variants.size() + 1, "variant"),
                   counted(s.text.regimes.size(), "regime"),
                   counted(s.text.schedules.size(), "schedule"), counted(clauses, "expectation"));
    }
    return 0;
}

int verb_list(const invocation& line) {
    std::string what = "races";
    arguments a("list", "[races|checkers|strategies|formats]", "Lists what there is.",
                {"heddle list", "heddle list checkers"});
    a.positional("WHAT", what, "races (if nothing is said), checkers, strategies, formats", false);
    if (const std::optional<int> done = a.parse(line)) {
        return *done;
    }
    if (what == "races") {
        return print_races();
    }
    if (what == "checkers") {
        return print_checkers();
    }
    if (what == "strategies") {
        return print_strategies();
    }
    if (what == "formats") {
        return print_formats();
    }
    return wrong_usage(line.verb,
                       fmt::format("cannot list '{}'; {}", what,
                                   hint(what, {"races", "checkers", "strategies", "formats"})));
}

int verb_new(const invocation& line) {
    std::string path;
    arguments a("new", "[FILE.race]",
                "Writes a commented race to begin with; to the standard output without FILE.",
                {"heddle new mine.race && heddle check mine.race"});
    a.positional("FILE", path, "is not overwritten", false);
    if (const std::optional<int> done = a.parse(line)) {
        return *done;
    }
    if (path.empty()) {
        std::fputs(race_template("mine").c_str(), stdout);
        return 0;
    }
    if (std::filesystem::path(path).extension() != ".race") {
        return complain(line.verb, path + ": the name of a race ends in .race");
    }
    if (std::filesystem::exists(path)) {
        return complain(line.verb, path + " exists already");
    }
    std::ofstream out(path);
    out << race_template(std::filesystem::path(path).stem().string());
    out.close();
    if (!out) {
        return complain(line.verb, path + ": cannot be written");
    }
    fmt::print(stderr, "wrote {}\nnext:\n  {} check {}\n  {} explore {}\n", path, line.command,
               path, line.command, path);
    return 0;
}

int verb_cc(const invocation& line) {
    std::vector<std::string> words = line.words;
    words.insert(words.end(), line.after_dashes.begin(), line.after_dashes.end());
    return sim::run_cc(words, std::cout, std::cerr);
}

int verb_version(const invocation& line) {
    if (!line.words.empty()) {
        return wrong_usage("version", fmt::format("does not expect '{}'", line.words[0]));
    }
    fmt::print("heddle {}\n", HEDDLE_VERSION);
    return 0;
}

}  // namespace scenario

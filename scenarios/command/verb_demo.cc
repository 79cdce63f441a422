// demo: what `./dev run` shows: the first race, which lock hides it, its shortest failure drawn.
#include <fmt/format.h>

#include <cstdio>
#include <filesystem>

#include "scenarios/command/execution.h"
#include "scenarios/command/options.h"
#include "scenarios/command/report_text.h"
#include "scenarios/command/subject.h"
#include "scenarios/command/verbs.h"
#include "scenarios/runner/child.h"
#include "viz/formats.h"

namespace scenario {

namespace {

constexpr const char* demo_race = "forward";
constexpr const char* picture_folder = "out";
constexpr uint32_t columns_lines = 30;  // with the ladder and the rest, one screen of 45
constexpr int status_interrupted = 130;

// Of the variants that nothing hides: what the picture is about.
const variant_report* shortest_unhidden_or_null(const report& r) {
    report open;
    for (const variant_report& v : r.variants) {
        if (v.name.find(" under ") == std::string::npos) {
            open.variants.push_back(v);
        }
    }
    const variant_report* best = shortest_failure_or_null(open);
    if (best == nullptr) {
        return nullptr;
    }
    for (const variant_report& v : r.variants) {
        if (v.name == best->name) {
            return &v;
        }
    }
    return nullptr;
}

// The pictures; names of what was written, or a complaint on stderr.
std::string draw_into_folder(const sim::trace& t) {
    std::error_code failure;
    std::filesystem::create_directories(picture_folder, failure);
    const std::string stem = fmt::format("{}/{}", picture_folder, demo_race);
    std::string error;
    for (const char* ending : {".svg", ".png"}) {
        if (!viz::write_format(t, *viz::format_named_or_null("graph"), stem + ending, {}, error)) {
            fmt::print(stderr, "heddle demo: {}\n", error);
            return "";
        }
    }
    return fmt::format("{0}.svg, {0}.png, {0}.gv", stem);
}

void print_next(const invocation& line, const std::string& token, const std::string& pictures) {
    fmt::print("drawn:  {}\n", pictures.empty() ? "nothing" : pictures);
    fmt::print("next:   {} explore {}\n", line.command, demo_race);
    fmt::print("        {} show {} -o x.svg\n", line.command, token);
    fmt::print("        {0} cc -o prog.so prog.c && {0} explore prog.so\n", line.command);
}

}  // namespace

int verb_demo(const invocation& line) {
    view_options view;
    arguments a(
        "demo", "[OPTIONS]",
        "Explores the first race under every regime, shows its shortest failure, and draws it\n"
        "into the folder out/.",
        {"heddle demo"});
    view.add_to(a, false);
    if (const std::optional<int> done = a.parse(line)) {
        return *done;
    }
    subject s;
    std::string error;
    if (!open_subject(demo_race, s, error)) {
        return complain(line.verb, error);
    }
    ticker ticks(view.quiet);
    explore_request request;
    const report r = ladder(s.text, request, [&](const progress& p) {
        ticks.show(p);
        return true;
    });
    ticks.clear();
    const look how = view.out();
    const report_view rv{how, false, line.command, demo_race, true, ""};
    fmt::print("{}: {}\n\n", paint(how, ink::strong, s.text.name.text), s.text.description.text);
    std::fputs(ladder_text(r, rv).c_str(), stdout);
    if (stop_requested()) {
        return status_interrupted;
    }
    const variant_report* shortest = shortest_unhidden_or_null(r);
    if (shortest == nullptr) {
        std::fputs(report_text(r, rv).c_str(), stdout);
        return exit_status(r);
    }
    const std::string token = shortest->findings.front().token;
    execution e;
    if (!replay_token(s.path, token, request, {}, e, error)) {
        return complain(line.verb, error);
    }
    viz::format_options o;
    o.width = how.width;
    o.rows_max = columns_lines;
    o.colour = how.colour;
    o.utf8 = how.utf8;
    o.replay = replay_command(rv, token);
    std::string columns;
    if (!viz::format_named_or_null("columns")->make(e.trace, o, columns, error)) {
        return complain(line.verb, error);
    }
    std::fputs(("\n" + columns).c_str(), stdout);
    print_next(line, token, draw_into_folder(e.trace));
    return exit_status(r);
}

}  // namespace scenario

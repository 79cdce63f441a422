// survey: several races, each variant under each regime, in one table.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "scenarios/command/options.h"
#include "scenarios/command/report_file.h"
#include "scenarios/command/subject.h"
#include "scenarios/command/survey_text.h"
#include "scenarios/command/verbs.h"
#include "scenarios/runner/child.h"

namespace scenario {

namespace {

constexpr int status_interrupted = 130;

bool has_tag(const script& s, const std::vector<std::string>& tags) {
    return tags.empty() || std::any_of(s.tags.begin(), s.tags.end(), [&](const word& tag) {
               return std::find(tags.begin(), tags.end(), tag.text) != tags.end();
           });
}

// What is to be looked at, in the order of the line or, if it names none, of `heddle list`.
bool collect(const std::vector<std::string>& names, const std::vector<std::string>& tags,
             std::vector<subject>& subjects, std::string& error) {
    std::vector<std::string> words = names;
    if (words.empty()) {
        for (const known_race& r : known_races()) {
            words.push_back(r.path);
        }
    }
    for (const std::string& word : words) {
        subject s;
        if (!open_subject(word, s, error)) {
            return false;
        }
        if (!s.race) {
            error = s.path + " is a program: a survey is of races";
            return false;
        }
        if (has_tag(s.text, tags)) {
            subjects.push_back(std::move(s));
        }
    }
    if (subjects.empty()) {
        error = "no race has that tag; heddle list shows them";
        return false;
    }
    return true;
}

// The worst, as a user would call it: our own mistake, then the text's, then what does not hold.
int worst_of(const std::vector<report>& reports) {
    static constexpr int order[] = {0, 3, 1, 2, 4};
    int worst = 0;
    for (const report& r : reports) {
        const int status = exit_status(r);
        const auto rank = [](int s) { return std::find(std::begin(order), std::end(order), s); };
        worst = rank(status) > rank(worst) ? status : worst;
    }
    return worst;
}

bool write_all(const std::string& path, const std::vector<subject>& subjects,
               const std::vector<report>& reports, const explore_request& request,
               std::string& error) {
    std::vector<explored> all;
    for (size_t i = 0; i < reports.size(); ++i) {
        all.push_back({&subjects[i], &reports[i]});
    }
    return path.empty() || write_report_file(path, all, request, {}, error);
}

}  // namespace

int verb_survey(const invocation& line) {
    std::vector<std::string> names;
    std::vector<std::string> tags;
    view_options view;
    machine_options machine;
    search_options search;
    arguments a(
        "survey", "[OPTIONS]",
        "Explores several races, every variant under every regime, and shows them in one\n"
        "table: verdicts, the fewest preemptions, and which coarse lock hides what. Each race\n"
        "is told in a line on stderr as it ends (--quiet: not).",
        {"heddle survey --tag seed           # the races of a tag",
         "heddle survey --race forward --race receive --strategy optimal"});
    a.texts("--race", "NAME", names, "this one; may be repeated; otherwise all that are known");
    a.texts("--tag", "TAG", tags, "only races with this tag; may be repeated");
    search.add_to(a);
    machine.add_to(a);
    view.add_to(a);
    view.add_report_to(a);
    if (const std::optional<int> done = a.parse(line)) {
        return *done;
    }
    std::vector<subject> subjects;
    std::string error = misfit_of_report_file(view.report);
    if (!error.empty() || !collect(names, tags, subjects, error)) {
        return complain(line.verb, error);
    }
    explore_request request;
    search.fill(request);
    machine.fill(request);
    if (!request.checkpoint.empty() || !request.resume.empty()) {
        return complain(line.verb,
                        "--checkpoint and --resume are about one variant: heddle explore");
    }
    ticker ticks(view.quiet);
    std::vector<report> reports;
    for (const subject& s : subjects) {
        const auto begun = std::chrono::steady_clock::now();
        reports.push_back(ladder(s.text, request, [&](const progress& p) {
            progress of_race = p;
            of_race.variant = s.text.name.text + " " + p.variant;
            ticks.show(of_race);
            return true;
        }));
        const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - begun;
        ticks.leave(survey_line(reports.back(), spent.count()));
        if (stop_requested()) {
            break;
        }
    }
    ticks.clear();
    for (const report& r : reports) {
        std::fputs(view.json ? to_json(r).c_str() : "", stdout);
    }
    if (!view.json) {
        std::fputs(survey_text(reports, view.out()).c_str(), stdout);
    }
    if (!write_all(view.report, subjects, reports, request, error)) {
        return complain(line.verb, error);
    }
    if (stop_requested()) {
        fmt::print(stderr, "heddle {}: interrupted: what is shown is what was seen until then\n",
                   line.verb);
        return status_interrupted;
    }
    return worst_of(reports);
}

}  // namespace scenario

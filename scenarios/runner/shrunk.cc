#include "scenarios/runner/shrunk.h"

#include <nlohmann/json.hpp>

#include "scenarios/runner/child.h"
#include "scenarios/runner/finding_text.h"
#include "scenarios/runner/schedule_block.h"
#include "scenarios/runner/token_case.h"
#include "scenarios/runner/work_clock.h"
#include "sim/explore/shrink.h"

namespace scenario {

namespace {

using json = nlohmann::ordered_json;

constexpr double steps_a_second = 4'000'000;

schedule_size size_of(const sim::schedule_cost& c) {
    return {c.preemptions, c.deviations, c.steps};
}

json to_object(const schedule_size& s) {
    return {{"preemptions", s.preemptions}, {"choices", s.choices}, {"steps", s.steps}};
}

schedule_size to_size(const json& j) {
    return {j.at("preemptions"), j.at("choices"), j.at("steps")};
}

bool shrink_here(const token_source& source, double budget_seconds, shrunk_report& r,
                 std::string& error) {
    const work_clock clock;
    token_case subject(source);
    if (!subject.set_up(error)) {
        return false;
    }
    const sim::recorded_choices given = subject.run(r.drift);
    sim::shrink_options options;
    options.limits.before = [&] { subject.before_execution(); };
    options.limits.steps_max = static_cast<uint64_t>(budget_seconds * steps_a_second);
    options.limits.out_of_time = [&] {
        return stop_requested() || clock.worked() > budget_seconds;
    };
    const sim::shrink_result s = sim::shrink(subject.machine(), given, options);
    r.fails = s.fails;
    if (s.fails) {
        const sim::trace t = subject.trace_of(s.choices);
        r.finding.kind = sim::name_of(s.what.kind);
        r.finding.token = t.header.token;
        r.finding.preemptions = s.after.preemptions;
        r.finding.steps = s.after.steps;
        r.finding.executions = 1;
        describe_finding(t, s.what, r.finding);
        r.before = size_of(s.before);
        r.after = size_of(s.after);
        r.none_below = s.none_below;
        r.certified = s.certified();
        r.reruns = s.reruns;
        r.searched = s.searched;
        r.cut_short = s.cut_short;
        // Accesses that are steps because they race have no words in a schedule.
        if (source.race != nullptr && s.choices.visible == 0) {
            r.schedule = schedule_block("shrunk", s.trail);
        }
    }
    r.seconds = clock.passed();
    return true;
}

json to_object(const shrunk_report& r) {
    return {{"fails", r.fails},
            {"drift", r.drift.lines},
            {"lost", r.drift.lost},
            {"kind", r.finding.kind},
            {"where", r.finding.where},
            {"message", r.finding.message},
            {"token", r.finding.token},
            {"before", to_object(r.before)},
            {"after", to_object(r.after)},
            {"none_below", r.none_below},
            {"certified", r.certified},
            {"reruns", r.reruns},
            {"searched", r.searched},
            {"cut_short", r.cut_short},
            {"schedule", r.schedule}};
}

std::string print(const json& j) {
    return j.dump(-1, ' ', false, json::error_handler_t::replace);
}

[[nodiscard]] bool parse(const std::string& text, shrunk_report& r, std::string& error) {
    try {
        const json j = json::parse(text);
        r.fails = j.at("fails");
        r.drift = {j.at("drift"), j.at("lost")};
        r.finding.kind = j.at("kind");
        r.finding.where = j.at("where");
        r.finding.message = j.at("message");
        r.finding.token = j.at("token");
        r.before = to_size(j.at("before"));
        r.after = to_size(j.at("after"));
        r.finding.preemptions = r.after.preemptions;
        r.finding.steps = r.after.steps;
        r.finding.executions = 1;
        r.none_below = j.at("none_below");
        r.certified = j.at("certified");
        r.reruns = j.at("reruns");
        r.searched = j.at("searched");
        r.cut_short = j.at("cut_short");
        r.schedule = j.at("schedule");
        r.seconds = j.at("seconds");
    } catch (const json::exception& e) {
        error = std::string("a result that cannot be read: ") + e.what();
        return false;
    }
    return true;
}

}  // namespace

bool shrink_token(const token_source& source, double budget_seconds, shrunk_report& r,
                  std::string& error) {
    bool reported = false;
    const child_end end = run_in_child(
        [&](const line_sender& parent) {
            shrunk_report made;
            std::string wrong;
            if (!shrink_here(source, budget_seconds, made, wrong)) {
                parent.send("error " + wrong.substr(0, wrong.find('\n')));
                return 0;
            }
            json line = to_object(made);
            line["seconds"] = made.seconds;
            parent.send("report " + print(line));
            return 0;
        },
        [&](const std::string& line) {
            if (line.rfind("error ", 0) == 0) {
                error = line.substr(6);
            } else if (line.rfind("report ", 0) == 0) {
                reported = parse(line.substr(7), r, error);
            }
            return true;
        });
    if (!reported && error.empty()) {
        error = "the process that shrank it " + describe(end);
    }
    return reported;
}

std::string to_json(const token_source& source, const shrunk_report& r) {
    const std::string name =
        source.race != nullptr ? source.race->name.text : source.program.name();
    json result = {{"type", "result"},
                   {"verb", "shrink"},
                   {"scenario", name},
                   {"variant", source.token.variant}};
    result.update(to_object(r));
    const json timing = {{"type", "timing"}, {"scenario", name}, {"seconds", r.seconds}};
    return print(timing) + "\n" + print(result) + "\n";
}

}  // namespace scenario

#include "scenarios/runner/shortest.h"

#include <algorithm>

#include "scenarios/runner/finding_text.h"

namespace scenario {

using json = nlohmann::ordered_json;

shortest_case::shortest_case(const token_source& source, double budget_seconds)
    : budget_seconds_(budget_seconds), subject_(source) {}

sim::work_limits shortest_case::limits(uint64_t steps_max) {
    sim::work_limits l;
    l.before = [this] { subject_.before_execution(); };
    l.out_of_time = [this] { return stop_requested() || clock_.worked() > budget_seconds_; };
    l.steps_max = steps_max;
    return l;
}

bool shortest_case::find(uint64_t steps_max, token_report& r, std::string& error) {
    if (!subject_.set_up(error)) {
        return false;
    }
    const sim::recorded_choices given = subject_.run(r.drift);
    found_ = sim::shrink(subject_.machine(), given, {limits(steps_max)});
    r.fails = found_.fails;
    return true;
}

sim::trace shortest_case::describe(token_report& r) {
    sim::trace t = subject_.trace_of(found_.choices);
    r.finding.kind = sim::name_of(found_.what.kind);
    r.finding.token = t.header.token;
    r.finding.preemptions = found_.after.preemptions;
    r.finding.steps = found_.after.steps;
    r.finding.executions = 1;
    describe_finding(t, found_.what, r.finding);
    return t;
}

json to_object(const token_report& r) {
    return {{"fails", r.fails},        {"drift", r.drift.lines},   {"lost", r.drift.lost},
            {"kind", r.finding.kind},  {"where", r.finding.where}, {"message", r.finding.message},
            {"token", r.finding.token}};
}

void take(const json& from, token_report& r) {
    r.fails = from.at("fails");
    r.drift = {from.at("drift"), from.at("lost")};
    r.finding.kind = from.at("kind");
    r.finding.where = from.at("where");
    r.finding.message = from.at("message");
    r.finding.token = from.at("token");
    r.finding.executions = 1;
}

std::string print(const json& j) {
    return j.dump(-1, ' ', false, json::error_handler_t::replace);
}

bool made_by_child(
    const std::string& made, const std::function<bool(const line_sender&, std::string&)>& make,
    const std::function<bool(const std::string& word, const std::string& rest, std::string&)>& take,
    std::string& error) {
    bool reported = false;
    const child_end end = run_in_child(
        [&](const line_sender& parent) {
            std::string wrong;
            if (!make(parent, wrong)) {
                parent.send("error " + wrong.substr(0, wrong.find('\n')));
            }
            return 0;
        },
        [&](const std::string& line) {
            const size_t blank = std::min(line.find(' '), line.size());
            const std::string word = line.substr(0, blank);
            const std::string rest = line.substr(std::min(blank + 1, line.size()));
            if (word == "error") {
                error = rest;
            } else {
                const bool understood = take(word, rest, error);
                reported = word == "report" ? understood : reported;
            }
            return true;
        });
    if (!reported && error.empty()) {
        error = "the process that " + made + " it " + describe(end);
    }
    return reported;
}

std::string result_lines(const std::string& verb, const token_source& source, double seconds,
                         const json& more) {
    const std::string name =
        source.race != nullptr ? source.race->name.text : source.program.name();
    json result = {
        {"type", "result"}, {"verb", verb}, {"scenario", name}, {"variant", source.token.variant}};
    result.update(more);
    const json timing = {{"type", "timing"}, {"scenario", name}, {"seconds", seconds}};
    return print(timing) + "\n" + print(result) + "\n";
}

}  // namespace scenario

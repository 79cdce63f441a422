#include "scenarios/runner/shrunk.h"

#include "scenarios/runner/schedule_block.h"
#include "scenarios/runner/shortest.h"

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
    shortest_case shortest(source, budget_seconds);
    if (!shortest.find(static_cast<uint64_t>(budget_seconds * steps_a_second), r, error)) {
        return false;
    }
    if (r.fails) {
        shortest.describe(r);
        const sim::shrink_result& s = shortest.found();
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
    r.seconds = shortest.seconds();
    return true;
}

json to_object(const shrunk_report& r) {
    json all = to_object(static_cast<const token_report&>(r));
    all.update({{"before", to_object(r.before)},
                {"after", to_object(r.after)},
                {"none_below", r.none_below},
                {"certified", r.certified},
                {"reruns", r.reruns},
                {"searched", r.searched},
                {"cut_short", r.cut_short},
                {"schedule", r.schedule}});
    return all;
}

[[nodiscard]] bool parse(const std::string& text, shrunk_report& r, std::string& error) {
    try {
        const json j = json::parse(text);
        take(j, r);
        r.before = to_size(j.at("before"));
        r.after = to_size(j.at("after"));
        r.finding.preemptions = r.after.preemptions;
        r.finding.steps = r.after.steps;
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
    return made_by_child(
        "shrank",
        [&](const line_sender& parent, std::string& wrong) {
            shrunk_report made;
            if (!shrink_here(source, budget_seconds, made, wrong)) {
                return false;
            }
            json line = to_object(made);
            line["seconds"] = made.seconds;
            parent.send("report " + print(line));
            return true;
        },
        [&](const std::string& word, const std::string& rest, std::string& wrong) {
            return word == "report" && parse(rest, r, wrong);
        },
        error);
}

std::string to_json(const token_source& source, const shrunk_report& r) {
    return result_lines("shrink", source, r.seconds, to_object(r));
}

}  // namespace scenario

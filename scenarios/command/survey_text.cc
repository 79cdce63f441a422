#include "scenarios/command/survey_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/command/report_cells.h"

namespace scenario {

namespace {

bool is_rung(const variant_report& v) {
    return !split_name(v.name).second.empty();
}

const variant_report* named_or_null(const report& r, const std::string& name) {
    const auto at = std::find_if(r.variants.begin(), r.variants.end(),
                                 [&](const variant_report& v) { return v.name == name; });
    return at == r.variants.end() ? nullptr : &*at;
}

// In the order in which races name them.
std::vector<std::string> regimes_of(const std::vector<report>& reports) {
    std::vector<std::string> all;
    for (const report& r : reports) {
        for (const variant_report& v : r.variants) {
            const std::string regime = split_name(v.name).second;
            if (!regime.empty() && std::find(all.begin(), all.end(), regime) == all.end()) {
                all.push_back(regime);
            }
        }
    }
    return all;
}

// A finding as its kind, else the verdict.
std::string verdict_of(const variant_report& v) {
    const finding_report* f = shortest_or_null(v);
    return f == nullptr ? verdict_text(v) : f->kind;
}

std::string verdicts(const std::vector<report>& reports, const look& how) {
    std::vector<row> rows = {{{"", ink::plain},
                              {"race", ink::dim},
                              {"variant", ink::dim},
                              {"verdict", ink::dim},
                              {"executions", ink::dim, true},
                              {"preemptions", ink::dim, true},
                              {"seconds", ink::dim, true}}};
    for (const report& r : reports) {
        std::string race = r.scenario;
        for (const variant_report& v : r.variants) {
            if (is_rung(v)) {
                continue;
            }
            rows.push_back({{mark_of(v), ink_of(v)},
                            {race, ink::strong},
                            {v.name},
                            {verdict_of(v), ink_of(v)},
                            {grouped(v.executions), ink::plain, true},
                            {fewest_preemptions(v), ink::plain, true},
                            {fmt::format("{:.2f}", v.seconds), ink::plain, true}});
            race.clear();  // said once
        }
    }
    return table(how, rows, "  ");
}

std::string rungs(const std::vector<report>& reports, const std::vector<std::string>& regimes,
                  const look& how) {
    std::vector<row> rows = {{{"race", ink::dim}, {"variant", ink::dim}, {"as it is", ink::dim}}};
    for (const std::string& regime : regimes) {
        rows[0].push_back({regime, ink::dim});
    }
    for (const report& r : reports) {
        std::string race = r.scenario;
        for (const variant_report& v : r.variants) {
            const bool on_ladder = std::any_of(regimes.begin(), regimes.end(), [&](const auto& g) {
                return named_or_null(r, v.name + " under " + g) != nullptr;
            });
            if (is_rung(v) || !on_ladder) {
                continue;
            }
            row line = {{race, ink::strong}, {v.name}, ladder_cell(v)};
            race.clear();
            for (const std::string& regime : regimes) {
                const variant_report* rung = named_or_null(r, v.name + " under " + regime);
                line.push_back(rung == nullptr ? cell{"."} : ladder_cell(*rung));
            }
            rows.push_back(line);
        }
    }
    return table(how, rows, "  ");
}

std::string proved_text(const std::vector<report>& reports) {
    size_t races = 0;
    size_t proved = 0;
    for (const report& r : reports) {
        if (const variant_report* fixed = named_or_null(r, "fixed"); fixed != nullptr) {
            ++races;
            proved += fixed->verdict == "proved" ? 1 : 0;
        }
    }
    return fmt::format("  fixed is proved in {} of {}\n", proved, plural(races, "race"));
}

std::string failures(const std::vector<report>& reports, const look& how) {
    std::string out;
    for (const report& r : reports) {
        for (const variant_report& v : r.variants) {
            for (const expectation_report& e : v.expectations) {
                if (!e.holds) {
                    out += fmt::format("  {}  {} {}: {}\n          {}:{}: {}\n",
                                       paint(how, ink::bad, "FAILED"), r.scenario, v.name, e.text,
                                       e.file, e.line, e.detail);
                }
            }
            if (!v.error.empty()) {
                out += fmt::format("  {}   {} {}: {}\n", paint(how, ink::bad, "ERROR"), r.scenario,
                                   v.name, v.error);
            }
        }
    }
    return out.empty() ? "" : "\n" + out;
}

}  // namespace

std::string survey_line(const report& r, double seconds) {
    static const std::vector<std::string> marks = {"ok", "?", "FAILED", "ERROR"};
    const auto rank = [](const std::string& mark) {
        return std::find(marks.begin(), marks.end(), mark) - marks.begin();
    };
    std::string mark = marks[0];
    std::string text;
    size_t rungs_seen = 0;
    for (const variant_report& v : r.variants) {
        mark = rank(mark_of(v)) > rank(mark) ? mark_of(v) : mark;
        if (is_rung(v)) {
            ++rungs_seen;
        } else {
            text +=
                fmt::format("{} {}; ", v.name, v.error.empty() ? verdict_of(v) : "could not run");
        }
    }
    if (rungs_seen > 0) {
        text += fmt::format("{} under coarse locks; ", rungs_seen);
    }
    return fmt::format("{:<8}{}: {}{:.1f} s", mark, r.scenario, text, seconds);
}

std::string survey_text(const std::vector<report>& reports, const look& how) {
    const std::vector<std::string> regimes = regimes_of(reports);
    std::string out = verdicts(reports, how) + proved_text(reports);
    if (!regimes.empty()) {
        out += "\nunder each coarse lock; a dot: nothing is expected\n\n" +
               rungs(reports, regimes, how);
    }
    return out + failures(reports, how);
}

}  // namespace scenario

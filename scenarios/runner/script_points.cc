#include "scenarios/runner/script_points.h"

#include <fmt/format.h>

#include "sim/machine/names.h"

namespace scenario {

namespace {

sim::script_point point_of(const point& p) {
    sim::script_point out;
    out.name = p.name.text;
    out.count = p.nth;
    out.object = p.object.text;
    if (!p.device.name.empty()) {
        out.object = p.device.name.text;
    }
    switch (p.kind) {
        case point_kind::done:
        case point_kind::after:
        case point_kind::before: out.kind = sim::point_kind::done; break;
        case point_kind::blocked: out.kind = sim::point_kind::blocked; break;
        case point_kind::enter: out.kind = sim::point_kind::enter; break;
        case point_kind::leave: out.kind = sim::point_kind::leave; break;
        case point_kind::touches:
            out.kind = sim::point_kind::touches;
            out.object = p.touched.text;
            break;
        case point_kind::lock: out.kind = sim::point_kind::lock; break;
        case point_kind::unlock: out.kind = sim::point_kind::unlock; break;
        case point_kind::window: out.kind = sim::point_kind::window; break;
        case point_kind::steps:
            out.kind = sim::point_kind::steps;
            out.count = static_cast<uint32_t>(p.count);
            break;
    }
    return out;
}

}  // namespace

std::vector<sim::script_clause> script_of(const schedule& s) {
    std::vector<sim::script_clause> clauses;
    for (const run_clause& run : s.runs) {
        sim::script_clause c;
        c.context = run.context.text;
        c.line = static_cast<int>(run.context.at.line);
        for (const point& p : run.until) {
            c.until.push_back(point_of(p));
        }
        clauses.push_back(c);
    }
    return clauses;
}

std::string schedule_block(const std::string& name, const std::vector<uint8_t>& choices) {
    std::string text = fmt::format("schedule {} {{\n", name);
    size_t at = 0;
    while (at < choices.size()) {
        if ((choices[at] & sim::choice_is_data) != 0) {
            text += fmt::format("    # alternative {} of a data choice\n",
                                choices[at] & ~sim::choice_is_data);
            ++at;
            continue;
        }
        uint8_t who = choices[at];
        size_t steps = 0;
        while (at < choices.size() && choices[at] == who) {
            ++steps;
            ++at;
        }
        text += at == choices.size()
                    ? fmt::format("    run {} until done or blocked\n", sim::name_of_context(who))
                    : fmt::format("    run {} until steps {}\n", sim::name_of_context(who), steps);
    }
    return text + "}\n";
}

}  // namespace scenario

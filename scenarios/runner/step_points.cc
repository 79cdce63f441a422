#include "scenarios/runner/step_points.h"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <string_view>

#include "scenarios/lang/print.h"
#include "scenarios/lang/schedule.h"
#include "sim/machine/machine.h"
#include "sim/program/symbols.h"

namespace scenario {

namespace {

// "em1" means "ifnet em1", and "ifnet em1+24" is a part of it.
bool is_object(std::string_view described, std::string_view name) {
    described = described.substr(0, described.find('+'));
    if (!described.ends_with(name) || name.empty()) {
        return false;
    }
    const size_t before = described.size() - name.size();
    return before == 0 || described[before - 1] == ' ' || described[before - 1] == ':';
}

bool is_one_of(std::string_view kind, std::initializer_list<std::string_view> kinds) {
    return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

bool is_in(std::string_view function, const std::string& name) {
    for (const sim::function_symbol* f : sim::g.subject->functions_named(name)) {
        if (f->name == function) {
            return true;
        }
    }
    return false;
}

enum class relation : uint8_t { none, before, with };

// How the point stands to an event.
relation relation_of(const point& p, const sim::trace_event& e) {
    const std::string& name = p.name.text;
    const auto when = [](bool yes, relation r) { return yes ? r : relation::none; };
    switch (p.kind) {
        case point_kind::lock:
            if (e.remark) {
                return when(e.kind == "blocked" && is_object(e.object, name), relation::with);
            }
            return when(is_one_of(e.kind, {"lock", "rdlock", "wrlock", "cond_resume"}) &&
                            is_object(e.object, name),
                        relation::before);
        case point_kind::unlock:
            return when(is_one_of(e.kind, {"unlock", "rwunlock"}) && is_object(e.object, name),
                        relation::before);
        case point_kind::touches:
            return when(!e.remark && is_object(e.object, p.touched.text) &&
                            std::any_of(e.stack.begin(), e.stack.end(),
                                        [&](const auto& f) { return is_in(f.function, name); }),
                        relation::before);
        case point_kind::enter:
        case point_kind::leave:
            return when(e.remark && e.kind == (p.kind == point_kind::enter ? "enter" : "leave") &&
                            is_in(e.detail, name),
                        relation::with);
        case point_kind::blocked:
            return when(
                e.remark && e.kind == "blocked" && (name.empty() || is_object(e.object, name)),
                relation::with);
        case point_kind::done:
            return when(e.kind == "exit", relation::with);
        default:
            return relation::none;
    }
}

std::optional<uint32_t> step_at(const point& p, const sim::trace& t, uint32_t from,
                                std::optional<uint8_t> only) {
    uint64_t steps = 0;
    uint32_t seen = 0;
    for (const sim::trace_event& e : t.events) {
        if (e.step <= from || (only && e.context != *only)) {
            continue;
        }
        if (p.kind == point_kind::steps) {
            steps += !e.remark && e.kind != "point";
            if (steps == p.count) {
                return e.step;
            }
            continue;
        }
        const relation r = relation_of(p, e);
        // Where it stands already is not counted again.
        const uint32_t step = r == relation::before ? e.step - 1 : e.step;
        if (r != relation::none && step > from && ++seen == p.nth) {
            return step;
        }
    }
    return std::nullopt;
}

[[nodiscard]] bool can_be_followed(const point& p, std::string& error) {
    const bool narrowed = !p.device.name.empty() || !p.object.empty();
    const bool label = p.kind == point_kind::done && !p.name.empty();
    if (narrowed || label || p.kind == point_kind::before || p.kind == point_kind::after ||
        p.kind == point_kind::window) {
        error = fmt::format(
            "'{}' is not looked for here; known: enter F, leave F, in F touches X, lock X, unlock "
            "X, "
            "blocked [on X], done, steps N, each but the last with nth N",
            to_text(p));
        return false;
    }
    const bool function =
        p.kind == point_kind::enter || p.kind == point_kind::leave || p.kind == point_kind::touches;
    if (function && sim::g.subject->functions_named(p.name.text).empty()) {
        const std::string near =
            did_you_mean(p.name.text, sim::g.subject->near_matches(p.name.text));
        error = fmt::format("no function '{}'{}{}", p.name.text, near.empty() ? "" : "; ", near);
        return false;
    }
    return true;
}

}  // namespace

bool read_points(const std::string& text, std::vector<point>& points, std::string& error) {
    sources texts;
    diagnostics out(texts);
    const uint32_t file = texts.add("", "schedule s {\n    run c until " + text + "\n}\n");
    const structure s = read_structure(file, out);
    schedule made;
    if (s.balanced && s.statements.size() == 1) {
        made = read_schedule(s.statements[0], parse_options{}, out);
    }
    const std::vector<diagnostic> mistakes = out.take();
    if (!mistakes.empty()) {
        const diagnostic& first = mistakes[0];
        error = first.message + (first.hint.empty() ? "" : "; " + first.hint);
        return false;
    }
    if (made.runs.size() != 1 || s.statements.size() != 1) {
        error = fmt::format("'{}' is not POINT [or POINT]", text);
        return false;
    }
    points = made.runs[0].until;
    return std::all_of(points.begin(), points.end(),
                       [&](const point& p) { return can_be_followed(p, error); });
}

std::optional<uint32_t> step_at(const std::vector<point>& points, const sim::trace& t,
                                uint32_t from, std::optional<uint8_t> only) {
    std::optional<uint32_t> first;
    for (const point& p : points) {
        const std::optional<uint32_t> step = step_at(p, t, from, only);
        if (step && (!first || *step < *first)) {
            first = step;
        }
    }
    return first;
}

}  // namespace scenario

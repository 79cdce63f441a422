#include "scenarios/runner/script_points.h"

#include "scenarios/lang/walk.h"

namespace scenario {

namespace {

sim::point_kind kind_of(point_kind kind) {
    switch (kind) {
        case point_kind::done:
        case point_kind::after:
            return sim::point_kind::done;
        case point_kind::before:
            return sim::point_kind::start;
        case point_kind::blocked:
            return sim::point_kind::blocked;
        case point_kind::enter:
            return sim::point_kind::enter;
        case point_kind::leave:
            return sim::point_kind::leave;
        case point_kind::touches:
            return sim::point_kind::touches;
        case point_kind::lock:
            return sim::point_kind::lock;
        case point_kind::unlock:
            return sim::point_kind::unlock;
        case point_kind::window:
            return sim::point_kind::window;
        case point_kind::steps:
            return sim::point_kind::steps;
    }
    return sim::point_kind::done;
}

sim::script_point point_of(const point& p) {
    sim::script_point out;
    out.kind = kind_of(p.kind);
    out.name = p.name.text;
    out.count = p.kind == point_kind::steps ? static_cast<uint32_t>(p.count) : p.nth;
    out.object = p.kind == point_kind::touches ? p.touched.text
                 : p.device.name.empty()       ? p.object.text
                                               : object_of_device(p.device);
    return out;
}

size_t add(schedule_points& to, const std::string& context, const point& p) {
    to.points.push_back({context, point_of(p), 0});
    return to.points.size() - 1;
}

// An order is about the end of a context, not about its being over: there it can wait.
size_t add_place(schedule_points& to, const std::string& context, const point& p) {
    size_t index = add(to, context, p);
    sim::script_point& made = to.points[index].point;
    if (made.kind == sim::point_kind::done && made.name.empty()) {
        made.kind = sim::point_kind::end;
    }
    return index;
}

void add_statement(const script& s, const label_event& e, uint32_t joint, schedule_points& to) {
    for (const context& c : s.contexts) {
        for (const statement& line : c.statements) {
            if (label_of(line) == e.label.text) {
                sim::script_point p;
                p.kind = e.done ? sim::point_kind::done : sim::point_kind::start;
                p.name = e.label.text;
                to.points.push_back({c.name.text, p, joint});
            }
        }
    }
}

void add_judged_statements(const script& s, schedule_points& to) {
    // One number for all: two orders in one condition must be seen together.
    constexpr uint32_t joint = 1;
    for_each_condition(s, [&](const condition& c) {
        for_each_atom(c, [&](const atom& a) {
            if (a.kind == atom_kind::before) {
                add_statement(s, a.first, joint, to);
                add_statement(s, a.second, joint, to);
            } else if (a.kind == atom_kind::event && !a.first.done) {
                add_statement(s, a.first, 0, to);
            }
        });
    });
}

}  // namespace

std::string object_of_device(const interface_ref& device) {
    return "ifnet " + device.name.text;
}

std::string label_of(const statement& line) {
    if (!line.label.empty()) {
        return line.label.text;
    }
    if (const auto* in = std::get_if<injection>(&line.action); in != nullptr) {
        return in->name.text;
    }
    const auto* c = std::get_if<command>(&line.action);
    return c != nullptr ? c->name.text : "";
}

schedule_points points_of(const script& s, const schedule& one) {
    schedule_points made;
    for (const run_clause& run : one.runs) {
        sim::script_clause c;
        c.context = run.context.text;
        c.line = static_cast<int>(run.context.at.line);
        for (const point& p : run.until) {
            c.until.push_back(add(made, c.context, p));
        }
        made.runs.push_back(std::move(c));
    }
    for (const order_clause& order : one.orders) {
        size_t first = add_place(made, order.first_context.text, order.first);
        made.orders.push_back({first, add_place(made, order.second_context.text, order.second)});
    }
    for (const prune_clause& prune : one.prunes) {
        sim::point_prune p;
        p.context = prune.context.text;
        for (const point& until : prune.until) {
            p.until.push_back(add(made, p.context, until));
        }
        made.prunes.push_back(std::move(p));
    }
    add_judged_statements(s, made);
    return made;
}

const schedule* exploring_schedule_or_null(const script& s) {
    for (const schedule& one : s.schedules) {
        if (one.explore) {
            return &one;
        }
    }
    return nullptr;
}

schedule_points exploring_points(const script& s) {
    const schedule* one = exploring_schedule_or_null(s);
    return points_of(s, one != nullptr ? *one : schedule{});
}

schedule_points points_in(const script& s, const std::string& name) {
    for (const schedule& one : s.schedules) {
        if (one.name.text == name) {
            return points_of(s, one);
        }
    }
    return exploring_points(s);
}

bool asks_for_an_order(const script& s) {
    const schedule_points points = exploring_points(s);
    return !points.orders.empty() || !points.prunes.empty() || !points.runs.empty();
}

}  // namespace scenario

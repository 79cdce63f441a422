#include <utility>

#include "scenarios/lang/names.h"
#include "scenarios/lang/walk.h"

namespace scenario {

namespace {

void add(std::vector<outside_name>& list, outside_kind kind, const word& name) {
    if (!name.empty()) {
        list.push_back({kind, name});
    }
}

void add_point(std::vector<outside_name>& list, const point& p) {
    switch (p.kind) {
        case point_kind::enter:
        case point_kind::leave:
        case point_kind::touches:
            add(list, outside_kind::function, p.name);
            break;
        case point_kind::lock:
        case point_kind::unlock:
            add(list, outside_kind::lock, p.name);
            break;
        case point_kind::window:
            add(list, outside_kind::window, p.name);
            break;
        case point_kind::blocked:
            add(list, outside_kind::channel, p.name);
            break;
        case point_kind::done:
        case point_kind::steps:
        case point_kind::before:
        case point_kind::after:
            break;
    }
    add(list, outside_kind::object, p.touched);
    add(list, outside_kind::object, p.object);
}

void add_atom(std::vector<outside_name>& list, const atom& a) {
    add(list, outside_kind::function, a.where);
    if (a.kind == atom_kind::blocked) {
        add(list, outside_kind::channel, a.object);
    } else if (a.kind == atom_kind::live) {
        add(list, outside_kind::object_kind, a.subject);
    } else if (a.kind == atom_kind::stat) {
        add(list, outside_kind::counter, a.subject);
    }
}

void add_schedule(std::vector<outside_name>& list, const schedule& one) {
    for (const run_clause& run : one.runs) {
        for (const point& p : run.until) {
            add_point(list, p);
        }
    }
    for (const order_clause& order : one.orders) {
        add_point(list, order.first);
        add_point(list, order.second);
    }
    for (const prune_clause& prune : one.prunes) {
        for (const point& p : prune.until) {
            add_point(list, p);
        }
    }
}

}  // namespace

std::vector<outside_name> outside_names(const script& s) {
    std::vector<outside_name> list;
    for (const std::vector<variant>* group : {&s.variants, &s.regimes}) {
        for (const variant& v : *group) {
            for (const word& file : v.patches) {
                add(list, outside_kind::patch, file);
            }
        }
    }
    for (const schedule& one : s.schedules) {
        add_schedule(list, one);
    }
    for_each_condition(s, [&](const condition& c) {
        for_each_atom(c, [&](const atom& a) { add_atom(list, a); });
    });
    for (const expect_block& block : s.expects) {
        for (const expect_clause& clause : block.clauses) {
            for (const word& kind : clause.leaks) {
                add(list, outside_kind::object_kind, kind);
            }
            add(list, outside_kind::lock, clause.when_free);
        }
    }
    return list;
}

}  // namespace scenario

#include "scenarios/runner/midway.h"

#include "sim/explore/points.h"
#include "sim/machine/names.h"
#include "sim/program/symbols.h"

namespace scenario {

midway::midway(clause_set& clauses, final_look& look, sim::strategy& inner)
    : look_(look), inner_(inner) {
    for (tracked_clause& t : clauses.tracked()) {
        if (is_judged_midway(t.clause->kind)) {
            watched_.push_back({&t, false, {}});
        }
    }
}

bool midway::begin() {
    history_seen_ = 0;
    for (watched_clause& w : watched_) {
        w.decided = false;
    }
    return inner_.begin();
}

uint8_t midway::choose(const sim::choice_view& view) {
    {
        sim::host_scope host;
        for (watched_clause& w : watched_) {
            if (!w.decided && !w.clause->seen && !w.clause->violated) {
                decide(w);
            }
        }
    }
    // A strategy may forget what it has taken note of.
    uint8_t next = inner_.choose(view);
    history_seen_ = sim::g.history.size();
    return next;
}

void midway::decide(watched_clause& w) {
    const expect_clause& c = *w.clause->clause;
    bool always = c.kind == clause_kind::always;
    if (always && !released(c.when_free.text)) {
        return;
    }
    if (evaluate(c.holds, [this](const atom& a) { return holds(a); }) != always) {
        w.decided = true;
        w.choices = sim::g.choices.recorded();
    }
}

void midway::end(sim::execution_end why) {
    inner_.end(why);
    for (watched_clause& w : watched_) {
        if (!w.decided || why == sim::execution_end::pruned) {
            continue;
        }
        bool always = w.clause->clause->kind == clause_kind::always;
        (always ? w.clause->violated : w.clause->seen) = true;
        w.clause->choices = w.choices;
        w.clause->detail = always ? "it did not hold at a release of the lock" : "";
    }
}

bool midway::released(const std::string& lock) const {
    const std::vector<sim::step_record>& history = sim::g.history;
    if (history.size() == history_seen_ || history.empty()) {
        return false;
    }
    const sim::operation& op = history.back().op;
    return op.kind == sim::op_kind::rwunlock && sim::describe_address(op.object) == lock;
}

bool midway::is_in(const std::string& context, const std::string& function) {
    auto [found, fresh] = code_.try_emplace(function);
    if (fresh) {
        for (const sim::function_symbol* f : sim::g.subject->functions_named(function)) {
            found->second.emplace_back(f->begin, f->end);
        }
    }
    unsigned id = sim::context_named(context);
    if (id == sim::contexts_max) {
        return false;
    }
    const sim::context& c = sim::g.contexts[id];
    for (uint32_t i = 0; i < sim::depth_of(c); ++i) {
        for (const auto& [begin, end] : found->second) {
            if (c.frames[i].function_pc >= begin && c.frames[i].function_pc < end) {
                return true;
            }
        }
    }
    return false;
}

bool midway::holds(const atom& a) {
    if (a.kind == atom_kind::in_function) {
        return is_in(a.subject.text, a.where.text);
    }
    if (a.kind == atom_kind::blocked) {
        unsigned id = sim::context_named(a.subject.text);
        sim::script_point p;
        p.kind = sim::point_kind::blocked;
        p.name = a.object.text;
        return id != sim::contexts_max && sim::is_blocked(p, id);
    }
    return a.kind == atom_kind::exists ? look_.holds_midway(a) : look_.atom_holds(a);
}

}  // namespace scenario

#include "scenarios/runner/midway.h"

#include <algorithm>
#include <utility>

#include "sim/explore/points.h"
#include "sim/machine/names.h"
#include "sim/program/symbols.h"

namespace scenario {

midway::midway(clause_set& clauses, final_look& look, stage& on, sim::strategy& inner)
    : clauses_(clauses),
      look_(look),
      stage_(on),
      inner_(inner),
      optimal_(dynamic_cast<const sim::optimal_strategy*>(&inner)) {
    for (tracked_clause& t : clauses.tracked()) {
        if (is_judged_midway(t.clause->kind)) {
            watched_.push_back({&t, {}});
        }
    }
}

bool midway::begin() {
    history_seen_ = 0;
    for (watched_clause& w : watched_) {
        w.decided.clear();
    }
    if (!inner_.begin()) {
        return false;
    }
    if (const unsigned level = inner_.resume_level(); level != 0) {
        stage_.go_back(level);
    }
    return true;
}

uint8_t midway::choose(const sim::choice_view& view) {
    // Nobody has stopped where an execution begins: at the start, or at a state that was looked at when its
    // snapshot was made.
    if (sim::g.current != nullptr) {
        sim::host_scope host;
        for (watched_clause& w : watched_) {
            if (!clauses_.settled(*w.clause) && (optimal_ != nullptr || w.decided.empty())) {
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
        w.decided.push_back(sim::g.choices.recorded());
    }
}

void midway::end(sim::execution_end why) {
    inner_.end(why);
    for (watched_clause& w : watched_) {
        if (why == sim::execution_end::pruned && optimal_ == nullptr) {
            continue;
        }
        for (const sim::recorded_choices& choices : w.decided) {
            if (w.clause->clause->kind == clause_kind::always) {
                clauses_.did_not_hold(*w.clause, counterexample_of(choices));
            } else {
                clauses_.happened(*w.clause);
            }
        }
    }
}

// For optimal the release, and what happened before it: so much says what its lock guards.
counterexample midway::counterexample_of(const sim::recorded_choices& choices) const {
    counterexample c{choices, sim::g.preemptions, "it did not hold at a release of the lock"};
    if (optimal_ != nullptr) {
        const auto steps = std::count_if(choices.begin(), choices.end(), [](uint8_t choice) {
            return (choice & sim::choice_is_data) == 0;
        });
        sim::linear_order order = optimal_->canonical_past(static_cast<size_t>(steps) - 1);
        c.choices = std::move(order.choices);
        c.preemptions = order.preemptions;
    }
    return c;
}

// By the last step. A strategy that keeps steps itself has it, once it was performed.
bool midway::released(const std::string& lock) const {
    const std::vector<sim::step_record>& history = sim::g.history;
    const sim::operation* last = sim::g.outcome;
    if (last == nullptr && history.size() != history_seen_ && !history.empty()) {
        last = &history.back().op;
    }
    return last != nullptr &&
           (last->kind == sim::op_kind::rwunlock || last->kind == sim::op_kind::unlock) &&
           sim::describe_address(last->object) == lock;
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
    return a.kind == atom_kind::exists || a.kind == atom_kind::observable ? look_.holds_midway(a)
                                                                          : look_.atom_holds(a);
}

}  // namespace scenario

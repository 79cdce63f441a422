#include "sim/explore/failing_runs.h"

#include <algorithm>

#include "sim/machine/visible.h"

namespace sim {

namespace {

// Found when the execution is over, not while it runs.
bool found_at_end(finding_kind kind) {
    return kind == finding_kind::leak || kind == finding_kind::invariant;
}

}  // namespace

failing_runs::failing_runs(simulation& subject, const work_limits& limits)
    : subject_(subject),
      limits_(limits),
      options_(subject.options()),
      recorder_(usual_, limits.before) {}

failing_runs::~failing_runs() {
    subject_.set_options(options_);
}

bool failing_runs::exhausted() const {
    return steps_ >= limits_.steps_max || out_of_time();
}

bool failing_runs::run(strategy& s) {
    recorder_.ask(s);
    recorder_.begin();
    const execution_end end = subject_.run(recorder_);
    recorder_.end(end);
    ++executions_;
    steps_ += g.steps;
    if (end == execution_end::done && found_at_end(signature_.kind)) {
        subject_.final_checks();
    }
    return end != execution_end::step_bound;
}

bool failing_runs::start(const recorded_choices& choices) {
    visible_ = choices.visible;
    visible_use(visible_);
    replay_strategy again(choices);
    signature_.kind = finding_kind::leak;  // look at the end, too
    const finding* f = run(again) ? main_finding_or_null() : nullptr;
    if (f == nullptr) {
        return false;
    }
    signature_ = signature_of(*f);
    what_ = *f;
    keep_as_best();
    bound_steps();
    return true;
}

// A candidate may take a turn that never ends; one that takes so much longer is no better.
void failing_runs::bound_steps() {
    simulation_options shorter = options_;
    shorter.limits.steps_max = std::min(options_.limits.steps_max, 2 * cost_.steps + 1000);
    subject_.set_options(shorter);
}

// Behind the failure everything follows the default rule, if it goes on at all.
void failing_runs::keep_as_best() {
    const finding* f = find_or_null(signature_);
    HEDDLE_ASSERT(f != nullptr);
    what_ = *f;
    const std::vector<trail_step>& all = recorder_.steps();
    const size_t steps = f->step != 0 ? std::min<size_t>(f->step, all.size()) : all.size();
    best_ = blocks_of(recorder_, steps);
    const auto cut = all.begin() + static_cast<std::ptrdiff_t>(steps);
    trail_.assign(all.begin(), cut);
    stands_.assign(g.context_count, {});
    for (unsigned i = 0; i < g.context_count; ++i) {
        const auto next =
            std::find_if(cut, all.end(), [&](const trail_step& s) { return s.context == i; });
        if (next != all.end()) {
            stands_[i] = next->where;
        } else if (g.contexts[i].state == context_state::live) {
            stands_[i] = recorder_.places().pending(g.contexts[i]);
        }
    }
    choices_ = g.choices.recorded();
    cost_ = {g.preemptions, recorder_.deviations(), g.steps};
}

bool failing_runs::try_one(const block_schedule& candidate, bool equal_will_do) {
    if (exhausted()) {
        return false;
    }
    if (!tried_.insert(hash_of(candidate)).second) {
        ++cached_;
        return false;
    }
    visible_use(visible_);
    block_strategy s(candidate, recorder_.places());
    if (!run(s) || find_or_null(signature_) == nullptr) {
        return false;
    }
    const schedule_cost cost{g.preemptions, recorder_.deviations(), g.steps};
    if (!cost.less(cost_) && !(equal_will_do && cost == cost_)) {
        return false;
    }
    keep_as_best();
    return true;
}

bool failing_runs::improves(const block_schedule& candidate) {
    return try_one(candidate, false);
}

bool failing_runs::keeps(const block_schedule& candidate) {
    return try_one(candidate, true);
}

void failing_runs::adopt(const recorded_choices& choices) {
    visible_ = choices.visible;
    visible_use(visible_);
    replay_strategy again(choices);
    run(again);
    keep_as_best();
    tried_.clear();
}

}  // namespace sim

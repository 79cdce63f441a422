#include "sim/explore/scripted.h"

#include <fmt/format.h>

#include "sim/explore/replay.h"

namespace sim {

scripted_strategy::scripted_strategy(std::vector<script_clause> clauses, point_set& points,
                                     strategy* tail)
    : clauses_(std::move(clauses)), points_(points), tail_(tail) {}

bool scripted_strategy::begin() {
    if (tail_ != nullptr && !tail_->begin()) {
        return false;  // what the last execution came to can still be asked
    }
    clause_ = 0;
    entered_clause_ = false;
    unmoved_ = 0;
    problem_.clear();
    points_.arm();
    return true;
}

void scripted_strategy::end(execution_end why) {
    if (tail_ != nullptr) {
        tail_->end(why);
    }
    if (infeasible() || clause_ >= clauses_.size() || why == execution_end::fatal) {
        return;
    }
    // Nobody was asked after the last step. It may have been the end of the last clause.
    const script_clause& c = clauses_[clause_];
    if (!entered_clause_) {
        enter_clause(c);
    }
    bool satisfied = false;
    for (size_t p : c.until) {
        point_kind kind = points_.at(p).point.kind;
        satisfied |= kind == point_kind::done && points_.at(p).point.name.empty() &&
                     subject_ != contexts_max && g.contexts[subject_].state == context_state::done;
        satisfied |= kind == point_kind::blocked && subject_ != contexts_max &&
                     is_blocked(points_.at(p).point, subject_);
    }
    if (!satisfied || clause_ + 1 != clauses_.size()) {
        give_up(satisfied ? clauses_[clause_ + 1] : c,
                why == execution_end::deadlock ? "nobody could go on" : "everything was over");
    }
}

void scripted_strategy::enter_clause(const script_clause& c) {
    subject_ = context_named(c.context);
    entered_clause_ = true;
    steps_in_clause_ = 0;
    seen_.assign(c.until.size(), 0);
    moved_ = subject_ == contexts_max || (unmoved_ >> subject_ & 1) == 0;
}

bool scripted_strategy::holds(size_t point, uint32_t& seen, const choice_view& view) const {
    const script_point& p = points_.at(point).point;
    if (p.kind == point_kind::done && p.name.empty()) {
        return view.contexts[subject_].state == context_state::done;
    }
    if (p.kind == point_kind::blocked) {
        return is_blocked(p, subject_);
    }
    if (p.kind == point_kind::steps) {
        return steps_in_clause_ >= p.count;
    }
    bool now = moved_ && points_.stands_at(point);
    seen += now;
    return now && seen >= p.count;
}

bool scripted_strategy::reached(const script_clause& c, const choice_view& view) {
    bool any = false;
    for (size_t i = 0; i < c.until.size(); ++i) {
        any |= holds(c.until[i], seen_[i], view);
    }
    return any;
}

void scripted_strategy::give_up(const script_clause& c, const std::string& where) {
    std::string wanted;
    for (size_t p : c.until) {
        wanted += (wanted.empty() ? "" : " or ") + to_text(points_.at(p).point);
    }
    problem_ = fmt::format("{} did not reach '{}': {}", c.context, wanted, where);
    problem_line_ = c.line;
}

uint8_t scripted_strategy::choose(const choice_view& view) {
    host_scope host;
    while (clause_ < clauses_.size()) {
        const script_clause& c = clauses_[clause_];
        if (!entered_clause_) {
            enter_clause(c);
        }
        if (subject_ == contexts_max) {
            give_up(c, "there was no such context");
            return choose_stop;
        }
        if (reached(c, view)) {
            unmoved_ |= 1ULL << subject_;
            ++clause_;
            entered_clause_ = false;
            continue;
        }
        if ((view.enabled >> subject_ & 1) == 0) {
            bool for_cpu = (g.enabled >> subject_ & 1) != 0;
            give_up(c, "it " + whereabouts(subject_) + (for_cpu ? ", waiting for its CPU" : ""));
            return choose_stop;
        }
        // A place that a script made visible is no operation of the subject.
        steps_in_clause_ += view.contexts[subject_].op.kind != op_kind::point;
        moved_ = true;
        unmoved_ &= ~(1ULL << subject_);
        return static_cast<uint8_t>(subject_);
    }
    return tail_ != nullptr ? tail_->choose(view) : default_choice(view);
}

uint32_t scripted_strategy::pick(const choice_view& view, uint32_t n) {
    return tail_ != nullptr ? tail_->pick(view, n) : 0;
}

}  // namespace sim

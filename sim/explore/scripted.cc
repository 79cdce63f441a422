#include "sim/explore/scripted.h"

#include <fmt/format.h>

#include "sim/check/describe.h"
#include "sim/explore/replay.h"
#include "sim/explore/token.h"
#include "sim/machine/names.h"
#include "sim/machine/record.h"
#include "sim/machine/schedule.h"
#include "sim/machine/watch.h"

namespace sim {

namespace {

scripted_strategy* watching = nullptr;

bool is_named(const std::string& full, const std::string& name) {
    if (full == name) {
        return true;
    }
    size_t n = full.size() - name.size();
    return full.size() > name.size() && full.compare(n, name.size(), name) == 0 &&
           (full[n - 1] == ':' || full[n - 1] == ' ');
}

// "em1" means "ifnet em1" and what lies inside it.
bool is_object(const std::string& described, const std::string& name) {
    std::string whole = described.substr(0, described.find('+'));
    return name.empty() || is_named(whole, name);
}

void on_function(uint64_t function_pc, bool enter) {
    if (watching == nullptr || g.current == nullptr) {
        return;
    }
    host_scope host;
    watching->passed(enter ? point_kind::enter : point_kind::leave, frame_at(function_pc).function);
}

void on_window(const char* name) {
    if (watching != nullptr) {
        host_scope host;
        watching->passed(point_kind::window, name);
    }
}

}  // namespace

scripted_strategy::scripted_strategy(std::vector<script_clause> clauses, strategy* tail)
    : clauses_(std::move(clauses)), tail_(tail) {}

bool scripted_strategy::begin() {
    clause_ = 0;
    entered_clause_ = false;
    problem_.clear();
    passed_.clear();
    watching = this;
    g.watch_entry = on_function;
    g.watch_window = on_window;
    watch_entries(true);
    return tail_ == nullptr || tail_->begin();
}

void scripted_strategy::end(execution_end why) {
    watching = nullptr;
    g.watch_entry = nullptr;
    g.watch_window = nullptr;
    watch_entries(g.record != nullptr);
    if (tail_ != nullptr) {
        tail_->end(why);
    }
    // The last context may have finished with its clause.
    if (!infeasible() && clause_ < clauses_.size()) {
        const script_clause& c = clauses_[clause_];
        bool done_wanted = false;
        for (const script_point& p : c.until) {
            done_wanted |= p.kind == point_kind::done ||
                           (p.kind == point_kind::blocked && why == execution_end::deadlock);
        }
        bool last = clause_ + 1 == clauses_.size();
        if (why != execution_end::fatal && !(done_wanted && (last || why == execution_end::deadlock))) {
            give_up(c, why == execution_end::deadlock ? "blocked for good" : "ended");
        }
    }
}

// The context of the clause passed something that a point may name: that is a scheduling point, so that
// it can stop exactly there.
void scripted_strategy::passed(point_kind kind, const std::string& name) {
    if (clause_ >= clauses_.size() || g.current == nullptr || g.current->id != subject_) {
        return;
    }
    for (const script_point& p : clauses_[clause_].until) {
        if (p.kind == kind && is_named(name, p.name)) {
            passed_.emplace_back(kind, name);
            context& c = *g.current;
            if (c.section_depth == 0 && c.settle_parent == 0xff) {
                g.in_subject = true;
                begin_operation(op_kind::point, 0, innermost_function(c));
                operation_done(c);
            }
            return;
        }
    }
}

bool scripted_strategy::holds(const script_point& p, uint32_t& seen, const choice_view& view) {
    const context& c = view.contexts[subject_];
    bool enabled = (view.enabled >> subject_ & 1) != 0;
    bool now = false;
    switch (p.kind) {
        case point_kind::done: return c.state == context_state::done;
        case point_kind::blocked:
            return c.state == context_state::live && !enabled &&
                   (p.name.empty() || (c.reason != nullptr && p.name == c.reason) ||
                    is_object(describe_address(c.op.object), p.name));
        case point_kind::steps: return steps_in_clause_ >= p.count;
        case point_kind::enter:
        case point_kind::leave:
        case point_kind::window:
            for (const auto& [kind, name] : passed_) {
                now |= kind == p.kind && is_named(name, p.name);
            }
            break;
        case point_kind::touches:
            for (const trace_frame& f : call_stack(c, c.op.pc)) {
                now |= is_named(f.function, p.name);
            }
            now = now && is_object(describe_address(c.op.object), p.object);
            break;
        case point_kind::lock:
        case point_kind::unlock:
            if (g.history.size() > history_seen_) {
                const step_record& last = g.history.back();
                bool takes = last.op.kind == op_kind::lock || last.op.kind == op_kind::rdlock ||
                             last.op.kind == op_kind::wrlock || last.op.kind == op_kind::cond_resume;
                bool gives = last.op.kind == op_kind::unlock || last.op.kind == op_kind::rwunlock ||
                             last.op.kind == op_kind::cond_enqueue;
                now = last.context == subject_ && (p.kind == point_kind::lock ? takes : gives) &&
                      is_object(describe_address(last.op.object), p.name);
            }
            break;
    }
    seen += now;
    return now && seen >= p.count;
}

bool scripted_strategy::reached(const script_clause& c, const choice_view& view) {
    bool any = false;
    for (size_t i = 0; i < c.until.size(); ++i) {
        any |= holds(c.until[i], seen_[i], view);
    }
    passed_.clear();
    history_seen_ = g.history.size();
    return any;
}

void scripted_strategy::give_up(const script_clause& c, const char* how) {
    problem_ = fmt::format("{} {} before it reached its point", c.context, how);
    problem_line_ = c.line;
}

uint8_t scripted_strategy::choose(const choice_view& view) {
    host_scope host;
    while (clause_ < clauses_.size()) {
        const script_clause& c = clauses_[clause_];
        if (!entered_clause_) {
            subject_ = contexts_max;
            for (unsigned i = 0; i < g.context_count; ++i) {
                if (name_of_context(i) == c.context) {
                    subject_ = i;
                }
            }
            entered_clause_ = true;
            steps_in_clause_ = 0;
            seen_.assign(c.until.size(), 0);
            passed_.clear();
            history_seen_ = g.history.size();
        }
        if (subject_ == contexts_max) {
            give_up(c, "does not exist");
            return choose_stop;
        }
        if (reached(c, view)) {
            ++clause_;
            entered_clause_ = false;
            continue;
        }
        if ((view.enabled >> subject_ & 1) == 0) {
            give_up(c, view.contexts[subject_].state == context_state::done ? "ended" : "blocked");
            return choose_stop;
        }
        ++steps_in_clause_;
        return static_cast<uint8_t>(subject_);
    }
    return tail_ != nullptr ? tail_->choose(view) : default_choice(view);
}

uint32_t scripted_strategy::pick(const choice_view& view, uint32_t n) {
    return tail_ != nullptr ? tail_->pick(view, n) : 0;
}

}  // namespace sim

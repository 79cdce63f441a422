#include "scenarios/runner/search.h"

#include <fmt/format.h>

#include "scenarios/lang/print.h"
#include "sim/explore/bounded.h"
#include "sim/explore/sampler.h"

namespace scenario {

namespace {

constexpr uint64_t random_executions_default = 100000;

// `dfs preemptions 3` is bounded, `dfs` alone optimal.
std::string asked_kind(const explore_clause* e, const explore_request& request) {
    if (request.strategy.empty() && !request.memory.empty()) {
        return "graph";
    }
    if (!request.strategy.empty()) {
        return request.strategy == "dfs" ? "optimal" : request.strategy;
    }
    if (e == nullptr) {
        return "bounded";
    }
    return e->strategy.text != "dfs" ? e->strategy.text : e->preemptions ? "bounded" : "optimal";
}

// The optimal strategy runs the part of an execution that it knows without asking anybody, so that
// nobody can hold it to a script. The exhaustive one does the same work with one.
std::string kind_of(const explore_clause* e, const explore_request& request, bool constrained) {
    std::string kind = asked_kind(e, request);
    return kind == "optimal" && constrained ? "exhaustive" : kind;
}

}  // namespace

std::string strategy_kind(const script& s, const explore_request& request) {
    return search(s, request).choice().kind;
}

search::search(const script& s, const explore_request& request)
    : search(s, request, exploring_points(s)) {}

search::search(const script& s, const explore_request& request, schedule_points points)
    : schedule_(exploring_schedule_or_null(s)), parts_(std::move(points)), points_(parts_.points) {
    const explore_clause* said = schedule_ != nullptr ? &*schedule_->explore : nullptr;
    const std::string kind = kind_of(said, request, !parts_.points.empty() || !parts_.runs.empty());
    choice_ = choose_strategy(kind, request, said, draws(kind) ? random_executions_default : ~0ULL);
    inner_ = choice_.make();
    rounds_ = dynamic_cast<sim::iterative_strategy*>(inner_.get());
    outermost_ = inner_.get();
    if (!parts_.runs.empty()) {
        prefix_ = std::make_unique<sim::scripted_strategy>(parts_.runs, points_, outermost_);
        outermost_ = prefix_.get();
    }
    // Without an order it is there to arm the points, which cost: only if there are any.
    if (!parts_.points.empty()) {
        constrained_ = std::make_unique<sim::constrained_strategy>(parts_.orders, parts_.prunes,
                                                                   points_, *outermost_);
        outermost_ = constrained_.get();
    }
    if (rounds_ != nullptr) {
        counted_ = std::make_unique<sim::counted_strategy>(*outermost_, *rounds_);
        outermost_ = counted_.get();
    }
}

sim::strategy& search::around(sim::strategy& s) {
    if (parts_.points.empty()) {
        return s;
    }
    constrained_ =
        std::make_unique<sim::constrained_strategy>(parts_.orders, parts_.prunes, points_, s);
    outermost_ = constrained_.get();
    return *outermost_;
}

int search::round() const {
    return rounds_ != nullptr ? rounds_->complete_to() + 1 : -1;
}

void search::tell(const sim::explore_result& result, bool bound_mattered, variant_report& r) const {
    r.executions = result.executions;
    r.blocked = result.pruned;
    bool exhausted = result.complete;
    if (const auto* b = dynamic_cast<const sim::bounded_strategy*>(inner_.get()); b != nullptr) {
        r.conflicting_objects = b->conflicting_objects();
    }
    if (rounds_ != nullptr) {
        r.bound_of = choice_.bound_of();
        r.bound = rounds_->complete_to();
        exhausted = result.complete && !rounds_->bound_mattered();
        tell_traces(*counted_, r);
    }
    if (bound_mattered) {
        r.bound_of = choice_.bound_of();
        r.bound = result.complete ? static_cast<int>(choice_.bound()) : -1;
        exhausted = false;
    }
    if (const auto* s = dynamic_cast<const sim::sampler*>(inner_.get());
        s != nullptr && result.found.empty() && !s->promise().empty()) {
        r.notes.push_back(s->promise());
    }
    r.complete = exhausted && restrictions().empty();
    if (constrained_ != nullptr && constrained_->cut() != 0) {
        r.notes.push_back(
            fmt::format("{} executions could not be continued in the order of schedule "
                        "{}; they are not among those explored",
                        constrained_->cut(), schedule_->name.text));
    }
}

void tell_traces(const sim::counted_strategy& counted, variant_report& r) {
    r.traces = counted.traces_within();
    r.redundant = counted.counter().redundant();
    if (!counted.counter().exact()) {
        r.notes.push_back(
            fmt::format("traces were counted until there were {}: beyond that nobody "
                        "knows which executions are redundant",
                        counted.counter().traces()));
    }
}

std::string search::problem(const sim::explore_result& result) const {
    if (prefix_ != nullptr && prefix_->infeasible() && result.executions == 0) {
        return fmt::format("{} (line {})", prefix_->problem(), prefix_->problem_line());
    }
    if (constrained_ == nullptr || result.executions + result.pruned == 0) {
        return "";
    }
    for (size_t i = 0; i < parts_.orders.size(); ++i) {
        for (size_t point : {parts_.orders[i].first, parts_.orders[i].second}) {
            if (!constrained_->ever_passed(point)) {
                return fmt::format("{} never came to '{}' (line {})", points_.at(point).context,
                                   to_text(points_.at(point).point),
                                   schedule_->orders[i].first_context.at.line);
            }
        }
    }
    return result.executions == 0 && constrained_->cut() != 0
               ? "no interleaving has the order that is asked for"
               : "";
}

std::vector<std::string> search::restrictions() const {
    std::vector<std::string> list;
    if (schedule_ == nullptr) {
        return list;
    }
    if (!schedule_->runs.empty()) {
        list.push_back(fmt::format("every execution begins with the runs of schedule {}",
                                   schedule_->name.text));
    }
    for (const sim::point_order& o : parts_.orders) {
        list.push_back(fmt::format("{} passes '{}' before {} passes '{}'",
                                   points_.at(o.first).context, to_text(points_.at(o.first).point),
                                   points_.at(o.second).context,
                                   to_text(points_.at(o.second).point)));
    }
    for (const sim::point_prune& p : parts_.prunes) {
        list.push_back(fmt::format("until {} is at '{}' it runs whenever it can", p.context,
                                   to_text(points_.at(p.until[0]).point)));
    }
    return list;
}

}  // namespace scenario

#include "scenarios/runner/search.h"

#include <fmt/format.h>

#include "scenarios/lang/print.h"
#include "sim/explore/bounded.h"
#include "sim/explore/delay.h"
#include "sim/explore/exhaustive.h"
#include "sim/explore/optimal.h"
#include "sim/explore/random.h"
#include "sim/explore/sampler.h"

namespace scenario {

namespace {

constexpr uint32_t preemptions_default = 3;
constexpr uint32_t delays_default = 2;
constexpr uint64_t random_executions_default = 100000;

// `dfs preemptions 3` is bounded, `dfs` alone optimal.
std::string asked_kind(const explore_clause* e, const explore_request& request) {
    if (!request.strategy.empty()) {
        return request.strategy == "dfs" ? "optimal" : request.strategy;
    }
    if (e == nullptr) {
        return "bounded";
    }
    return e->strategy.text != "dfs" ? e->strategy.text : e->preemptions ? "bounded" : "optimal";
}

bool shares_cpus(const script& s) {
    for (const context& a : s.contexts) {
        for (const context& b : s.contexts) {
            if (&a != &b && a.cpu.cpu == b.cpu.cpu && a.cpu.router.text == b.cpu.router.text) {
                return true;
            }
        }
    }
    return false;
}

// The optimal strategy runs the part of an execution that it knows without asking anybody, so that
// nobody can hold it to a script; and it knows no CPUs that contexts share. The exhaustive one does
// the same work with both.
std::string kind_of(const script& s, const explore_clause* e, const explore_request& request,
                    bool constrained) {
    std::string kind = asked_kind(e, request);
    return kind == "optimal" && (constrained || shares_cpus(s)) ? "exhaustive" : kind;
}

}  // namespace

std::string strategy_kind(const script& s, const explore_request& request) {
    return search(s, request).kind();
}

search::search(const script& s, const explore_request& request)
    : search(s, request, exploring_points(s)) {}

search::search(const script& s, const explore_request& request, schedule_points points)
    : schedule_(exploring_schedule_or_null(s)), parts_(std::move(points)), points_(parts_.points) {
    const explore_clause* e = schedule_ != nullptr ? &*schedule_->explore : nullptr;
    kind_ = kind_of(s, e, request, !parts_.points.empty() || !parts_.runs.empty());
    auto asked = [&](const auto& typed, std::optional<uint64_t> explore_clause::*said,
                     uint64_t otherwise) {
        return typed ? uint64_t{*typed} : e != nullptr ? (e->*said).value_or(otherwise) : otherwise;
    };
    preemptions_ = static_cast<uint32_t>(
        asked(request.preemptions, &explore_clause::preemptions, preemptions_default));
    delays_ = static_cast<uint32_t>(asked(request.delays, &explore_clause::delays, delays_default));
    seed_ = asked(request.seed, &explore_clause::seed, 1);
    executions_ =
        asked(request.executions, &explore_clause::executions,
              kind_ == "random" || sim::is_sampler(kind_) ? random_executions_default : ~0ULL);
    depth_ =
        static_cast<uint32_t>(asked(request.depth, &explore_clause::depth, sim::pct_depth_default));
    if (sim::is_sampler(kind_)) {
        inner_ = sim::make_sampler_or_null(kind_, seed_, depth_);
    } else if (kind_ == "random") {
        inner_ = std::make_unique<sim::random_strategy>(seed_);
    } else if (kind_ == "optimal") {
        inner_ = std::make_unique<sim::optimal_strategy>(
            request.checkpoint_gap.value_or(sim::checkpoints::automatic));
    } else if (kind_ == "exhaustive") {
        inner_ = std::make_unique<sim::exhaustive_strategy>();
    } else if (kind_ == "delay") {
        auto delays = std::make_unique<sim::delay_strategy>(delays_);
        rounds_ = delays.get();
        inner_ = std::move(delays);
    } else {
        auto bounded = std::make_unique<sim::bounded_strategy>(preemptions_);
        rounds_ = bounded.get();
        inner_ = std::move(bounded);
    }
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

void search::give_up_optimal() {
    HEDDLE_ASSERT(optimal() && outermost_ == inner_.get());
    kind_ = "exhaustive";
    inner_ = std::make_unique<sim::exhaustive_strategy>();
    outermost_ = inner_.get();
}

std::string search::text() const {
    if (sim::is_sampler(kind_)) {
        return sim::describe_sampler(kind_, seed_, depth_);
    }
    if (kind_ == "random") {
        return fmt::format("random, seed {}", seed_);
    }
    if (kind_ == "delay") {
        return fmt::format("delay, {} delays", delays_);
    }
    return kind_ == "bounded" ? fmt::format("bounded, {} preemptions", preemptions_) : kind_;
}

int search::round() const {
    return rounds_ != nullptr ? rounds_->complete_to() + 1 : -1;
}

void search::tell(const sim::explore_result& result, variant_report& r) const {
    r.executions = result.executions;
    r.blocked = result.pruned;
    bool exhausted = result.complete;
    if (const auto* b = dynamic_cast<const sim::bounded_strategy*>(inner_.get()); b != nullptr) {
        r.conflicting_objects = b->conflicting_objects();
    }
    if (rounds_ != nullptr) {
        r.bound_of = bound_of();
        r.bound = rounds_->complete_to();
        exhausted = result.complete && !rounds_->bound_mattered();
        tell_traces(*counted_, r);
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

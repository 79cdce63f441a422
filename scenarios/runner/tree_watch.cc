#include "scenarios/runner/tree_watch.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/machine/machine.h"
#include "sim/machine/visible.h"
#include "viz/tree.h"

namespace scenario {

static_assert(sim::choice_is_data == sim::choice_tree::data_choice);

namespace {

sim::tree_end end_of(sim::execution_end end) {
    if (!sim::g.findings.empty() && end != sim::execution_end::pruned) {
        return sim::tree_end::failed;
    }
    switch (end) {
        case sim::execution_end::pruned:
            // The machine came to the end of it, the strategy found out later that it shows nothing.
            return sim::g.end == sim::execution_end::pruned ? sim::tree_end::given_up
                                                            : sim::tree_end::in_vain;
        case sim::execution_end::step_bound:
            return sim::tree_end::cut;
        default:
            return sim::tree_end::passed;
    }
}

}  // namespace

std::string misfit_of_tree(const std::string& kind, const explore_request& request) {
    if (kind == "graph") {
        return "--tree draws the choices of schedules, and the strategy graph explores execution "
               "graphs, which are not made of choices; without --memory --strategy optimal has a "
               "tree";
    }
    if (draws(kind)) {
        return fmt::format(
            "--tree draws what is explored branch by branch, and --strategy {} draws executions at "
            "random, which make no tree; those that have one: optimal, exhaustive, bounded, delay",
            kind);
    }
    if (request.jobs > 1) {
        return "--tree needs one process, which sees every execution: leave -j out";
    }
    if (!request.resume.empty()) {
        return "--tree needs every execution, and a checkpoint has forgotten those before it: "
               "leave --resume out";
    }
    return "";
}

int32_t tree_watch::number_of(const sim::finding& f) {
    const auto same = std::find_if(found_.begin(), found_.end(),
                                   [&](const sim::finding& old) { return old.same_as(f); });
    if (same == found_.end()) {
        found_.push_back(f);
        return static_cast<int32_t>(found_.size() - 1);
    }
    return static_cast<int32_t>(same - found_.begin());
}

void tree_watch::see(sim::execution_end end) {
    if (sim::visible_count() != visible_) {
        visible_ = sim::visible_count();
        tree_.clear();
        found_.clear();
    }
    const sim::tree_end how = end_of(end);
    int32_t finding = -1;
    for (size_t i = 0; how == sim::tree_end::failed && i < sim::g.findings.size(); ++i) {
        // One that is new, if any is.
        const size_t known = found_.size();
        const int32_t number = number_of(sim::g.findings[i]);
        finding = finding < 0 || static_cast<size_t>(number) == known ? number : finding;
    }
    tree_.add(sim::g.choices.begin(), sim::g.choices.size(), how, finding);
}

std::string tree_watch::picture(sim::simulation& machine, const subject& s,
                                const strategy_choice& by, const sim::explore_result& result,
                                uint64_t boxes_max) const {
    viz::tree_options o;
    o.subject = s.name;
    o.strategy = by.text();
    o.earlier = result.earlier;
    o.boxes_max = boxes_max;
    o.left_out = by.kind == "optimal" ? "shows nothing new" : "asleep: nothing new";
    if (by.kind == "bounded") {
        o.left_out = "nothing new";
        o.preemptions_max = static_cast<int>(by.preemptions);
        o.beyond = "beyond the bound";
    } else if (by.kind == "delay") {
        o.bound_leaves_out = true;
        o.beyond = "beyond the bound";
    }
    if (!result.complete) {
        // Nobody knows whether it would have been tried.
        o.cut_short = true;
        o.bound_leaves_out = false;
        o.preemptions_max = -1;
        o.left_out = "not tried";
    }
    o.run = [&](const std::vector<uint8_t>& choices) {
        sim::recorded_choices again;
        again.assign(choices.begin(), choices.end());
        again.visible = visible_;
        sim::execution_end end{};
        bool diverged = false;
        s.before();
        sim::trace t = sim::replay(machine, again, end, diverged);
        HEDDLE_ASSERT(!diverged);
        if (!t.findings.empty()) {
            t.header.token = s.token_of(again);
        }
        return t;
    };
    return viz::tree_picture(tree_, o);
}

}  // namespace scenario

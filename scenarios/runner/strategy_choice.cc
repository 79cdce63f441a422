#include "scenarios/runner/strategy_choice.h"

#include <fmt/format.h>

#include "sim/explore/bounded.h"
#include "sim/explore/delay.h"
#include "sim/explore/exhaustive.h"
#include "sim/explore/graph_search.h"
#include "sim/explore/optimal.h"
#include "sim/explore/random.h"
#include "sim/explore/sampler.h"

namespace scenario {

bool draws(const std::string& kind) {
    return kind == "random" || sim::is_sampler(kind);
}

strategy_choice choose_strategy(const std::string& kind, const explore_request& request,
                                const explore_clause* said, uint64_t executions) {
    const auto asked = [&](const auto& typed, std::optional<uint64_t> explore_clause::*in_file,
                           uint64_t usual) {
        return typed             ? uint64_t{*typed}
               : said != nullptr ? (said->*in_file).value_or(usual)
                                 : usual;
    };
    strategy_choice c;
    c.kind = kind;
    c.preemptions = static_cast<uint32_t>(
        asked(request.preemptions, &explore_clause::preemptions, c.preemptions));
    c.delays = static_cast<uint32_t>(asked(request.delays, &explore_clause::delays, c.delays));
    c.depth =
        static_cast<uint32_t>(asked(request.depth, &explore_clause::depth, sim::pct_depth_default));
    c.seed = asked(request.seed, &explore_clause::seed, c.seed);
    const bool bounded = request.seconds || request.memory_mib;
    c.executions =
        asked(request.executions, &explore_clause::executions, bounded ? ~0ULL : executions);
    c.reversals = request.reversals;
    c.checkpoint_gap = request.checkpoint_gap;
    return c;
}

std::unique_ptr<sim::strategy> strategy_choice::make() const {
    sim::chosen_awaits = draws(kind) ? sim::await_looks::waiting : sim::await_looks::once;
    if (sim::is_sampler(kind)) {
        return sim::make_sampler_or_null(kind, seed, depth);
    }
    if (kind == "random") {
        return std::make_unique<sim::random_strategy>(seed);
    }
    if (kind == "bounded") {
        return std::make_unique<sim::bounded_strategy>(preemptions);
    }
    if (kind == "delay") {
        return std::make_unique<sim::delay_strategy>(delays);
    }
    if (kind == "exhaustive") {
        return std::make_unique<sim::exhaustive_strategy>();
    }
    if (kind == "graph") {
        return std::make_unique<sim::graph_search>(reversals.value_or(sim::no_reversals_max));
    }
    HEDDLE_ASSERT(kind == "optimal");
    return std::make_unique<sim::optimal_strategy>(
        checkpoint_gap.value_or(sim::checkpoints::automatic));
}

sim::unit_style strategy_choice::style() const {
    sim::unit_style style;
    style.gap = checkpoint_gap.value_or(sim::checkpoints::automatic);
    style.by_graphs = kind == "graph";
    style.reversals_max = reversals.value_or(sim::no_reversals_max);
    return style;
}

std::string strategy_choice::text() const {
    if (sim::is_sampler(kind)) {
        return sim::describe_sampler(kind, seed, depth);
    }
    if (kind == "random") {
        return fmt::format("random, seed {}", seed);
    }
    if (kind == "bounded" || kind == "delay") {
        return fmt::format("{}, {} {}{}", kind, bound(), bound_of(), bound() == 1 ? "" : "s");
    }
    if (kind == "graph") {
        return fmt::format(
            "graph, {}{}", name_of(sim::chosen_memory),
            reversals ? fmt::format(", {} reversal{}", *reversals, *reversals == 1 ? "" : "s")
                      : "");
    }
    return kind;
}

std::string strategy_choice::bound_of() const {
    return kind == "delay" ? "delay" : kind == "graph" ? "reversal" : "preemption";
}

uint32_t strategy_choice::bound() const {
    return kind == "delay" ? delays : kind == "graph" ? reversals.value_or(0) : preemptions;
}

}  // namespace scenario

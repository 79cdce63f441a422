#include "sim/explore/shrink.h"

#include <algorithm>

#include "sim/explore/certify.h"
#include "sim/explore/shrink_passes.h"
#include "sim/machine/visible.h"

namespace sim {

namespace {

// Shares of the work: the passes, then the search below, then exchanging preemptions.
constexpr uint64_t passes_percent = 30;
constexpr uint64_t search_percent = 50;

uint64_t share(uint64_t whole, uint64_t percent) {
    return whole == ~0ULL ? whole : whole / 100 * percent;
}

void pass_all(failing_runs& runs) {
    for (bool shorter = true; shorter && !runs.exhausted();) {
        shorter = reorder_pass(runs);
        shorter |= leave_contexts_pass(runs);
        shorter |= remove_blocks_pass(runs);
        shorter |= first_alternatives_pass(runs);
    }
}

// Below what is left: a shorter one, or none.
void search(simulation& subject, failing_runs& runs, const work_limits& limits, uint64_t steps,
            shrink_result& r) {
    const uint32_t best = runs.cost().preemptions;
    if (best == 0 || r.none_below + 1 >= static_cast<int>(best)) {
        return;
    }
    work_limits mine = limits;
    mine.steps_max = steps;
    runs.lift_step_bound();
    const certificate c = search_below(subject, runs.signature(), best - 1, mine);
    r.searched += c.executions;
    r.none_below = std::max(r.none_below, c.complete_to);
    if (c.found) {
        r.none_below = std::max(r.none_below, static_cast<int>(c.preemptions) - 1);
        runs.adopt(c.choices);
    }
    runs.bound_steps();
}

}  // namespace

shrink_result shrink(simulation& subject, const recorded_choices& choices,
                     const shrink_options& options) {
    shrink_result r;
    const uint64_t whole = options.limits.steps_max;
    failing_runs runs(subject, options.limits);
    if (!runs.start(choices)) {
        return r;
    }
    r.fails = true;
    r.signature = runs.signature();
    r.before = runs.cost();
    runs.allow_steps(share(whole, passes_percent));
    pass_all(runs);
    search(subject, runs, options.limits, share(whole, search_percent), r);
    runs.allow_steps(share(whole, 100 - search_percent));
    const auto shortest = [&] {
        return r.none_below + 1 >= static_cast<int>(runs.cost().preemptions);
    };
    while (!shortest() && exchange_pass(runs)) {
        pass_all(runs);
    }
    runs.allow_steps(whole);
    while (first_alternatives_pass(runs) || remove_blocks_pass(runs)) {
    }
    earliest_places_pass(runs);
    r.what = runs.what();
    r.after = runs.cost();
    r.choices = runs.best_choices();
    r.trail = runs.trail();
    r.reruns = runs.executions();
    r.cached = runs.cached();
    r.cut_short = runs.out_of_time();
    return r;
}

}  // namespace sim

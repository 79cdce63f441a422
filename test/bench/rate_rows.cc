// How much slower an execution of optimal exploration is than one of a random walk, which keeps nothing:
// on a small program, and on the first race, whose executions begin at snapshots where that pays.
#include <fmt/format.h>

#include <optional>
#include <string>

#include "scenarios/runner/model_build.h"
#include "scenarios/runner/race.h"
#include "scenarios/runner/variant_run.h"
#include "sim/explore/explorer.h"
#include "sim/explore/optimal.h"
#include "sim/explore/random.h"
#include "test/bench/measure.h"
#include "test/bench/rows.h"

namespace bench {

namespace {

constexpr double race_goal_per_second = 30000;
constexpr double mib_max = 32;

// Nanoseconds an execution.
double program_ns(bool optimal, bool checkers) {
    return median([optimal, checkers] {
        sim::optimal_strategy all;
        sim::random_strategy walk(7);
        sim::simulation machine(options(checkers));
        load(machine, "inc_rmw_2_8");
        const double begin = processor_seconds();
        uint64_t executions = 0;
        for (int i = 0; i < 10; ++i) {
            all.restart();
            sim::explore_limits limits;
            limits.executions_max = 12870;
            executions +=
                sim::explore(machine, optimal ? static_cast<sim::strategy&>(all) : walk, limits)
                    .executions;
        }
        return (processor_seconds() - begin) * 1e9 / static_cast<double>(executions);
    });
}

// The first race: a packet, a destroy, the judgement of what its file expects. `gap` events lie between
// two snapshots; 0: none are made, each execution begins anew.
double race_ns(const char* strategy, std::optional<size_t> gap) {
    return median([strategy, gap] {
        scenario::script s;
        std::string error;
        if (!scenario::load_race(HEDDLE_FORWARD_RACE, s, error)) {
            cannot_measure(error);
        }
        scenario::variant_choice fixed;
        if (!scenario::model_module("fixed", {}, fixed.module, error)) {
            cannot_measure(error);
        }
        scenario::explore_request request;
        request.strategy = strategy;
        request.seed = 7;
        request.executions = 20000;
        request.checkpoint_gap = gap;
        const double begin = processor_seconds();
        const scenario::variant_report r = scenario::explore_here(s, fixed, request, nullptr);
        return (processor_seconds() - begin) * 1e9 / static_cast<double>(r.executions);
    });
}

// The first race from beginning to end, without a bound, by one process and by two.
void proof_rows() {
    for (const char* jobs : {"1", "2"}) {
        const command_cost all =
            run_command({HEDDLE_COMMAND, "explore", HEDDLE_FORWARD_RACE, "--variant", "fixed",
                         "--strategy", "optimal", "-j", jobs},
                        1);
        const std::string what = fmt::format("forward.race, proved, -j {}", jobs);
        fmt::print("{:<46} {:<13} {:>10.2f} s {:>9.2f} s of processor time\n", what, "all checkers",
                   all.wall_seconds, all.processor_seconds);
        fmt::print("{:<46} {:<13} {:>10.1f} MiB {:>34} {}\n", what + ", peak memory",
                   "all checkers", all.mib, "", judged("32 MiB", all.mib <= mib_max));
    }
}

void ratio_row(const std::string& what, const std::string& with, double optimal_ns,
               double random_ns, double least) {
    const double ratio = random_ns / optimal_ns;
    const std::string goal = least == 0 ? "" : judged(fmt::format("{:.1f}", least), ratio >= least);
    fmt::print("{:<46} {:<13} {:>7.2f} of random's executions/s {:>30} {}\n", what, with, ratio, "",
               goal);
}

void race_row(const std::string& with, double ns) {
    const double wanted = race_goal_per_second * switch_of_goals_ns / raw_ns;
    fmt::print("{:<46} {:<13} {:>10.1f} ns {:>8.0f} x switch  {:<21} {}\n", "forward.race, " + with,
               "all checkers", ns, ns / raw_ns, per_second(ns, "executions"),
               judged(fmt::format("{:.1f} k/s", wanted / 1e3), 1e9 / ns >= wanted));
}

}  // namespace

void rate_rows() {
    title("an execution: optimal exploration and a random walk");
    for (bool checkers : {false, true}) {
        ratio_row("inc_rmw(2,8), optimal", checkers ? "all checkers" : "bare",
                  program_ns(true, checkers), program_ns(false, checkers), 0.4);
    }
    const double random = race_ns("random", {});
    const double anew = race_ns("optimal", 0);
    const double sparse = race_ns("optimal", {});
    race_row("random", random);
    race_row("optimal, each from the root", anew);
    race_row("optimal, sparse snapshots", sparse);
    ratio_row("forward.race, optimal, each from the root", "all checkers", anew, random, 0);
    ratio_row("forward.race, optimal, sparse snapshots", "all checkers", sparse, random, 0.5);
    proof_rows();
}

}  // namespace bench

#include "scenarios/command/options.h"

#include "sim/check/checker.h"
#include "sim/explore/sampler.h"
#include "sim/machine/faults.h"

namespace scenario {

namespace {

constexpr uint64_t width_min = 40;
constexpr uint64_t width_max = 1000;
constexpr uint64_t jobs_max = 256;
constexpr uint64_t preemptions_max = 1000;
constexpr uint64_t delays_max = 1000;
constexpr uint64_t reversals_max = 1000;
constexpr uint64_t faults_max = sim::faults_max;

}  // namespace

void view_options::add_to(arguments& a, bool with_json) {
    a.group("how it is shown");
    if (with_json) {
        a.flag("--json", json, "one JSON object a line on stdout, the last of \"type\":\"result\"");
    }
    a.flag("-q,--quiet", quiet, "no progress, no advice");
    a.choice("--color", {"auto", "always", "never"}, color, "also: the variable NO_COLOR");
    a.number("--width", width, width_min, width_max, "columns of the output (the terminal's)");
}

void view_options::add_report_to(arguments& a) {
    a.text("--report", "FILE", report,
           "the results for other tools, too: .xml JUnit, .sarif SARIF");
}

void machine_options::add_to(arguments& a) {
    a.group("what is checked");
    std::vector<std::string> names;
    for (const sim::checker_row& row : sim::checkers()) {
        if (row.bit != 0) {
            names.emplace_back(row.name);
        }
    }
    a.choices("--no-check", "CHECKER", names, no_check,
              "it does not look: heddle list checkers; may be repeated");
    a.choice("--memory", {"sc", "tso", "c11"}, memory,
             "the memory model: which writes a read may take (by interleaving: the last one)");
    a.choice("--dependence", {"refined", "plain"}, dependence,
             "plain: no operation commutes by its meaning");
    a.flag("--deep", deep, "open sections: what they hide is explored too");
    a.flag("--compare", compare,
           "compare all memory after each restore (a check of heddle itself)");
    a.flag("--wrong-results", wrong_results,
           "updates whose result is announced as unused return another (a check of that)");
    a.number("--steps", steps, 1, UINT32_MAX, "an execution is cut after so many (100000)");
    a.number("--fail-allocations", failed_allocations, 1, faults_max,
             "malloc and new (std::nothrow) may fail, so often in an execution (never)");
    a.number("--spurious-wakeups", spurious_wakeups, 1, faults_max,
             "waits for conditions and futexes may end by themselves, so often (never)");
    a.number("--reuse", reused_blocks, 1, faults_max,
             "an allocation may be the last block freed of its size, so often (never)");
    a.number("--early-timers", early_timers, 1, faults_max,
             "a wait with a time limit may run out though others can go on, so often (never)");
    a.number("--lose-packets", lost_packets, 1, faults_max,
             "a race: packets may be lost before they come in, so many (none)");
    a.texts("--patch", "FILE", patches, "a race: the model with this patch, judged as fixed is");
}

void machine_options::fill(explore_request& request) const {
    for (const std::string& name : no_check) {
        request.checks &= ~sim::checker_named_or_null(name)->bit;
    }
    request.memory = memory;
    request.plain_dependence = dependence == "plain";
    request.deep = deep;
    request.compare_memory = compare;
    request.wrong_results = wrong_results;
    request.steps_max = static_cast<uint32_t>(steps.value_or(0));
    request.failed_allocations = static_cast<uint32_t>(failed_allocations.value_or(0));
    request.spurious_wakeups = static_cast<uint32_t>(spurious_wakeups.value_or(0));
    request.reused_blocks = static_cast<uint32_t>(reused_blocks.value_or(0));
    request.early_timers = static_cast<uint32_t>(early_timers.value_or(0));
    request.lost_packets = static_cast<uint32_t>(lost_packets.value_or(0));
    request.patches = patches;
}

std::string machine_options::typed() const {
    std::string out;
    for (const std::string& name : no_check) {
        out += " --no-check " + name;
    }
    for (const auto& [given, name] : {std::pair{dependence == "plain", "--dependence plain"},
                                      {deep, "--deep"},
                                      {wrong_results, "--wrong-results"}}) {
        out += given ? std::string(" ") + name : "";
    }
    out += memory.empty() ? "" : " --memory " + memory;
    out += steps ? " --steps " + std::to_string(*steps) : "";
    for (const auto& [bound, name] : {std::pair{failed_allocations, " --fail-allocations "},
                                      {spurious_wakeups, " --spurious-wakeups "},
                                      {reused_blocks, " --reuse "},
                                      {early_timers, " --early-timers "},
                                      {lost_packets, " --lose-packets "}}) {
        out += bound ? name + std::to_string(*bound) : "";
    }
    for (const std::string& patch : patches) {
        out += " --patch " + patch;
    }
    return out;
}

void search_options::add_to(arguments& a) {
    a.group("which executions");
    a.texts("--variant", "NAME", variants, "a race: only this one; may be repeated");
    a.choice(
        "--strategy",
        {"optimal", "graph", "exhaustive", "bounded", "delay", "random", "pct", "pos", "surw",
         "portfolio", "dfs"},
        strategy,
        "heddle list strategies says what they are (a program: optimal; with --memory: graph)");
    a.number("-p,--preemptions", preemptions, 0, preemptions_max,
             "bounded: 0, then 1, ... up to so many (3)");
    a.number("--delays", delays, 0, delays_max, "delay: 0, then 1, ... up to so many (2)");
    a.number("--reversals", reversals, 0, reversals_max,
             "graph: reads, writes and uses that are other than in the graph before (any number)");
    a.number("-n,--executions", executions, 1, ~0ULL,
             "no more than so many (a program without --time: 1000000)");
    a.number("--seed", seed, 0, ~0ULL, "random, pct, pos, surw, portfolio: another walk");
    a.number("--depth", depth, 1, sim::pct_depth_max,
             "pct: orders of two steps that a bug needs (3)");
    a.number("-j,--jobs", jobs, 1, jobs_max,
             "so many processes (1): optimal and graph share a variant out, others take one each");
    a.number("--time", seconds, 1, ~0ULL, "stop after so many seconds; a race: each variant");
    a.number("--memory-limit", memory_mib, 1, ~0ULL,
             "stop when all who explore use so many MiB together");
    a.text("--checkpoint", "FILE", checkpoint,
           "optimal, graph: where to leave what is not done (X.checkpoint)");
    a.text("--resume", "FILE", resume,
           "optimal, graph: go on from a checkpoint; a race: with --variant");
    a.flag("--first", first, "a program: stop at the first finding");
}

void search_options::fill(explore_request& request) const {
    request.variants = variants;
    request.strategy = strategy == "dfs" ? "optimal" : strategy;
    // An option that only one strategy knows asks for that strategy.
    if (strategy.empty() && preemptions) {
        request.strategy = "bounded";
    } else if (strategy.empty() && delays) {
        request.strategy = "delay";
    } else if (strategy.empty() && reversals) {
        request.strategy = "graph";
    } else if (strategy.empty() && depth) {
        request.strategy = "pct";
    } else if (strategy.empty() && seed) {
        request.strategy = "random";
    }
    if (preemptions) {
        request.preemptions = static_cast<uint32_t>(*preemptions);
    }
    if (reversals) {
        request.reversals = static_cast<uint32_t>(*reversals);
    }
    if (delays) {
        request.delays = static_cast<uint32_t>(*delays);
    }
    if (depth) {
        request.depth = static_cast<uint32_t>(*depth);
    }
    request.executions = executions;
    request.seed = seed;
    request.stop_at_first = first;
    request.jobs = static_cast<uint32_t>(jobs.value_or(1));
    request.seconds = seconds;
    request.memory_mib = memory_mib;
    request.checkpoint = checkpoint;
    request.resume = resume;
}

}  // namespace scenario

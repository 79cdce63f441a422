// What a switch, a step, an execution and a restore cost, each beside the raw Boost.Context switch of the
// same run. Every row runs in a process of its own; the median of five is shown.
#include <fmt/format.h>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <boost/context/detail/fcontext.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

#include "scenarios/runner/model_build.h"
#include "scenarios/runner/race.h"
#include "scenarios/runner/variant_run.h"
#include "sim/explore/explorer.h"
#include "sim/explore/random.h"
#include "sim/explore/replay.h"

namespace {

using steady = std::chrono::steady_clock;

double seconds_since(steady::time_point begin) {
    return std::chrono::duration<double>(steady::now() - begin).count();
}

// A number computed in a child; a subject has fixed addresses, one a process. A row that cannot be
// measured ends the benchmark: a figure that is none must not stand beside the others.
double in_child(const std::function<double()>& body) {
    int ends[2];
    if (pipe(ends) != 0) {
        std::perror("pipe");
        std::exit(1);
    }
    pid_t child = fork();
    if (child == 0) {
        double value = body();
        _exit(write(ends[1], &value, sizeof value) == sizeof value ? 0 : 1);
    }
    close(ends[1]);
    double value = -1;
    if (read(ends[0], &value, sizeof value) != sizeof value) {
        value = -1;
    }
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    if (value < 0 || status != 0) {
        fmt::print(stderr, "this row could not be measured\n");
        std::exit(1);
    }
    return value;
}

double median(const std::function<double()>& body) {
    std::vector<double> values(5);
    for (double& value : values) {
        value = in_child(body);
    }
    std::sort(values.begin(), values.end());
    return values[2];
}

void bounce(boost::context::detail::transfer_t t) {
    for (;;) {
        t = boost::context::detail::jump_fcontext(t.fctx, nullptr);
    }
}

// Round robin over 64 fibers, as many contexts as a simulation can have.
double raw_switch_ns() {
    constexpr int fibers = 64;
    constexpr long rounds = 200000;
    constexpr size_t stack = 16384;
    std::vector<char> stacks(fibers * stack);
    std::vector<boost::context::detail::fcontext_t> contexts;
    for (int i = 0; i < fibers; ++i) {
        char* top = stacks.data() + (i + 1) * stack;
        contexts.push_back(boost::context::detail::make_fcontext(top, stack, bounce));
    }
    auto begin = steady::now();
    for (long round = 0; round < rounds; ++round) {
        for (auto& c : contexts) {
            c = boost::context::detail::jump_fcontext(c, nullptr).fctx;
        }
    }
    return seconds_since(begin) * 1e9 / (2.0 * fibers * rounds);
}

// Always goes on with the current context, or always leaves it if it can.
class steady_strategy final : public sim::strategy {
  public:
    explicit steady_strategy(bool switches) : switches_(switches) {}
    bool begin() override { return true; }
    uint8_t choose(const sim::choice_view& view) override {
        if (!switches_) {
            return sim::default_choice(view);
        }
        uint64_t others =
            view.current_enabled ? view.enabled & ~(1ULL << view.current) : view.enabled;
        return static_cast<uint8_t>(__builtin_ctzll(others));
    }
    uint32_t pick(const sim::choice_view&, uint32_t) override { return 0; }

  private:
    bool switches_;
};

std::string subject(const std::string& name) {
    return std::string(HEDDLE_SUBJECT_DIR) + "/" + name + ".g++.so";
}

struct cost {
    double per_execution_ns;
    double per_step_ns;
};

cost run(const std::string& name, sim::strategy& s, bool checkers, uint64_t executions) {
    sim::simulation_options options;
    options.race = options.memory = options.leaks = checkers;
    sim::simulation machine(options);
    std::string error;
    if (!machine.load(subject(name), error)) {
        fmt::print(stderr, "{}\n", error);
        _exit(1);
    }
    machine.set_contexts({sim::program_main({name})});
    machine.take_snapshot();
    sim::explore_limits limits;
    limits.executions_max = executions / 20;
    sim::explore(machine, s, limits);  // warm
    limits.executions_max = executions;
    auto begin = steady::now();
    sim::explore_result r = sim::explore(machine, s, limits);
    double ns = seconds_since(begin) * 1e9;
    return {ns / static_cast<double>(r.executions), ns / static_cast<double>(r.steps)};
}

double raw_ns = 1;

void row(const std::string& what, const std::string& with, double ns, const std::string& rate,
         const std::string& reach) {
    fmt::print("{:<44} {:<14} {:>10.1f} ns {:>8.1f} x switch  {:<22} {}\n", what, with, ns,
               ns / raw_ns, rate, reach);
}

std::string per_second(double ns, const char* unit) {
    double rate = 1e9 / ns;
    return rate >= 1e6 ? fmt::format("{:.2f} M {}/s", rate / 1e6, unit)
                       : fmt::format("{:.1f} k {}/s", rate / 1e3, unit);
}

void step_rows() {
    for (bool checkers : {false, true}) {
        for (bool switches : {false, true}) {
            double ns = median([=] {
                steady_strategy s(switches);
                return run("inc_rmw_2_100", s, checkers, 20000).per_step_ns;
            });
            row(switches ? "step, switching at each" : "step, same context goes on",
                checkers ? "all checkers" : "bare", ns, per_second(ns, "steps"), "");
        }
    }
}

void program_rows() {
    struct program {
        const char* name;
        const char* title;
        uint64_t executions;
        bool by_step;
        const char* reach[2];
    };
    const program programs[] = {
        {"sb_2_1", "sb(2,1), random, an execution", 1000000, false, {"reach 50", "reach 100"}},
        {"inc_rmw_2_100", "inc_rmw(2,100), random, a step", 20000, true, {"reach 6", "reach 10"}},
    };
    for (const program& p : programs) {
        for (bool checkers : {false, true}) {
            double ns = median([&] {
                sim::random_strategy s(7);
                cost c = run(p.name, s, checkers, p.executions);
                return p.by_step ? c.per_step_ns : c.per_execution_ns;
            });
            row(p.title, checkers ? "all checkers" : "bare", ns,
                per_second(ns, p.by_step ? "steps" : "executions"), p.reach[checkers]);
        }
    }
}

void restore_rows() {
    for (int bytes : {64, 1024, 16384, 262144}) {
        double ns = median([=] {
            steady_strategy s(false);
            return run(fmt::format("dirty_{}", bytes), s, false, bytes > 20000 ? 2000 : 50000)
                .per_execution_ns;
        });
        row(fmt::format("execution that dirties {} bytes, restored", bytes), "bare", ns,
            per_second(ns, "executions"), "");
    }
}

// The first race: a packet, a destroy, the judgement of what its file expects. Random choice begins each
// execution anew; optimal exploration begins most of them at a snapshot.
void race_row(const char* strategy) {
    double ns = median([strategy] {
        scenario::script s;
        std::string error;
        if (!scenario::load_race(HEDDLE_FORWARD_RACE, s, error)) {
            fmt::print(stderr, "{}", error);
            return -1.0;
        }
        scenario::variant_choice fixed;
        if (!scenario::model_module("fixed", {}, fixed.module, error)) {
            fmt::print(stderr, "{}\n", error);
            return -1.0;
        }
        scenario::explore_request request;
        request.strategy = strategy;
        request.seed = 7;
        request.executions = 20000;
        scenario::variant_report r = scenario::explore_here(s, fixed, request, nullptr);
        return r.seconds * 1e9 / static_cast<double>(r.executions);
    });
    row(fmt::format("forward.race, {}, an execution", strategy), "all checkers", ns,
        per_second(ns, "executions"), fmt::format("reach {:.1f} k/s here", 30 * 5.3 / raw_ns));
}

long resident_kib() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

void memory_row(uint64_t executions) {
    double grown = in_child([=] {
        sim::simulation machine;
        std::string error;
        if (!machine.load(subject("sb_2_1"), error)) {
            return -1.0;
        }
        machine.set_contexts({sim::program_main({"sb"})});
        machine.take_snapshot();
        sim::random_strategy s(1);
        sim::explore_limits limits;
        limits.executions_max = executions / 10;
        sim::explore(machine, s, limits);
        long before = resident_kib();
        limits.executions_max = executions;
        sim::explore(machine, s, limits);
        return static_cast<double>(resident_kib() - before);
    });
    fmt::print("{:<44} {:<14} {:>10.0f} KiB grown after the first tenth\n",
               fmt::format("memory over {} executions of sb(2,1)", executions), "all checkers",
               grown);
}

}  // namespace

int main(int argc, char** argv) {
    bool quick = argc > 1 && std::string(argv[1]) == "--quick";
    raw_ns = median(raw_switch_ns);
    fmt::print(
        "raw Boost.Context switch, 64 fibers: {:.2f} ns ({:.0f} M/s); recording off in all rows\n",
        raw_ns, 1e3 / raw_ns);
    step_rows();
    program_rows();
    race_row("random");
    race_row("optimal");
    restore_rows();
    memory_row(quick ? 100000 : 10000000);
    return 0;
}

// What a step, an execution and a restore cost, and whether memory grows.
#include <fmt/format.h>
#include <sys/resource.h>

#include <string>

#include "sim/explore/explorer.h"
#include "sim/explore/random.h"
#include "sim/explore/replay.h"
#include "test/bench/measure.h"
#include "test/bench/rows.h"

namespace bench {

namespace {

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

double step_ns(const cost& c) {
    return c.seconds * 1e9 / static_cast<double>(c.steps);
}

double execution_ns(const cost& c) {
    return c.seconds * 1e9 / static_cast<double>(c.executions);
}

void step_rows() {
    for (bool checkers : {false, true}) {
        for (bool switches : {false, true}) {
            double ns = median([=] {
                steady_strategy s(switches);
                return step_ns(run("inc_rmw_2_100", s, checkers, 20000));
            });
            row(switches ? "step, switching at each" : "step, same context goes on",
                checkers ? "all checkers" : "bare", ns, per_second(ns, "steps"), 0);
        }
    }
}

void program_rows() {
    struct program {
        const char* name;
        const char* title;
        uint64_t executions;
        bool by_step;
        double most[2];
    };
    const program programs[] = {
        {"sb_2_1", "sb(2,1), random, an execution", 1000000, false, {50, 100}},
        {"inc_rmw_2_100", "inc_rmw(2,100), random, a step", 20000, true, {6, 10}},
    };
    for (const program& p : programs) {
        for (bool checkers : {false, true}) {
            double ns = median([&] {
                sim::random_strategy s(7);
                const cost c = run(p.name, s, checkers, p.executions);
                return p.by_step ? step_ns(c) : execution_ns(c);
            });
            row(p.title, checkers ? "all checkers" : "bare", ns,
                per_second(ns, p.by_step ? "steps" : "executions"), p.most[checkers]);
        }
    }
}

void restore_rows() {
    for (int bytes : {64, 1024, 16384, 262144}) {
        double ns = median([=] {
            steady_strategy s(false);
            return execution_ns(
                run(fmt::format("dirty_{}", bytes), s, false, bytes > 20000 ? 2000 : 50000));
        });
        row(fmt::format("execution that dirties {} bytes, restored", bytes), "bare", ns,
            per_second(ns, "executions"), 0);
    }
}

long resident_kib() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

void memory_row(uint64_t executions) {
    const double grown = in_child(1, [=] {
        sim::simulation machine;
        load(machine, "sb_2_1");
        sim::random_strategy s(1);
        sim::explore_limits limits;
        limits.executions_max = executions / 10;
        sim::explore(machine, s, limits);
        const long before = resident_kib();
        limits.executions_max = executions;
        sim::explore(machine, s, limits);
        return std::vector<double>{static_cast<double>(resident_kib() - before)};
    })[0];
    fmt::print("{:<46} {:<13} {:>10.0f} KiB grown after the first tenth {:>14} {}\n",
               fmt::format("memory over {} executions of sb(2,1)", executions), "all checkers",
               grown, "", judged("0", grown == 0));
}

}  // namespace

void machine_rows(bool quick) {
    title("the machine");
    step_rows();
    program_rows();
    restore_rows();
    memory_row(quick ? 100000 : 10000000);
}

}  // namespace bench

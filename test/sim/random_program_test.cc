// Random small programs of atomics, locks, condition variables, semaphores, reader/writer locks and
// awaits: optimal exploration visits each trace that the oracle counts, and none twice.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <memory>
#include <set>

#include "sim/dependence.h"
#include "sim/explore/bounded.h"
#include "sim/explore/counted.h"
#include "sim/explore/delay.h"
#include "sim/explore/exhaustive.h"
#include "sim/explore/explorer.h"
#include "sim/explore/graph_search.h"
#include "sim/explore/optimal.h"
#include "sim/explore/random.h"
#include "sim/explore/sampler.h"
#include "sim/explore/token.h"
#include "sim/machine/visible.h"
#include "sim/program/symbols.h"
#include "test/budget.h"
#include "test/sim/child.h"
#include "test/sim/explored.h"
#include "test/sim/oracle.h"
#include "test/sim/units.h"

namespace sim::test {

namespace {

constexpr size_t operations_max = 8;
constexpr uint64_t interleavings_max = 2'000'000;

// Which CPUs its threads choose, and which of them are interrupts.
struct table_places {
    table_cpus cpus;
    table_levels levels;
};

void write_table(const table_program& program, const table_places& places = {}) {
    const table_cpus& cpus = places.cpus;
    std::copy(places.levels.begin(), places.levels.end(),
              reinterpret_cast<int*>(g.subject->address_of_data("level_of")));
    std::copy(cpus.begin(), cpus.end(),
              reinterpret_cast<int*>(g.subject->address_of_data("cpu_of")));
    auto* table = reinterpret_cast<table_entry*>(g.subject->address_of_data("table"));
    for (size_t t = 0; t < program.size(); ++t) {
        for (size_t i = 0; i < program[t].size(); ++i) {
            table[t * operations_max + i] = program[t][i];
        }
    }
    *reinterpret_cast<int*>(g.subject->address_of_data("threads")) =
        static_cast<int>(program.size());
}

// Runs `body` in a child, with the program on the machine and ready for its first execution.
std::string on_machine(const table_program& program, bool compare,
                       const std::function<std::string(simulation&)>& body,
                       const table_places& places = {}) {
    return in_child([&] {
        simulation_options options;
        options.checks = 0;
        options.compare = compare;
        simulation machine(options);
        std::string error;
        if (!machine.load(subject("table_program", "g++"), error)) {
            return "load: " + error;
        }
        write_table(program, places);
        machine.set_contexts({program_main({"program"})});
        machine.take_snapshot();
        dependence = dependence_mode::plain;
        return body(machine);
    });
}

std::string counts_of(const oracle_count& c) {
    return fmt::format("finished {}, deadlocked {}", c.finished, c.deadlocked);
}

// "optimal", the same with snapshots two events apart (all memory is compared with them), "exhaustive".
std::string explored_table(const table_program& program, const std::string& name,
                           const table_places& places = {}) {
    const auto explore_it = [&](simulation& machine) {
        optimal_strategy best(name == "snapshots" ? 2 : 0);
        exhaustive_strategy all;
        explore_result r =
            explore(machine, name == "exhaustive" ? all : static_cast<strategy&>(best), {});
        return fmt::format("finished {}, deadlocked {}{}{}", r.executions - r.deadlocked,
                           r.deadlocked,
                           name != "exhaustive" && r.pruned != 0 ? ", some asleep" : "",
                           r.cut_by_findings ? ", one waits for its host" : "");
    };
    return on_machine(program, name == "snapshots", explore_it, places);
}

// As execution graphs.
std::string explored_as_graphs(const table_program& program, memory_model model,
                               const table_places& places = {}) {
    const auto explore_it = [&](simulation& machine) {
        chosen_memory = model;
        graph_search graphs;
        const explore_result r = explore(machine, graphs, {});
        return fmt::format("finished {}, deadlocked {}", r.executions - r.deadlocked, r.deadlocked);
    };
    return on_machine(program, false, explore_it, places);
}

// The same in units of work, as several workers would do it.
std::string explored_in_units(const table_program& program, const unit_order& order,
                              const table_places& places = {}) {
    return in_child([&] {
        simulation_options options;
        options.checks = 0;
        simulation machine(options);
        std::string error;
        if (!machine.load(subject("table_program", "g++"), error)) {
            return "load: " + error;
        }
        write_table(program, places);
        machine.set_contexts({program_main({"program"})});
        machine.take_snapshot();
        dependence = dependence_mode::plain;
        if (!places.levels.empty()) {
            visible_add({location::cpu_slot, 1, 0});  // or all would have to begin anew
        }
        const explore_result r = explore_in_units(machine, order);
        return fmt::format("finished {}, deadlocked {}{}", r.executions - r.deadlocked,
                           r.deadlocked, r.complete ? "" : ", not complete");
    });
}

// The trace that was just executed, as text: which events happen before which, and data choices.
std::string trace_key() {
    std::vector<std::vector<unsigned>> clocks;
    std::vector<unsigned> counts(contexts_max, 0);
    std::vector<std::string> texts(contexts_max);
    size_t event = 0;
    for (uint8_t choice : g.choices) {
        if ((choice & choice_is_data) != 0) {
            texts[g.history[event - 1].context] += static_cast<char>('0' + (choice & 0x7f));
            continue;
        }
        const step_record& e = g.history[event];
        std::vector<unsigned> clock(contexts_max, 0);
        for (size_t k = 0; k < event; ++k) {
            if (g.history[k].context == e.context || dependent(g.history[k].op, e.op)) {
                for (size_t i = 0; i < contexts_max; ++i) {
                    clock[i] = std::max(clock[i], clocks[k][i]);
                }
            }
        }
        clock[e.context] = ++counts[e.context];
        for (unsigned c : clock) {
            texts[e.context] += static_cast<char>('A' + c);
        }
        clocks.push_back(clock);
        ++event;
    }
    std::string key;
    for (const std::string& text : texts) {
        key += text + "/";
    }
    return key;
}

// What an iterative search says of itself, and whether it is so: its traces are those of trace_key, and
// an execution is redundant if its trace was there before.
std::string within_bounds(const table_program& program,
                          const std::function<std::unique_ptr<iterative_strategy>()>& make,
                          const table_places& places = {}) {
    const auto explore_it = [&](simulation& machine) {
        const std::unique_ptr<iterative_strategy> rounds = make();
        counted_strategy counted(*rounds, *rounds);
        std::set<std::string> seen;
        std::vector<uint64_t> executions;  // by round
        explore(machine, counted, {}, [&](execution_end end) {
            // Interrupts are known when there was one: then all begins anew.
            if (end != execution_end::pruned && !visible_pending()) {
                seen.insert(trace_key());
                executions.resize(static_cast<size_t>(rounds->complete_to()) + 2);
                ++executions.back();
            }
            return true;
        });
        uint64_t all = 0;
        for (uint64_t n : executions) {
            all += n;
        }
        const trace_counter& c = counted.counter();
        if (!c.exact() || c.traces() != seen.size() || c.redundant() != all - seen.size()) {
            return fmt::format("{} traces and {} redundant of {}, but there are {}", c.traces(),
                               c.redundant(), all, seen.size());
        }
        return fmt::format("traces {}, executions {}", fmt::join(counted.traces_within(), " "),
                           fmt::join(executions, " "));
    };
    return on_machine(program, false, explore_it, places);
}

// Ten programs a test, so that a failure is found quickly; ten times as many without a budget.
std::vector<uint64_t> seeds(int test) {
    const uint64_t rounds = full_budget() ? 10 : 1;
    std::vector<uint64_t> list;
    for (uint64_t i = 0; i < 10 * rounds; ++i) {
        list.push_back(static_cast<uint64_t>(test) * 10 + i % 10 + i / 10 * 400);
    }
    return list;
}

class RandomProgram : public testing::TestWithParam<int> {};

TEST_P(RandomProgram, IsExploredAsTheOracleCounts) {
    for (uint64_t seed : seeds(GetParam())) {
        const table_program program = random_program(seed);
        const oracle_count wanted = count_traces(program, interleavings_max);
        ASSERT_FALSE(wanted.too_many) << text_of(program);
        const std::string text = counts_of(wanted);
        EXPECT_EQ(explored_table(program, "exhaustive"), text) << seed << "\n" << text_of(program);
        EXPECT_EQ(explored_table(program, "optimal"), text) << seed << "\n" << text_of(program);
        EXPECT_EQ(explored_table(program, "snapshots"), text) << seed << "\n" << text_of(program);
    }
}

bool has(const table_program& program, const std::set<table_kind>& kinds) {
    return std::any_of(program.begin(), program.end(), [&](const auto& thread) {
        return std::any_of(thread.begin(), thread.end(),
                           [&](const table_entry& e) { return kinds.count(e.kind) != 0; });
    });
}

// Graphs of sequential consistency are traces; all accesses are seq_cst, so those of the other models are the same, but for
// awaits, which acquire. Readers of a lock and attempts that fail commute, which graphs do not know.
TEST_P(RandomProgram, IsExploredAsGraphs) {
    for (uint64_t seed : seeds(GetParam())) {
        const table_program program = random_program(seed);
        if (has(program, {table_kind::rdlock, table_kind::trylock})) {
            continue;
        }
        const std::string wanted = counts_of(count_traces(program, interleavings_max));
        for (const memory_model m : {memory_model::sc, memory_model::tso, memory_model::c11}) {
            if (m == memory_model::c11 && has(program, {table_kind::await})) {
                continue;
            }
            EXPECT_EQ(explored_as_graphs(program, m), wanted) << name_of(m) << " " << seed << "\n"
                                                              << text_of(program);
        }
    }
}

// What is handed out in units of work, in whatever order, is the same: one execution a unit, and nothing
// in vain where each goes on with the last; several at once, so that branches of a node are explored side
// by side; with workers that die.
TEST_P(RandomProgram, IsExploredTheSameInUnits) {
    for (uint64_t seed : seeds(GetParam())) {
        const table_program program = random_program(seed);
        const oracle_count wanted = count_traces(program, interleavings_max);
        const std::string text = counts_of(wanted);
        for (const unit_order& order :
             {unit_order{1, 1, true, seed, false, true},
              unit_order{1, 1, false, seed, false, false},
              unit_order{1, 3, false, seed, false, true}, unit_order{1, 8, false, seed, true, true},
              unit_order{3, 4, false, seed, true, false}}) {
            EXPECT_EQ(explored_in_units(program, order), text)
                << "seed " << seed << ", " << order.executions << " a unit, " << order.out
                << " out\n"
                << text_of(program);
        }
    }
}

// The part of "traces T T T, executions E E E" before the comma.
std::string traces_of(const std::string& said) {
    return said.substr(0, said.find(','));
}

// A bounded search sees each trace that some interleaving shows with so few preemptions, and no other.
void expect_within_every_bound(const table_program& program, const oracle_count& wanted,
                               const table_places& places, const std::string& about) {
    std::vector<uint64_t> within(1, 0);
    for (int bound = 0; bound <= 3; ++bound) {
        const auto at = wanted.with_preemptions.find(bound);
        within.back() += at != wanted.with_preemptions.end() ? at->second : 0;
        const auto make = [bound] {
            return std::make_unique<bounded_strategy>(static_cast<uint32_t>(bound));
        };
        const std::string said = within_bounds(program, make, places);
        // Rounds end where no preemption is left out.
        std::vector<uint64_t> least = within;
        const auto rounds = static_cast<size_t>(
            std::count(said.begin(), said.begin() + static_cast<long>(said.find(',')), ' '));
        ASSERT_GE(rounds, 1U) << said;
        EXPECT_EQ(least[rounds - 1], within.back()) << about << ", bound " << bound;
        least.resize(rounds);
        EXPECT_EQ(traces_of(said), fmt::format("traces {}", fmt::join(least, " ")))
            << about << ", bound " << bound;
        within.push_back(within.back());
    }
}

TEST_P(RandomProgram, IsExploredWithinEveryBound) {
    for (uint64_t seed : seeds(GetParam())) {
        const table_program program = random_program(seed);
        const oracle_count wanted = count_traces(program, interleavings_max);
        expect_within_every_bound(program, wanted, {},
                                  fmt::format("{}\n{}", seed, text_of(program)));
    }
}

// Threads that share a CPU: the same, in every way in which they are explored.
TEST_P(RandomProgram, IsExploredWhereThreadsShareACpu) {
    int small = 0;
    for (uint64_t seed : seeds(GetParam())) {
        const table_program program = random_program(seed, 1);
        const table_cpus cpus = random_cpus(seed, program.size());
        const oracle_count wanted = count_traces(program, interleavings_max / 10, cpus);
        if (wanted.too_many) {
            continue;
        }
        ++small;
        const std::string about =
            fmt::format("{}, cpus {}\n{}", seed, fmt::join(cpus, " "), text_of(program));
        for (const char* how : {"exhaustive", "optimal", "snapshots"}) {
            EXPECT_EQ(explored_table(program, how, {cpus, {}}), counts_of(wanted))
                << how << " " << about;
        }
        EXPECT_EQ(explored_in_units(program, {1, 8, false, seed, true, true}, {cpus, {}}),
                  counts_of(wanted))
            << "in units " << about;
        if (!has(program, {table_kind::rdlock, table_kind::trylock, table_kind::await})) {
            // An attempt to take a lock that only shows that it must wait is a use like any other there.
            unsigned long finished = 0;
            unsigned long deadlocked = 0;
            const std::string graphs = explored_as_graphs(program, memory_model::sc, {cpus, {}});
            std::sscanf(graphs.c_str(), "finished %lu, deadlocked %lu", &finished, &deadlocked);
            EXPECT_GE(finished, wanted.finished) << about;
            EXPECT_GE(deadlocked, wanted.deadlocked) << about;
        }
        expect_within_every_bound(program, wanted, {cpus, {}}, about);
    }
    EXPECT_GE(small, 5);
}

// Interrupts come to their CPU: the same. Where one waits for its host, executions are cut short: then all find that.
TEST_P(RandomProgram, IsExploredWhereInterruptsCome) {
    int small = 0;
    for (uint64_t seed : seeds(GetParam())) {
        table_program program = random_program(seed, 1);
        table_places places;
        places.levels = add_interrupts(seed, program, places.cpus);
        const oracle_count wanted =
            count_traces(program, interleavings_max / 10, places.cpus, places.levels);
        if (wanted.too_many) {
            continue;
        }
        const std::string about =
            fmt::format("{}, cpus {}, levels {}\n{}", seed, fmt::join(places.cpus, " "),
                        fmt::join(places.levels, " "), text_of(program));
        if (wanted.host_deadlock) {
            for (const char* how : {"exhaustive", "optimal"}) {
                EXPECT_NE(explored_table(program, how, places).find("waits for its host"),
                          std::string::npos)
                    << how << " " << about;
            }
            continue;
        }
        ++small;
        for (const char* how : {"exhaustive", "optimal", "snapshots"}) {
            EXPECT_EQ(explored_table(program, how, places), counts_of(wanted))
                << how << " " << about;
        }
        EXPECT_EQ(explored_in_units(program, {1, 8, false, seed, true, true}, places),
                  counts_of(wanted))
            << "in units " << about;
        expect_within_every_bound(program, wanted, places, about);
    }
    EXPECT_GE(small, 3);
}

// A strategy whose operations are kept, for trace_key.
class watched final : public strategy {
  public:
    explicit watched(strategy& inner) : inner_(inner) {}
    bool begin() override { return inner_.begin(); }
    uint8_t choose(const choice_view& view) override { return inner_.choose(view); }
    uint32_t pick(const choice_view& view, uint32_t n) override { return inner_.pick(view, n); }
    void restart() override { inner_.restart(); }
    void time_passes() override { inner_.time_passes(); }
    void end(execution_end why) override { inner_.end(why); }
    [[nodiscard]] bool wants_forced() const override { return inner_.wants_forced(); }
    [[nodiscard]] bool wants_pending() const override { return inner_.wants_pending(); }
    [[nodiscard]] bool wants_operations() const override { return true; }

  private:
    strategy& inner_;
};

std::set<std::string> all_traces(simulation& machine) {
    std::set<std::string> all;
    exhaustive_strategy everything;
    watched how(everything);
    explore(machine, how, {}, [&](execution_end end) {
        if (end != execution_end::pruned && !visible_pending()) {
            all.insert(trace_key());
        }
        return true;
    });
    return all;
}

// Samples `count` executions and replays each by its token. The traces that are sampled are among `all`, unless
// executions are cut short.
std::string sampled(simulation& machine, const std::string& sampler, uint64_t seed, uint64_t count,
                    const std::set<std::string>& all, bool cut) {
    std::unique_ptr<strategy> s = make_sampler_or_null(sampler, seed, pct_depth_default);
    if (s == nullptr) {
        s = std::make_unique<random_strategy>(seed);
    }
    std::vector<recorded_choices> seen;
    explore_limits limits;
    limits.executions_max = count;
    explore(machine, *s, limits, [&](execution_end end) {
        if (end != execution_end::pruned && !visible_pending()) {
            seen.push_back(g.choices.recorded());
        }
        return true;
    });
    std::set<std::string> keys;
    for (const recorded_choices& choices : seen) {
        token_writer writer(choices);
        writer.begin();
        machine.run(writer);
        token read;
        std::string error;
        if (writer.diverged() ||
            !parse_token(print_token({"program", "program", writer.deviations(), {}}), read,
                         error)) {
            return sampler + ": no token: " + error;
        }
        token_strategy follower(read.deviations);
        watched how(follower);
        how.begin();
        machine.run(how);
        const std::string key = trace_key();
        keys.insert(key);
        if (follower.not_followed() != 0 || g.choices.recorded() != choices) {
            return fmt::format("{}: its token {} leads elsewhere", sampler, print_token(read));
        }
        if (!cut && all.count(key) == 0) {
            return sampler + " shows a trace that is none: " + key;
        }
    }
    if (seen.size() + 1 < count) {  // one may have shown that there are interrupts
        return fmt::format("{}: {} executions", sampler, seen.size());
    }
    return !cut && all.size() > 1 && keys.size() < 2 ? sampler + " shows one trace alone" : "";
}

// What samplers draw are interleavings that there are, and the token of each is that one again.
TEST_P(RandomProgram, IsSampledAndReplayedWhereInterruptsCome) {
    for (uint64_t seed : seeds(GetParam())) {
        table_program program = random_program(seed, 1);
        table_places places;
        places.levels = add_interrupts(seed, program, places.cpus);
        const oracle_count wanted =
            count_traces(program, interleavings_max / 10, places.cpus, places.levels);
        if (wanted.too_many) {
            continue;
        }
        for (const char* sampler : {"random", "pct", "pos", "surw"}) {
            const auto sample_it = [&](simulation& machine) {
                const std::set<std::string> all = all_traces(machine);
                return sampled(machine, sampler, seed, 40, all, wanted.host_deadlock);
            };
            EXPECT_EQ(on_machine(program, false, sample_it, places), "")
                << fmt::format("{}, cpus {}, levels {}\n{}", seed, fmt::join(places.cpus, " "),
                               fmt::join(places.levels, " "), text_of(program));
        }
    }
}

// A branch whose last step is a data choice, where all alternatives of that sleep, each for itself.
TEST(RandomProgramInUnits, MayBeginWithAChoiceOfWhichAllSleeps) {
    constexpr uint64_t seed = 1257;
    table_program program = random_program(seed, 1);
    table_places places;
    places.levels = add_interrupts(seed, program, places.cpus);
    EXPECT_EQ(explored_in_units(program, {1, 8, false, seed, true, true}, places),
              counts_of(count_traces(program, interleavings_max, places.cpus, places.levels)));
}

// Delay bounding runs every schedule within its bound once a round, as a scheduler written apart does.
TEST_P(RandomProgram, IsRunUnderEveryDelay) {
    for (uint64_t seed : seeds(GetParam())) {
        const table_program program = random_program(seed);
        delay_count wanted = count_delays(program, 3);
        for (size_t last = wanted.schedules.size(); last-- > 1;) {
            if (wanted.schedules[last] == wanted.schedules[last - 1]) {
                wanted.schedules.pop_back();  // the round before left nothing out
                wanted.traces.pop_back();
            }
        }
        EXPECT_EQ(within_bounds(program, [] { return std::make_unique<delay_strategy>(3); }),
                  fmt::format("traces {}, executions {}", fmt::join(wanted.traces, " "),
                              fmt::join(wanted.schedules, " ")))
            << "seed " << seed << "\n"
            << text_of(program);
    }
}

INSTANTIATE_TEST_SUITE_P(All, RandomProgram, testing::Range(0, 40));

}  // namespace

}  // namespace sim::test

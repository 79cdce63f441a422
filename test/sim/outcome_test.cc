// Sets of outcomes: everything that the memory model and the primitives allow happens, and nothing else.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "sim/explore/bounded.h"
#include "sim/explore/exhaustive.h"
#include "sim/explore/explorer.h"
#include "sim/explore/optimal.h"
#include "sim/explore/random.h"
#include "sim/machine/schedule.h"
#include "sim/program/symbols.h"
#include "test/sim/child.h"
#include "test/sim/explored.h"

namespace sim::test {

namespace {

// Runs `body` with a loaded program, in a child.
std::string with_program(const std::string& name,
                         const std::function<std::string(simulation&)>& body) {
    return in_child([&] {
        simulation_options options;
        options.compare = true;
        simulation machine(options);
        std::string error;
        if (!machine.load(subject(name, "g++"), error)) {
            return "load: " + error;
        }
        machine.set_contexts({program_main({"program"})});
        machine.take_snapshot();
        return body(machine);
    });
}

int variable(const std::string& name) {
    return *reinterpret_cast<const int*>(g.subject->address_of_data(name));
}

std::string outcomes(const std::string& program, strategy& s, uint64_t executions,
                     const std::function<std::string()>& look) {
    return with_program(program, [&](simulation& machine) {
        std::set<std::string> seen;
        explore_limits limits;
        limits.executions_max = executions;
        explore(machine, s, limits, [&](execution_end end) {
            if (end != execution_end::pruned) {
                seen.insert(look());
            }
            return true;
        });
        std::string text;
        for (const std::string& one : seen) {
            text += one + " ";
        }
        return text;
    });
}

TEST(Outcomes, StoreBufferingHasThreeOfFour) {
    auto look = [] { return fmt::format("{}{}", variable("a"), variable("b")); };
    exhaustive_strategy all;
    EXPECT_EQ(outcomes("sb_2_1", all, ~0ULL, look), "01 10 11 ");
    random_strategy some(3);
    EXPECT_EQ(outcomes("sb_2_1", some, 1000, look), "01 10 11 ");
}

// Plain accesses that race are scheduling points once that is known: nothing is hidden behind the race.
TEST(Outcomes, RacingPlainAccessesAreExploredLikeAtomics) {
    auto look = [] { return fmt::format("{}{}", variable("a"), variable("b")); };
    exhaustive_strategy all;
    EXPECT_EQ(outcomes("plain_sb", all, ~0ULL, look), "01 10 11 ");
    optimal_strategy best;
    EXPECT_EQ(outcomes("plain_sb", best, ~0ULL, look), "01 10 11 ");
    bounded_strategy some(2);
    EXPECT_EQ(outcomes("plain_sb", some, ~0ULL, look), "01 10 11 ");
}

TEST(Outcomes, TheUseAfterFreeBehindARaceIsFound) {
    for (const char* compiler : {"g++", "clang++"}) {
        for (const char* strategy : {"optimal", "exhaustive", "bounded 2"}) {
            exploration how;
            how.strategy = strategy;
            const std::string out = explored(subject("plain_freed", compiler), how);
            EXPECT_NE(out.find("data race, use after free"), std::string::npos)
                << compiler << " " << strategy << ": " << out;
        }
    }
}

TEST(Outcomes, AMutexExcludes) {
    auto look = [] { return fmt::format("{}", variable("d")); };
    exhaustive_strategy all;
    EXPECT_EQ(outcomes("mutex_3_2", all, ~0ULL, look), "6 ");
}

TEST(Outcomes, LoadAndStoreLoseUpdates) {
    auto look = [] { return fmt::format("{}", variable("x")); };
    exhaustive_strategy all;
    EXPECT_EQ(outcomes("inc_ldst_2_2", all, ~0ULL, look), "2 3 4 ");
}

TEST(Outcomes, ALostWakeupIsFoundWithoutProtectionAndOnlyThen) {
    for (const char* compiler : {"g++", "clang++"}) {
        exploration how;
        std::string open = explored(subject("lost_wakeup", compiler), how);
        EXPECT_NE(open.find("complete: lost wakeup"), std::string::npos) << open;
        EXPECT_EQ(open.find("deadlocked 0"), std::string::npos) << open;
        std::string closed = explored(subject("lost_wakeup_protected", compiler), how);
        EXPECT_NE(closed.find("deadlocked 0, complete: none"), std::string::npos) << closed;
    }
}

// The same schedule gives the same trace, byte by byte, in two processes that lie elsewhere in memory.
TEST(Determinism, TwoProcessesWriteTheSameTrace) {
    for (const char* program : {"treiber_2_2", "mutex_3_2", "condition_wait_for.cc"}) {
        auto run = [&] {
            return with_program(program, [](simulation& machine) {
                random_strategy s(11);
                explore_limits limits;
                limits.executions_max = 20;
                recorded_choices choices;
                explore(machine, s, limits, [&](execution_end) {
                    choices = g.choices.recorded();
                    return true;
                });
                execution_end end{};
                bool diverged = false;
                trace t = replay(machine, choices, end, diverged);
                std::ostringstream out;
                write_trace(t, out);
                return (diverged ? "diverged " : "") + out.str();
            });
        };
        std::string first = run();
        EXPECT_GT(first.size(), 1000U);
        EXPECT_EQ(first.substr(0, 8) == "diverged", false);
        EXPECT_EQ(first, run());
    }
}

// Gives an execution up after some steps, so that the host can take a snapshot of it.
class stopping_strategy final : public strategy {
  public:
    explicit stopping_strategy(uint32_t stop_at) : stop_at_(stop_at), stream_(5) {}
    bool begin() override { return true; }
    uint8_t choose(const choice_view& view) override {
        if (view.step == stop_at_) {
            return choose_stop;
        }
        uint64_t mask = view.enabled;
        for (uint32_t n = stream_.below(static_cast<uint32_t>(__builtin_popcountll(mask))); n != 0;
             --n) {
            mask &= mask - 1;
        }
        return static_cast<uint8_t>(__builtin_ctzll(mask));
    }
    uint32_t pick(const choice_view&, uint32_t) override { return 0; }
    [[nodiscard]] bool wants_forced() const override { return true; }
    void go_on(uint64_t seed) {
        stop_at_ = ~0U;
        stream_.reseed(seed);
    }

  private:
    uint32_t stop_at_;
    random_stream stream_;
};

// A snapshot in the middle holds contexts that are alive: from it the same choices lead to the same end,
// others to other ends, and the root is still what it was.
TEST(Snapshot, NestsInTheMiddleOfAnExecution) {
    std::string text = with_program("inc_ldst_2_2", [](simulation& machine) {
        std::string out;
        stopping_strategy s(3);
        machine.run(s);
        snapshot_push();
        std::set<int> ends;
        for (uint64_t seed = 1; seed <= 40; ++seed) {
            std::set<int> twice;
            for (int again = 0; again < 2; ++again) {
                snapshot_restore(1);
                s.go_on(seed);
                g.choosing = true;
                scheduling_changed();
                if (run_contexts() != execution_end::done) {
                    return std::string("did not end");
                }
                twice.insert(variable("x"));
                ends.insert(variable("x"));
            }
            out += twice.size() == 1 ? "" : "differs ";
        }
        snapshot_restore(0);
        out += fmt::format("depth {} x {} ends", snapshot_depth(), variable("x"));
        for (int end : ends) {
            out += fmt::format(" {}", end);
        }
        return out;
    });
    EXPECT_EQ(text.rfind("depth 1 x 0 ends", 0), 0U) << text;
    EXPECT_GT(text.size(), std::string("depth 1 x 0 ends 4").size()) << text;
}

}  // namespace

}  // namespace sim::test

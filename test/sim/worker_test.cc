// Several processes explore what one would: the same executions and findings, though workers are killed.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <functional>
#include <string>

#include "sim/explore/workers.h"
#include "test/sim/child.h"
#include "test/sim/units.h"

namespace sim::test {

namespace {

std::string told(const explore_result& r) {
    std::string text =
        fmt::format("executions {}, given up {}, deadlocked {}, steps {}, {}", r.executions,
                    r.pruned, r.deadlocked, r.steps, r.complete ? "complete" : "not complete");
    for (const found_case& f : r.found) {
        text += fmt::format("; {} in {}, {} preemptions:", name_of(f.what.kind), f.executions,
                            f.preemptions);
        for (uint8_t choice : f.choices) {
            text += fmt::format(" {:x}", choice);
        }
    }
    return text;
}

// In a process of its own: what `body` says of the machine, which has the program set up.
std::string said_of(const std::string& name, const std::function<std::string(simulation&)>& body) {
    return in_child([&]() -> std::string {
        simulation machine;
        std::string error;
        if (!machine.load(subject(name, "g++"), error)) {
            return "load: " + error;
        }
        machine.set_contexts({program_main({"program"})});
        machine.take_snapshot();
        return body(machine);
    });
}

// `kills`: so many workers are killed, each after some answer came.
std::string explored_by(const std::string& name, unsigned workers, unsigned kills = 0,
                        memory_model model = memory_model::interleaving) {
    return said_of(name, [&](simulation& machine) {
        chosen_memory = model;
        unit_style style;
        style.by_graphs = model != memory_model::interleaving;
        std::string error;
        exploration all;
        const explore_limits limits;
        unsigned killed = 0;
        if (workers == 0) {
            explore_rest(
                machine, all, limits, [](const strategy&) { return true; }, style);
        } else {
            worker_options options;
            options.workers = workers;
            options.style = style;
            uint64_t seen = 0;
            options.more = [&](const std::vector<pid_t>& working) {
                if (killed < kills && all.executions() > seen) {
                    seen = all.executions();
                    killed += !working.empty() && kill(working.front(), SIGKILL) == 0;
                }
                return true;
            };
            error = explore_in_workers(machine, all, limits, options);
        }
        sort_cases(all.result.found);
        return told(all.result) + error + (killed < kills ? " and nobody was killed" : "");
    });
}

TEST(Workers, ExploreWhatOneProcessDoes) {
    for (const char* name : {"inc_rmw_3_2", "inc_ldst_5_1", "mutex_4_2", "peterson_2_3", "casw_4_1",
                             "lost_wakeup", "plain_sb", "philo_5_1"}) {
        const std::string alone = explored_by(name, 0);
        EXPECT_NE(alone.find(", given up 0,"), std::string::npos) << alone;
        EXPECT_EQ(explored_by(name, 1), alone) << name;
        EXPECT_EQ(explored_by(name, 2), alone) << name;
        EXPECT_EQ(explored_by(name, 3), alone) << name;
    }
}

// Executions in which somebody looked in vain at what changed later are part of the tree: as often with
// workers (spin_test.cc has the counts of one search that is not cut into units).
TEST(Workers, CountThoseThatSpin) {
    const std::string ticket = explored_by("spin_ticket_3_1", 0);
    EXPECT_NE(ticket.find("executions 6, given up 24,"), std::string::npos) << ticket;
    for (const char* name : {"spin_ticket_3_1", "spin_ticket_3_2"}) {
        const std::string alone = explored_by(name, 0);
        EXPECT_EQ(explored_by(name, 1), alone) << name;
        EXPECT_EQ(explored_by(name, 2), alone) << name;
        EXPECT_EQ(explored_by(name, 3), alone) << name;
    }
}

// All begins anew with what raced, and who is at work elsewhere does not matter any more.
TEST(Workers, FindRacesInAnyOrder) {
    const std::string alone = explored_by("late_races", 0);
    EXPECT_NE(alone.find("executions 12540,"), std::string::npos) << alone;
    EXPECT_NE(alone.find("data race"), std::string::npos) << alone;
    for (unsigned workers : {2, 3, 5}) {
        EXPECT_EQ(explored_by("late_races", workers), alone) << workers;
    }
}

// Which loop an execution shows that does not end depends on which execution it is.
TEST(Workers, LearnTheSameLoops) {
    for (const char* name : {"fair_polite", "fair_locks", "fair_waiters", "fair_backs_off"}) {
        const std::string alone = explored_by(name, 0);
        EXPECT_NE(alone.find(", complete"), std::string::npos) << alone;
        EXPECT_EQ(explored_by(name, 1), alone) << name;
        EXPECT_EQ(explored_by(name, 2), alone) << name;
        EXPECT_EQ(explored_by(name, 3), alone) << name;
    }
}

TEST(Workers, LoseNothingAndCountNothingTwiceWhenSomeAreKilled) {
    const std::string alone = explored_by("inc_ldst_5_1", 0);
    EXPECT_NE(alone.find("executions 14400,"), std::string::npos) << alone;
    EXPECT_EQ(explored_by("inc_ldst_5_1", 2, 3), alone);
    EXPECT_EQ(explored_by("inc_ldst_5_1", 3, 2), alone);
}

// A beginning leads to the same graphs whoever runs it.
TEST(Workers, ExploreTheSameGraphs) {
    for (const char* name : {"inc_rmw_3_2", "inc_ldst_5_1", "mutex_4_2", "peterson_2_3", "casw_4_1",
                             "lost_wakeup", "plain_sb", "philo_5_1", "spin_ticket_3_2"}) {
        for (const memory_model model : {memory_model::sc, memory_model::c11}) {
            const std::string alone = explored_by(name, 0, 0, model);
            EXPECT_NE(alone.find("complete"), std::string::npos) << alone;
            EXPECT_EQ(explored_by(name, 1, 0, model), alone) << name;
            EXPECT_EQ(explored_by(name, 2, 0, model), alone) << name;
            EXPECT_EQ(explored_by(name, 3, 0, model), alone) << name;
        }
    }
}

// Beginnings that come to nothing, since the model does not admit them, use up none of the executions that are asked for.
TEST(Workers, CountNoGraphThatIsNone) {
    constexpr uint64_t asked = 40;
    const auto explored = [&](const std::string& name) {
        return said_of(name, [&](simulation& machine) {
            chosen_memory = memory_model::c11;
            exploration all;
            explore_limits limits;
            limits.executions_max = asked;
            unit_style style;
            style.by_graphs = true;
            explore_rest(
                machine, all, limits, [](const strategy&) { return true; }, style);
            return fmt::format("{} and {} in vain", all.executions(), all.in_vain);
        });
    };
    const std::string some = explored("mutex_4_2");
    EXPECT_EQ(some.rfind("40 and ", 0), 0U) << some;
    EXPECT_EQ(some.find(" 0 in vain"), std::string::npos) << some;
}

TEST(Workers, LoseNoGraphWhenSomeAreKilled) {
    const std::string alone = explored_by("inc_ldst_5_1", 0, 0, memory_model::c11);
    EXPECT_NE(alone.find("executions 14400,"), std::string::npos) << alone;
    EXPECT_EQ(explored_by("inc_ldst_5_1", 2, 3, memory_model::c11), alone);
    EXPECT_EQ(explored_by("inc_ldst_5_1", 3, 2, memory_model::c11), alone);
}

// Units that are out side by side cannot help each other, and some of what they begin is in vain. What one
// unit explores must help it nevertheless, though somebody sleeps there who is under way elsewhere: that is
// a whole reduction, and without it five of six executions are in vain.
TEST(Units, RunInVainLessOftenThanNot) {
    for (uint64_t seed = 1; seed <= 5; ++seed) {
        const std::string said = said_of("lastzero_10_1", [&](simulation& machine) {
            unit_order order;
            order.executions = 64;
            order.depth_first = true;
            order.out = 3;
            order.seed = seed;
            const explore_result r = explore_in_units(machine, order);
            return fmt::format("executions {}, {}, {} in vain", r.executions,
                               r.complete ? "complete" : "not complete",
                               r.pruned < r.executions ? "fewer" : std::to_string(r.pruned));
        });
        EXPECT_EQ(said, "executions 3328, complete, fewer in vain") << seed;
    }
}

// Whatever is explored first: of a branch that was given away early, those who sleep there are firm only if all who
// were explored after them are. What they found may be planned behind the step of one that is still under way.
TEST(Units, FindAllInWhateverOrder) {
    for (uint64_t seed = 1; seed <= 24; ++seed) {
        unit_order order;
        order.executions = 64 << 2 * (seed % 3);
        order.out = 1 + seed % 4;
        order.seed = seed;
        const std::string said = said_of("lastzero_10_1", [&](simulation& machine) {
            const explore_result r = explore_in_units(machine, order);
            return fmt::format("executions {}, {}", r.executions,
                               r.complete ? "complete" : "not complete");
        });
        EXPECT_EQ(said, "executions 3328, complete") << "seed " << seed;
    }
}

// What goes back to the owner of the tree grows with the different steps, not with the sequences of them.
TEST(Units, SayEachStepOnce) {
    const auto bytes_of = [](uint32_t sequences) {
        loose_step step;
        step.picks = {{2, 1, 0}};
        step.clock.assign(contexts_max, 3);
        unit_rest rest;
        for (uint32_t depth = 0; depth < sequences; ++depth) {
            rest.sequences.push_back({depth, {step, step}});
        }
        byte_writer to;
        write(to, rest);
        return to.take();
    };
    const std::string two = bytes_of(2);
    byte_reader from(two);
    const unit_rest again = read_rest(from);
    EXPECT_TRUE(from.whole());
    ASSERT_EQ(again.sequences.size(), 2U);
    EXPECT_EQ(again.sequences[1].depth, 1U);
    ASSERT_EQ(again.sequences[1].steps.size(), 2U);
    EXPECT_EQ(again.sequences[1].steps[1].clock, std::vector<uint32_t>(contexts_max, 3));
    EXPECT_EQ(again.sequences[1].steps[1].picks.at(0).taken, 1U);
    EXPECT_LE(bytes_of(3).size() - two.size(), 32U);

    std::string wrong =
        two;  // behind the sequences: how many nodes there are; before that a step's number
    wrong.at(wrong.size() - sizeof(uint64_t) - sizeof(uint32_t)) = 1;
    byte_reader refused(wrong);
    static_cast<void>(read_rest(refused));
    EXPECT_FALSE(refused.ok());
}

// A worker that was somewhere in a tree before all began anew.
TEST(Units, AreGivenToWhoWasWhereNothingIsNow) {
    const std::string said = said_of("inc_rmw_3_2", [&](simulation& machine) {
        exploration all;
        unit_worker worker(machine, {});
        work_unit u;
        bool fits = all.tree.take(u);
        all.take_in(worker.work_on(std::move(u), 3, [](execution_end) { return true; }), fits);
        constexpr int32_t gone = 1'000'000;
        return fits && all.tree.take(u, gone) ? "given" : "not given";
    });
    EXPECT_EQ(said, "given");
}

}  // namespace

}  // namespace sim::test

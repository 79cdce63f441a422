// The parts of the samplers that can be looked at without a subject, and what they draw for one.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "sim/explore/event_priorities.h"
#include "sim/explore/explorer.h"
#include "sim/explore/handoffs.h"
#include "sim/explore/interest.h"
#include "sim/explore/pct.h"
#include "sim/explore/portfolio.h"
#include "sim/explore/priorities.h"
#include "sim/explore/sampler.h"
#include "sim/explore/weights.h"
#include "test/sim/child.h"

namespace sim::test {

namespace {

operation op_on(op_kind kind, uint64_t object, uint64_t pc = 0) {
    operation op;
    op.kind = kind;
    op.object = object;
    op.size = 4;
    op.pc = pc;
    return op;
}

// Every outcome comes up about as often as the others: within a fifth, many standard deviations here.
void expect_even(const std::map<std::string, int>& seen, size_t outcomes, int draws) {
    EXPECT_EQ(seen.size(), outcomes);
    const double each = draws / static_cast<double>(outcomes);
    for (const auto& [outcome, count] : seen) {
        EXPECT_NEAR(count, each, each / 5) << outcome;
    }
}

std::string order_of(const priority_list& list, uint64_t contexts) {
    std::string order;
    while (contexts != 0) {
        const uint8_t next = list.highest(contexts);
        order += static_cast<char>('0' + next);
        contexts &= ~(1ULL << next);
    }
    return order;
}

// ---- priorities of contexts ----------------------------------------------------------------------

TEST(PriorityList, EveryOrderIsAsLikelyHoweverLateTheyCome) {
    random_stream stream(3);
    std::map<std::string, int> seen;
    for (int i = 0; i < 24000; ++i) {
        priority_list list;
        for (uint8_t context : {2, 0, 3, 1}) {
            list.insert(context, stream);
        }
        ++seen[order_of(list, 0xf)];
    }
    expect_even(seen, 24, 24000);
}

TEST(PriorityList, TheLoweredAreBelowAllByTheirRank) {
    random_stream stream(1);
    priority_list list;
    for (uint8_t context = 0; context < 5; ++context) {
        list.insert(context, stream);
    }
    list.lower(4, 2);
    list.lower(1, 1);
    list.lower(0, 3);
    EXPECT_EQ(order_of(list, 0x1f).substr(2), "041");
    list.lower(0, 0);
    EXPECT_EQ(order_of(list, 0x1f).substr(2), "410");
    list.insert(7, stream);
    EXPECT_EQ(order_of(list, 0x9f).substr(3), "410") << "who comes late is above the lowered";
    list.lower(4, 1);
    EXPECT_EQ(order_of(list, 0x9f).substr(3), "140") << "of one rank, the later is lower";
    EXPECT_EQ(list.highest(0x11), 4);
}

TEST(EventPriorities, StayUntilTheyAreDrawnAnew) {
    random_stream stream(5);
    event_priorities priorities;
    const uint8_t first = priorities.highest(0xff, stream);
    for (int i = 0; i < 10; ++i) {
        EXPECT_EQ(priorities.highest(0xff, stream), first);
    }
    std::set<uint8_t> seen;
    for (int i = 0; i < 200; ++i) {
        for (uint8_t context = 0; context < 8; ++context) {
            priorities.redraw(context);
        }
        seen.insert(priorities.highest(0xff, stream));
    }
    EXPECT_EQ(seen.size(), 8U);
}

// ---- what contexts have before them --------------------------------------------------------------

TEST(RemainingWeights, EveryOrderOfTheOperationsIsAsLikely) {
    random_stream stream(7);
    std::map<std::string, int> seen;
    for (int i = 0; i < 20000; ++i) {
        remaining_weights weights;
        weights.clear();
        weights.expect(0, 0xff, 2);
        weights.expect(1, 0xff, 3);
        weights.begin();
        weights.created(0, 0xff, stream);
        weights.created(1, 0xff, stream);
        std::string order;
        while (weights.left(0) + weights.left(1) != 0) {
            const uint8_t next = weights.draw(3, stream);
            weights.performed(next);
            order += static_cast<char>('0' + next);
        }
        ++seen[order];
    }
    expect_even(seen, 10, 20000);
}

// The creator performs one, creates a child with two, and performs another: its own operations are in
// order, and where the child's come among the last three is drawn evenly, whenever the intention was.
TEST(RemainingWeights, AnIntentionMovesToTheChildThatWasMeant) {
    random_stream stream(9);
    std::map<std::string, int> seen;
    for (int i = 0; i < 12000; ++i) {
        remaining_weights weights;
        weights.clear();
        weights.expect(0, 0xff, 1);
        weights.expect(1, 0, 2);
        weights.begin();
        weights.created(0, 0xff, stream);
        EXPECT_EQ(weights.left(0), 3U);
        weights.intend(weights.draw(1, stream));
        weights.created(1, 0, stream);
        EXPECT_EQ(weights.left(0), 1U);
        EXPECT_EQ(weights.left(1), 2U);
        std::string order;
        for (uint8_t next = weights.intended();; next = weights.draw(3, stream)) {
            weights.performed(next);
            order += static_cast<char>('0' + next);
            if (weights.left(0) + weights.left(1) == 0) {
                break;
            }
        }
        ++seen[order];
    }
    expect_even(seen, 3, 12000);
}

TEST(RemainingWeights, AWrongCountExcludesNobody) {
    random_stream stream(2);
    remaining_weights weights;
    weights.clear();
    weights.begin();
    EXPECT_EQ(weights.draw(4, stream), 2);
    weights.performed(2);
    EXPECT_EQ(weights.left(2), 0U);
    weights.at_least_one(2);
    weights.at_least_one(2);
    EXPECT_EQ(weights.left(2), 1U);
    weights.created(5, 2, stream);
    EXPECT_EQ(weights.left(2), 1U) << "nothing was expected of the child";
}

// ---- what is interesting -------------------------------------------------------------------------

TEST(InterestTable, CountsByContextOnTheMeanAndRoundsUp) {
    interest_table table;
    random_stream stream(1);
    EXPECT_EQ(table.draw(stream), 0U);
    for (int execution = 0; execution < 2; ++execution) {
        for (int i = 0; i < 3; ++i) {
            table.note(op_on(op_kind::rmw, 64), 1);
        }
        if (execution == 0) {
            table.note(op_on(op_kind::load, 64), 2);
        }
        table.note(op_on(op_kind::load, 128), 1);  // nobody writes it
        table.note(op_on(op_kind::load, 128), 2);
        table.note(op_on(op_kind::store, 192), 2);  // nobody else uses it
        table.learn();
    }
    EXPECT_EQ(table.disputed(), 1U);
    EXPECT_EQ(table.draw(stream), 64U);
    EXPECT_EQ(table.count(64, 1), 3U);
    EXPECT_EQ(table.count(64, 2), 1U);
    EXPECT_EQ(table.count(64, 3), 0U);
    EXPECT_EQ(table.count(256, 1), 0U);
}

TEST(InterestTable, DrawsWhatIsUsedMoreMoreOftenAndNoReleases) {
    interest_table table;
    for (uint8_t context : {0, 1}) {
        table.note(op_on(op_kind::lock, 64), context);
        table.note(op_on(op_kind::unlock, 64), context);
        for (int i = 0; i < 3; ++i) {
            table.note(op_on(op_kind::store, 128), context);
        }
    }
    table.learn();
    EXPECT_EQ(table.count(64, 0), 1U);
    random_stream stream(4);
    int often = 0;
    for (int i = 0; i < 4000; ++i) {
        often += table.draw(stream) == 128 ? 1 : 0;
    }
    EXPECT_NEAR(often, 3000, 150);
}

TEST(HandoffTable, CountsAPairOfPlacesOnce) {
    handoff_table table;
    const std::vector<step_record> history = {
        {op_on(op_kind::store, 64, 10), 0}, {op_on(op_kind::load, 64, 20), 1},
        {op_on(op_kind::load, 64, 30), 0},   // two reads
        {op_on(op_kind::store, 64, 40), 0},  // the same context
        {op_on(op_kind::load, 72, 20), 1},
    };
    EXPECT_EQ(table.add(history), 1U);
    EXPECT_EQ(table.add(history), 0U);
    EXPECT_EQ(table.add({{op_on(op_kind::load, 64, 20), 1}, {op_on(op_kind::store, 64, 10), 0}}),
              1U)
        << "the other way round is another one";
}

// ---- on toys -------------------------------------------------------------------------------------

// Contexts that perform operations one after another, without a machine.
class toy {
  public:
    using program = std::vector<operation>;
    explicit toy(std::vector<program> programs)
        : programs_(std::move(programs)), contexts_(programs_.size()) {}

    // One execution: who performed each operation. A context whose operation is on `spin` stays there
    // until everybody else has finished.
    std::string run(strategy& s, uint64_t spin = ~0ULL) {
        std::vector<size_t> at(programs_.size());
        std::string order;
        s.begin();
        for (uint8_t last = 0xff;;) {
            uint64_t enabled = 0;
            for (size_t i = 0; i < programs_.size(); ++i) {
                contexts_[i].parent = 0xff;
                if (at[i] < programs_[i].size()) {
                    enabled |= 1ULL << i;
                    contexts_[i].op = programs_[i][at[i]];
                }
            }
            g.live = enabled;
            if (enabled == 0 || order.size() == 5000) {
                break;
            }
            const bool goes_on = last != 0xff && (enabled >> last & 1) != 0;
            last = static_cast<uint8_t>(__builtin_ctzll(enabled));
            if ((enabled & (enabled - 1)) != 0 || s.wants_forced()) {
                last = s.choose({enabled, contexts_.data(), static_cast<uint32_t>(order.size()),
                                 last, goes_on});
            }
            order += static_cast<char>('0' + last);
            const bool alone = enabled == 1ULL << last;
            at[last] += contexts_[last].op.object == spin && !alone ? 0 : 1;
        }
        s.end(execution_end::done);
        return order;
    }

  private:
    std::vector<program> programs_;
    std::vector<context> contexts_;
};

toy::program operations(size_t count, uint64_t object) {
    return toy::program(count, op_on(op_kind::rmw, object));
}

// To come exactly between two given steps of another context is a bug of depth 2: two orders.
TEST(Pct, KeepsItsPromise) {
    toy pair({operations(9, 64), operations(1, 64)});
    pct_strategy s(5, 2);
    std::map<size_t, int> seen;
    constexpr int draws = 20000;
    for (int i = 0; i < draws; ++i) {
        ++seen[pair.run(s).find('1')];
    }
    EXPECT_LE(s.length(), 9U);
    EXPECT_EQ(s.contexts(), 2U);
    ASSERT_EQ(seen.size(), 10U);
    for (const auto& [position, count] : seen) {
        EXPECT_GE(count, draws / (2 * 9) * 9 / 10) << position;
    }
}

TEST(Pct, OfDepthOneIsAnOrderOfContexts) {
    toy three({operations(2, 64), operations(2, 64), operations(2, 64)});
    pct_strategy s(1, 1);
    std::map<std::string, int> seen;
    for (int i = 0; i < 6000; ++i) {
        ++seen[three.run(s)];
    }
    expect_even(seen, 6, 6000);
}

TEST(Pct, StarvesNobodyWhoWaitsForAnother) {
    for (const op_kind kind : {op_kind::yield, op_kind::load}) {
        toy waits({{op_on(kind, 128)}, operations(5, 64)});
        pct_strategy s(1, 3);
        for (int i = 0; i < 200; ++i) {
            EXPECT_LT(waits.run(s, 128).size(), 1000U) << i;
        }
        EXPECT_LT(s.length(), 1000U);
    }
}

TEST(Pos, OperationsThatRaceAreInAnyOrder) {
    toy three({operations(1, 64), operations(1, 64), operations(1, 64)});
    const std::unique_ptr<sampler> s = make_sampler_or_null("pos", 1, 0);
    std::map<std::string, int> seen;
    for (int i = 0; i < 6000; ++i) {
        ++seen[three.run(*s)];
    }
    expect_even(seen, 6, 6000);
}

// One that loses to a first operation loses to the second as often as not, since both are drawn anew;
// on an object of its own it would have kept its place.
TEST(Pos, DrawsAnewWhatRaces) {
    const std::unique_ptr<sampler> s = make_sampler_or_null("pos", 1, 0);
    const auto last = [&](toy t) {
        int n = 0;
        for (int i = 0; i < 6000; ++i) {
            n += t.run(*s) == "0001" ? 1 : 0;
        }
        return n;
    };
    EXPECT_NEAR(last(toy({operations(3, 64), operations(1, 64)})), 750, 100);
    EXPECT_NEAR(last(toy({operations(3, 64), operations(1, 128)})), 1500, 150);
}

TEST(Surw, EveryOrderOnAnObjectIsAsLikelyAfterThePilot) {
    toy::program first = operations(2, 64);
    first.insert(first.begin() + 1, op_on(op_kind::store, 128));  // nobody else's
    first.insert(first.begin(), op_on(op_kind::store, 192));
    toy pair({first, operations(3, 64)});
    const std::unique_ptr<sampler> s = make_sampler_or_null("surw", 3, 0);
    pair.run(*s);
    std::map<std::string, int> seen;
    for (int i = 0; i < 20000; ++i) {
        std::string order = pair.run(*s);
        // Leaves the operations of context 0 that are not interesting out: its first and third.
        for (const int nth : {2, 0}) {
            size_t at = order.find('0');
            for (int skip = nth; skip != 0; --skip) {
                at = order.find('0', at + 1);
            }
            order.erase(at, 1);
        }
        ++seen[order];
    }
    expect_even(seen, 10, 20000);
}

// ---- on a subject --------------------------------------------------------------------------------

// The schedules of some executions, as text.
std::string schedules(const std::string& program, const std::string& name, uint64_t seed,
                      uint64_t executions) {
    return in_child([&] {
        simulation machine(simulation_options{});
        std::string error;
        if (!machine.load(subject(program, "g++"), error)) {
            return "load: " + error;
        }
        machine.set_contexts({program_main({"program"})});
        machine.take_snapshot();
        const std::unique_ptr<sampler> s = make_sampler_or_null(name, seed, 3);
        explore_limits limits;
        limits.executions_max = executions;
        std::string text;
        explore(machine, *s, limits, [&](execution_end end) {
            for (const uint8_t choice : g.choices) {
                text += fmt::format("{:x}", choice);
            }
            text += fmt::format(" {}\n", static_cast<int>(end));
            return true;
        });
        return text + s->promise();
    });
}

TEST(Samplers, DrawTheSameInTwoProcessesAndOtherwiseForAnotherSeed) {
    for (const char* name : {"pct", "pos", "surw", "portfolio"}) {
        const std::string first = schedules("stack", name, 11, 60);
        EXPECT_GT(first.size(), 1000U) << first;
        EXPECT_EQ(first, schedules("stack", name, 11, 60)) << name;
        EXPECT_NE(first, schedules("stack", name, 12, 60)) << name;
        EXPECT_EQ(first.substr(0, 200), schedules("stack", name, 11, 20).substr(0, 200)) << name;
    }
    EXPECT_EQ(make_sampler_or_null("random", 1, 3), nullptr);
}

TEST(Pct, PromisesByWhatItSaw) {
    const std::string text = schedules("mutex_3_2", "pct", 1, 50);
    EXPECT_NE(
        text.find("an execution hits a bug of depth 3 with probability at least 1/(n k^2) = "),
        std::string::npos)
        << text;
    EXPECT_NE(text.find("by 3 contexts and "), std::string::npos) << text;
    EXPECT_NE(text.find("; 50 executions miss it with at most "), std::string::npos) << text;
    EXPECT_EQ(schedules("mutex_3_2", "pos", 1, 5).find("an execution"), std::string::npos);
}

// The bounded member finishes a small program, and the portfolio with it.
TEST(Portfolio, IsDoneWhenItsSystematicMemberIs) {
    const std::string text = in_child([] {
        simulation machine(simulation_options{});
        std::string error;
        if (!machine.load(subject("sb_2_1", "g++"), error)) {
            return "load: " + error;
        }
        machine.set_contexts({program_main({"program"})});
        machine.take_snapshot();
        portfolio_strategy s(1);
        const explore_result r = explore(machine, s, {.executions_max = 10000});
        uint64_t turns = 0;
        uint64_t idle = 0;
        for (const uint64_t n : s.turns()) {
            turns += n;
            idle += n == 0 ? 1 : 0;
        }
        return fmt::format("{} {} {}", r.complete, turns == r.executions + r.pruned, idle);
    });
    EXPECT_EQ(text, "true true 0");
}

TEST(Portfolio, GivesEachItsShare) {
    const std::string text = in_child([] {
        simulation machine(simulation_options{});
        std::string error;
        if (!machine.load(subject("treiber_2_2", "g++"), error)) {
            return "load: " + error;
        }
        machine.set_contexts({program_main({"program"})});
        machine.take_snapshot();
        portfolio_strategy s(1);
        explore(machine, s, {.executions_max = 10000});
        std::string shares;
        for (const uint64_t n : s.turns()) {
            shares += fmt::format("{} ", (n + 50) / 100);
        }
        return shares;
    });
    EXPECT_EQ(text, "40 20 5 5 5 5 10 10 ");
}

}  // namespace

}  // namespace sim::test

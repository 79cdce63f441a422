// Loops that write while they wait (sim/machine/fair.h): they end if everybody is scheduled fairly; where a
// state comes again and nobody was left out, it is a livelock; what repeats but for a counter, for the time or
// for what nobody sees is none.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "sim/explore/explorer.h"
#include "sim/explore/optimal.h"
#include "sim/explore/replay.h"
#include "sim/machine/fair.h"
#include "sim/machine/visible.h"
#include "test/sim/child.h"
#include "test/sim/explored.h"

namespace sim::test {

namespace {

constexpr const char* compilers[] = {"g++", "clang++"};

struct fair_case {
    const char* name;
    const char* found;
    bool complete;
    uint64_t
        gcc;  // executions: a register that is dead may make a state another one, so compilers differ
    uint64_t clang;
};

void PrintTo(const fair_case& c, std::ostream* out) {
    *out << c.name;
}

class Fair : public testing::TestWithParam<fair_case> {
  protected:
    [[nodiscard]] static counts of(const char* compiler, const std::string& strategy) {
        exploration how;
        how.strategy = strategy;
        how.steps_max = 600;
        how.executions_max = 20000;
        return explored_counts(subject(std::string("fair_") + GetParam().name, compiler), how);
    }
};

// As many by a search that knows nothing of races, and with a snapshot at every third step.
TEST_P(Fair, EndsOrIsFound) {
    for (const char* compiler : compilers) {
        for (const char* strategy : {"optimal", "optimal 3", "exhaustive"}) {
            const counts c = of(compiler, strategy);
            SCOPED_TRACE(std::string(compiler) + ", " + strategy + ": " + c.text);
            EXPECT_EQ(c.found, GetParam().found);
            EXPECT_EQ(c.complete, GetParam().complete);
            EXPECT_EQ(c.executions, compiler[0] == 'g' ? GetParam().gcc : GetParam().clang);
        }
    }
}

TEST_P(Fair, IsNoObstacleToABound) {
    for (const char* compiler : compilers) {
        const counts c = of(compiler, "bounded 3");
        EXPECT_EQ(c.found, GetParam().found) << compiler << ": " << c.text;
        EXPECT_EQ(c.complete, GetParam().complete) << compiler << ": " << c.text;
    }
}

INSTANTIATE_TEST_SUITE_P(All, Fair,
                         testing::Values(fair_case{"backs_off", "none", true, 10, 15},
                                         fair_case{"polite", "livelock", true, 847, 3129},
                                         fair_case{"locks", "livelock", true, 847, 847},
                                         fair_case{"counts", "none", true, 4, 4},
                                         fair_case{"waiters", "none", true, 51, 51},
                                         fair_case{"asleep", "none", true, 1, 1},
                                         fair_case{"turns", "assertion failed", true, 74, 159},
                                         fair_case{"never", "none", false, 1, 1},
                                         fair_case{"clock", "none", false, 1, 1},
                                         fair_case{"draws", "none", false, 1, 1}),
                         [](const testing::TestParamInfo<fair_case>& i) {
                             return std::string(i.param.name);
                         });

// Who waits keeps its CPU: that of another one may not be let go on by it.
TEST(Fair, DoesNotPreemptOnASharedCpu) {
    for (const char* compiler : compilers) {
        for (const char* strategy : {"exhaustive", "bounded 2"}) {
            exploration how;
            how.strategy = strategy;
            how.steps_max = 600;
            const counts c = explored_counts(subject("fair_held", compiler), how);
            EXPECT_EQ(c.found, "livelock") << compiler << ", " << strategy << ": " << c.text;
            EXPECT_TRUE(c.complete) << compiler << ", " << strategy << ": " << c.text;
        }
    }
}

// Where a random walk ends anyway nothing is held back; where it does not, a livelock is found all the same.
TEST(Fair, IsForRandomWalksToo) {
    exploration how;
    how.strategy = "random";
    how.steps_max = 600;
    how.executions_max = 50;
    EXPECT_EQ(explored_counts(subject("fair_held", "g++"), how).found, "livelock");
    EXPECT_EQ(explored_counts(subject("fair_never", "g++"), how).found, "none");
    EXPECT_EQ(explored_counts(subject("fair_turns", "g++"), how).found, "assertion failed");
}

// What is learned has a name that finds it again, in the loop's function or by its offset.
TEST(Fair, SitesAreLocationsWithNames) {
    const std::string said = in_child([&]() -> std::string {
        simulation_options options;
        options.limits.steps_max = 600;
        simulation machine(options);
        std::string error;
        if (!machine.load(subject("fair_counts", "g++"), error)) {
            return error;
        }
        machine.set_contexts({program_main({"program"})});
        machine.take_snapshot();
        optimal_strategy s;
        const explore_result r = explore(machine, s, {});
        std::string text = fmt::format("{} executions;", r.executions);
        for (const location& l : visible_locations()) {
            const std::string name = print_location(l);
            location again;
            text += " " + name.substr(0, name.find('~'));
            text += parse_location(name, again) && again == l ? "" : " is another";
        }
        location by_offset;
        text += parse_location("loop.~64", by_offset) && by_offset.slot == location::loop_slot &&
                        by_offset.offset == 64
                    ? "; by offset"
                    : "";
        location none;
        text += parse_location("loop.nobody~4", none) ? "; nobody" : "";
        return text + fmt::format("; {} assumed", fair_assumptions().size());
    });
    EXPECT_EQ(said, "4 executions; loop.first loop.first; by offset; 1 assumed");
}

}  // namespace

}  // namespace sim::test

// Shrinking: a random schedule of a thousand steps becomes one with the fewest preemptions, always the same.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>

#include <cinttypes>
#include <cstdio>

#include "sim/explore/bounded.h"
#include "sim/explore/explorer.h"
#include "sim/explore/random.h"
#include "sim/explore/sampler.h"
#include "sim/explore/shrink.h"
#include "sim/trace/main_finding.h"
#include "test/sim/child.h"

namespace sim::test {

namespace {

constexpr uint64_t work = 30'000'000;  // steps

// Everything about a shrunk schedule, as one line of text.
struct shrunk {
    uint32_t steps_before = 0;
    uint32_t preemptions_before = 0;
    uint32_t steps = 0;
    uint32_t preemptions = 0;
    int none_below = -2;
    uint64_t reruns = 0;
    std::string text;
};

std::string in_text(const shrink_result& r, const std::string& what) {
    std::string choices;
    for (uint8_t c : r.choices) {
        choices += fmt::format("{:x}.", c);
    }
    return fmt::format("{} {} -> {} {} none {} reruns {} {} {}", r.before.steps,
                       r.before.preemptions, r.after.steps, r.after.preemptions, r.none_below,
                       r.reruns, what, choices);
}

// Finds a failure by a sampler and shrinks it, in a process of its own.
shrunk shrink_by(const std::string& program, const std::string& sampler, uint64_t seed,
                 uint64_t steps_max = work) {
    shrunk s;
    s.text = in_child([&]() -> std::string {
        simulation_options options;
        options.checks = 0;
        simulation machine(options);
        std::string error;
        if (!machine.load(subject(program, "g++"), error)) {
            return error;
        }
        machine.set_contexts({program_main({"program"})});
        machine.take_snapshot();
        std::unique_ptr<strategy> how = make_sampler_or_null(sampler, seed, 3);
        if (how == nullptr) {
            how = std::make_unique<random_strategy>(seed);
        }
        const explore_result r = explore(machine, *how, {20000, true});
        if (r.found.empty()) {
            return "nothing found";
        }
        shrink_options limits;
        limits.limits.steps_max = steps_max;
        const shrink_result small = shrink(machine, r.found[0].choices, limits);
        // What comes back must fail in the same way when it is run as recorded.
        execution_end end{};
        bool diverged = true;
        replay(machine, small.choices, end, diverged);
        if (!small.fails || diverged || find_or_null(small.signature) == nullptr ||
            g.preemptions != small.after.preemptions) {
            return "the shrunk schedule does not fail in the same way";
        }
        return in_text(small, g.findings[0].text);
    });
    std::sscanf(s.text.c_str(), "%u %u -> %u %u none %d reruns %" SCNu64, &s.steps_before,
                &s.preemptions_before, &s.steps, &s.preemptions, &s.none_below, &s.reruns);
    return s;
}

// The fewest preemptions of any failure, by looking at all interleavings within the bound.
std::string optimum(const std::string& program, uint32_t bound) {
    return in_child([&]() -> std::string {
        simulation_options options;
        options.checks = 0;
        simulation machine(options);
        std::string error;
        if (!machine.load(subject(program, "g++"), error)) {
            return error;
        }
        machine.set_contexts({program_main({"program"})});
        machine.take_snapshot();
        bounded_strategy bounded(bound);
        const explore_result r = explore(machine, bounded, {~0ULL, true});
        return r.found.empty() ? "none" : fmt::format("{}", r.found[0].preemptions);
    });
}

struct shrink_case {
    const char* name;
    uint32_t sights;  // of the program
    uint32_t needs;
    int none_below;  // what the search below must have shown at least
};

class LongRun : public testing::TestWithParam<shrink_case> {};

// The same program with few turns needs as many preemptions, and no fewer: so does the long one, since
// what fails is one turn.
TEST_P(LongRun, NeedsWhatItsNameSays) {
    const shrink_case& c = GetParam();
    EXPECT_EQ(optimum(fmt::format("few_turns_{}", c.sights), 6), fmt::format("{}", c.needs));
}

TEST_P(LongRun, ComesWithinOnePreemptionOfTheOptimum) {
    const shrink_case& c = GetParam();
    for (const char* sampler : {"random", "pos"}) {
        const shrunk s = shrink_by(fmt::format("long_run_{}", c.sights), sampler, 1);
        EXPECT_GE(s.steps_before, 1000U) << s.text;
        EXPECT_GE(s.preemptions_before, 100U) << s.text;
        EXPECT_GE(s.preemptions, c.needs) << s.text;
        EXPECT_LE(s.preemptions, c.needs + 1) << s.text;
        EXPECT_GE(s.none_below, c.none_below) << s.text;
        EXPECT_LT(s.none_below, static_cast<int>(s.preemptions)) << s.text;
    }
}

TEST_P(LongRun, IsTheSameInEveryProcess) {
    const std::string program = fmt::format("few_turns_{}", GetParam().sights);
    const shrunk first = shrink_by(program, "random", 7);
    EXPECT_EQ(first.text, shrink_by(program, "random", 7).text);
    EXPECT_EQ(first.preemptions, GetParam().needs) << first.text;
    EXPECT_EQ(first.none_below, static_cast<int>(GetParam().needs) - 1) << first.text;
}

INSTANTIATE_TEST_SUITE_P(All, LongRun,
                         testing::Values(shrink_case{"one", 1, 1, 0}, shrink_case{"two", 2, 2, 1},
                                         shrink_case{"three", 3, 3, 1},
                                         shrink_case{"six", 4, 6, 1}),
                         [](const testing::TestParamInfo<shrink_case>& i) {
                             return std::string(i.param.name);
                         });

// Wherever it starts it ends at the same number: other schedules of the same failure.
TEST(Shrink, FindsTheOptimumFromManySchedules) {
    for (uint64_t seed = 1; seed <= 10; ++seed) {
        const shrunk s = shrink_by("few_turns_3", "random", seed);
        EXPECT_EQ(s.preemptions, 3U) << s.text;
    }
}

// The lost update is reached with one preemption; what was found first needs three.
TEST(Shrink, KeepsToTheFailureItWasGiven) {
    const shrunk s = shrink_by("two_bugs", "random", 1);
    EXPECT_NE(s.text.find("!seen"), std::string::npos) << s.text;
    EXPECT_EQ(s.preemptions, 3U) << s.text;
    EXPECT_EQ(optimum("two_bugs", 2), "1");
}

// Without work to be done it gives back what it was given, and claims nothing.
TEST(Shrink, ClaimsNothingWithoutWork) {
    const shrunk s = shrink_by("long_run_2", "random", 1, 1);
    EXPECT_EQ(s.preemptions, s.preemptions_before) << s.text;
    EXPECT_EQ(s.none_below, -1) << s.text;
}

// A trace and a report have names, a .race file words: each says one kind.
TEST(Findings, AreToldApartByNameAndByWord) {
    std::set<std::string> names;
    std::set<std::string> words;
    for (const finding_row& row : finding_rows) {
        EXPECT_TRUE(names.insert(row.name).second) << row.name;
        EXPECT_TRUE(words.insert(row.word).second) << row.word;
        EXPECT_EQ(std::string(row.word).find(' '), std::string::npos) << row.word;
        EXPECT_EQ(weight_of_finding(row.name), row.weight) << row.name;
    }
    EXPECT_TRUE(ends_execution(finding_kind::deadlock));
    EXPECT_TRUE(ends_execution(finding_kind::livelock));
    EXPECT_TRUE(ends_execution(finding_kind::use_after_free));
    EXPECT_FALSE(ends_execution(finding_kind::data_race));
    EXPECT_FALSE(ends_execution(finding_kind::take_at_zero));
    EXPECT_EQ(weight_of_finding("what nobody knows"), finding_weight::ends);
}

}  // namespace

}  // namespace sim::test

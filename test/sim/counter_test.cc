// Updates that commute: what threads see, and what is found, is the same whether exploration knows that
// or not, and it takes fewer executions where it does.
#include <gtest/gtest.h>

#include "test/sim/seen_program.h"

namespace sim::test {

namespace {

constexpr size_t operations_max = 5;

// As in counters.c.
enum class counting : int {
    none,
    take,
    put,
    plain_put,
    add,
    set_bit,
    read_count,
    read_total,
    raise,
    put_if,
    look_at,
    await_none,
    await_some,
    raise_level,
    restore_level,
};

using entry = seen_operation;
using entries = std::vector<std::vector<entry>>;

seen_program program(int references, entries threads) {
    return {"counters",
            operations_max,
            std::move(threads),
            {{"references", references}},
            {"count", "total"}};
}

// Their threads may be shorter by so much.
seen_program random_program(uint64_t seed, size_t shorter = 0) {
    small_numbers numbers(seed);
    const int references = 1 + numbers.below(3);
    entries threads(static_cast<size_t>(2 + numbers.below(2)));
    const size_t length = (threads.size() == 2 ? operations_max : 3) - shorter;
    const counting often[] = {counting::take, counting::put, counting::put, counting::add};
    for (auto& list : threads) {
        while (list.size() < length) {
            const counting kind = numbers.below(2) == 0
                                      ? often[numbers.below(4)]
                                      : static_cast<counting>(1 + numbers.below(12));
            list.push_back({kind, 1 + numbers.below(2)});
        }
    }
    return program(references, threads);
}

class Counters : public testing::TestWithParam<int> {};

TEST_P(Counters, AreSeenAlikeWhetherUpdatesCommuteOrNot) {
    for (int i = 0; i < random_rounds(); ++i) {
        const auto seed = static_cast<uint64_t>(GetParam() + 40 * i);
        const seen_program p = random_program(seed);
        const seen_outcome plain = explore_seen(p, dependence_mode::plain);
        const seen_outcome refined = explore_seen(p, dependence_mode::refined);
        EXPECT_EQ(refined.seen, plain.seen) << "seed " << seed << "\n" << text_of(p);
        const seen_outcome wrong =
            explore_seen(p, dependence_mode::refined, {.wrong_results = true});
        EXPECT_EQ(wrong.seen, plain.seen) << "wrong results, seed " << seed << "\n" << text_of(p);
    }
}

// The same where threads share a CPU to which interrupts come.
TEST_P(Counters, AreSeenAlikeByInterrupts) {
    uint64_t all = 0;
    for (int i = 0; i < random_rounds(); ++i) {
        const auto seed = static_cast<uint64_t>(GetParam() + 40 * i);
        small_numbers numbers(seed + 99);
        seen_program p = random_program(seed, 1 + seed % 2);
        add_interrupts(p, numbers, static_cast<int>(counting::raise_level),
                       static_cast<int>(counting::restore_level));
        const seen_outcome plain = explore_seen(p, dependence_mode::plain);
        const seen_outcome refined = explore_seen(p, dependence_mode::refined);
        all += plain.executions;
        EXPECT_EQ(refined.seen, plain.seen) << "seed " << seed << "\n" << text_of(p);
        EXPECT_LE(refined.executions, plain.executions) << "seed " << seed << "\n" << text_of(p);
    }
    EXPECT_GE(all, 40U);
}

INSTANTIATE_TEST_SUITE_P(All, Counters, testing::Range(0, 40));

constexpr entry takes(counting::take, 0);
constexpr entry puts(counting::put, 0);
constexpr entry adds(counting::add, 1);

TEST(Counters, CommuteAboveZero) {
    const seen_program p = program(4, {{takes, puts}, {takes, puts}, {takes, puts}});
    EXPECT_EQ(explore_seen(p, dependence_mode::plain).executions, 90U);
    EXPECT_EQ(explore_seen(p, dependence_mode::refined).executions, 1U);
}

// Who comes last is all that matters.
TEST(Counters, DependOnlyOnWhoReachesZero) {
    const seen_program p = program(3, {{puts}, {puts}, {puts}});
    EXPECT_EQ(explore_seen(p, dependence_mode::plain).executions, 6U);
    EXPECT_EQ(explore_seen(p, dependence_mode::refined).executions, 3U);
}

TEST(Counters, AwaitedZeroIsOneTraceForEachThatMayComeLast) {
    const seen_program p = program(2, {{puts}, {puts}, {{counting::await_none, 0}}});
    EXPECT_EQ(explore_seen(p, dependence_mode::plain).executions, 2U);
    EXPECT_EQ(explore_seen(p, dependence_mode::refined).executions, 2U);
}

// A put of the reference that was there first may come before the take: then the others see zero.
TEST(Counters, DoNotCommuteWhereAnotherOrderReachesZero) {
    const seen_program p = program(1, {{takes, puts}, {takes, puts}, {puts}});
    EXPECT_EQ(explore_seen(p, dependence_mode::refined).seen,
              explore_seen(p, dependence_mode::plain).seen);
}

TEST(Counters, UnusedResultsCommuteWithTheirLike) {
    const seen_program p = program(1, {{adds, adds}, {adds, adds}, {adds}});
    EXPECT_EQ(explore_seen(p, dependence_mode::plain).executions, 30U);
    EXPECT_EQ(explore_seen(p, dependence_mode::refined).executions, 1U);
    const seen_program mixed = program(1, {{adds}, {{counting::set_bit, 1}}});
    EXPECT_EQ(explore_seen(mixed, dependence_mode::refined).executions, 2U);
}

}  // namespace

}  // namespace sim::test

// Awaits that are passed as soon as they hold: what threads see, and what is found, is the same whether
// exploration knows that or not, and it takes fewer executions where it does.
#include <gtest/gtest.h>

#include "test/sim/seen_program.h"

namespace sim::test {

namespace {

constexpr size_t operations_max = 6;

// As in awaits.c.
enum class waiting : int {
    none,
    step,
    add_step,
    await_quiet,
    await_odd,
    await_more,
    await_flag,
    set_flag,
    lock,
    unlock,
    try_lock,
    read,
    write,
    read_plain,
    write_plain,
    raise_level,
    restore_level,
};

using entry = seen_operation;
using entries = std::vector<std::vector<entry>>;

seen_program program(entries threads) {
    return {"awaits", operations_max, std::move(threads)};
}

// Their threads may be shorter by so much.
seen_program random_program(uint64_t seed, size_t shorter = 0) {
    small_numbers numbers(seed);
    entries threads(static_cast<size_t>(2 + numbers.below(2)));
    const size_t length = (threads.size() == 2 ? operations_max : 4) - shorter;
    const waiting often[] = {waiting::step, waiting::step, waiting::await_quiet,
                             waiting::write_plain};
    for (auto& list : threads) {
        while (list.size() < length) {
            const waiting kind = numbers.below(2) == 0
                                     ? often[numbers.below(4)]
                                     : static_cast<waiting>(1 + numbers.below(14));
            const int other = static_cast<int>(&list - threads.data()) + 1 + numbers.below(2);
            const bool awaits = kind >= waiting::await_quiet && kind <= waiting::await_more;
            list.push_back(
                {kind, awaits ? other % static_cast<int>(threads.size()) : numbers.below(2)});
        }
    }
    return program(threads);
}

class Awaits : public testing::TestWithParam<int> {};

TEST_P(Awaits, ShowTheSameWhetherTheyGoFirstOrNot) {
    for (int i = 0; i < random_rounds(); ++i) {
        const auto seed = static_cast<uint64_t>(GetParam() + 40 * i);
        const seen_program p = random_program(seed);
        const seen_outcome plain = explore_seen(p, dependence_mode::plain);
        const seen_outcome refined = explore_seen(p, dependence_mode::refined);
        EXPECT_EQ(refined.seen, plain.seen) << "seed " << seed << "\n" << text_of(p);
        EXPECT_LE(refined.executions, plain.executions) << "seed " << seed << "\n" << text_of(p);
        // What is passed over depends on the order in which a search goes, what counts does not.
        const unit_order some = {
            .executions = 1 + seed % 7, .out = 1 + seed % 3, .seed = seed, .by_bytes = true};
        const seen_outcome whole = explore_seen(p, dependence_mode::refined, {.races = false});
        const seen_outcome units =
            explore_seen(p, dependence_mode::refined, {.races = false, .units = &some});
        EXPECT_EQ(units.executions, whole.executions) << "in units, seed " << seed << "\n"
                                                      << text_of(p);
    }
}

// The same where threads share a CPU to which interrupts come.
TEST_P(Awaits, ShowTheSameToInterrupts) {
    uint64_t all = 0;
    for (int i = 0; i < random_rounds(); ++i) {
        const auto seed = static_cast<uint64_t>(GetParam() + 40 * i);
        small_numbers numbers(seed + 99);
        seen_program p = random_program(seed, 2);
        add_interrupts(p, numbers, static_cast<int>(waiting::raise_level),
                       static_cast<int>(waiting::restore_level));
        const seen_outcome plain = explore_seen(p, dependence_mode::plain);
        const seen_outcome refined = explore_seen(p, dependence_mode::refined);
        all += plain.executions;
        EXPECT_EQ(refined.seen, plain.seen) << "seed " << seed << "\n" << text_of(p);
    }
    EXPECT_GE(all, 40U);
}

INSTANTIATE_TEST_SUITE_P(All, Awaits, testing::Range(0, 40));

constexpr entry steps(waiting::step, 0);
constexpr entry until_quiet(waiting::await_quiet, 0);
constexpr entry locks(waiting::lock, 0);
constexpr entry unlocks(waiting::unlock, 0);

uint64_t executions(const seen_program& p, dependence_mode mode) {
    return explore_seen(p, mode).executions;
}

// Before both sections, between them, behind them; and in the second thread twice.
TEST(Awaits, ArePassedAsSoonAsTheyHold) {
    const seen_program once = program({{steps, steps, steps, steps}, {until_quiet}});
    EXPECT_EQ(executions(once, dependence_mode::plain), 3U);
    EXPECT_EQ(executions(once, dependence_mode::refined), 1U);
    const seen_program twice = program({{steps, steps, steps, steps}, {until_quiet, until_quiet}});
    EXPECT_EQ(executions(twice, dependence_mode::plain), 6U);
    EXPECT_EQ(executions(twice, dependence_mode::refined), 1U);
}

// Who holds the mutex waits for the end of a section in which the other waits for the mutex.
TEST(Awaits, AreSeenToWaitForGoodWhereASectionWaits) {
    const seen_program p = program({{steps, locks, unlocks, steps}, {locks, until_quiet, unlocks}});
    const seen_outcome refined = explore_seen(p, dependence_mode::refined);
    EXPECT_NE(refined.seen.find("deadlock"), std::string::npos) << refined.seen;
    EXPECT_EQ(refined.seen, explore_seen(p, dependence_mode::plain).seen);
}

// A section that is never left.
TEST(Awaits, AreSeenToWaitForGoodWhereASectionIsNotLeft) {
    const seen_program p = program({{steps, steps, steps}, {until_quiet}});
    const seen_outcome refined = explore_seen(p, dependence_mode::refined);
    EXPECT_NE(refined.seen.find("waits"), std::string::npos) << refined.seen;
    EXPECT_EQ(refined.seen, explore_seen(p, dependence_mode::plain).seen);
}

// Each of the two may find that it came too late.
TEST(Awaits, MayBeMissedOneByOne) {
    const entry odd = {waiting::await_odd, 1};
    const seen_program p = program({{odd}, {steps, steps}, {odd, {waiting::try_lock, 0}}});
    EXPECT_EQ(explore_seen(p, dependence_mode::refined).seen,
              explore_seen(p, dependence_mode::plain).seen);
}

// Where two write the word, what is learnt from one is not what is learnt from the other. Only between the two
// it is: whoever comes first stays the only one to have written.
TEST(Awaits, AreTriedBehindEachWriterThatCanBeLast) {
    const entry awaits = {waiting::await_flag, 0};
    const entry sets = {waiting::set_flag, 0};
    const seen_program p = program({{sets}, {sets}, {awaits}});
    EXPECT_EQ(executions(p, dependence_mode::plain), 6U);
    EXPECT_EQ(executions(p, dependence_mode::refined), 4U);
}

// Who has no operation at all begins late, and has ended at once; somebody may wait for it already.
TEST(Awaits, OfThreadsThatDoNothing) {
    const entry writes = {waiting::write_plain, 0};
    const seen_program p = program({{writes},
                                    {steps, steps, until_quiet, {waiting::set_flag, 0}},
                                    {until_quiet, until_quiet, {waiting::await_flag, 0}, locks}});
    const seen_outcome plain = explore_seen(p, dependence_mode::plain);
    EXPECT_EQ(plain.executions, 2U);
    EXPECT_EQ(plain.seen.find("deadlock"), std::string::npos) << plain.seen;
}

}  // namespace

}  // namespace sim::test

// Awaits that are passed as soon as they hold: what threads see, and what is found, is the same whether
// exploration knows that or not, and it takes fewer executions where it does.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cctype>
#include <cstdlib>
#include <set>

#include "sim/dependence.h"
#include "sim/explore/explorer.h"
#include "sim/explore/optimal.h"
#include "sim/program/symbols.h"
#include "test/sim/child.h"
#include "test/sim/explored.h"
#include "test/sim/units.h"

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
};

struct entry {
    waiting kind = waiting::none;
    int value = 0;
};

struct program {
    std::vector<std::vector<entry>> threads;
};

template <typename T>
T* variable(const char* name) {
    return reinterpret_cast<T*>(g.subject->address_of_data(name));
}

void write_table(const program& p) {
    auto* table = variable<entry>("table");
    for (size_t t = 0; t < p.threads.size(); ++t) {
        for (size_t i = 0; i < p.threads[t].size(); ++i) {
            table[t * operations_max + i] = p.threads[t][i];
        }
    }
    *variable<int>("threads") = static_cast<int>(p.threads.size());
}

std::string what_was_seen(const program& p, execution_end end) {
    std::string text = end == execution_end::deadlock ? "waits: " : "";
    const int* seen = variable<int>("seen");
    for (size_t t = 0; t < p.threads.size(); ++t) {
        for (size_t i = 0; i < p.threads[t].size(); ++i) {
            text += fmt::format("{} ", seen[t * operations_max + i]);
        }
    }
    return text + "\n";
}

struct outcome {
    std::string seen;
    uint64_t executions = 0;
};

enum class looking { for_races, for_none };

// In units, if an order of them is given: then nothing of what was seen is told.
outcome explored(const program& p, dependence_mode mode, looking what = looking::for_races,
                 const unit_order* units = nullptr) {
    const std::string text = in_child([&]() -> std::string {
        simulation_options options;
        options.leaks = false;
        options.race = what == looking::for_races;  // they would begin everything anew
        simulation machine(options);
        std::string error;
        if (!machine.load(subject("awaits", "g++"), error)) {
            return "load: " + error;
        }
        write_table(p);
        machine.set_contexts({program_main({"program"})});
        machine.take_snapshot();
        dependence = mode;
        optimal_strategy best;
        std::set<std::string> seen;
        explore_result r = units != nullptr ? explore_in_units(machine, *units)
                                            : explore(machine, best, {}, [&](execution_end end) {
                                                  if (end != execution_end::pruned) {
                                                      seen.insert(what_was_seen(p, end));
                                                  }
                                                  return true;
                                              });
        std::set<std::string> found;
        for (const found_case& f : r.found) {
            found.insert(std::string(name_of(f.what.kind)) + "\n");
        }
        std::string all = fmt::format("{}:{}", r.executions, r.complete ? "" : "incomplete ");
        for (const auto* list : {&seen, &found}) {
            for (const std::string& one : *list) {
                all += one;
            }
        }
        return all;
    });
    const size_t colon = text.find(':');
    EXPECT_TRUE(colon != std::string::npos && std::isdigit(text[0]) != 0) << text;
    return {text.substr(colon + 1), std::strtoull(text.c_str(), nullptr, 10)};
}

std::string text_of(const program& p) {
    std::string text;
    for (const auto& list : p.threads) {
        for (const entry& e : list) {
            text += fmt::format("{} {}; ", static_cast<int>(e.kind), e.value);
        }
        text += "\n";
    }
    return text;
}

class generator {
  public:
    explicit generator(uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15ULL + 7) {}
    int below(int n) {
        state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
        return static_cast<int>((state_ >> 33) % static_cast<uint64_t>(n));
    }
    program make() {
        program p;
        p.threads.resize(static_cast<size_t>(2 + below(2)));
        const size_t length = p.threads.size() == 2 ? 6 : 4;
        const waiting often[] = {waiting::step, waiting::step, waiting::await_quiet,
                                 waiting::write_plain};
        for (auto& list : p.threads) {
            while (list.size() < length) {
                const waiting kind =
                    below(2) == 0 ? often[below(4)] : static_cast<waiting>(1 + below(14));
                const int other = static_cast<int>(&list - p.threads.data()) + 1 + below(2);
                const bool awaits = kind >= waiting::await_quiet && kind <= waiting::await_more;
                list.push_back(
                    {kind, awaits ? other % static_cast<int>(p.threads.size()) : below(2)});
            }
        }
        return p;
    }

  private:
    uint64_t state_;
};

class Awaits : public testing::TestWithParam<int> {};

TEST_P(Awaits, ShowTheSameWhetherTheyGoFirstOrNot) {
    const char* budget = std::getenv("HEDDLE_BUDGET");
    const int rounds = budget != nullptr && std::string(budget) == "full" ? 100 : 10;
    for (int i = 0; i < rounds; ++i) {
        const auto seed = static_cast<uint64_t>(GetParam() + 40 * i);
        const program p = generator(seed).make();
        const outcome plain = explored(p, dependence_mode::plain);
        const outcome refined = explored(p, dependence_mode::refined);
        EXPECT_EQ(refined.seen, plain.seen) << "seed " << seed << "\n" << text_of(p);
        EXPECT_LE(refined.executions, plain.executions) << "seed " << seed << "\n" << text_of(p);
        // What is passed over depends on the order in which a search goes, what counts does not.
        const unit_order some = {
            .executions = 1 + seed % 7, .out = 1 + seed % 3, .seed = seed, .by_bytes = true};
        const outcome whole = explored(p, dependence_mode::refined, looking::for_none);
        const outcome units = explored(p, dependence_mode::refined, looking::for_none, &some);
        EXPECT_EQ(units.executions, whole.executions) << "in units, seed " << seed << "\n"
                                                      << text_of(p);
    }
}

INSTANTIATE_TEST_SUITE_P(All, Awaits, testing::Range(0, 40));

constexpr entry steps = {waiting::step, 0};
constexpr entry until_quiet = {waiting::await_quiet, 0};
constexpr entry locks = {waiting::lock, 0};
constexpr entry unlocks = {waiting::unlock, 0};

uint64_t executions(const program& p, dependence_mode mode) {
    return explored(p, mode).executions;
}

// Before both sections, between them, behind them; and in the second thread twice.
TEST(Awaits, ArePassedAsSoonAsTheyHold) {
    const program once = {{{steps, steps, steps, steps}, {until_quiet}}};
    EXPECT_EQ(executions(once, dependence_mode::plain), 3U);
    EXPECT_EQ(executions(once, dependence_mode::refined), 1U);
    const program twice = {{{steps, steps, steps, steps}, {until_quiet, until_quiet}}};
    EXPECT_EQ(executions(twice, dependence_mode::plain), 6U);
    EXPECT_EQ(executions(twice, dependence_mode::refined), 1U);
}

// Who holds the mutex waits for the end of a section in which the other waits for the mutex.
TEST(Awaits, AreSeenToWaitForGoodWhereASectionWaits) {
    const program p = {{{steps, locks, unlocks, steps}, {locks, until_quiet, unlocks}}};
    const outcome refined = explored(p, dependence_mode::refined);
    EXPECT_NE(refined.seen.find("deadlock"), std::string::npos) << refined.seen;
    EXPECT_EQ(refined.seen, explored(p, dependence_mode::plain).seen);
}

// A section that is never left.
TEST(Awaits, AreSeenToWaitForGoodWhereASectionIsNotLeft) {
    const program p = {{{steps, steps, steps}, {until_quiet}}};
    const outcome refined = explored(p, dependence_mode::refined);
    EXPECT_NE(refined.seen.find("waits"), std::string::npos) << refined.seen;
    EXPECT_EQ(refined.seen, explored(p, dependence_mode::plain).seen);
}

// Each of the two may find that it came too late.
TEST(Awaits, MayBeMissedOneByOne) {
    const entry odd = {waiting::await_odd, 1};
    const program p = {{{odd}, {steps, steps}, {odd, {waiting::try_lock, 0}}}};
    EXPECT_EQ(explored(p, dependence_mode::refined).seen, explored(p, dependence_mode::plain).seen);
}

// Where two write the word, what is learnt from one is not what is learnt from the other. Only between the two
// it is: whoever comes first stays the only one to have written.
TEST(Awaits, AreTriedBehindEachWriterThatCanBeLast) {
    const entry awaits = {waiting::await_flag, 0};
    const entry sets = {waiting::set_flag, 0};
    const program p = {{{sets}, {sets}, {awaits}}};
    EXPECT_EQ(executions(p, dependence_mode::plain), 6U);
    EXPECT_EQ(executions(p, dependence_mode::refined), 4U);
}

// Who has no operation at all begins late, and has ended at once; somebody may wait for it already.
TEST(Awaits, OfThreadsThatDoNothing) {
    const entry writes = {waiting::write_plain, 0};
    const program p = {{{writes},
                        {steps, steps, until_quiet, {waiting::set_flag, 0}},
                        {until_quiet, until_quiet, {waiting::await_flag, 0}, locks}}};
    const outcome plain = explored(p, dependence_mode::plain);
    EXPECT_EQ(plain.executions, 2U);
    EXPECT_EQ(plain.seen.find("deadlock"), std::string::npos) << plain.seen;
}

}  // namespace

}  // namespace sim::test

// Updates that commute: what threads see, and what is found, is the same whether exploration knows that
// or not, and it takes fewer executions where it does.
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
};

struct entry {
    counting kind = counting::none;
    int value = 0;
};

struct program {
    int references = 1;
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
    *variable<int>("references") = p.references;
}

std::string what_was_seen(const program& p, execution_end end) {
    std::string text = end == execution_end::deadlock ? "waits: " : "";
    const int* seen = variable<int>("seen");
    for (size_t t = 0; t < p.threads.size(); ++t) {
        for (size_t i = 0; i < p.threads[t].size(); ++i) {
            text += fmt::format("{} ", seen[t * operations_max + i]);
        }
    }
    return text + fmt::format("; {} {}\n", *variable<int>("count"), *variable<int>("total"));
}

struct outcome {
    std::string seen;
    uint64_t executions = 0;
};

outcome explored(const program& p, dependence_mode mode, bool wrong_results = false) {
    const std::string text = in_child([&]() -> std::string {
        simulation_options options;
        options.leaks = false;
        options.wrong_results = wrong_results;
        simulation machine(options);
        std::string error;
        if (!machine.load(subject("counters", "g++"), error)) {
            return "load: " + error;
        }
        write_table(p);
        machine.set_contexts({program_main({"program"})});
        machine.take_snapshot();
        dependence = mode;
        optimal_strategy best;
        std::set<std::string> seen;
        explore_result r = explore(machine, best, {}, [&](execution_end end) {
            if (end != execution_end::pruned) {
                seen.insert(what_was_seen(p, end));
            }
            return true;
        });
        std::set<std::string> found;
        for (const found_case& f : r.found) {
            found.insert(std::string(name_of(f.what.kind)) + "\n");
        }
        std::string all = fmt::format("{}:{}{}", r.executions, r.complete ? "" : "incomplete ",
                                      best.sleep_blocked() != 0 ? "asleep " : "");
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
    std::string text = fmt::format("references {}\n", p.references);
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
        p.references = 1 + below(3);
        p.threads.resize(static_cast<size_t>(2 + below(2)));
        const size_t length = p.threads.size() == 2 ? 5 : 3;
        const counting often[] = {counting::take, counting::put, counting::put, counting::add};
        for (auto& list : p.threads) {
            while (list.size() < length) {
                const counting kind =
                    below(2) == 0 ? often[below(4)] : static_cast<counting>(1 + below(12));
                list.push_back({kind, 1 + below(2)});
            }
        }
        return p;
    }

  private:
    uint64_t state_;
};

class Counters : public testing::TestWithParam<int> {};

TEST_P(Counters, AreSeenAlikeWhetherUpdatesCommuteOrNot) {
    const char* budget = std::getenv("HEDDLE_BUDGET");
    const int rounds = budget != nullptr && std::string(budget) == "full" ? 100 : 10;
    for (int i = 0; i < rounds; ++i) {
        const auto seed = static_cast<uint64_t>(GetParam() + 40 * i);
        const program p = generator(seed).make();
        const outcome plain = explored(p, dependence_mode::plain);
        const outcome refined = explored(p, dependence_mode::refined);
        EXPECT_EQ(refined.seen, plain.seen) << "seed " << seed << "\n" << text_of(p);
        const outcome wrong = explored(p, dependence_mode::refined, true);
        EXPECT_EQ(wrong.seen, plain.seen) << "wrong results, seed " << seed << "\n" << text_of(p);
    }
}

INSTANTIATE_TEST_SUITE_P(All, Counters, testing::Range(0, 40));

using list = std::vector<entry>;
constexpr entry takes = {counting::take, 0};
constexpr entry puts = {counting::put, 0};
constexpr entry adds = {counting::add, 1};

TEST(Counters, CommuteAboveZero) {
    const program p = {4, {{takes, puts}, {takes, puts}, {takes, puts}}};
    EXPECT_EQ(explored(p, dependence_mode::plain).executions, 90U);
    EXPECT_EQ(explored(p, dependence_mode::refined).executions, 1U);
}

// Who comes last is all that matters.
TEST(Counters, DependOnlyOnWhoReachesZero) {
    const program p = {3, {{puts}, {puts}, {puts}}};
    EXPECT_EQ(explored(p, dependence_mode::plain).executions, 6U);
    EXPECT_EQ(explored(p, dependence_mode::refined).executions, 3U);
}

TEST(Counters, AwaitedZeroIsOneTraceForEachThatMayComeLast) {
    const program p = {2, {{puts}, {puts}, {{counting::await_none, 0}}}};
    EXPECT_EQ(explored(p, dependence_mode::plain).executions, 2U);
    EXPECT_EQ(explored(p, dependence_mode::refined).executions, 2U);
}

// A put of the reference that was there first may come before the take: then the others see zero.
TEST(Counters, DoNotCommuteWhereAnotherOrderReachesZero) {
    const program p = {1, {{takes, puts}, {takes, puts}, {puts}}};
    EXPECT_EQ(explored(p, dependence_mode::refined).seen, explored(p, dependence_mode::plain).seen);
}

TEST(Counters, UnusedResultsCommuteWithTheirLike) {
    const program p = {1, {{adds, adds}, {adds, adds}, {adds}}};
    EXPECT_EQ(explored(p, dependence_mode::plain).executions, 30U);
    EXPECT_EQ(explored(p, dependence_mode::refined).executions, 1U);
    const program mixed = {1, {{adds}, {{counting::set_bit, 1}}}};
    EXPECT_EQ(explored(mixed, dependence_mode::refined).executions, 2U);
}

}  // namespace

}  // namespace sim::test

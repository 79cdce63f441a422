// What explains a failure: the smallest set of orders, and from where on it is certain.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "sim/explore/bounded.h"
#include "sim/explore/explain.h"
#include "sim/explore/explorer.h"
#include "sim/explore/order_choice.h"
#include "test/sim/child.h"

namespace sim::test {

namespace {

order_set orders(std::initializer_list<size_t> list) {
    order_set s;
    for (size_t i : list) {
        s.set(i);
    }
    return s;
}

struct choice_case {
    const char* what;
    std::vector<order_set> passing;  // what each of these has kept
    order_set candidates;
    std::vector<size_t> chosen;
    bool hits_all;
};

// By hand: a passing execution is hit by an order that it has not kept.
TEST(OrderChoice, TakesTheSmallestSetThatNoPassingExecutionKeeps) {
    const std::vector<choice_case> cases = {
        {"one order", {orders({1}), orders({})}, orders({0, 1}), {0}, true},
        {"the first of two alike", {orders({})}, orders({3, 5}), {3}, true},
        {"two", {orders({0}), orders({1})}, orders({0, 1}), {0, 1}, true},
        {"one rather than two", {orders({0}), orders({1})}, orders({0, 1, 2}), {2}, true},
        {"four",
         {orders({1, 2, 3}), orders({0, 2, 3}), orders({0, 1, 3}), orders({0, 1, 2})},
         orders({0, 1, 2, 3}),
         {0, 1, 2, 3},
         true},
        {"kept all", {orders({0, 1})}, orders({0, 1}), {}, false},
        {"none that follows from others",
         {orders({2}), orders({2, 9}), orders({1}), orders({0, 2}), orders({0, 1}),
          orders({0, 1, 9}), orders({0, 1, 2})},
         orders({0, 1, 2}),
         {2, 1},
         false},
        {"not a candidate", {orders({})}, orders({}), {}, false},
    };
    for (const choice_case& c : cases) {
        std::set<std::string> passing;
        for (const order_set& kept : c.passing) {
            passing.insert(kept.to_string());
        }
        const order_choice chosen = choose_orders(passing, c.candidates);
        EXPECT_EQ(chosen.orders, c.chosen) << c.what;
        EXPECT_EQ(chosen.hits_all, c.hits_all) << c.what;
    }
}

// Explains the first failure that the bounded search finds, in a process of its own.
std::string explained(const std::string& program, uint64_t steps_max = 30'000'000) {
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
        bounded_strategy bounded(3);
        const explore_result r = explore(machine, bounded, {~0ULL, true});
        work_limits limits;
        limits.steps_max = steps_max;
        const explanation e = explain(machine, r.found.at(0).choices, limits);
        std::string text =
            fmt::format("{}{}{}{} turning {} of {}{}", e.always ? "always" : "",
                        e.sufficient ? "sufficient" : "", e.necessary ? " necessary" : "",
                        e.all_interleavings ? " all" : " some", e.turning.step, e.steps,
                        e.turning.decided ? " decided" : " sampled");
        for (const explained_order& o : e.orders) {
            text += fmt::format(" {}<{}", o.first_step, o.second_step);
        }
        return text;
    });
}

// Step 1 is the bystander's. Then the reader loads, the writer loads and stores, the reader stores; what
// every lost update has is that each loads before the other stores, and it is certain when both have.
TEST(Explain, NeedsBothOrdersOfALostUpdate) {
    EXPECT_EQ(explained("one_turn_1"), "sufficient necessary all turning 3 of 6 decided 2<4 3<5");
}

// 0, 1, 0 in one turn: each of the three sights has its order, the first two are certain last.
TEST(Explain, FindsWhereItBecomesCertain) {
    const std::string text = explained("one_turn_3");
    EXPECT_EQ(text.rfind("sufficient necessary all ", 0), 0U) << text;
    EXPECT_NE(text.find(" decided "), std::string::npos) << text;
}

// A thousand steps cannot be run in all orders, and that is said.
TEST(Explain, SaysWhatWasOnlySampled) {
    const std::string text = explained("long_run_1", 2'000'000);
    EXPECT_NE(text.find(" some "), std::string::npos) << text;
    EXPECT_EQ(text, explained("long_run_1", 2'000'000));
}

}  // namespace

}  // namespace sim::test

#include "viz/order.h"

#include <gtest/gtest.h>

#include "test/viz/traces.h"

namespace {

// A step of `context`, after the steps given.
sim::trace_event step(uint32_t number, uint32_t context, std::vector<uint32_t> after = {}) {
    sim::trace_event event;
    event.step = number;
    event.context = context;
    event.kind = "rmw";
    event.after = std::move(after);
    return event;
}

std::vector<viz::order_edge> edges(std::vector<sim::trace_event> events) {
    sim::trace t;
    t.header.contexts.resize(3);
    t.events = std::move(events);
    return viz::necessary_order(t);
}

using expected = std::vector<viz::order_edge>;

TEST(Order, ADirectEdgeIsKept) {
    EXPECT_EQ(edges({step(1, 0), step(2, 1, {1})}), (expected{{1, 2}}));
}

TEST(Order, AnEarlierStepOfTheSameContextIsImplied) {
    EXPECT_EQ(edges({step(1, 0), step(2, 0), step(3, 1, {1, 2})}), (expected{{2, 3}}));
    EXPECT_EQ(edges({step(1, 0), step(2, 1, {1}), step(3, 1, {1})}), (expected{{1, 2}}));
}

TEST(Order, AWayThroughAThirdContextIsEnough) {
    EXPECT_EQ(edges({step(1, 0), step(2, 1, {1}), step(3, 2, {1, 2})}), (expected{{1, 2}, {2, 3}}));
}

TEST(Order, TwoIndependentEdgesAreBothKept) {
    EXPECT_EQ(edges({step(1, 0), step(2, 1), step(3, 2, {1, 2})}), (expected{{2, 3}, {1, 3}}));
}

TEST(Order, NonsenseIsLeftOut) {
    EXPECT_EQ(edges({step(1, 0, {0, 7}), step(2, 0, {1})}), expected{});
}

// What a read takes may happen before it or not, and may be old.
TEST(Order, AReadHasItsWrite) {
    EXPECT_EQ(viz::reads_from(test::old_value()),
              (std::vector<viz::read_edge>{
                  {3, 4, false, true}, {1, 5, false, true}, {2, 6, true, false}}));
    EXPECT_EQ(viz::reads_from(test::data_race()), std::vector<viz::read_edge>{});
}

TEST(Order, AnOldValueMissesTheLastWrite) {
    EXPECT_EQ(viz::not_seen(test::old_value()), (expected{{3, 6}, {1, 7}}));
    EXPECT_EQ(viz::not_seen(test::data_race()), expected{});
}

// Nothing else of that execution happens before anything in another context.
TEST(Order, AnOldValueOrdersNothing) {
    EXPECT_EQ(viz::necessary_order(test::old_value()), (expected{{3, 4}}));
}

// Nothing made them come in the order in which they came.
TEST(Order, TheTwoOfADataRaceHaveNone) {
    sim::trace t;
    t.header.contexts.resize(2);
    t.events = {step(1, 0), step(2, 0), step(3, 1, {1}), step(4, 1, {2})};
    t.findings = {
        {.kind = "data race", .message = "", .step = 4, .context = 1, .stack = {}, .evidence = {}}};
    t.findings[0].evidence.push_back(
        {.label = "other access", .step = 2, .context = 0, .text = "", .stack = {}});
    EXPECT_EQ(viz::necessary_order(t), (expected{{1, 3}}));
}

}  // namespace

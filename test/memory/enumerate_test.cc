// The enumerator of graphs alone: known counts, laws between the models, and a machine with store buffers.
#include "test/memory/enumerate.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "test/budget.h"
#include "test/memory/buffers.h"
#include "test/memory/random_litmus.h"

namespace sim::test {

namespace {

bool within(const litmus_graphs& fewer, const litmus_graphs& more) {
    return std::includes(more.begin(), more.end(), fewer.begin(), fewer.end());
}

std::string difference(const litmus_graphs& a, const litmus_graphs& b) {
    std::string text;
    for (const auto& [graph, outcome] : a) {
        text += b.count(graph) == 0 ? "only the first: " + graph + "\n" : "";
    }
    for (const auto& [graph, outcome] : b) {
        text += a.count(graph) == 0 ? "only the second: " + graph + "\n" : "";
    }
    return text;
}

bool all_ops(const litmus_program& program, bool (*holds)(const litmus_op&)) {
    return std::all_of(program.begin(), program.end(), [&](const litmus_thread& thread) {
        return std::all_of(thread.begin(), thread.end(), holds);
    });
}

bool seq_cst_or_skip(const litmus_op& op) {
    return op.kind == litmus_kind::skip || is_lock(op) ||
           (op.order == litmus_order::seq_cst &&
            (op.kind != litmus_kind::cas || op.failure == litmus_order::seq_cst));
}

bool no_strong_store_or_fence(const litmus_op& op) {
    return op.order == litmus_order::relaxed;
}

void expect_laws(const litmus_program& program, const allowed_graphs& all) {
    EXPECT_TRUE(within(all.sc, all.tso)) << text_of(program);
    EXPECT_TRUE(within(all.sc, all.rc11)) << text_of(program);
    EXPECT_EQ(difference(all.sc, all_runs(program, false)), "") << text_of(program);
    EXPECT_EQ(difference(all.tso, all_runs(program, true)), "") << text_of(program);
    if (all_ops(program, no_strong_store_or_fence)) {
        EXPECT_TRUE(within(all.tso, all.rc11)) << text_of(program);
    }
    if (all_ops(program, seq_cst_or_skip)) {
        EXPECT_EQ(all.rc11.size(), all.sc.size()) << text_of(program);
        EXPECT_EQ(all.tso.size(), all.sc.size()) << text_of(program);
    }
}

litmus_program with_order(litmus_program program, litmus_order order) {
    for (litmus_thread& thread : program) {
        for (litmus_op& op : thread) {
            if (!is_lock(op) && op.kind != litmus_kind::await) {
                op.order = op.failure = order;
            }
        }
    }
    return program;
}

TEST(Enumerate, GivesTheCountsOfTheTable) {
    for (const litmus_case& c : read_litmus_cases(HEDDLE_LITMUS)) {
        const allowed_graphs all = enumerate(c.program);
        EXPECT_EQ(fmt::format("{} {} {}", c.sc, c.tso, c.rc11),
                  fmt::format("{} {} {}", all.sc.size(), all.tso.size(), all.rc11.size()))
            << c.name << " " << text_of(c.program);
    }
}

TEST(Enumerate, KeepsTheLawsInTheTable) {
    for (const litmus_case& c : read_litmus_cases(HEDDLE_LITMUS)) {
        SCOPED_TRACE(c.name);
        expect_laws(c.program, enumerate(c.program));
        const litmus_program strong = with_order(c.program, litmus_order::seq_cst);
        expect_laws(strong, enumerate(strong));
    }
}

TEST(Enumerate, KeepsTheLawsInRandomPrograms) {
    const uint64_t programs = full_budget() ? 4000 : 200;
    for (uint64_t seed = 0; seed < programs; ++seed) {
        SCOPED_TRACE(seed);
        const litmus_program program = random_litmus(seed);
        expect_laws(program, enumerate(program));
        const litmus_program strong = with_order(program, litmus_order::seq_cst);
        expect_laws(strong, enumerate(strong));
    }
}

// Updates of one event and of two come to the same.
void expect_same_in_two_events(const litmus_program& program) {
    const allowed_graphs one = enumerate(program, updates::one_event);
    const allowed_graphs two = enumerate(program, updates::two_events);
    EXPECT_EQ(difference(one.sc, two.sc), "") << text_of(program);
    EXPECT_EQ(difference(one.tso, two.tso), "") << text_of(program);
    EXPECT_EQ(difference(one.rc11, two.rc11), "") << text_of(program);
}

TEST(Enumerate, SeesUpdatesAsOneEventOrTwo) {
    for (const litmus_case& c : read_litmus_cases(HEDDLE_LITMUS)) {
        expect_same_in_two_events(c.program);
    }
    for (uint64_t seed = 0; seed < (full_budget() ? 4000U : 200U); ++seed) {
        expect_same_in_two_events(random_litmus(seed));
    }
}

TEST(LitmusText, IsReadAndPrinted) {
    for (const litmus_case& c : read_litmus_cases(HEDDLE_LITMUS)) {
        const std::string text = text_of(c.program);
        EXPECT_EQ(text_of(parse_litmus(text)), text) << c.name;
    }
    for (const char* bad : {"x", "x.rl", "w.rlx", "x.rlx=", "x.rlx 1", "f.", "x.rlx |",
                            "x.rlx/rlx:1>2", "m.rlx", "x.lock", "m.lock1"}) {
        EXPECT_THROW((void)parse_litmus(bad), std::runtime_error) << bad;
    }
}

}  // namespace

}  // namespace sim::test

#include "viz/align.h"

#include <gtest/gtest.h>

#include "test/viz/recorder.h"
#include "test/viz/traces.h"

namespace {

// Two contexts write x; each does something of its own around it.
sim::trace two_writers(bool first_first) {
    test::recorder r("x", "");
    const uint32_t a = r.context("a", 0);
    const uint32_t b = r.context("b", 1);
    const auto write = [&](uint32_t c, const std::string& own) {
        r.step(c, "load", own);
        r.step(c, "store", "x");
        r.step(c, "store", own);
    };
    first_first ? write(a, "of a") : write(b, "of b");
    first_first ? write(b, "of b") : write(a, "of a");
    return r.take();
}

TEST(Align, TheSameRunHasNoDivergence) {
    for (const sim::trace& t :
         {test::destroyed_interface(), test::five_cpus(), test::long_run(200)}) {
        const viz::alignment same = viz::align(t, t);
        EXPECT_EQ(same.divergence_a, 0U);
        EXPECT_EQ(same.divergence_b, 0U);
        EXPECT_EQ(same.why, "");
        for (uint32_t step = 1; step < same.partner_of_a.size(); ++step) {
            EXPECT_EQ(same.partner_of_a[step], step);
            EXPECT_TRUE(same.same_of_a[step]);
        }
    }
}

TEST(Align, WhatDoesNotDependOnEachOtherMayComeInAnyOrder) {
    test::recorder one("x", "");
    test::recorder other("x", "");
    for (test::recorder* r : {&one, &other}) {
        r->context("a", 0);
        r->context("b", 1);
    }
    for (uint32_t i = 0; i < 6; ++i) {
        one.step(i % 2, "load", "own " + std::to_string(i % 2));
        other.step(i / 3, "load", "own " + std::to_string(i / 3));
    }
    const viz::alignment both = viz::align(one.take(), other.take());
    EXPECT_EQ(both.partner_of_a, (std::vector<uint32_t>{0, 1, 4, 2, 5, 3, 6}));
    EXPECT_EQ(both.divergence_a, 0U);
    EXPECT_EQ(both.divergence_b, 0U);
}

TEST(Align, TheFirstDivergenceIsTheTurnedOrder) {
    const viz::alignment both = viz::align(two_writers(true), two_writers(false));
    // A: 1 of a, 2 x by a, 3 of a, 4 of b, 5 x by b, 6 of b. B: the other way round.
    EXPECT_EQ(both.partner_of_a, (std::vector<uint32_t>{0, 4, 5, 6, 1, 2, 3}));
    EXPECT_EQ(both.partner_of_b, (std::vector<uint32_t>{0, 4, 5, 6, 1, 2, 3}));
    EXPECT_EQ(both.divergence_a, 2U);
    EXPECT_EQ(both.divergence_b, 2U);
    EXPECT_TRUE(both.same_of_a[1]);
    EXPECT_TRUE(both.same_of_a[4]);  // b's own first step: nothing of a leads to it
    EXPECT_FALSE(both.same_of_a[3]);
    EXPECT_EQ(both.why,
              "A: step 2 (a: write x) does not come after step 2 (b: write x), in B it does; "
              "B: step 2 (b: write x) does not come after step 2 (a: write x), in A it does");
}

TEST(Align, AStepThatIsNotThereLeavesTheOthersAligned) {
    const auto run = [](bool extra) {
        test::recorder r("x", "");
        const uint32_t a = r.context("a", 0);
        for (int i = 0; i < 10; ++i) {
            r.step(a, "load", "x" + std::to_string(i));
            if (i == 4 && extra) {
                r.step(a, "store", "more");
            }
        }
        return r.take();
    };
    const viz::alignment both = viz::align(run(false), run(true));
    EXPECT_EQ(both.partner_of_a, (std::vector<uint32_t>{0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 11}));
    EXPECT_EQ(both.partner_of_b[6], 0U);
    EXPECT_EQ(both.divergence_a, 6U);
    EXPECT_EQ(both.divergence_b, 6U);
    EXPECT_EQ(both.why,
              "A: step 6 (a: read x5); B has step 6 (a: write more) before it; "
              "B: step 6 (a: write more) has no partner in A");
}

TEST(Align, ContextsAreMatchedByName) {
    test::recorder r("x", "");
    r.context("b", 0);
    r.context("c", 1);
    r.step(0, "load", "x");
    r.step(1, "load", "x");
    test::recorder q("x", "");
    q.context("a", 0);
    q.context("b", 1);
    q.step(0, "load", "x");
    q.step(1, "load", "x");
    const viz::alignment both = viz::align(q.take(), r.take());
    EXPECT_EQ(both.partner_of_a, (std::vector<uint32_t>{0, 0, 1}));
}

TEST(Align, AFailingAndAPassingRun) {
    const sim::trace a = test::destroyed_interface();
    const sim::trace b = test::passed_interface();
    const viz::alignment both = viz::align(a, b);
    ASSERT_NE(both.divergence_a, 0U);
    // Every pair is one context doing the same thing, and partners are each other's.
    for (uint32_t step = 1; step < both.partner_of_a.size(); ++step) {
        if (const uint32_t other = both.partner_of_a[step]; other != 0) {
            EXPECT_EQ(both.partner_of_b[other], step);
        }
        if (step < both.divergence_a) {
            EXPECT_TRUE(both.same_of_a[step]) << step;
        }
    }
}

}  // namespace

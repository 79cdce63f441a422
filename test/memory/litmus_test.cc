// Litmus programs on the machine: what it explores is what the axioms allow.
#include <gtest/gtest.h>

#include "sim/explore/optimal.h"
#include "test/budget.h"
#include "test/memory/enumerate.h"
#include "test/memory/litmus_subject.h"
#include "test/memory/random_litmus.h"

namespace sim::test {

namespace {

// Interleavings up to commuting steps are the graphs of sequential consistency.
std::unique_ptr<strategy> interleavings() {
    return std::make_unique<optimal_strategy>();
}

TEST(Litmus, InterleavingsAreTheGraphsOfSequentialConsistency) {
    for (const litmus_case& c : read_litmus_cases(HEDDLE_LITMUS)) {
        const std::string wanted = text_of(enumerate(c.program).sc);
        for (const char* compiler : {"g++", "clang++"}) {
            EXPECT_EQ(explored_litmus(c.program, interleavings, compiler), wanted)
                << c.name << ", " << compiler << ": " << text_of(c.program);
        }
    }
}

TEST(RandomLitmus, InterleavingsAreTheGraphsOfSequentialConsistency) {
    const uint64_t programs = full_budget() ? 3000 : 300;
    for (uint64_t seed = 0; seed < programs; ++seed) {
        const litmus_program program = random_litmus(seed);
        EXPECT_EQ(explored_litmus(program, interleavings), text_of(enumerate(program).sc))
            << "seed " << seed << ": " << text_of(program);
    }
}

}  // namespace

}  // namespace sim::test

// Litmus programs on the machine as it runs interleavings: up to commuting steps, they are the graphs of sequential
// consistency.
#include <gtest/gtest.h>

#include "sim/explore/optimal.h"
#include "test/budget.h"
#include "test/memory/enumerate.h"
#include "test/memory/litmus_subject.h"
#include "test/memory/random_litmus.h"

namespace sim::test {

namespace {

std::string explored_outcomes(const litmus_program& program, const std::string& compiler) {
    optimal_strategy s;
    return explored_texts(program, s, {compiler, false}, [&](execution_end end) {
        return seen_outcome(program) + (end == execution_end::deadlock ? stuck_text : "");
    });
}

TEST(Interleavings, AreTheGraphsOfLitmusPrograms) {
    for (const litmus_case& c : read_litmus_cases(HEDDLE_LITMUS)) {
        const std::string wanted = lines_of(outcomes_of(enumerate(c.program).sc));
        for (const char* compiler : {"g++", "clang++"}) {
            EXPECT_EQ(explored_outcomes(c.program, compiler), wanted)
                << c.name << ", " << compiler << ": " << text_of(c.program);
        }
    }
}

TEST(Interleavings, AreTheGraphsOfRandomPrograms) {
    for (uint64_t seed = 0; seed < (full_budget() ? 3000U : 300U); ++seed) {
        const litmus_program program = random_litmus(seed);
        EXPECT_EQ(explored_outcomes(program, "g++"), lines_of(outcomes_of(enumerate(program).sc)))
            << "seed " << seed << ": " << text_of(program);
    }
}

}  // namespace

}  // namespace sim::test

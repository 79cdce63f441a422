// Litmus programs by execution graphs: in each model, what is explored is what the axioms allow.
#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "test/budget.h"
#include "test/memory/enumerate.h"
#include "test/memory/litmus_graphs.h"
#include "test/memory/random_litmus.h"
#include "test/memory/shrink_litmus.h"

namespace sim::test {

namespace {

// The lines that only one of two texts has: those are what there is to look at.
std::string difference(const std::string& got, const std::string& wanted) {
    const auto lines_of = [](const std::string& text) {
        std::set<std::string> lines;
        std::istringstream stream(text);
        for (std::string line; std::getline(stream, line);) {
            lines.insert(line);
        }
        return lines;
    };
    const std::set<std::string> explored = lines_of(got);
    const std::set<std::string> allowed = lines_of(wanted);
    std::string text;
    for (const std::string& line : explored) {
        text += allowed.count(line) == 0 ? "explored: " + line + "\n" : "";
    }
    for (const std::string& line : allowed) {
        text += explored.count(line) == 0 ? "missing:  " + line + "\n" : "";
    }
    return text;
}

struct compared_model {
    const char* name;
    memory_model model;
    litmus_graphs allowed_graphs::*graphs;
};

void PrintTo(const compared_model& m, std::ostream* out) {
    *out << m.name;
}

class GraphsOf : public testing::TestWithParam<compared_model> {};

// Each graph that the axioms allow is explored once, and no other; the subject sees what its graph says.
TEST_P(GraphsOf, LitmusPrograms) {
    for (const litmus_case& c : read_litmus_cases(HEDDLE_LITMUS)) {
        const std::string wanted = graphs_text(enumerate(c.program).*GetParam().graphs);
        for (const char* compiler : {"g++", "clang++"}) {
            EXPECT_EQ(
                difference(explored_graphs(c.program, GetParam().model, {compiler, false}), wanted),
                "")
                << c.name << ", " << compiler << ": " << text_of(c.program);
        }
    }
}

// Who joins them adds nothing: it has no choice.
TEST_P(GraphsOf, LitmusProgramsWhoseEndIsLookedAt) {
    for (const litmus_case& c : read_litmus_cases(HEDDLE_LITMUS)) {
        const std::string wanted = graphs_text(enumerate(c.program).*GetParam().graphs);
        EXPECT_EQ(difference(explored_graphs(c.program, GetParam().model, {"g++", true}), wanted),
                  "")
            << c.name << ": " << text_of(c.program);
    }
}

// How the graphs that are explored differ from those that are allowed; with the end of the run looked at, too.
std::string difference_in(const litmus_program& program, const compared_model& m, bool looks_last) {
    return difference(explored_graphs(program, m.model, {"g++", looks_last}),
                      graphs_text(enumerate(program).*m.graphs));
}

TEST_P(GraphsOf, RandomPrograms) {
    int shown = 0;
    for (uint64_t seed = 0; seed < (full_budget() ? 3000U : 300U) && shown < 5; ++seed) {
        const litmus_program program = random_litmus(seed);
        const bool looks_last = seed % 4 == 0;
        if (difference_in(program, GetParam(), looks_last).empty()) {
            continue;
        }
        const litmus_program small = shrunk(program, [&](const litmus_program& p) {
            return !difference_in(p, GetParam(), looks_last).empty();
        });
        ADD_FAILURE() << "seed " << seed << ": " << text_of(program) << "\nthe same is wrong of "
                      << text_of(small) << "\n"
                      << difference_in(small, GetParam(), looks_last);
        ++shown;
    }
}

INSTANTIATE_TEST_SUITE_P(
    All, GraphsOf,
    testing::Values(compared_model{"sc", memory_model::sc, &allowed_graphs::sc},
                    compared_model{"tso", memory_model::tso, &allowed_graphs::tso},
                    compared_model{"c11", memory_model::c11, &allowed_graphs::rc11}),
    [](const auto& i) { return i.param.name; });

}  // namespace

}  // namespace sim::test

// Exact numbers of interleavings: what test/programs/counts.txt knows of the small parametric programs.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "test/budget.h"
#include "test/sim/child.h"
#include "test/sim/explored.h"

namespace sim::test {

namespace {

struct row {
    std::string subject;  // name_T_N
    uint64_t ending = 0;
    uint64_t waiting = 0;  // for good
    std::string work;      // small, large, full
};

// Names of tests show it; without this they would show addresses, other ones in every build.
void PrintTo(const row& r, std::ostream* out) {
    *out << r.subject;
}

std::vector<row> read_rows() {
    std::ifstream file(HEDDLE_COUNTS);
    std::vector<row> rows;
    for (std::string line; std::getline(file, line);) {
        std::istringstream words(line.substr(0, line.find('#')));
        std::string source, program, threads, rounds;
        if (words >> source) {
            row r;
            words >> program >> threads >> rounds >> r.ending >> r.waiting >> r.work;
            r.subject = program + "_" + threads + "_" + rounds;
            rows.push_back(r);
        }
    }
    return rows;
}

std::vector<row> small_rows() {
    std::vector<row> rows = read_rows();
    std::erase_if(rows, [](const row& r) { return r.work != "small"; });
    return rows;
}

std::string name_of_row(const testing::TestParamInfo<row>& i) {
    return i.param.subject;
}

constexpr const char* compilers[] = {"g++", "clang++"};

// One signal for several who wait is enough for one of them, whenever it comes.
std::string why_somebody_waits(const std::string& subject) {
    const auto is = [&](const char* name) { return subject.rfind(name, 0) == 0; };
    if (is("wake_one") && !is("wake_one_1")) {
        return "deadlock, lost wakeup";
    }
    return is("wake_one") || is("wake_all") || is("flag_outside") ? "lost wakeup" : "deadlock";
}

class CountTest : public testing::TestWithParam<row> {
  protected:
    counts counted(const char* compiler, const char* strategy, dependence_mode dependence) const {
        exploration how;
        how.strategy = strategy;
        how.dependence = dependence;
        how.compare = GetParam().work == "small";
        how.spins = false;  // the figures are of loops that are unrolled: treiber's
        return explored_counts(subject(GetParam().subject, compiler), how);
    }

    const uint64_t ending = GetParam().ending;
    const uint64_t waiting = GetParam().waiting;
    const std::string found = waiting == 0 ? "none" : why_somebody_waits(GetParam().subject);
};

class Count : public CountTest {};

// Exact, and no execution was begun in vain. A refinement of dependence may only leave out executions
// that differ from no other in what can be seen.
TEST_P(Count, IsExactAndNothingIsGivenUp) {
    if (GetParam().work == "full" && !full_budget()) {
        GTEST_SKIP() << "takes seconds; HEDDLE_BUDGET=full";
    }
    for (const char* compiler : compilers) {
        SCOPED_TRACE(compiler);
        const counts plain = counted(compiler, "optimal", dependence_mode::plain);
        EXPECT_TRUE(plain.complete) << plain.text;
        EXPECT_EQ(plain.executions - plain.deadlocked, ending) << plain.text;
        EXPECT_EQ(plain.deadlocked, waiting) << plain.text;
        EXPECT_EQ(plain.given_up, 0U) << plain.text;
        EXPECT_EQ(plain.found, found) << plain.text;
        const counts refined = counted(compiler, "optimal", dependence_mode::refined);
        EXPECT_TRUE(refined.complete) << refined.text;
        EXPECT_LE(refined.executions, ending + waiting) << refined.text;
        EXPECT_EQ(refined.given_up, 0U) << refined.text;
        EXPECT_EQ(refined.found, found) << refined.text;
    }
}

INSTANTIATE_TEST_SUITE_P(All, Count, testing::ValuesIn(read_rows()), name_of_row);

class SmallCount : public CountTest {};

// Depth-first search with sleep sets gives many up half-way, but what it ends is each of them once.
TEST_P(SmallCount, IsWhatTheExhaustiveSearchEnds) {
    for (const char* compiler : compilers) {
        SCOPED_TRACE(compiler);
        const counts c = counted(compiler, "exhaustive", dependence_mode::plain);
        EXPECT_TRUE(c.complete) << c.text;
        EXPECT_EQ(c.executions - c.deadlocked, ending) << c.text;
        EXPECT_EQ(c.deadlocked, waiting) << c.text;
        EXPECT_EQ(c.found, found) << c.text;
    }
}

INSTANTIATE_TEST_SUITE_P(All, SmallCount, testing::ValuesIn(small_rows()), name_of_row);

// A line with a word too few would be a row that nobody looks at.
TEST(Counts, AreWholeLines) {
    for (const row& r : read_rows()) {
        EXPECT_TRUE(r.work == "small" || r.work == "large" || r.work == "full") << r.subject;
        EXPECT_NE(r.ending + r.waiting, 0U) << r.subject;
    }
}

// With a bound the search must be complete below it: at a bound that no interleaving reaches, every
// trace has been seen at least once, and the bound did not matter.
TEST(Bounded, ReachesEverythingWithABoundThatIsNeverMet) {
    exploration how;
    how.strategy = "bounded 60";
    size_t looked_at = 0;
    for (const row& r : read_rows()) {
        if (r.subject == "inc_ldst_2_2" || r.subject == "sb_2_4" || r.subject == "treiber_2_1") {
            const counts c = explored_counts(subject(r.subject, "g++"), how);
            EXPECT_TRUE(c.complete) << c.text;
            EXPECT_EQ(c.found, "none") << c.text;
            EXPECT_GE(c.executions, r.ending) << r.subject;
            ++looked_at;
        }
    }
    EXPECT_EQ(looked_at, 3U);
}

}  // namespace

}  // namespace sim::test

// Traces within a bound of preemptions: what is published of known programs, and what must be so.
//
// The published figures are of a tool that bounds graphs: it counts those that some linearisation shows
// with so few preemptions, which is our promise too. A preemption leaves a context that could go on: a
// context that has ended, or waits, is left for nothing, and so is nobody at the start, where the
// contexts of the program are all there. Both agree on the row whose program text we could write
// from its description, casw. Those of ms-queue, mutex, treiber and linuxrwlocks are of particular
// implementations, of which only the totals are described: they have no row here.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "sim/explore/trace_set.h"
#include "test/sim/child.h"
#include "test/sim/explored.h"
#include "test/sim/oracle.h"

namespace sim::test {

namespace {

struct bounded_row {
    const char* subject;
    const char* within;  // 0, 1, 2, ... preemptions
};

void PrintTo(const bounded_row& r, std::ostream* out) {
    *out << r.subject;
}

class Within : public testing::TestWithParam<bounded_row> {};

TEST_P(Within, EachBoundAreSoManyTraces) {
    for (const char* compiler : {"g++", "clang++"}) {
        EXPECT_EQ(traces_within(subject(GetParam().subject, compiler), 9), GetParam().within)
            << compiler;
    }
}

INSTANTIATE_TEST_SUITE_P(
    All, Within,
    testing::Values(
        // Published. At bound 0 the T threads run whole, in T! orders.
        bounded_row{"casw_5_1", "120 1320 6720 18720 30000 32880"},
        // Ours. The enumerator of oracle.h says the same of casw (below).
        bounded_row{"casw_4_1", "24 168 576 1056 1200"},
        // A reader is before or after the writer, and both orders come without a preemption.
        bounded_row{"readers_5_1", "16"},
        // Two threads that take a mutex twice: a preemption where it is free divides a pair.
        bounded_row{"mutex_2_2", "2 4 6"},
        // Who meets a held lock is left for nothing, so that one deadlock needs one preemption.
        bounded_row{"philo_left_2_1", "2 3"}),
    [](const testing::TestParamInfo<bounded_row>& i) { return std::string(i.param.subject); });

TEST(Bounded, AgreesWithTheEnumeratorOnCasw) {
    const table_program casw(4, {{table_kind::cas, 0, 0, 1}, {table_kind::store, 0, 3, 0}});
    const oracle_count c = count_traces(casw, 1'000'000);
    uint64_t within = 0;
    std::string text;
    for (const auto& [preemptions, traces] : c.with_preemptions) {
        within += traces;
        text += (text.empty() ? "" : " ") + std::to_string(within);
    }
    EXPECT_EQ(text, "24 168 576 1056 1200");
}

// With a bound that is never met the traces are all there are, whoever counts them. Five contexts and
// more are left out: what shows a trace again grows with every preemption that is allowed.
TEST(Bounded, EndsWithEveryTraceOfTheKnownPrograms) {
    constexpr uint64_t traces_max = 150;
    std::ifstream file(HEDDLE_COUNTS);
    size_t looked_at = 0;
    for (std::string line; std::getline(file, line);) {
        std::istringstream words(line.substr(0, line.find('#')));
        std::string source, program, t, n, work;
        uint64_t ending = 0;
        uint64_t waiting = 0;
        if (!(words >> source >> program >> t >> n >> ending >> waiting >> work) ||
            work != "small" || ending + waiting > traces_max || t > "4") {
            continue;
        }
        const std::string name = program + "_" + t + "_" + n;
        const std::string within = traces_within(subject(name, "g++"), 60);
        EXPECT_EQ(within.substr(within.rfind(' ') + 1), std::to_string(ending + waiting))
            << name << ": " << within;
        ++looked_at;
    }
    EXPECT_GT(looked_at, 45U);
}

trace_hash hash(uint64_t n) {
    return {n * 0x9e3779b97f4a7c15ULL, n};
}

TEST(TraceSet, KeepsWhatItIsTold) {
    trace_set s;
    for (int round = 0; round < 2; ++round) {
        for (uint64_t n = 0; n < 5000; ++n) {
            EXPECT_EQ(s.add(hash(n)), round == 0) << n;
        }
    }
    EXPECT_EQ(s.size(), 5000U);
    EXPECT_FALSE(s.full());
    s.clear();
    EXPECT_EQ(s.size(), 0U);
    EXPECT_TRUE(s.add(hash(7)));
}

TEST(TraceSet, SaysThatItIsFull) {
    trace_set s(3);
    for (uint64_t n = 1; n <= 3; ++n) {
        EXPECT_TRUE(s.add(hash(n)));
    }
    EXPECT_FALSE(s.add(hash(2)));
    EXPECT_FALSE(s.full());
    EXPECT_FALSE(s.add(hash(4)));
    EXPECT_TRUE(s.full());
    EXPECT_EQ(s.size(), 3U);
}

}  // namespace

}  // namespace sim::test

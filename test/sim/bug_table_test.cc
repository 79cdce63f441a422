// How many executions each sampler needs for the first bug, on the mean of 20 seeds, beside the means of the
// study. Prints its table; what it asserts is that surw is not worse than twice the study.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "test/sim/bugs.h"

namespace sim::test {

namespace {

constexpr uint64_t seeds = 20;
constexpr uint64_t executions_max = 10000;

struct mean {
    double executions = 0;  // of the hunts that ended with the bug
    uint64_t found = 0;
};

mean mean_of(const hunt& h) {
    mean m;
    for (const uint64_t n : h.executions) {
        m.executions += static_cast<double>(n);
        m.found += n != 0 ? 1 : 0;
    }
    m.executions /= static_cast<double>(m.found == 0 ? 1 : m.found);
    return m;
}

// "17", "3005 (19)" where not all hunts ended with it, "-" where none did.
std::string cell(const mean& m) {
    if (m.found == 0) {
        return "-";
    }
    return m.found == seeds ? fmt::format("{:.0f}", m.executions)
                            : fmt::format("{:.0f} ({})", m.executions, m.found);
}

std::string published(double value) {
    return value == 0 ? "" : fmt::format("{:.0f}", value);
}

TEST(BugTable, SurwIsNotWorseThanTwiceTheStudy) {
    fmt::print("{:<18}{:>11}{:>11}{:>11}{:>11}{:>11}   study:{:>6}{:>7}{:>7}{:>7}\n", "", "surw",
               "pct 3", "pos", "portfolio", "random", "surw", "pct 3", "pos", "random");
    for (const buggy_program& p : buggy_programs()) {
        std::string line = fmt::format("{:<18}", p.name);
        for (const char* sampler : {"surw", "pct", "pos", "portfolio", "random"}) {
            const hunt h = hunt_bug(p, sampler, seeds, executions_max);
            ASSERT_EQ(h.error, "") << p.name << " " << sampler;
            const mean m = mean_of(h);
            line += fmt::format("{:>11}", cell(m));
            if (std::string(sampler) == "surw" && p.study.surw != 0) {
                EXPECT_EQ(m.found, seeds) << p.name;
                EXPECT_LE(m.executions, 2 * p.study.surw) << p.name;
            }
        }
        fmt::print("{}         {:>6}{:>7}{:>7}{:>7}\n", line, published(p.study.surw),
                   published(p.study.pct), published(p.study.pos), published(p.study.random));
    }
}

}  // namespace

}  // namespace sim::test

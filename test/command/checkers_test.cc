// The checkers of rules: each finds its seeded defect alone, with a report that says all, and leaves the program
// that is nearly the same in peace.
#include <gtest/gtest.h>

#include "test/command/heddle_call.h"
#include "test/viz/golden.h"

namespace scenario::test {

namespace {

struct seeded {
    const char* program;  // "rules_mutex": a subject, that with _near, and a file in golden/
    const char* checker;
};

class Seeded : public testing::TestWithParam<seeded> {};

// Without what differs from one folder to the next, and the time.
std::string report_of(const std::string& name, const heddle_result& r) {
    std::string report;
    for (std::string line : r.lines()) {
        for (const std::string& from : {std::string(HEDDLE_PROGRAM), subject_path(name)}) {
            const std::string to = from == HEDDLE_PROGRAM ? "heddle" : name + ".so";
            for (size_t at = line.find(from); at != std::string::npos; at = line.find(from)) {
                line.replace(at, from.size(), to);
            }
        }
        if (line.starts_with("next:")) {
            break;
        }
        const size_t seconds = line.find("seconds");
        if (seconds == std::string::npos && line.find("program  ") != std::string::npos) {
            line.resize(line.find_last_not_of("0123456789."));
        }
        while (line.ends_with(" ")) {
            line.pop_back();
        }
        report += line + "\n";
    }
    return report;
}

TEST_P(Seeded, IsFoundByItsCheckerAlone) {
    const std::string name = GetParam().program;
    heddle_call heddle;
    const heddle_result found = heddle.run({"explore", subject_path(name)});
    EXPECT_EQ(found.status, 1) << found.out << found.err;
    ::test::expect_golden(name + ".txt", report_of(name, found));
    const heddle_result blind =
        heddle.run({"explore", subject_path(name), "--no-check", GetParam().checker});
    EXPECT_EQ(blind.status, 0) << blind.out << blind.err;
}

TEST_P(Seeded, IsNotSeenWhereTheRuleIsKept) {
    heddle_call heddle;
    const heddle_result r =
        heddle.run({"explore", subject_path(std::string(GetParam().program) + "_near")});
    EXPECT_EQ(r.status, 0) << r.out << r.err;
}

INSTANTIATE_TEST_SUITE_P(
    Rules, Seeded,
    testing::Values(seeded{"rules_mutex", "rules"}, seeded{"rules_may", "rules"},
                    seeded{"rules_read", "rules"}, seeded{"rules_interrupt", "rules"},
                    seeded{"rules_grace", "rules"}, seeded{"rules_barrier", "rules"},
                    seeded{"rules_free", "rules"}, seeded{"rules_slots", "rules"},
                    seeded{"rules_balance", "rules"}),
    [](const auto& one) { return std::string(one.param.program); });

}  // namespace

}  // namespace scenario::test

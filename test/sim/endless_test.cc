// Loops without any operation are said with the lines in which they go round, and are one finding wherever
// they were when they were noticed.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "sim/check/describe.h"
#include "sim/explore/replay.h"
#include "sim/machine/record.h"
#include "sim/simulation.h"
#include "test/sim/child.h"

namespace sim::test {

namespace {

// The findings of one execution: "KIND FUNCTION FILE:LINE TEXT".
std::string findings_of(const std::string& program, uint64_t accesses_max) {
    return in_child([&]() -> std::string {
        simulation_options options;
        options.limits.accesses_max = accesses_max;
        simulation machine(options);
        std::string error;
        if (!machine.load(subject("unended_" + program, "g++"), error)) {
            return "load: " + error;
        }
        machine.set_contexts({program_main({"program"})});
        machine.take_snapshot();
        replay_strategy usual({});
        usual.begin();
        machine.run(usual);
        std::string text;
        for (const finding& f : g.findings) {
            const trace_frame at = frame_at(f.pc);
            text += fmt::format("{} {} {}:{} {}\n", name_of(f.kind), at.function, at.file, at.line,
                                f.text);
        }
        return text;
    });
}

TEST(Endless, NamesTheLinesOfALoopThatReads) {
    const std::string text = findings_of("reads", 1'000'000);
    EXPECT_EQ(text,
              "endless loop is_zero test/programs/unended.c:33 goes round in is_zero "
              "(test/programs/unended.c:33) and first (test/programs/unended.c:38) without an "
              "operation\n");
    // Noticed at another access of the loop.
    for (const uint64_t accesses_max : {1'000'001, 1'000'002}) {
        EXPECT_EQ(findings_of("reads", accesses_max), text);
    }
}

TEST(Endless, NamesTheLinesOfALoopThatOnlyComputes) {
    const std::string text = findings_of("computes", 1'000'000);
    EXPECT_EQ(text.rfind("endless loop first test/programs/unended.c:", 0), 0U) << text;
    EXPECT_NE(text.find("goes round in "), std::string::npos) << text;
    EXPECT_NE(text.find("first (test/programs/unended.c:"), std::string::npos) << text;
    EXPECT_NE(text.find(" without a memory access or an operation\n"), std::string::npos) << text;
    EXPECT_EQ(findings_of("computes", 1'000'000), text);
}

}  // namespace

}  // namespace sim::test

#include "viz/columns.h"

#include <gtest/gtest.h>

#include <sstream>

#include "test/viz/golden.h"
#include "test/viz/traces.h"
#include "viz/phrase.h"

namespace {

struct named_trace {
    const char* name;
    sim::trace t;
};

std::vector<named_trace> all_traces() {
    return {{"destroyed_interface", test::destroyed_interface()},
            {"deadlock", test::deadlock()},
            {"unremarked_deadlock", test::unremarked_deadlock()},
            {"lost_wakeup", test::lost_wakeup()},
            {"data_race", test::data_race()},
            {"single_cpu", test::single_cpu()},
            {"five_cpus", test::five_cpus()},
            {"long_run", test::long_run(250)}};
}

std::string at_width(const sim::trace& t, uint32_t width) {
    viz::columns_options options;
    options.width = width;
    return viz::columns(t, options);
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

TEST(Columns, GoldenAtEachWidth) {
    for (const auto& [name, t] : all_traces()) {
        for (const uint32_t width : {50U, 80U, 100U, 140U}) {
            test::expect_golden(std::string(name) + "_" + std::to_string(width) + ".txt",
                                at_width(t, width));
        }
    }
}

TEST(Columns, GoldenInColour) {
    viz::columns_options options;
    options.colour = true;
    options.utf8 = true;
    test::expect_golden("destroyed_interface_colour.txt",
                        viz::columns(test::destroyed_interface(), options));
}

TEST(Columns, EveryLineFitsButTheReplayCommand) {
    for (const auto& [name, t] : all_traces()) {
        for (uint32_t width = 40; width < 200; width += 3) {
            std::istringstream lines(at_width(t, width));
            for (std::string line; std::getline(lines, line);) {
                if (!line.starts_with("replay: ")) {
                    EXPECT_LE(viz::text_width(line), width) << name << ": " << line;
                    EXPECT_FALSE(line.ends_with(' ')) << name << ": " << line;
                }
            }
        }
    }
}

TEST(Columns, FitsOneScreen) {
    for (const auto& [name, t] : all_traces()) {
        for (const uint32_t width : {80U, 100U, 140U}) {
            const std::string text = at_width(t, width);
            EXPECT_LE(std::count(text.begin(), text.end(), '\n'), 40) << name << "\n" << text;
        }
    }
}

TEST(Columns, TellsTheStoryOfTheDestroyedInterface) {
    for (const uint32_t width : {50U, 80U, 100U, 140U}) {
        const std::string text = at_width(test::destroyed_interface(), width);
        for (const char* part :
             {"# ifconfig em1 destroy", "~ preempted", "waits for ifrm",
              "USE AFTER FREE in ip_output", "freed at step 88 by adm on cpu1", "88*", "91!",
              "replay: heddle replay forward.race --variant late_wait h1:net0*91"}) {
            EXPECT_TRUE(contains(text, part)) << part << " at width " << width << "\n" << text;
        }
    }
}

TEST(Columns, AreAsciiWithoutColourUnlessAskedFor) {
    sim::trace t = test::destroyed_interface();
    for (sim::trace_event& event : t.events) {
        if (event.kind == "load") {
            event.object = "naïve \x1b[31m";
        }
    }
    viz::columns_options options;
    options.lines_max = 0;
    for (const char c : viz::columns(t, options)) {
        EXPECT_TRUE(c == '\n' || (c >= ' ' && c < 127)) << static_cast<int>(c);
    }
    options.utf8 = true;
    const std::string text = viz::columns(t, options);
    EXPECT_TRUE(contains(text, "\u2502"));
    EXPECT_TRUE(contains(text, "naïve"));
    EXPECT_FALSE(contains(text, "\x1b"));
}

TEST(Columns, EverythingIsShownWithoutALimit) {
    viz::columns_options options;
    options.lines_max = 0;
    options.width = 160;
    for (const auto& [name, t] : all_traces()) {
        const std::string text = viz::columns(t, options);
        EXPECT_FALSE(contains(text, "... ")) << name << "\n" << text;
    }
}

TEST(Columns, UnknownKindsAreShownByTheirNames) {
    const std::string text = at_width(test::single_cpu(), 100);
    EXPECT_TRUE(contains(text, "teleport y (to the moon)")) << text;
    EXPECT_TRUE(contains(text, "comet z (seen)")) << text;
    EXPECT_TRUE(contains(text, "half way")) << text;
}

TEST(Columns, AContextThatSharesACpuIsNamed) {
    sim::trace t = test::deadlock();
    t.header.contexts[1].cpu = 0;
    const std::string text = at_width(t, 100);
    EXPECT_TRUE(contains(text, "cpu0 net0, adm")) << text;
    EXPECT_TRUE(contains(text, "[net0] starts net0")) << text;
    EXPECT_TRUE(contains(text, "[adm] starts adm")) << text;
    EXPECT_TRUE(contains(text, "~ preempted")) << text;
}

TEST(Columns, ManyFindingsAreCounted) {
    sim::trace t = test::data_race();
    const sim::trace_finding race = t.findings[0];
    for (int i = 0; i < 6; ++i) {
        t.findings.push_back(race);
    }
    t.findings.push_back({"leak", "heap main#1 is never freed", 0, 0, {}, {}});
    const std::string text = at_width(t, 100);
    EXPECT_TRUE(contains(text, "why: data race")) << text;
    EXPECT_TRUE(contains(text, "also: 4 more findings")) << text;
}

TEST(Columns, AnEmptyTraceIsOneLineAndTheCommand) {
    sim::trace t;
    t.header.subject = "nothing.race";
    EXPECT_EQ(at_width(t, 80),
              "nothing.race: 0 steps, 0 contexts, 0 preemptions, no finding\n"
              "replay: heddle replay nothing.race\n");
}

TEST(Columns, NoTerminalMeansTheOtherWidth) {
    EXPECT_EQ(viz::terminal_width(-1, 100), 100U);
}

}  // namespace

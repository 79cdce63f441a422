#include "viz/html/report.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "test/viz/golden.h"
#include "test/viz/traces.h"
#include "viz/html/excerpts.h"
#include "viz/html/page.h"

namespace {

using nlohmann::json;

std::string numbered(const std::string& file) {
    std::string text;
    for (int line = 1; line <= 300; ++line) {
        text += file + " " + std::to_string(line) + "\n";
    }
    return text;
}

viz::report_options with_source() {
    viz::report_options o;
    o.source = numbered;
    return o;
}

// A line a field, so that a difference can be read.
std::string in_lines(const std::string& data) {
    std::string out;
    const json parsed = json::parse(data);
    for (const json& run : parsed["runs"]) {
        for (const auto& [name, value] : run.items()) {
            if (name == "events" || name == "rows") {
                for (const auto& [column, values] : value.items()) {
                    out += name + "." + column + " " + values.dump() + "\n";
                }
            } else {
                out += name + " " + value.dump() + "\n";
            }
        }
    }
    for (const char* name : {"pairs", "same", "divergence", "why"}) {
        if (parsed.contains(name)) {
            out += std::string(name) + " " + parsed[name].dump() + "\n";
        }
    }
    return out;
}

TEST(Report, GoldenData) {
    const sim::trace t = test::destroyed_interface();
    const sim::trace other = test::passed_interface();
    test::expect_golden("destroyed_interface.txt", in_lines(viz::report_data(t, {}, nullptr, {})));
    test::expect_golden("deadlock.txt",
                        in_lines(viz::report_data(test::deadlock(), {}, nullptr, {})));
    test::expect_golden("two_interfaces.txt", in_lines(viz::report_data(t, {}, &other, {})));
}

TEST(Report, SameTraceSameBytes) {
    const sim::trace t = test::destroyed_interface();
    EXPECT_EQ(viz::html_report(t, with_source()), viz::html_report(t, with_source()));
}

TEST(Report, IsOneFileThatAsksNobody) {
    const std::string page = viz::html_report(test::destroyed_interface(), with_source());
    for (const char* outside :
         {"http:", "https:", "src=", "<link", "@import", "url(\"", "fetch(", "XMLHttpRequest"}) {
        // The name of SVG's elements is an address, but nobody goes there.
        std::string text = page;
        const std::string svg = "http://www.w3.org/2000/svg";
        for (size_t at; (at = text.find(svg)) != std::string::npos;) {
            text.erase(at, svg.size());
        }
        EXPECT_EQ(text.find(outside), std::string::npos) << outside;
    }
    EXPECT_NE(page.find("default-src 'none'"), std::string::npos);
    for (const char* left : {"@TITLE@", "@STYLE@", "@DATA@", "@SCRIPT@"}) {
        EXPECT_EQ(page.find(left), std::string::npos) << left;
    }
}

TEST(Report, NothingInTheDataIsMarkup) {
    sim::trace t = test::deadlock();
    t.header.subject = "</title><b>&";
    t.events[1].object = "</script><!-- @DATA@ <script>";
    const std::string page = viz::html_report(t, {});
    EXPECT_EQ(page.find("</title><b>"), std::string::npos);
    const size_t data = page.find("id=\"data\">");
    const size_t end = page.find("</script>", data);
    const json parsed = json::parse(page.substr(data + 10, end - data - 10));
    bool found = false;
    for (const json& text : parsed["runs"][0]["strings"]) {
        found = found || text == t.events[1].object;
    }
    EXPECT_TRUE(found);
}

TEST(Report, EveryStepHasItsRow) {
    for (const sim::trace& t : {test::destroyed_interface(), test::deadlock(), test::lost_wakeup(),
                                test::unremarked_deadlock(), test::data_race(), test::single_cpu(),
                                test::five_cpus(), test::long_run(500)}) {
        const json data = json::parse(viz::report_data(t, {}, nullptr, {}))["runs"][0];
        std::set<uint32_t> steps;
        const json& rows = data["rows"];
        for (size_t i = 0; i < rows["kind"].size(); ++i) {
            if (rows["kind"][i] == 0) {
                steps.insert(rows["step"][i].get<uint32_t>());
            }
        }
        EXPECT_EQ(steps.size(), std::count_if(t.events.begin(), t.events.end(),
                                              [](const sim::trace_event& e) { return !e.remark; }));
        for (const json& row : data["story"]) {
            EXPECT_LT(row.get<size_t>(), rows["kind"].size());
        }
        EXPECT_EQ(data["events"]["step"].size(), t.events.size());
        EXPECT_TRUE(std::is_sorted(data["story"].begin(), data["story"].end()));
    }
}

TEST(Report, TheStoryShowsTheEvidence) {
    const sim::trace t = test::destroyed_interface();
    const json data = json::parse(viz::report_data(t, {}, nullptr, {}))["runs"][0];
    std::set<uint32_t> told;
    for (const json& row : data["story"]) {
        told.insert(data["rows"]["step"][row.get<size_t>()].get<uint32_t>());
    }
    EXPECT_TRUE(told.contains(t.findings[0].step));
    EXPECT_TRUE(told.contains(t.findings[0].evidence[0].step));
}

TEST(Excerpts, LinesAroundEveryPlace) {
    const sim::trace t = test::destroyed_interface();
    const std::vector<viz::excerpt> all = viz::excerpts_of(t, numbered);
    ASSERT_FALSE(all.empty());
    for (const sim::trace_event& event : t.events) {
        for (const sim::trace_frame& frame : event.stack) {
            const auto file = std::find_if(all.begin(), all.end(), [&](const viz::excerpt& e) {
                return e.file == frame.file;
            });
            if (frame.line > 300) {
                continue;
            }
            ASSERT_NE(file, all.end()) << frame.file;
            bool found = false;
            uint32_t last = 0;
            for (const viz::excerpt_part& part : file->parts) {
                EXPECT_GT(part.first, last) << "parts that touch are one";
                last = part.first + static_cast<uint32_t>(part.lines.size());
                if (frame.line >= part.first && frame.line < last) {
                    found = part.lines[frame.line - part.first] ==
                            frame.file + " " + std::to_string(frame.line);
                }
            }
            EXPECT_TRUE(found) << frame.file << ":" << frame.line;
        }
    }
    EXPECT_TRUE(viz::excerpts_of(t, nullptr).empty());
    EXPECT_TRUE(viz::excerpts_of(t, [](const std::string&) { return std::string(); }).empty());
}

TEST(Report, FiftyThousandStepsFitIntoAFileThatCanBeSent) {
    const std::string page = viz::html_report(test::long_run(50000), {});
    EXPECT_LT(page.size(), 12U << 20);
}

TEST(Report, ThePageIsBuiltIn) {
    EXPECT_GT(viz::page_scripts.size(), 8U);
    for (const std::string_view script : viz::page_scripts) {
        EXPECT_TRUE(script.starts_with("// ")) << script.substr(0, 40);
        EXPECT_EQ(script.find("</script"), std::string_view::npos);
    }
}

}  // namespace

// JUnit XML, SARIF, JSON Lines: what other programs read is checked by the rules of the format.
#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "test/viz/schema.h"
#include "test/viz/traces.h"
#include "viz/junit.h"
#include "viz/sarif.h"

namespace {

using json = nlohmann::json;

std::vector<sim::trace> all_traces() {
    return {test::destroyed_interface(), test::deadlock(),  test::lost_wakeup(),
            test::unremarked_deadlock(), test::data_race(), test::single_cpu(),
            test::five_cpus(),           test::packets(),   test::long_run(300)};
}

std::vector<json> lines_of(const sim::trace& t) {
    std::ostringstream out;
    sim::write_trace(t, out);
    std::istringstream in(out.str());
    std::vector<json> lines;
    for (std::string line; std::getline(in, line);) {
        lines.push_back(json::parse(line));
    }
    return lines;
}

TEST(Schema, TracesKeepToIt) {
    const json schema = test::schema_file(HEDDLE_TRACE_SCHEMA);
    for (const sim::trace& t : all_traces()) {
        for (const json& line : lines_of(t)) {
            EXPECT_EQ(test::broken_rule(line, schema), "") << line;
        }
    }
}

TEST(Schema, RefusesWhatATraceMayNotHave) {
    const json schema = test::schema_file(HEDDLE_TRACE_SCHEMA);
    for (const char* line :
         {R"({"step":1})", R"({"step":-1,"kind":"load"})", R"({"step":1,"kind":"load","x":1})",
          R"({"step":1,"kind":"load","stack":[["f","f.c"]]})",
          R"({"step":1,"kind":"load","after":["2"]})",
          R"({"step":1,"kind":"packet","bytes":"4500a"})",
          R"({"heddle_trace":1,"contexts":[],"events":0,"findings":0})", R"({"finding":7})",
          "[]"}) {
        EXPECT_NE(test::broken_rule(json::parse(line), schema), "") << line;
    }
}

TEST(Sarif, KeepsToItsSchema) {
    const json schema = test::schema_file(HEDDLE_SARIF_SCHEMA);
    for (const sim::trace& t : all_traces()) {
        const json log = json::parse(viz::sarif({t}, {}));
        EXPECT_EQ(test::broken_rule(log, schema), "") << t.header.subject;
        EXPECT_EQ(log.at("runs").at(0).at("results").size(), t.findings.size());
    }
    json log = json::parse(viz::sarif({test::deadlock()}, {}));
    log.at("runs").at(0).at("results").at(0).at("level") = "fatal";
    EXPECT_NE(test::broken_rule(log, schema), "");
}

// The order of all steps is told by executionOrder: within a thread it grows, and no two have the same.
TEST(Sarif, ThreadFlowsGiveTheInterleavingBack) {
    for (const sim::trace& t : all_traces()) {
        const json log = json::parse(viz::sarif({t}, {}));
        for (const json& result : log.at("runs").at(0).at("results")) {
            std::set<int> orders;
            for (const json& thread : result.at("codeFlows").at(0).at("threadFlows")) {
                int last = 0;
                for (const json& at : thread.at("locations")) {
                    const int order = at.at("executionOrder");
                    EXPECT_GT(order, last);
                    EXPECT_TRUE(orders.insert(order).second) << order;
                    last = order;
                }
            }
            EXPECT_FALSE(orders.empty());
        }
    }
}

TEST(Sarif, TellsTheSameFindingOnce) {
    const sim::trace t = test::destroyed_interface();
    const json log = json::parse(viz::sarif({t, t, test::deadlock()}, {}));
    EXPECT_EQ(log.at("runs").at(0).at("results").size(), 2U);
    EXPECT_EQ(log.at("runs").at(0).at("tool").at("driver").at("rules").size(), 2U);
    for (const json& result : log.at("runs").at(0).at("results")) {
        const json& rules = log.at("runs").at(0).at("tool").at("driver").at("rules");
        EXPECT_EQ(rules.at(result.at("ruleIndex").get<size_t>()).at("id"), result.at("ruleId"));
    }
}

TEST(Sarif, AFindingOfNoExecutionHasNoFlows) {
    sim::trace t;
    t.header.contexts.push_back({"any", 0, false});
    t.findings.push_back({"lock order", "a before b, b before a", 0, 0, {{"f", "a b.c", 7}}, {}});
    const json log = json::parse(viz::sarif({t}, {}));
    EXPECT_EQ(test::broken_rule(log, test::schema_file(HEDDLE_SARIF_SCHEMA)), "");
    const json& result = log.at("runs").at(0).at("results").at(0);
    EXPECT_FALSE(result.contains("codeFlows"));
    EXPECT_NE(result.dump().find("a%20b.c"), std::string::npos);
}

TEST(JUnit, CountsAndEscapes) {
    const std::string text = viz::junit({{"a", "holds", "", "", "", false, "1 < 2 & 3"},
                                         {"a", "fails", "leak", "\"x\"", "1\n\x01", false, ""},
                                         {"b", "odd", "error", "m", "t", true, ""}});
    EXPECT_NE(text.find("<testsuites name=\"heddle\" tests=\"3\" failures=\"1\" errors=\"1\">"),
              std::string::npos);
    EXPECT_NE(text.find("<testsuite name=\"a\" tests=\"2\" failures=\"1\" errors=\"0\">"),
              std::string::npos);
    EXPECT_NE(text.find("1 &lt; 2 &amp; 3"), std::string::npos);
    EXPECT_NE(text.find("message=\"&quot;x&quot;\">1\n"), std::string::npos);
    EXPECT_EQ(text.find('\x01'), std::string::npos);
    EXPECT_NE(text.find("<error type=\"error\""), std::string::npos);
}

}  // namespace

// Every row of the table of formats: golden files for people, and for each the rules of who reads it.
#include "viz/formats.h"
#include "viz/mermaid.h"

#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <sstream>

#include "test/viz/golden.h"
#include "test/viz/traces.h"

namespace {

using json = nlohmann::json;

std::vector<sim::trace> all_traces() {
    return {test::destroyed_interface(), test::deadlock(),
            test::lost_wakeup(),         test::unremarked_deadlock(),
            test::data_race(),           test::old_value(),
            test::single_cpu(),          test::five_cpus(),
            test::long_run(300),         test::packets()};
}

std::string made(const std::string& name, const sim::trace& t) {
    const viz::format* f = viz::format_named_or_null(name);
    std::string bytes;
    std::string error;
    EXPECT_NE(f, nullptr) << name;
    EXPECT_TRUE(f != nullptr && f->make(t, {}, bytes, error)) << error;
    return bytes;
}

std::vector<std::string> lines_of(const std::string& text) {
    std::istringstream in(text);
    std::vector<std::string> out;
    for (std::string line; std::getline(in, line);) {
        out.push_back(line);
    }
    return out;
}

TEST(Formats, EachHasAGoldenFile) {
    for (const viz::format& f : viz::formats()) {
        if (!f.text) {
            continue;
        }
        const std::string ending = f.picture ? ".gv" : f.endings.front();
        int made_of = 0;
        for (const auto& [name, t] : {std::pair("destroyed_interface", test::destroyed_interface()),
                                      std::pair("deadlock", test::deadlock())}) {
            std::string bytes;
            std::string error;
            if (!f.make(t, {}, bytes, error)) {  // as a way of packets where none comes in
                EXPECT_NE(error, "") << f.name;
                continue;
            }
            ++made_of;
            test::expect_golden(std::string("format_") + f.name + "_" + name + ending, bytes);
        }
        EXPECT_GT(made_of, 0) << f.name;
    }
}

TEST(Formats, NamesAreUniqueAndFoundByEndings) {
    std::set<std::string> names;
    for (const viz::format& f : viz::formats()) {
        EXPECT_TRUE(names.insert(f.name).second) << f.name;
        EXPECT_EQ(viz::format_named_or_null(f.name), &f);
        ASSERT_FALSE(f.endings.empty());
        for (const std::string& ending : f.endings) {
            EXPECT_EQ(ending[0], '.');
            EXPECT_NE(viz::format_of_file_or_null("x" + ending), nullptr);
        }
    }
    EXPECT_EQ(viz::format_of_file_or_null("x.bmp"), nullptr);
    EXPECT_STREQ(viz::format_of_file_or_null("a.b/x.svg")->name, "graph");
}

// Each view is made from the whole trace: also from one whose kinds of events it does not know.
TEST(Formats, ShowKindsThatTheyDoNotKnow) {
    for (const char* name : {"mail", "mermaid", "shiviz", "perfetto"}) {
        const std::string text = made(name, test::single_cpu());
        EXPECT_NE(text.find("teleport"), std::string::npos) << name;
        EXPECT_NE(text.find("comet"), std::string::npos) << name;
    }
}

// Those that show a whole execution leave no kind of event out, where nothing is to be folded.
TEST(Formats, ShowEachKindOfStep) {
    const sim::trace t = test::every_kind();
    for (const char* name :
         {"columns", "graph", "mail", "mermaid", "shiviz", "perfetto", "jsonl", "html", "sarif"}) {
        const viz::format* f = viz::format_named_or_null(name);
        viz::format_options options;
        options.rows_max = 0;
        std::string text;
        std::string error;
        ASSERT_TRUE(f->make(t, options, text, error)) << error;
        for (const std::string& kind : test::step_kinds) {
            EXPECT_NE(text.find("step_" + kind), std::string::npos) << name << ": " << kind;
        }
        for (const std::string& kind : test::remark_kinds) {
            EXPECT_TRUE(text.find("remark_" + kind) != std::string::npos ||
                        text.find("detail_" + kind) != std::string::npos)
                << name << ": " << kind;
        }
    }
}

TEST(Mail, SurvivesListsAndCommitMessages) {
    for (const sim::trace& t : all_traces()) {
        const std::vector<std::string> lines = lines_of(made("mail", t));
        for (const std::string& line : lines) {
            EXPECT_LE(line.size(), 72U) << line;
            EXPECT_FALSE(line.starts_with("#") || line.starts_with("From ") ||
                         line.starts_with("---") || line.starts_with("diff "))
                << line;
            EXPECT_FALSE(line.ends_with(' ')) << "'" << line << "'";
            for (const char c : line) {
                EXPECT_TRUE(c >= ' ' && c <= '~') << line;
            }
        }
    }
}

// A shell takes the backslashes back.
TEST(Mail, KeepsALongCommandWhole) {
    sim::trace t = test::deadlock();
    t.header.token = "h1/" + std::string(200, 'x') + "/end";
    const std::string text = made("mail", t);
    std::string joined;
    for (size_t i = 0; i < text.size(); ++i) {
        if (text.compare(i, 2, "\\\n") == 0) {
            ++i;
        } else {
            joined += text[i];
        }
    }
    EXPECT_NE(joined.find(t.header.token + "\n"), std::string::npos) << text;
    for (const std::string& line : lines_of(text)) {
        EXPECT_LE(line.size(), 72U) << line;
    }
}

TEST(Mail, TellsLockOrdersAsWitnessDoes) {
    const std::string text = made("mail", test::deadlock());
    EXPECT_TRUE(
        std::regex_search(text, std::regex("witness: lock order reversal:\n 1st \\S.*\n 2nd \\S.*\n"
                                           "lock order \"(.*)\" -> \"(.*)\" first seen at:\n[^]*"
                                           "lock order \"\\2\" -> \"\\1\" first seen at:\n")))
        << text;
    EXPECT_EQ(made("mail", test::data_race()).find("witness"), std::string::npos);
}

// Each host's clock counts its own events from 1; it never goes back.
TEST(ShiViz, ClocksCountEachEventOnce) {
    for (const sim::trace& t : all_traces()) {
        const std::vector<std::string> lines = lines_of(made("shiviz", t));
        ASSERT_GE(lines.size(), 4U);
        EXPECT_EQ(lines[0], "(?<host>\\S+) (?<clock>{.*})\\n(?<event>.*)");
        EXPECT_EQ(lines[1], "");
        std::map<std::string, json> last;
        for (size_t i = 2; i + 1 < lines.size(); i += 2) {
            const std::string host = lines[i].substr(0, lines[i].find(' '));
            const json clock = json::parse(lines[i].substr(lines[i].find(' ')));
            const json before = last.contains(host) ? last[host] : json::object();
            EXPECT_EQ(clock.at(host).get<int>(), before.value(host, 0) + 1) << lines[i];
            for (const auto& [other, count] : before.items()) {
                EXPECT_GE(clock.value(other, 0), count.get<int>()) << lines[i];
            }
            EXPECT_FALSE(lines[i + 1].empty());
            last[host] = clock;
        }
    }
}

// What the UI asks for: calls nest on their track, an async slice and a flow have both ends, in time.
TEST(Perfetto, SlicesNestAndFlowsHaveBothEnds) {
    for (const sim::trace& t : all_traces()) {
        const json all = json::parse(made("perfetto", t));
        std::map<std::pair<int, int>, int> depth;
        std::map<std::string, std::vector<uint64_t>> pairs;
        std::map<std::pair<int, int>, uint64_t> last;
        for (const json& e : all.at("traceEvents")) {
            const std::string ph = e.at("ph");
            const std::pair<int, int> track(e.at("pid"), e.at("tid"));
            const uint64_t ts = e.at("ts");
            if (ph == "B" || ph == "E") {
                depth[track] += ph == "B" ? 1 : -1;
                EXPECT_GE(depth[track], 0) << e;
                EXPECT_GE(ts, last[track]) << e;
                last[track] = ts;
            } else if (ph == "b" || ph == "e" || ph == "s" || ph == "f") {
                pairs[e.at("cat").get<std::string>() + e.at("id").dump()].push_back(ts);
            } else {
                EXPECT_TRUE(ph == "M" || ph == "X" || ph == "C" || ph == "i") << e;
            }
        }
        for (const auto& [track, open] : depth) {
            EXPECT_EQ(open, 0) << t.header.subject << " " << track.first << "/" << track.second;
        }
        for (const auto& [id, ends] : pairs) {
            ASSERT_EQ(ends.size(), 2U) << id;
            EXPECT_LE(ends[0], ends[1]) << id;
        }
    }
}

// P1 is held for net0 and sent by net1; net0 has done with it long before.
TEST(PacketWay, FollowsAPacketThatIsHandedOver) {
    const std::string text = made("packet", test::packets());
    for (const char* words :
         {"P1: held", "packet P1: r1:em1", "P1: forwarded em1", "is handed over"}) {
        EXPECT_NE(text.find(words), std::string::npos) << words << "\n" << text;
    }
    EXPECT_EQ(text.find("P3"), std::string::npos) << text;
}

// A packet of before the race had number 1.
TEST(PacketWay, BeginsWithTheFirstThatComesIn) {
    sim::trace t = test::packets();
    std::erase_if(t.events, [](const sim::trace_event& e) { return e.packet == 1; });
    const std::string text = made("packet", t);
    EXPECT_NE(text.find("the way of packet P2"), std::string::npos) << text;
}

TEST(Perfetto, SaysWhoseValueIsRead) {
    std::map<std::string, std::vector<uint64_t>> flows;
    const json all = json::parse(made("perfetto", test::old_value()));
    for (const json& e : all.at("traceEvents")) {
        if (e.at("ph") == "s" || e.at("ph") == "f") {
            flows[e.at("name")].push_back(e.at("ts").get<uint64_t>() / 1000);
        }
    }
    EXPECT_EQ(flows["reads an old value"], (std::vector<uint64_t>{2, 6}));  // written, read
    EXPECT_GE(flows["reads from"].size(), 2U);
}

TEST(Mermaid, SaysWhoseValueIsRead) {
    const std::string text = viz::mermaid(test::old_value(), {});
    EXPECT_NE(text.find("c0-->>c2: after step 3\n"), std::string::npos) << text;
    EXPECT_NE(text.find("c0->>c1: old value of step 2\n"), std::string::npos) << text;
    EXPECT_NE(text.find("c0--xc1: step 1 is not seen\n"), std::string::npos) << text;
    EXPECT_EQ(text.find("value of step 3"), std::string::npos) << text;
}

}  // namespace

#include "sim/trace/trace.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "sim/trace/main_finding.h"
#include "test/sim_trace/random_trace.h"

namespace {

std::string written(const sim::trace& t) {
    std::ostringstream out;
    sim::write_trace(t, out);
    return out.str();
}

// The message of a failed read; "" when it succeeds.
std::string refusal(const std::string& text) {
    std::istringstream in(text);
    sim::trace t;
    std::string error;
    return sim::read_trace(in, t, error) ? "" : error;
}

const std::string header =
    R"({"heddle_trace":1,"cpus":1,"contexts":[{"name":"net0"}],"events":2,"findings":0})"
    "\n";
const std::string one = R"({"step":1,"kind":"start"})"
                        "\n";
const std::string two = R"({"step":2,"kind":"exit"})"
                        "\n";

sim::trace small_trace() {
    sim::trace t;
    t.header = {"forward.race", "late_wait", "replay", "h1:net0*12,adm", {}, 2, {}};
    t.header.contexts = {{"net0", 0, false}, {"adm", 1, false}, {"smr", 1, true}};
    sim::trace_event event;
    event.step = 1;
    event.kind = "start";
    event.enabled = {0, 1};
    t.events.push_back(event);
    event = {};
    event.step = 1;
    event.remark = true;
    event.kind = "packet";
    event.object = "em0";
    event.detail = "IP 10.0.1.9.1234 > 10.9.0.5.53: udp 64";
    event.packet = 1;
    event.bytes = std::string("\x45\x00\xff\x0a", 4);
    t.events.push_back(event);
    event = {};
    event.step = 2;
    event.context = 1;
    event.kind = "rmw";
    event.object = "ifnet em1 refcnt";
    event.detail = "2 -> 1";
    event.order = "acq_rel";
    event.stack = {{"if_put", "if.cc", 88}, {"say \"hi\"", "a\\b.cc", 0}};
    event.after = {1};
    event.preemption = true;
    event.time_ns = 18446744073709551615U;
    t.events.push_back(event);
    sim::trace_finding finding{"use after free", "net0 reads ifnet em1", 2, 1, event.stack, {}};
    finding.evidence.push_back({"freed", 1, 0, "by net0", {{"if_free", "if.cc", 210}}});
    finding.evidence.push_back({"allocated", 0, 0, "", {}});
    t.findings.push_back(finding);
    return t;
}

TEST(Trace, RoundTrip) {
    for (uint64_t seed = 0; seed < 500; ++seed) {
        const sim::trace t = test::random_trace(seed);
        const std::string text = written(t);
        std::istringstream in(text);
        sim::trace back;
        std::string error;
        ASSERT_TRUE(sim::read_trace(in, back, error)) << "seed " << seed << ": " << error;
        ASSERT_EQ(t, back) << "seed " << seed;
        ASSERT_EQ(text, written(back)) << "seed " << seed;
    }
}

TEST(Trace, Golden) {
    const std::string path = std::string(HEDDLE_GOLDEN_DIR) + "/small.trace";
    if (std::getenv("HEDDLE_UPDATE_GOLDEN") != nullptr) {
        std::ofstream(path) << written(small_trace());
    }
    std::ifstream in(path);
    const std::string golden((std::istreambuf_iterator<char>(in)), {});
    EXPECT_EQ(golden, written(small_trace()));
    EXPECT_EQ(refusal(golden), "");
}

TEST(Trace, EveryCutIsRefused) {
    // A cut that only takes the last newline loses nothing.
    const std::string text = written(small_trace());
    for (size_t length = 0; length + 1 < text.size(); ++length) {
        EXPECT_NE(refusal(text.substr(0, length)), "") << "cut after " << length << " bytes";
    }
    EXPECT_EQ(refusal(text.substr(0, text.size() - 1)), "");
}

TEST(Trace, BytesThatAreNoTextBecomeReplacementCharacters) {
    sim::trace t = small_trace();
    t.events[0].object = "a\xff\xc3(\xed\xa0\x80\xf4\x90\x80\x80z";
    const std::string text = written(t);
    EXPECT_NE(text.find(R"("a\ufffd\ufffd(\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffdz")"),
              std::string::npos)
        << text;
    EXPECT_EQ(refusal(text), "");
}

TEST(Trace, RefusesWithLineAndReason) {
    const std::string plain =
        R"({"heddle_trace":1,"cpus":1,"contexts":[{"name":"net0"}],"events":1,"findings":1})"
        "\n";
    const struct {
        std::string text;
        std::string error;
    } cases[] = {
        {"", "line 1: the file is empty"},
        {"hello\n", "line 1: not a trace: the first line is not a JSON object"},
        {"[]\n", "line 1: the header must be an object, is array"},
        {"{}\n", "line 1: not a trace: the first line has no \"heddle_trace\""},
        {"{\"heddle_trace\":7}\n", "line 1: unknown version 7; this program reads versions 1 to 2"},
        {"{\"heddle_trace\":\"1\"}\n",
         "line 1: \"heddle_trace\" must be a number that is not negative, is \"1\""},
        {"{\"heddle_trace\":1}\n", "line 1: \"contexts\" is missing"},
        {R"({"heddle_trace":1,"cpus":1,"contexts":[{"name":"a","cpu":1}]})",
         "line 1: context \"a\" is on cpu 1, there are 1"},
        {header, "line 2: the file ends after 0 of 2 events and 0 of 0 findings"},
        {header + one, "line 3: the file ends after 1 of 2 events and 0 of 0 findings"},
        {header + one + two + "{\"step\":3,\"kind\":\"x\"}\n",
         "line 4: more events or findings than the header promises (2 and 0)"},
        {header + one + "{\"step\":2,\"ki",
         "line 3: not a complete JSON object (was the file cut "
         "off?)"},
        {header + two, "line 2: step 2 follows step 0"},
        {header + R"({"step":1,"kind":"x","bytes":"4g"})",
         "line 2: \"bytes\" must be pairs of hexadecimal digits, is \"4g\""},
        {header + R"({"step":1,"kind":"x","bytes":"450"})",
         "line 2: \"bytes\" must be pairs of hexadecimal digits, is \"450\""},
        {header + one + one, "line 3: step 1 follows step 1"},
        {header + "{\"step\":2,\"remark\":true,\"kind\":\"note\"}",
         "line 2: a remark belongs to step 2, the last step is 0"},
        {header + "{\"step\":1}", "line 2: \"kind\" is missing"},
        {header + "{\"kind\":\"start\"}", "line 2: \"step\" is missing"},
        {header + R"({"step":-1,"kind":"start"})",
         "line 2: \"step\" must be a number that is not negative, is -1"},
        {header + R"({"step":4294967296,"kind":"start"})",
         "line 2: \"step\" is 4294967296, larger than 4294967295"},
        {header + R"({"step":1,"kind":"start","context":1})",
         "line 2: unknown context 1, the header names 1"},
        {header + R"({"step":1,"kind":"start","enabled":[3]})",
         "line 2: unknown context 3 in \"enabled\""},
        {header + R"({"step":1,"kind":"start","after":[1]})",
         "line 2: step 1 cannot happen after step 1"},
        {header + R"({"step":1,"kind":5})", "line 2: \"kind\" must be a string, is 5"},
        {header + R"({"step":1,"kind":"a","remark":1})",
         "line 2: \"remark\" must be true or false, is 1"},
        {header + R"({"step":1,"kind":"a","after":3})", "line 2: \"after\" must be a list, is 3"},
        {header + R"({"step":1,"kind":"a","stack":[["f","x.cc"]]})",
         "line 2: a frame of \"stack\" must be [function, file, line], is [\"f\",\"x.cc\"]"},
        {header + R"({"step":1,"kind":"a","colour":"red"})", "line 2: unknown field \"colour\""},
        {plain + one + R"({"finding":"leak","step":2})",
         "line 3: step 2 is named before it happens, the last one is 1"},
        {plain + one + R"({"finding":"leak","context":2})",
         "line 3: unknown context 2, the header names 1"},
        {plain + one + R"({"finding":"leak","evidence":[{"context":2}]})",
         "line 3: unknown context 2, the header names 1"},
        {plain + "{\"finding\":\"leak\"}\n" + one, "line 3: an event stands after the findings"},
    };
    for (const auto& item : cases) {
        EXPECT_EQ(refusal(item.text), item.error) << item.text;
    }
}

// Of each two neighbours the heavier is told wherever it stands; of two alike the first.
TEST(MainFinding, EndedTheExecutionElseIsTheHeaviest) {
    const std::vector<std::string> kinds = {"leak", "data race", "invariant violated", "deadlock"};
    const auto message_of_main = [](const std::vector<std::string>& found) {
        sim::trace t;
        for (size_t i = 0; i < found.size(); ++i) {
            t.findings.push_back({found[i], std::to_string(i), 0, 0, {}, {}});
        }
        return sim::main_finding(t).message;
    };
    for (size_t i = 0; i + 1 < kinds.size(); ++i) {
        EXPECT_EQ(message_of_main({kinds[i], kinds[i + 1]}), "1") << kinds[i];
        EXPECT_EQ(message_of_main({kinds[i + 1], kinds[i]}), "0") << kinds[i];
        EXPECT_EQ(message_of_main({kinds[i], kinds[i], kinds[i]}), "0") << kinds[i];
    }
    EXPECT_EQ(message_of_main({"leak", "exit status", "data race", "leak"}), "1");
    EXPECT_EQ(message_of_main({"data race", "use after free", "crash", "invariant violated"}), "1");
}

}  // namespace

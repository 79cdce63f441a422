// replay and show: one execution, byte for byte, in every form.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "sim/trace/trace.h"
#include "test/command/heddle_call.h"
#include "test/viz/schema.h"

namespace scenario::test {

namespace {

using json = nlohmann::ordered_json;

std::string token_of(const heddle_call& heddle, const std::string& name,
                     const std::vector<std::string>& arguments = {}) {
    std::vector<std::string> words = {"explore", subject_path(name), "--json"};
    if (!arguments.empty()) {
        words.emplace_back("--");
        words.insert(words.end(), arguments.begin(), arguments.end());
    }
    const heddle_result r = heddle.run(words);
    const json last = json::parse(r.lines().back());
    return last.at("variants").at(0).at("findings").at(0).at("token");
}

sim::trace trace_of(const std::string& text) {
    sim::trace t;
    std::string error;
    std::istringstream in(text);
    EXPECT_TRUE(sim::read_trace(in, t, error)) << error;
    return t;
}

class replays : public testing::TestWithParam<const char*> {};

// The kernel places stacks and libraries elsewhere in each process; nothing of that may show.
TEST_P(replays, IsTheSameBytesInTwoProcesses) {
    heddle_call heddle;
    const std::string path = subject_path(GetParam());
    const std::string token = token_of(heddle, GetParam());
    for (const char* form : {"--json", "--lines=0"}) {
        const heddle_result first = heddle.run({"replay", path, token, form});
        const heddle_result second = heddle.run({"replay", path, token, form});
        EXPECT_EQ(first.status, 0) << first.err;
        EXPECT_EQ(first.out, second.out);
        EXPECT_NE(first.out, "");
    }
}

INSTANTIATE_TEST_SUITE_P(All, replays, testing::Values("deadlock", "assertion"),
                         [](const testing::TestParamInfo<const char*>& i) {
                             return std::string(i.param);
                         });

TEST(Replay, ShowsTheFindingOfItsToken) {
    heddle_call heddle;
    const std::string token = token_of(heddle, "deadlock");
    const heddle_result r = heddle.run({"replay", subject_path("deadlock"), token, "--json"});
    const sim::trace t = trace_of(r.out);
    EXPECT_EQ(t.header.subject, "deadlock.so");
    EXPECT_EQ(t.header.variant, "program");
    EXPECT_EQ(t.header.token, token);
    ASSERT_EQ(t.findings.size(), 1U);
    EXPECT_EQ(t.findings[0].kind, "deadlock");
    const heddle_result columns = heddle.run({"replay", subject_path("deadlock"), token});
    EXPECT_NE(columns.out.find("DEADLOCK"), std::string::npos) << columns.out;
    EXPECT_NE(columns.out.find("replay: heddle replay "), std::string::npos) << columns.out;
}

// Its schedule is made of what happens before the use; what freed the memory must be in it all the same.
TEST(Replay, ShowsAUseOfWhatWasFreedBesideIt) {
    heddle_call heddle;
    const heddle_result explored =
        heddle.run({"explore", subject_path("freed_beside"), "--json", "--strategy", "optimal"});
    EXPECT_EQ(explored.status, 1) << explored.out;
    const std::string token = token_of(heddle, "freed_beside");
    const heddle_result r = heddle.run({"replay", subject_path("freed_beside"), token, "--json"});
    EXPECT_NE(r.out.find("\"finding\":\"use after free\""), std::string::npos) << r.out;
}

TEST(Replay, ShowsWhatTheProgramPrintsOnStderr) {
    heddle_call heddle;
    const std::string token = token_of(heddle, "talk", {"x"});
    const heddle_result r =
        heddle.run({"replay", subject_path("talk"), token, "--json", "--", "x"});
    EXPECT_EQ(r.status, 0) << r.err;
    EXPECT_EQ(r.out.find("talk on"), std::string::npos);
    EXPECT_NE(r.err.find("talk on stdout\n"), std::string::npos);
    EXPECT_NE(r.err.find("talk on stderr\n"), std::string::npos);
}

TEST(Replay, SaysWhenItDiverges) {
    heddle_call heddle;
    const heddle_result r =
        heddle.run({"replay", subject_path("sb"), "h1/sb.so/program/nobody:f:3:t1"});
    EXPECT_EQ(r.status, 4);
    EXPECT_NE(r.err.find("diverged: 1 of 1 choices"), std::string::npos) << r.err;
}

TEST(Show, DrawsTokensAndTraces) {
    heddle_call heddle;
    const std::string path = subject_path("deadlock");
    const std::string token = token_of(heddle, "deadlock");
    ASSERT_EQ(heddle.run({"replay", path, token, "-q", "-o", "x.jsonl"}).status, 0);
    for (const char* file : {"x.gv", "x.txt", "x.svg", "y.jsonl"}) {
        const heddle_result by_token = heddle.run({"show", token, "--race", path, "-o", file});
        EXPECT_EQ(by_token.status, 0) << by_token.err;
        EXPECT_EQ(by_token.out, "");
        const std::string first = contents(heddle.folder() / file);
        EXPECT_NE(first, "") << file;
        const heddle_result by_trace = heddle.run({"show", "x.jsonl", "-o", file});
        EXPECT_EQ(by_trace.status, 0) << by_trace.err;
        EXPECT_EQ(contents(heddle.folder() / file), first) << file;
    }
    EXPECT_EQ(contents(heddle.folder() / "x.jsonl"), contents(heddle.folder() / "y.jsonl"));
    const heddle_result columns = heddle.run({"show", "x.jsonl"});
    EXPECT_NE(columns.out.find("DEADLOCK"), std::string::npos) << columns.out;
}

// The published schema is about what the machine writes: programs and a race of the model.
TEST(Replay, KeepsToTheSchemaOfTraces) {
    heddle_call heddle;
    const nlohmann::json schema = ::test::schema_file(HEDDLE_TRACE_SCHEMA);
    std::vector<std::pair<std::string, std::string>> executions;
    for (const char* name : {"deadlock", "assertion", "freed_beside"}) {
        executions.emplace_back(subject_path(name), token_of(heddle, name));
    }
    const heddle_result r =
        heddle.run({"explore", "forward", "--variant", "late_wait", "--json", "-q"});
    const json found = json::parse(r.lines().back()).at("variants").at(0).at("findings");
    executions.emplace_back("forward", found.at(0).at("token"));
    for (const auto& [subject, token] : executions) {
        const heddle_result trace = heddle.run({"replay", subject, token, "--json"});
        EXPECT_GT(trace.lines().size(), 1U) << trace.err;
        for (const std::string& line : trace.lines()) {
            EXPECT_EQ(::test::broken_rule(nlohmann::json::parse(line), schema), "") << line;
        }
    }
}

// Step 2 of the deadlock is the other thread's: the stack is that thread's own, down to the line.
TEST(Replay, StopsADebuggerInTheContextOfAStep) {
    if (std::system("gdb --version > /dev/null 2>&1") != 0) {
        GTEST_SKIP() << "gdb is not installed";
    }
    heddle_call heddle;
    const std::string token = token_of(heddle, "deadlock");
    const heddle_result r =
        heddle.run({"replay", subject_path("deadlock"), token, "--gdb", "2"}, "kill\nquit\n");
    const size_t stack = r.out.find("--- step 2 is about to be done; its stack:");
    ASSERT_NE(stack, std::string::npos) << r.out << r.err;
    EXPECT_NE(r.out.find("deadlock.cc:11", stack), std::string::npos) << r.out;
    EXPECT_NE(r.out.find("pthread_mutex_lock", stack), std::string::npos) << r.out;
}

// A variant may have to be compiled first: no compiler is debugged. adm has waited behind net0's step 45 to be switched to.
TEST(Replay, StopsADebuggerInARace) {
    if (std::system("gdb --version > /dev/null 2>&1") != 0) {
        GTEST_SKIP() << "gdb is not installed";
    }
    heddle_call heddle;
    const heddle_result found =
        heddle.run({"explore", HEDDLE_FORWARD_RACE, "--variant", "late_wait", "--json", "-q"});
    const json last = json::parse(found.lines().back());
    const std::string token = last.at("variants").at(0).at("findings").at(0).at("token");
    const sim::trace t =
        trace_of(heddle.run({"replay", HEDDLE_FORWARD_RACE, token, "--json", "-q"}).out);
    uint32_t step = 0;  // the first that another context does
    for (const sim::trace_event& e : t.events) {
        step = step == 0 && !e.remark && e.step > 1 && e.context != t.events[0].context ? e.step
                                                                                        : step;
    }
    ASSERT_NE(step, 0U);
    const heddle_result r =
        heddle.run({"replay", HEDDLE_FORWARD_RACE, token, "--gdb", std::to_string(step)},
                   "print sim::g.current->name\nprint sim::g.steps\nkill\nquit\n");
    const size_t stack = r.out.find("is about to be done; its stack:");
    ASSERT_NE(stack, std::string::npos) << r.out << r.err;
    EXPECT_NE(r.out.find("model::admin::", stack), std::string::npos) << r.out;
    EXPECT_NE(r.out.find("\"adm\"", stack), std::string::npos) << r.out;
    EXPECT_NE(r.out.find(" = " + std::to_string(step) + "\n", stack), std::string::npos) << r.out;
}

TEST(Diff, ComparesTokensAndTraces) {
    heddle_call heddle;
    const std::string path = subject_path("deadlock");
    const std::string token = token_of(heddle, "deadlock");
    ASSERT_EQ(heddle.run({"replay", path, token, "-q", "-o", "x.jsonl"}).status, 0);
    EXPECT_EQ(heddle.run({"diff", "x.jsonl", token, "--race", path}).status, 0);
    const heddle_result r =
        heddle.run({"diff", "x.jsonl", "h1/deadlock.so/program/-", "--race", path});
    EXPECT_EQ(r.status, 1) << r.err;
    EXPECT_NE(r.out.find("here they first differ"), std::string::npos) << r.out;
    EXPECT_EQ(heddle.run({"diff", "x.jsonl", "none.jsonl"}).status, 2);
}

// One file each, of one execution or of two beside each other: nothing is fetched, the source is inside.
TEST(Show, WritesPagesThatStandAlone) {
    heddle_call heddle;
    const std::string path = subject_path("deadlock");
    const std::string token = token_of(heddle, "deadlock");
    EXPECT_EQ(heddle.run({"show", token, "--race", path, "-o", "one.html"}).status, 0);
    const heddle_result two =
        heddle.run({"diff", token, "h1/deadlock.so/program/-", "--race", path, "-o", "two.html"});
    EXPECT_EQ(two.status, 1) << two.err;
    for (const char* name : {"one.html", "two.html"}) {
        const std::string page = contents(heddle.folder() / name);
        EXPECT_EQ(page.rfind("<!doctype html>", 0), 0U) << name;
        EXPECT_NE(page.find("std::lock_guard"), std::string::npos) << name;
        EXPECT_NE(page.find("deadlock.cc"), std::string::npos) << name;
        EXPECT_EQ(page.find("src=\"http"), std::string::npos) << name;
    }
}

// A program in the current folder is found by its token alone.
TEST(Show, FindsAProgramBesideIt) {
    heddle_call heddle;
    std::filesystem::copy_file(subject_path("deadlock"), heddle.folder() / "deadlock.so");
    const std::string token = token_of(heddle, "deadlock");
    EXPECT_EQ(heddle.run({"show", token, "-o", "x.gv"}).status, 0);
    EXPECT_EQ(heddle.run({"replay", token}).status, 0);
}

// The steps of an execution by a memory model that are of that kind and about that object.
std::vector<sim::trace_event> steps_on(const std::string& name, const std::string& kind,
                                       const std::string& object) {
    heddle_call heddle;
    const std::string token = "h1/" + name + ".so/program/-/memory.c11";
    const heddle_result r = heddle.run({"replay", subject_path(name), token, "--json"});
    std::vector<sim::trace_event> all;
    for (const sim::trace_event& e : trace_of(r.out).events) {
        if (!e.remark && e.kind == kind && e.object == object) {
            all.push_back(e);
        }
    }
    EXPECT_FALSE(all.empty()) << r.out << r.err;
    return all;
}

// To take the value of a write is not to come after it: that is what orders, fences and locks are for.
TEST(Replay, ByAMemoryModelOnlyOrdersMakeAHappensBefore) {
    using steps = std::vector<uint32_t>;
    const auto read = [](const std::string& name) { return steps_on(name, "load", "flag").at(0); };
    const sim::trace_event relaxed = read("missing_release");
    EXPECT_EQ(relaxed.from, steps_on("missing_release", "store", "flag").at(0).step);
    EXPECT_EQ(relaxed.after, steps{});
    const sim::trace_event acquired = read("weak_message_P_flag_PLAIN");
    EXPECT_EQ(acquired.after, steps{acquired.from});
    const sim::trace_event fenced = steps_on("weak_message_P_fences", "load", "message").at(0);
    EXPECT_EQ(read("weak_message_P_fences").after, steps{});
    EXPECT_EQ(fenced.after, steps{fenced.from});
    const std::vector<sim::trace_event> locked = steps_on("mutex", "lock", "m");
    const std::vector<sim::trace_event> unlocked = steps_on("mutex", "unlock", "m");
    size_t after = 0;
    for (const sim::trace_event& l : locked) {
        for (const sim::trace_event& u : unlocked) {
            after += std::count(l.after.begin(), l.after.end(), u.step);
        }
    }
    EXPECT_EQ(after, 2U);  // of three contexts the first comes after none
}

}  // namespace

}  // namespace scenario::test

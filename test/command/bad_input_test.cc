// What is wrong with a line is said in the words of the line, with status 2 and nothing on stdout.
#include <gtest/gtest.h>

#include <fstream>

#include "test/command/heddle_call.h"

namespace scenario::test {

namespace {

struct bad_line {
    const char* what;
    std::vector<std::string> words;  // {SB} stands for a subject, {C} for a source
    const char* says;                // on stderr
};

class bad_lines : public testing::TestWithParam<bad_line> {};

TEST_P(bad_lines, IsExplained) {
    heddle_call heddle;
    std::ofstream(heddle.folder() / "empty.so").flush();
    std::ofstream(heddle.folder() / "bad.race") << "scenario x \"y\"\nroutr r\n";
    std::ofstream(heddle.folder() / "bad.jsonl") << "{}\n";
    std::vector<std::string> words = GetParam().words;
    for (std::string& word : words) {
        word = word == "{SB}"  ? subject_path("sb")
               : word == "{C}" ? std::string(HEDDLE_PROGRAMS) + "/prog.c"
                               : word;
    }
    const heddle_result r = heddle.run(words);
    EXPECT_EQ(r.status, 2);
    EXPECT_EQ(r.out, "");
    EXPECT_NE(r.err.find(GetParam().says), std::string::npos) << r.err;
}

INSTANTIATE_TEST_SUITE_P(
    All, bad_lines,
    testing::Values(
        bad_line{"nothing", {}, "usage: heddle VERB"},
        bad_line{"verb", {"exlpore"}, "no verb 'exlpore'; did you mean 'explore'?"},
        bad_line{"no_subject", {"explore"}, "heddle explore: X is missing"},
        bad_line{"no_file", {"explore", "nosuch.so"}, "nosuch.so: no such file"},
        bad_line{"near_race", {"explore", "forwrd"}, "forwrd: no such file"},
        bad_line{"folder", {"explore", "."}, ". is a folder"},
        bad_line{"empty_file", {"explore", "empty.so"}, "empty.so"},
        bad_line{"not_subject", {"explore", "/bin/sh"}, "heddle explore: /bin/sh"},
        bad_line{"source", {"explore", "{C}"}, "first make it a subject: heddle cc -o prog.so"},
        bad_line{"option", {"explore", "{SB}", "--strategie", "x"}, "did you mean '--strategy'?"},
        bad_line{"strategy",
                 {"explore", "{SB}", "--strategy", "randm"},
                 "--strategy does not know 'randm'; did you mean 'random'?"},
        bad_line{"interleavings_by_model",
                 {"explore", "{SB}", "--memory", "c11", "--strategy", "bounded"},
                 "is for the strategy graph and those that draw"},
        bad_line{"no_model",
                 {"explore", "{SB}", "--strategy", "graph"},
                 "needs a memory model: --memory sc, tso or c11"},
        bad_line{"number", {"explore", "{SB}", "-n", "1x"}, "a number from 1, not '1x'"},
        bad_line{"zero", {"explore", "{SB}", "-n", "0"}, "a number from 1, not '0'"},
        bad_line{"negative", {"explore", "{SB}", "-p", "-1"}, "a number 0..1000, not '-1'"},
        bad_line{"huge",
                 {"explore", "{SB}", "--steps", "99999999999"},
                 "--steps wants a number 1..4294967295"},
        bad_line{"no_value", {"explore", "{SB}", "-n"}, "--executions wants a value"},
        bad_line{"color", {"explore", "{SB}", "--color", "blue"}, "does not know 'blue'"},
        bad_line{"too_many", {"explore", "{SB}", "x"}, "does not expect 'x'"},
        bad_line{"variant", {"explore", "{SB}", "--variant", "x"}, "it has no variants"},
        bad_line{"dashes", {"check", "x.race", "--", "y"}, "has no use for what follows '--'"},
        bad_line{"race", {"check", "bad.race"}, "bad.race:2:1: error: "},
        bad_line{"race_caret", {"explore", "bad.race"}, "^~~~~"},
        bad_line{"not_race", {"check", "{SB}"}, "is no .race file"},
        bad_line{"ladder_program", {"ladder", "{SB}"}, "it has no regimes"},
        bad_line{"run_program", {"run", "{SB}"}, "it has no schedules"},
        bad_line{"no_token", {"replay", "{SB}"}, "a token is missing"},
        bad_line{"token", {"replay", "{SB}", "h1/x"}, "token: expected h1/SUBJECT/VARIANT/CHOICES"},
        bad_line{"token_version", {"replay", "h9/a/b/-"}, "version h9 is not known here"},
        bad_line{"other_token",
                 {"replay", "{SB}", "h1/other.so/program/-"},
                 "the token is about other.so, not about sb.so"},
        bad_line{"other_variant",
                 {"replay", "{SB}", "h1/sb.so/program/-", "--variant", "x"},
                 "the token is about variant program, not about x"},
        bad_line{"no_token_shrink", {"shrink", "{SB}"}, "a token is missing: heddle shrink"},
        bad_line{"no_token_explain", {"explain", "{SB}"}, "a token is missing: heddle explain"},
        bad_line{"explain_token",
                 {"explain", "{SB}", "h1/other.so/program/-"},
                 "the token is about other.so, not about sb.so"},
        bad_line{"shrink_token", {"shrink", "{SB}", "h1/x"}, "token: expected h1/SUBJECT"},
        bad_line{"shrink_variant",
                 {"shrink", "{SB}", "h1/sb.so/program/-", "--variant", "x"},
                 "the token is about variant program, not about x"},
        bad_line{"shrink_budget",
                 {"shrink", "{SB}", "h1/sb.so/program/-", "--budget-time", "0"},
                 "--budget-time wants a number 1..86400"},
        bad_line{"lost_token", {"replay", "h1/other.so/program/-"}, "which is not found here"},
        bad_line{"show_nothing", {"show", "nosuch"}, "no such file, and not a token"},
        bad_line{"show_trace", {"show", "bad.jsonl"}, "bad.jsonl: line 1"},
        bad_line{"ending",
                 {"show", "h1/a/b/-", "-o", "x.bmp"},
                 "x.bmp: no format ends in '.bmp'; there are .txt "},
        bad_line{"near_ending", {"show", "h1/a/b/-", "-o", "x.jsnl"}, "did you mean '.jsonl'?"},
        bad_line{"format", {"show", "h1/a/b/-", "--as", "grahp"}, "did you mean 'graph'?"},
        bad_line{"picture",
                 {"show", "h1/a/b/-", "--as", "graph", "-o", "x.bmp"},
                 "unknown kind of picture"},
        bad_line{"list", {"list", "strtegies"}, "did you mean 'strategies'?"},
        bad_line{"new_name", {"new", "x.txt"}, "the name of a race ends in .race"},
        bad_line{"new_over", {"new", "bad.race"}, "bad.race exists already"},
        bad_line{"cc", {"cc"}, "heddle cc: "}, bad_line{"version", {"version", "x"}, "'x'"}),
    [](const testing::TestParamInfo<bad_line>& i) { return std::string(i.param.what); });

TEST(Help, BeginsWithExamples) {
    heddle_call heddle;
    for (const char* verb : {"explore", "ladder", "run", "replay", "shrink", "explain", "show",
                             "check", "list", "new", "demo"}) {
        const heddle_result r = heddle.run({verb, "--help"});
        EXPECT_EQ(r.status, 0);
        EXPECT_EQ(r.out.rfind(std::string("  heddle ") + verb, 0), 0U) << r.out;
        EXPECT_NE(r.out.find(std::string("usage: heddle ") + verb), std::string::npos);
    }
    EXPECT_EQ(heddle.run({"--help"}).status, 0);
    EXPECT_EQ(heddle.run({"version"}).out.rfind("heddle 0.", 0), 0U);
}

TEST(List, NamesRacesCheckersStrategiesFormats) {
    heddle_call heddle;
    EXPECT_NE(heddle.run({"list"}).out.find("forward  "), std::string::npos);
    EXPECT_NE(heddle.run({"list", "checkers"}).out.find("use after free"), std::string::npos);
    EXPECT_NE(heddle.run({"list", "strategies"}).out.find("bounded"), std::string::npos);
    EXPECT_NE(heddle.run({"list", "formats"}).out.find("(.svg .png"), std::string::npos);
}

// What beginners start from must be right, and explore to a proof within its bound.
TEST(New, WritesARaceThatHolds) {
    heddle_call heddle;
    ASSERT_EQ(heddle.run({"new", "mine.race"}).status, 0);
    const heddle_result checked = heddle.run({"check", "mine.race"});
    EXPECT_EQ(checked.status, 0) << checked.err;
    const heddle_result ran = heddle.run({"run", "mine.race"});
    EXPECT_EQ(ran.status, 0) << ran.out << ran.err;
    const heddle_result explored = heddle.run({"explore", "mine.race", "--json"});
    EXPECT_EQ(explored.status, 0) << explored.out << explored.err;
    EXPECT_NE(explored.out.find("\"complete to 2 preemptions\""), std::string::npos);
}

TEST(New, WritesARace) {
    heddle_call heddle;
    const heddle_result r = heddle.run({"new", "mine.race"});
    EXPECT_EQ(r.status, 0) << r.err;
    EXPECT_NE(contents(heddle.folder() / "mine.race").find("scenario mine "), std::string::npos);
    EXPECT_EQ(contents(heddle.folder() / "mine.race"), heddle.run({"new"}).out);
}

}  // namespace

}  // namespace scenario::test

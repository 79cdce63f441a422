// step: an execution decided line by line, forwards and back, and what is saved of it.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "test/command/heddle_call.h"

namespace scenario::test {

namespace {

using json = nlohmann::ordered_json;

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

std::vector<json> objects(const heddle_result& r) {
    std::vector<json> all;
    for (const std::string& line : r.lines()) {
        all.push_back(json::parse(line));
    }
    return all;
}

// The text behind `begin`, to the end.
std::string from(const std::string& text, const std::string& begin) {
    const size_t at = text.find(begin);
    return at == std::string::npos ? "" : text.substr(at);
}

TEST(Step, ShowsWhoCanGoOnWhatTheyAreAboutToDoAndWhoWaits) {
    heddle_call heddle;
    const heddle_result r = heddle.run({"step", subject_path("deadlock")}, "\n1\n1\n");
    EXPECT_EQ(r.status, 2);
    EXPECT_EQ(r.err, "the execution is over; back, print, save and quit are left\n");
    EXPECT_EQ(from(r.out, "after 1 step:"),
              "after 1 step:\n"
              "  >   0  main  lock first  main (deadlock.cc:16)\n"
              "      1  t1    lock first  main lambda#1 (deadlock.cc:11)\n"
              "     2  t1    lock first  main lambda#1 (deadlock.cc:11)\n"
              "                waits for second, held by main\n"
              "  DEADLOCK\n"
              "after 2 steps:\n"
              "      0  main  blocked: waits for first, held by t1  main (deadlock.cc:16)\n"
              "      1  t1    blocked: waits for second, held by main  main lambda#1 "
              "(deadlock.cc:12)\n"
              "over: deadlock\n");
}

TEST(Step, EndsWhereNobodyCanGoOn) {
    heddle_call heddle;
    const heddle_result r = heddle.run({"step", subject_path("deadlock")}, "main\nt1\nprint\n");
    EXPECT_EQ(r.status, 0) << r.err;
    EXPECT_TRUE(has(r.out, "  DEADLOCK")) << r.out;
    EXPECT_TRUE(has(r.out, "over: deadlock\n")) << r.out;
    const std::string token = r.lines().back();
    const heddle_result again = heddle.run({"replay", subject_path("deadlock"), token});
    EXPECT_TRUE(has(again.out, "DEADLOCK")) << again.out;
}

TEST(Step, BackIsTheSamePointAndTheSameWayAgain) {
    heddle_call heddle;
    const heddle_result r = heddle.run({"step", subject_path("mutex"), "--json"},
                                       "t2\nt1\n\nt3\nback 2\nlist\nb\n\nb 99\nt2\n");
    const std::vector<std::string> l = r.lines();
    // The begin, t2, (t1 is refused), usual, t3, back 2, list, back, usual, back to the begin, t2.
    ASSERT_EQ(l.size(), 11U) << r.out << r.err;
    EXPECT_EQ(r.err, "t1 cannot go on: it waits for m, held by t2\n");
    const std::vector<json> o = objects(r);
    EXPECT_EQ(o[1].at("step"), 1);
    EXPECT_EQ(o[3].at("step"), 3);
    EXPECT_EQ(o[3].at("events").at(0).at("context"), "t3");
    EXPECT_EQ(l[4], l[1]);
    EXPECT_EQ(l[5], l[1]);
    EXPECT_EQ(l[6], l[0]);
    EXPECT_EQ(o[7].at("events").at(0).at("context"), o[0].at("usual"));
    EXPECT_EQ(l[8], l[0]);
    EXPECT_EQ(l[9], l[1]);
    EXPECT_EQ(o[10].at("type"), "result");
    EXPECT_EQ(o[10].at("steps"), 1);
}

TEST(Step, ADataChoiceIsAskedAndTakenBack) {
    heddle_call heddle;
    const std::string path = subject_path("asks");
    const heddle_result r = heddle.run({"step", path, "--json"}, "t1\nn 5\n3\nt1\n1\nb\n2\nn 9\n");
    EXPECT_EQ(r.status, 2);
    EXPECT_TRUE(has(r.err, "'3' is none of the alternatives 0 to 2")) << r.err;
    EXPECT_TRUE(has(r.err, "'t1' is none of the alternatives 0 to 2")) << r.err;
    const std::vector<json> o = objects(r);
    ASSERT_EQ(o.size(), 8U) << r.out << r.err;
    EXPECT_EQ(o[2].at("asks"), "data");
    EXPECT_EQ(o[2].at("chooser"), "main");
    EXPECT_EQ(o[2].at("alternatives"), 3);
    EXPECT_EQ(o[3].at("asks"), "context");
    EXPECT_EQ(o[4].at("asks"), "data");
    EXPECT_EQ(o[6].at("end"), "finding");
    EXPECT_EQ(o[7].at("findings").at(0).at("kind"), "assertion failed");
    const heddle_result again = heddle.run({"replay", path, o[7].at("token")});
    EXPECT_TRUE(has(again.out, "ASSERTION FAILED")) << again.out;
    // The usual alternative is the first, and finish does not ask.
    const heddle_result usual = heddle.run({"step", path}, "t1\nfinish\n");
    EXPECT_TRUE(has(usual.out, "over: done")) << usual.out;
}

struct line {
    const char* input;
    const char* said;
};

void PrintTo(const line& l, std::ostream* out) {
    *out << l.input;
}

class refused : public testing::TestWithParam<line> {};

TEST_P(refused, ChangesNothingAndIsTold) {
    heddle_call heddle;
    const heddle_result r = heddle.run({"step", subject_path("mutex"), "--json"},
                                       "t1\n" + std::string(GetParam().input) + "\nlist\n");
    EXPECT_EQ(r.status, 2);
    EXPECT_TRUE(has(r.err, GetParam().said)) << r.err;
    const std::vector<std::string> l = r.lines();
    ASSERT_EQ(l.size(), 4U) << r.out;
    EXPECT_EQ(l[1], l[2]);
}

INSTANTIATE_TEST_SUITE_P(
    All, refused,
    testing::Values(
        line{"t4", "no context and no command 't4'; did you mean 't1', 't2' or 't3'?"},
        line{"zebra", "no context and no command 'zebra'; contexts: main, t1, t2, t3; help"},
        line{"7", "no context and no command '7'"}, line{"t", "'t' may be t1 or t2 or t3"},
        line{"main", "main cannot go on: it waits for the end of t1"},
        line{"0", "main cannot go on: it waits for the end of t1"},
        line{"nxt 3", "no command 'nxt'; did you mean 'next'?"},
        line{"n x", "n: a number of at least 1 is expected, not 'x'"},
        line{"b 0", "b: a number of at least 1 is expected, not '0'"},
        line{"until", "until: a point is missing"},
        line{"until lok m", "unknown point 'lok'; did you mean 'lock'?"},
        line{"until enter bdy", "no function 'bdy'; did you mean 'body'?"},
        line{"until window w", "'window w' is not looked for here; known: enter F"},
        line{"until lock nothing", "nobody comes to 'lock nothing' by usual steps from here"},
        line{"run", "run: a context is missing"},
        line{"run t1 unt", "run: 'until POINT' is expected, not 'unt'"},
        line{"run t2", "t2 cannot go on: it waits for m, held by t1"},
        line{"run t1 until enter main", "t1 does not come to 'enter main' before it is blocked"},
        line{"where t9", "no context and no command 't9'"}, line{"save", "save: a file is missing"},
        line{"save no/such/folder", "no/such/folder: cannot be written"}));

// What would leave the clause that a point is read as.
TEST(Step, APointIsNothingElse) {
    heddle_call heddle;
    const heddle_result r = heddle.run({"step", subject_path("mutex"), "--json"},
                                       "until done ; run c until done\nuntil done }\n");
    EXPECT_EQ(r.status, 2);
    EXPECT_TRUE(has(r.err, "'done ; run c until done' is not POINT [or POINT]\n")) << r.err;
    EXPECT_TRUE(has(r.err, "'}' without '{'")) << r.err;
    EXPECT_EQ(objects(r).back().at("steps"), 0);
}

TEST(Step, TheEndOfTheInputIsTheEnd) {
    heddle_call heddle;
    const heddle_result none = heddle.run({"step", subject_path("mutex"), "--json"});
    EXPECT_EQ(none.status, 0) << none.err;
    EXPECT_EQ(none.lines().size(), 2U) << none.out;
    // The last line has no end, and quit leaves the rest.
    const heddle_result cut = heddle.run({"step", subject_path("mutex"), "--json"}, "t1\nt1");
    EXPECT_EQ(cut.status, 0) << cut.err;
    EXPECT_EQ(objects(cut).back().at("steps"), 2);
    EXPECT_EQ(objects(cut).back().at("end"), "open");
    const heddle_result quit = heddle.run({"step", subject_path("mutex")}, "quit\nnonsense\n");
    EXPECT_EQ(quit.status, 0) << quit.err;
    EXPECT_EQ(quit.err, "");
}

TEST(Step, RunsUntilAPoint) {
    heddle_call heddle;
    const heddle_result r = heddle.run({"step", subject_path("mutex"), "--json"},
                                       "until unlock m\nuntil blocked\nrun t2 until lock m\n"
                                       "run t2 until done\nuntil steps 2\nuntil done\n");
    EXPECT_EQ(r.status, 0) << r.err;
    std::vector<int> steps;
    std::vector<std::string> usual;
    for (const json& j : objects(r)) {
        steps.push_back(j.value("step", -1));
        usual.push_back(j.value("usual", ""));
    }
    // t1 takes and gives m twice, then main waits for t2, which does the same.
    EXPECT_EQ(steps, (std::vector<int>{0, 1, 4, 6, 8, 10, 12, -1})) << r.out;
    EXPECT_EQ(usual[1], "t1");
    EXPECT_EQ(usual[2], "t2");
}

TEST(Step, StateIsTheLastChangeOfEachObjectAndWhereTheStacks) {
    heddle_call heddle;
    const heddle_result r =
        heddle.run({"step", subject_path("asks")}, "state\nt1\nstate\nwhere main\n");
    EXPECT_TRUE(has(r.out, "  nothing has changed yet\n")) << r.out;
    EXPECT_TRUE(has(r.out, "  there: 0 -> 1, at step 1 by t1\n")) << r.out;
    EXPECT_TRUE(has(r.out, "main on cpu0: can go on\n    main (asks.c:")) << r.out;
}

TEST(Step, FollowsATokenUntilItIsLeft) {
    heddle_call heddle;
    const std::string path = subject_path("asks");
    const heddle_result found = heddle.run({"step", path, "--json"}, "t1\nmain\n2\n");
    const std::string token = objects(found).back().at("token");
    const heddle_result r = heddle.run({"step", path, "--token", token, "--json"}, "\n\n\n\n");
    EXPECT_EQ(objects(r).back().at("end"), "finding") << r.out;
    const heddle_result left =
        heddle.run({"step", path, "--token", token, "--json"}, "\n\n0\nfinish\n");
    EXPECT_EQ(objects(left).back().at("end"), "done") << left.out;
    EXPECT_EQ(left.err, "");
    const heddle_result lost =
        heddle.run({"step", path, "--token", "h1/asks.so/program/nobody:f:3:t1"}, "");
    EXPECT_EQ(lost.status, 4);
    EXPECT_TRUE(has(lost.err, "the token diverged: 1 of 1 choices")) << lost.err;
}

TEST(Step, SavesTheTokenOfAProgram) {
    heddle_call heddle;
    const heddle_result r =
        heddle.run({"step", subject_path("asks")}, "t1\nmain\n2\nsave it\nprint\n");
    EXPECT_EQ(contents(heddle.folder() / "it"), r.lines().back() + "\n");
    EXPECT_EQ(r.err, "wrote it\n");
}

TEST(Step, RefusesWhatIsNotThere) {
    heddle_call heddle;
    const heddle_result variant = heddle.run({"step", "forward", "--variant", "lat_wait"});
    EXPECT_EQ(variant.status, 2);
    EXPECT_TRUE(has(variant.err, "no variant 'lat_wait'")) << variant.err;
    const heddle_result program = heddle.run({"step", subject_path("sb"), "--variant", "fixed"});
    EXPECT_EQ(program.status, 2);
    EXPECT_TRUE(has(program.err, "it has no variants")) << program.err;
    const heddle_result token = heddle.run({"step", "forward", "--token", "h1/x"});
    EXPECT_EQ(token.status, 2);
    const heddle_result other = heddle.run({"step", "forward", "--token", "h1/sb.so/program/-"});
    EXPECT_EQ(other.status, 2);
    EXPECT_TRUE(has(other.err, "the token is about sb.so")) << other.err;
}

// The events of a replay: everything behind the header, which names variant and token.
std::string events_of(const heddle_call& heddle, const std::string& race,
                      const std::string& token) {
    const heddle_result r = heddle.run({"replay", race, token, "--no-check", "race", "--json"});
    EXPECT_EQ(r.status, 0) << r.err;
    return from(r.out, "\n");
}

struct way {
    const char* name;
    const char* variant;
    const char* input;
    const char* end;
};

void PrintTo(const way& w, std::ostream* out) {
    *out << w.name;
}

class blocks : public testing::TestWithParam<way> {};

// What was stepped through in a race is a schedule of it: the same bytes, and the same block again.
TEST_P(blocks, AreLoadedAgainAndGiveTheSameBytes) {
    heddle_call heddle;
    const way& c = GetParam();
    const std::vector<std::string> words = {"step",    "forward",    "--variant",
                                            c.variant, "--no-check", "race"};
    const std::string input = c.input;
    const heddle_result r = heddle.run(words, input + "finish\nsave block\nprint\n");
    EXPECT_EQ(r.status, 0) << r.err;
    EXPECT_TRUE(has(r.out, std::string("over: ") + c.end)) << r.out;
    const std::string block = contents(heddle.folder() / "block");
    EXPECT_EQ(from(r.out, "schedule stepped {"), block);
    std::vector<std::string> as_json = words;
    as_json.emplace_back("--json");
    const std::string token = objects(heddle.run(as_json, input + "finish\n")).back().at("token");

    const std::filesystem::path race = HEDDLE_FORWARD_RACE;
    std::filesystem::copy(race.parent_path(), heddle.folder() / "race");
    const std::string pasted = heddle.folder() / "race" / "pasted.race";
    // An expectation that fails tells the token of its schedule.
    std::ofstream(pasted) << contents(race) << block << "expect " << c.variant
                          << " {\n    stepped: (em1 > P1 and fate P1 == dropped)\n}\n";
    const heddle_result ran =
        heddle.run({"run", pasted, "--variant", c.variant, "--no-check", "race", "--json"});
    const std::string again =
        from(ran.out, "h1/forward/" + std::string(c.variant) + "%20in%20stepped");
    ASSERT_NE(again, "") << ran.out << ran.err;
    const std::string other = again.substr(0, again.find('"'));
    EXPECT_EQ(events_of(heddle, "forward", token), events_of(heddle, pasted, other));
    const heddle_result stepped =
        heddle.run({"step", pasted, "--token", other, "--no-check", "race"}, "finish\nprint\n");
    EXPECT_EQ(from(stepped.out, "schedule stepped {"), block) << stepped.err;
}

INSTANTIATE_TEST_SUITE_P(
    All, blocks,
    testing::Values(
        way{"use_after_free", "no_wait", "run net0 until enter if_output\nrun adm\n", "finding"},
        way{"in_turns", "fixed", "n 3\nadm\nn 4\nnet0\nb\nnet0\nn 20\nadm\nadm\n", "done"},
        way{"usual", "fixed", "", "done"}),
    [](const testing::TestParamInfo<way>& i) { return std::string(i.param.name); });

// A place that an order made visible is an operation of this execution, but no step of the language.
TEST(Step, PlacesOfAnOrderAreNoStepsOfABlock) {
    heddle_call heddle;
    const std::filesystem::path race = HEDDLE_FORWARD_RACE;
    std::filesystem::copy(race.parent_path(), heddle.folder() / "race");
    std::string text = contents(race);
    const std::string explore = "    explore dfs preemptions 3\n";
    ASSERT_TRUE(has(text, explore));
    text.replace(text.find(explore), explore.size(),
                 "    order net0@enter if_output < adm@done\n" + explore);
    const std::string ordered = heddle.folder() / "race" / "ordered.race";
    std::ofstream(ordered) << text;
    const std::string input = "run net0 until steps 38\nrun adm until steps 2\nfinish\nprint\n";
    const heddle_result with = heddle.run({"step", ordered, "--no-check", "race"}, input);
    EXPECT_TRUE(has(with.out, "  point")) << with.out;
    const heddle_result without = heddle.run({"step", "forward", "--no-check", "race"}, input);
    EXPECT_FALSE(has(without.out, "  point")) << without.out;
    const std::string block =
        from(without.out, "schedule stepped {\n    run net0 until steps 38\n");
    EXPECT_NE(block, "") << without.out;
    EXPECT_EQ(from(with.out, "schedule stepped {"), block);
}

TEST(Step, IsTheSameBytesInTwoProcesses) {
    heddle_call heddle;
    const std::vector<std::string> words = {"step", "forward", "--json"};
    const std::string input = "n 12\nadm\nadm\nstate\nwhere\nfinish\nprint\n";
    const heddle_result r = heddle.run(words, input);
    EXPECT_EQ(r.status, 0) << r.err;
    EXPECT_EQ(r.out, heddle.run(words, input).out);
    EXPECT_EQ(objects(r).back().at("end"), "done");
}

}  // namespace

}  // namespace scenario::test

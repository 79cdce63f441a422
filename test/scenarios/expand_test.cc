// include, param and repeat.

#include <map>

#include "scenarios/lang/print.h"
#include "test/scenarios/small_script.h"

namespace scenario {
namespace {

parse_options with_files(std::map<std::string, std::string> files) {
    parse_options options;
    options.read_file = [files = std::move(files)](const std::string& name) {
        auto found = files.find(name);
        return found == files.end() ? std::nullopt : std::optional(found->second);
    };
    return options;
}

TEST(expand, repeat_copies_with_a_counter) {
    script s = script_with(
        "cpu 0 thread x { repeat 3 { A1$i: em0 < IP 10.0.1.$i.1 > 10.9.0.5.53: "
        "udp $i as Q$i } }");
    const std::vector<statement>& list = s.contexts.at(2).statements;
    ASSERT_EQ(list.size(), 3u);
    EXPECT_EQ(to_text(list[2]), "A13: em0 < IP 10.0.1.3.1 > 10.9.0.5.53: udp 3 as Q3");
    EXPECT_EQ(list[2].at.line, 7u);
    EXPECT_EQ(script_with("repeat 2 { cpu 0 thread x$i { ping 10.0.1.9 } }").contexts.size(), 4u);
    EXPECT_EQ(script_with("repeat 0 { fuu }").contexts.size(), 2u);
}

TEST(expand, a_parameter_stands_for_its_value) {
    const std::string lines =
        "param n 2..4\nparam m 7\nbefore { repeat $n { em0 < IP 10.0.1.9.$m > 10.9.0.5.53: udp 8 "
        "as Q$i } }";
    script s = script_with(lines);
    ASSERT_EQ(s.parameters.size(), 2u);
    EXPECT_EQ(s.parameters[0].first, 2u);
    EXPECT_EQ(s.parameters[0].last, 4u);
    EXPECT_EQ(s.parameters[0].value, 2u);
    EXPECT_EQ(s.parameters[1].last, 7u);
    EXPECT_EQ(s.before.size(), 2u);

    parse_options options;
    options.parameters = {{"n", 4}};
    script four = script_with(lines, options);
    EXPECT_EQ(four.parameters[0].value, 4u);
    EXPECT_EQ(four.before.size(), 4u);
    EXPECT_EQ(script_with("param n 2..4 value 3").parameters[0].value, 3u);

    options.parameters = {{"n", 5}};
    EXPECT_EQ(error_lines(parse_more(lines, options).errors), "7:7+1: parameter 'n' cannot be 5");
    options.parameters = {{"k", 5}};
    EXPECT_EQ(error_lines(parse_more(lines, options).errors),
              "1:1+1: the scenario has no parameter 'k' | known: m, n");
}

TEST(expand, quoted_words_and_raw_blocks_are_left_alone) {
    script s = script_with("before { pfctl -f { pass in on $ext }; ping \"$x\" }");
    EXPECT_EQ(std::get<command>(s.before.at(0).action).raw->text, " pass in on $ext ");
    EXPECT_EQ(std::get<command>(s.before.at(1).action).words.at(1).text, "$x");
}

TEST(expand, include_reads_beside_the_including_file) {
    parse_options options = with_files(
        {{"races/a/common.race", "schedule s { run net0 until done }\ninclude more/deep.race\n"},
         {"races/a/more/deep.race", "schedule d { include clauses.race }\n"},
         {"races/a/more/clauses.race", "run adm until done\n"}});
    parse_result r = parse(small_script + "include common.race\n", "races/a/t.race", options);
    ASSERT_EQ(render(r.errors), "");
    ASSERT_EQ(r.value.schedules.size(), 3u);
    EXPECT_EQ(r.value.schedules[2].runs.at(0).context.text, "adm");
    EXPECT_EQ(r.value.texts.name(r.value.schedules[2].runs[0].context.at.file),
              "races/a/more/clauses.race");
}

TEST(expand, a_mistake_in_an_included_file_is_shown_there) {
    parse_options options = with_files({{"c.race", "\n\nschedule s { walk net0 }\n"}});
    parse_result r = parse_more("include c.race", options);
    EXPECT_EQ(render(r.errors),
              "c.race:3:14: error: unknown clause of a schedule 'walk'\n"
              "    3 | schedule s { walk net0 }\n"
              "      |              ^~~~\n"
              "      = known: run, order, prune, explore\n");
    EXPECT_EQ(r.value.texts.at({1, 3, 14, 4}, "later").file, "c.race");
}

TEST(expand, files_do_not_include_themselves) {
    parse_options options =
        with_files({{"c.race", "include d.race\n"}, {"d.race", "include c.race\n"}});
    EXPECT_EQ(error_lines(parse_more("include c.race", options).errors),
              "1:9+6: 'c.race' includes itself");
    EXPECT_EQ(error_lines(parse_more("include t.race", options).errors),
              "7:9+6: 't.race' includes itself");
    EXPECT_EQ(error_lines(parse_more("include no.race", options).errors),
              "7:9+7: cannot read 'no.race'");
    EXPECT_EQ(error_lines(parse_more("include", options).errors),
              "7:8+1: expected the name of a file");
}

}  // namespace
}  // namespace scenario

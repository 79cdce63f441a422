// Normal form: what is printed reads as the same script.

#include "scenarios/lang/print.h"

#include "test/scenarios/small_script.h"

namespace scenario {
namespace {

// In normal form.
const std::string everything =
    "scenario all \"every \\\"statement\\\"\"\n"
    "tags a b\n"
    "refs \"if_get(9)\"\n"
    "param n 1..3 value 2\n"
    "\n"
    "topology {\n"
    "    router r1 cpus 2 {\n"
    "        ifconfig em0 inet 10.0.1.1/24\n"
    "        pf {\n"
    "            pass in on em0 proto { tcp udp }  # all\n"
    "        }\n"
    "        socket udp bind 192.0.2.1.53 as S\n"
    "    }\n"
    "    router r2 cpus 1 {\n"
    "    }\n"
    "    link r1:em1 r2:em0\n"
    "}\n"
    "place softclock on cpu r1:1\n"
    "timer r1:arptimer may fire\n"
    "may lose P1\n"
    "fail alloc nth 3 in adm\n"
    "clock any\n"
    "\n"
    "variant v { patch a.patch; patch \"b c.patch\" }\n"
    "\n"
    "regime giant { patch g.patch }\n"
    "regime net_excl\n"
    "\n"
    "before {\n"
    "    on r1 ping 10.0.1.9\n"
    "    r1:em0 queue 3 < ARP who-has 10.0.1.1 tell 10.0.1.9\n"
    "    advance 31s\n"
    "}\n"
    "\n"
    "cpu r1:0 thread net0 {\n"
    "    A0: em0 < IP 10.0.1.9.1 > 10.9.0.5.53: udp 8 ttl 3 df as P1\n"
    "    em1 > IP ... > 10.9.0.5.*: udp ...\n"
    "    expect em1 > P1 or S got P1\n"
    "}\n"
    "\n"
    "cpu r1:1 thread adm {\n"
    "    A1: ifconfig em1 destroy\n"
    "    on r2 pfctl -f { pass }\n"
    "}\n"
    "\n"
    "interrupt on cpu r2:0 level 6 as rx {\n"
    "    ifconfig em0 down\n"
    "}\n"
    "\n"
    "after {\n"
    "    expect no bug\n"
    "}\n"
    "\n"
    "schedule s {\n"
    "    run net0 until enter if_output dev em1 or blocked on \"ifrm\"\n"
    "}\n"
    "\n"
    "schedule any {\n"
    "    order net0@enter ip_output < adm@done A1\n"
    "    explore dfs preemptions 3\n"
    "}\n"
    "\n"
    "expect fixed v under giant net_excl {\n"
    "    exists (fate P1 == forwarded r1:em1)\n"
    "    forall (no bug)\n"
    "    final (no ifconfig r1:em1 and (bug or no route 10.0.2.0/24 on r1))\n"
    "    s: (r1:em1 > P1)\n"
    "    no bug\n"
    "    no leak\n"
    "    no leak mbuf ifnet\n"
    "    no deadlock\n"
    "    reach (net0 in arpresolve)\n"
    "    always (refs S == 1) when free pf_inp_mtx\n"
    "}\n";

TEST(print, a_script_with_everything_reads_back_as_itself) {
    parse_result r = parse(everything, "t.race");
    ASSERT_EQ(render(r.errors), "");
    EXPECT_EQ(to_text(r.value), everything);
    parse_result again = parse(to_text(r.value), "again.race");
    ASSERT_EQ(render(again.errors), "");
    EXPECT_EQ(again.value, r.value);
}

TEST(print, layout_is_no_part_of_a_script) {
    script s = script_with("schedule   s {\n\n run net0 until done   # all of it\n }");
    EXPECT_EQ(s, script_with("schedule s { run net0 until done }"));
    EXPECT_NE(s, script_with("schedule s { run adm until done }"));
}

// A brace outside of parentheses opens a block, so a set must stand in parentheses.
TEST(print, an_expectation_with_a_set_reads_back_as_itself) {
    for (const char* line : {"after { expect (ruleset(P1) in { a, b }) }",
                             "after { expect (no bug or not ruleset(P1) in { a }) }"}) {
        script s = script_with(line);
        parse_result again = parse(to_text(s), "again.race");
        EXPECT_EQ(render(again.errors), "");
        EXPECT_EQ(again.value, s) << to_text(s);
    }
}

TEST(print, words_are_quoted_as_they_were) {
    EXPECT_EQ(to_text(word{"a b", true, {}}), "\"a b\"");
    EXPECT_EQ(to_text(word{"a\"\\b", true, {}}), "\"a\\\"\\\\b\"");
    EXPECT_EQ(to_text(word{"", true, {}}), "\"\"");
    EXPECT_EQ(to_text(word{"a", false, {}}), "a");
}

}  // namespace
}  // namespace scenario

// Every kind of mistake, with its exact text, place and hint.

#include "test/scenarios/small_script.h"

namespace scenario {
namespace {

struct mistake {
    const char* lines;   // added to the small script, from line 7 on
    const char* errors;  // as error_lines() writes them
};

const mistake mistakes[] = {
    {"fuu", "7:1+3: unknown statement 'fuu'"},
    {"expct fixed { no bug }", "7:1+5: unknown statement 'expct' | did you mean 'expect'?"},
    {"cpu 0 thread x { ifconfg em1 destroy }",
     "7:18+7: unknown statement 'ifconfg' | did you mean 'ifconfig'?"},
    {"cpu 0 thread x { em3 < IP 10.0.1.9.1 > 10.9.0.5.53: udp 8 }",
     "7:18+3: unknown interface 'em3' | did you mean 'em0' or 'em1'?"},
    {"cpu 0 thread x { em0 < IP 10.0.1.999.1 > 10.9.0.5.53: udp 8 }",
     "7:27+12: '10.0.1.999' is not an IPv4 address | four numbers from 0 to 255: 10.0.1.9"},
    {"cpu 0 thread x { em0 < IP 10.0.1.9 > 10.9.0.5.53: udp 8 }",
     "7:27+8: the port is missing | ADDRESS.PORT: 10.0.1.9.1234"},
    {"cpu 0 thread x { em0 < IP 10.0.1.9.1 > 10.9.0.5.53: udq 8 }",
     "7:53+3: unknown protocol 'udq' | did you mean 'udp'?"},
    {"cpu 0 thread x { em0 < IP 10.0.1.9.1 > 10.9.0.5.53 udp 8 }",
     "7:40+11: ':' is missing behind the destination"},
    {"cpu 0 thread x { em0 < IP 10.0.1.9.1 > 10.9.0.5.53: udp }",
     "7:56+1: expected the length of the payload"},
    {"cpu 0 thread x { em0 < IP 10.0.1.9.1 > 10.9.0.5.53: udp 70000 }",
     "7:57+5: '70000' is not the length of the payload | a number from 0 to 65535"},
    {"cpu 0 thread x { em0 < IP 10.0.1.9.1 > 10.9.0.5.53: udp 8 tll 3 }",
     "7:59+3: unknown word 'tll' in a packet | did you mean 'ttl'?"},
    {"cpu 0 thread x { em0 < IP 10.0.1.9.1 > 10.9.0.5.53: udp 8 ttl 300 }",
     "7:63+3: '300' is not a TTL | a number from 0 to 255"},
    {"cpu 0 thread x { em0 < IP 10.0.1.9.1 > 10.9.0.5.53: udp 8 src 02:00:00 }",
     "7:63+8: '02:00:00' is not an Ethernet address | six bytes of two digits: 02:00:00:00:01:01"},
    {"cpu 0 thread x { em0 < IP 10.0.1.9.70000 > 10.9.0.5.53: udp 8 }",
     "7:27+14: '70000' is not a port | a number from 0 to 65535"},
    {"cpu 0 thread x { em0 < IP ... > 10.9.0.5.53: udp 8 }",
     "7:27+3: '...' in a packet that is sent | it means \"don't care\" in `IF > ...`"},
    {"cpu 0 thread x { em0 > IP ... > 10.9.0.5.53: udp 8 \"...\" }",
     "7:52+5: unknown word '...' in a packet"},
    {"cpu 0 thread x { em0 < IP 10.0.1.9.1 > 10.9.0.5.80: Flags [SX], seq 1 }",
     "7:59+5: '[SX],' is not a set of TCP flags | letters of FSRP.UEW in brackets: [S.], or "
     "[none]"},
    {"cpu 0 thread x { em0 < IP 10.0.1.9 > 10.9.0.5: icmp echo reqest }",
     "7:58+6: unknown kind of echo 'reqest' | did you mean 'request'?"},
    {"cpu 0 thread x { em0 < IP 10.0.1.9 > 10.9.0.5: icmp ehco request }",
     "7:53+4: unknown kind of ICMP message 'ehco' | did you mean 'echo'?"},
    {"cpu 0 thread x { em0 < ARP who-has 10.0.2.2 10.0.2.1 }",
     "7:45+8: expected 'tell', found '10.0.2.1'"},
    {"cpu 0 thread x { em0 < ARP 10.0.2.2 is-at 02:00:00:00:02:0g }",
     "7:43+17: '02:00:00:00:02:0g' is not an Ethernet address | six bytes of two digits: "
     "02:00:00:00:01:01"},
    {"cpu 0 thread x { em0 < IP6 ::1 }",
     "7:24+3: unknown kind of packet 'IP6' | did you mean 'IP'?"},
    {"cpu 0 thread x { em0 < IP 10.0.1.9.1 > 10.9.0.5.53: udp 8 as P1 }",
     "7:62+2: name 'P1' declared twice"},
    {"cpu 0 thread x { em0 < IP 10.0.1.9.1 > 10.9.0.5.53: udp 8 mf }",
     "7:24+2: a fragment is written as 'proto N len N'"},
    {"cpu 0 thread x { em0 < IP 10.0.1.9 > 10.9.0.5: icmp time exceeded quoting IP 10.0.1.9 > "
     "10.9.0.5: icmp time exceeded quoting IP 1.1.1.1 > 2.2.2.2: proto 1 len 1 }",
     "7:118+7: unknown word 'quoting' in a packet"},
    {"cpu 0 thread x { em0 > IP 10.0.1.9.1 > 10.9.0.5.53: udp 8 as Q }",
     "7:62+1: nothing here that could be named 'Q'"},
    {"cpu 0 thread x { advance 31 }",
     "7:26+2: '31' is not a time | a number and ns, us, ms, s, m or h"},
    {"cpu 0 thread x { advance 31s 5 }", "7:30+1: '5' is one word too many"},
    {"cpu 0 thread x { A1: ifconfig em0 up }", "7:18+2: label 'A1' declared twice"},
    {"cpu 0 thread x { ifconfig em2 destroy }",
     "7:27+3: unknown interface 'em2' | did you mean 'em0' or 'em1'?"},
    {"cpu 0 thread x { on q ifconfig em0 up }", "7:21+1: unknown router 'q' | known: r"},
    {"cpu 0 thread x { ifconfig em0 up as }", "7:36+1: expected a name behind 'as'"},
    {"cpu 0 thread x { A9: }", "7:21+1: expected a statement"},
    {"cpu 0 thread x { }", "7:14+1: 'x' does nothing"},
    {"cpu 0 thread x", "7:15+1: 'cpu' needs a block | { statements }"},
    {"cpu 0 thred x { ifconfig em0 up }",
     "7:7+5: expected 'thread', found 'thred' | did you mean 'thread'?"},
    {"cpu 0 thread adm { ifconfig em0 up }", "7:14+3: context 'adm' declared twice"},
    {"cpu 2 thread x { ifconfig em0 up }", "7:5+1: router 'r' has no cpu 2 | it has cpu 0 to 1"},
    {"cpu one thread x { ifconfig em0 up }",
     "7:5+3: 'one' is not the number of a CPU | cpu 0, or cpu r1:0"},
    {"cpu 0 thread x { pf {\n  block in all\n", "7:21+1: block opened at line 7 never closed"},
    {"cpu 0 thread x {\n  ifconfig em0 up\n", "7:16+1: block opened at line 7 never closed"},
    {"}", "7:1+1: '}' without '{'"},
    {"{ ifconfig em0 up }",
     "7:1+1: block without a statement | the '{' belongs at the end of the line of its statement"},
    {"expect fixed { forall (no bug\n exists (bug) }",
     "7:23+1: parenthesis opened at line 7 never closed"},
    {"expect fixed { forall no bug) }", "7:29+1: ')' without '('"},
    {"tags \"abc", "7:6+1: quote is not closed on its line"},
    {"interrupt on cpu 0 { ifconfig em0 { up } }", "7:35+1: 'ifconfig' has no block"},
    {"interrupt on cpu 0 level 8 { ifconfig em0 up }",
     "7:26+1: '8' is out of range | a level from 1 to 7"},
    {"interrupt on cpu 0 level high { ifconfig em0 up }",
     "7:26+4: 'high' is not a number | expected a level"},
    {"interrupt on cpu 0 level { ifconfig em0 up }", "7:25+1: expected a level"},
    {"schedule s { run nett0 until done }",
     "7:18+5: unknown context 'nett0' | did you mean 'net0'?"},
    {"schedule s { run net0 untill done }",
     "7:23+6: expected 'until', found 'untill' | did you mean 'until'?"},
    {"schedule s { run net0 until }", "7:28+1: expected a point"},
    {"schedule s { run net0 until entr ip_output }",
     "7:29+4: unknown point 'entr' | did you mean 'enter'?"},
    {"schedule s { run net0 until enter }", "7:34+1: expected a function"},
    {"schedule s { run net0 until enter ip_output dev em7 }",
     "7:49+3: unknown interface 'em7' | did you mean 'em0' or 'em1'?"},
    {"schedule s { run net0 until enter ip_output nth 0 }",
     "7:49+1: '0' is out of range | a count from 1 to 4294967295"},
    {"schedule s { run net0 until done A7 }",
     "7:34+2: unknown label 'A7' | did you mean 'A0' or 'A1'?"},
    {"schedule s { run net0 until done A1 A0 }", "7:37+2: 'A0' is one word too many"},
    {"schedule s { run net0 until in ip_output touch ifnet }",
     "7:42+5: expected 'touches', found 'touch' | did you mean 'touches'?"},
    {"schedule s { order net0 enter ip_output < adm@done }",
     "7:20+4: expected CONTEXT@POINT, found 'net0' | order net0@enter ip_output < adm@done A1"},
    {"schedule s { order net0@enter ip_output adm@done }",
     "7:41+8: expected '<', found 'adm@done'"},
    {"schedule s { explore depor }", "7:22+5: unknown strategy 'depor' | did you mean 'dpor'?"},
    {"schedule s { explore dpor preemption 3 }",
     "7:27+10: unknown option of explore 'preemption' | did you mean 'preemptions'?"},
    {"schedule s { explore dpor preemptions many }",
     "7:39+4: 'many' is not a number | expected a number of preemptions"},
    {"schedule s { explore dpor; run net0 until done }",
     "7:28+3: 'run' after 'explore' | runs come first, one 'explore' fills the rest"},
    {"schedule s { explore dpor; explore dfs }", "7:28+7: 'explore' given twice in one schedule"},
    {"schedule s { walk net0 }",
     "7:14+4: unknown clause of a schedule 'walk' | known: run, order, prune, explore"},
    {"schedule s { }", "7:10+1: schedule 's' says nothing"},
    {"schedule one { run adm until done }", "7:10+3: schedule 'one' declared twice"},
    {"schedule s { prune until net0 enter ip_forward }", "7:31+5: expected 'at', found 'enter'"},
    {"variant broken { patch }", "7:23+1: expected the name of a file"},
    {"variant broken { patch a.patch }",
     "7:9+6: nothing is expected of variant 'broken' | expect broken { exists (bug) }"},
    {"fuu { bar }", "7:1+3: unknown statement 'fuu'"},
    {"variant fixed { patch a.patch }",
     "7:9+5: 'fixed' is the subject without a patch | it is always there; choose another name"},
    {"variant broken { }",
     "7:15+1: variant 'broken' changes nothing | variant broken { patch FILE }"},
    {"regime giant { pach a.patch }", "7:16+4: unknown statement 'pach' | did you mean 'patch'?"},
    {"regime giant { patch a.patch }\nvariant giant { patch b.patch }",
     "7:8+5: 'giant' is both a variant and a regime"},
    {"expect brokn { no bug }", "7:8+5: unknown variant 'brokn' | known: fixed"},
    {"expect fixed under gaint { no bug }", "7:20+5: unknown regime 'gaint'"},
    {"expect fixed { }", "7:1+6: 'expect' says nothing | expect fixed { forall (no bug) }"},
    {"expect fixed { sometimes (bug) }",
     "7:16+9: unknown clause of expect 'sometimes' | known: exists, forall, final, reach, "
     "always, no"},
    {"expect fixed { two: no bug }", "7:16+3: unknown schedule 'two' | known: one"},
    {"schedule all { explore dfs }\nexpect fixed { all: no bug }",
     "8:16+3: schedule 'all' explores: it is not one run | use exists or forall"},
    {"expect fixed { no crash }",
     "7:19+5: unknown word after 'no' 'crash' | known: bug, leak, deadlock"},
    {"expect fixed { exists (bug lock-order) }",
     "7:28+10: an order of locks is judged when all is explored: no single execution has it"
     " | fixed fails by itself if one may deadlock; what waits is (bug deadlock)"},
    {"expect fixed { exists (bug use-afterfree) }",
     "7:28+13: unknown kind of bug 'use-afterfree' | did you mean 'use-after-free'?"},
    {"expect fixed { exists (fat P1 == held) }",
     "7:24+3: unknown condition 'fat' | did you mean 'fate'?"},
    {"expect fixed { exists (fate P2 == held) }",
     "7:29+2: unknown packet 'P2' | did you mean 'P1'?"},
    {"expect fixed { exists (fate P1 == gone) }",
     "7:35+4: unknown fate 'gone' | known: forwarded, delivered, held, dropped, lost"},
    {"expect fixed { exists (fate P1 == forwarded em2) }",
     "7:45+3: unknown interface 'em2' | did you mean 'em0' or 'em1'?"},
    {"expect fixed { exists (em2 > P1) }",
     "7:24+3: unknown interface 'em2' | did you mean 'em0' or 'em1'?"},
    {"expect fixed { exists (em1 > P2) }", "7:30+2: unknown packet 'P2' | did you mean 'P1'?"},
    {"expect fixed { exists (adm blocked at \"ifrm\") }", "7:36+2: expected ')', found 'at'"},
    {"expect fixed { exists (adn blocked on \"ifrm\") }",
     "7:24+3: unknown context 'adn' | did you mean 'adm'?"},
    {"expect fixed { exists (count(em1 > ARP who-has 10.0.2.2 tell ...) in 2..1) }",
     "7:70+4: '2..1' is not a range of numbers | LOW..HIGH: 1..2"},
    {"expect fixed { exists (count(em1 > ARP who-hass 10.0.2.2) == 1) }",
     "7:40+8: unknown word 'who-hass' in a packet | did you mean 'who-has'?"},
    {"expect fixed { exists (live mbuf) }",
     "7:33+1: expected a comparison, found ')' | one of == != < <= > >= in"},
    {"expect fixed { exists (stat noroute == x) }",
     "7:40+1: 'x' is not a number | expected a number"},
    {"expect fixed { exists (refs S == 1) }", "7:29+1: unknown object 'S' | known: lo0, em0, em1"},
    {"expect fixed { exists (no route 10.0.2.0/33) }", "7:33+11: '10.0.2.0/33' is not an address"},
    {"expect fixed { exists (no arp ten) }", "7:31+3: 'ten' is not an address"},
    {"expect fixed { exists (done A1 before star P1) }",
     "7:39+4: unknown event 'star' | did you mean 'start'?"},
    {"expect fixed { exists (done A8) }",
     "7:29+2: unknown label 'A8' | did you mean 'A0' or 'A1'?"},
    {"expect fixed { exists (P1 got 3) }", "7:24+2: unknown socket 'P1'"},
    {"expect fixed { exists ((bug) }", "7:23+1: parenthesis opened at line 7 never closed"},
    {"expect fixed { exists (bug) or }", "7:31+1: expected a condition"},
    {"expect fixed { always (no bug) when fre x }",
     "7:37+3: expected 'free', found 'fre' | did you mean 'free'?"},
    {"place softclok on cpu 1",
     "7:7+8: 'softclok' is no context that can be placed | did you mean 'softclock'?"},
    {"place softclock on cpu 7", "7:24+1: router 'r' has no cpu 7 | it has cpu 0 to 1"},
    {"may lose P7", "7:10+2: unknown packet 'P7' | did you mean 'P1'?"},
    {"fail alloc nth 0", "7:16+1: '0' is out of range | a count from 1 to 4294967295"},
    {"clock every", "7:7+5: expected 'any', found 'every'"},
    {"timer arp may burn", "7:15+4: expected 'fire', found 'burn'"},
    {"topology { router q { ifconfig em0 up } }",
     "7:1+8: 'topology' given twice | the first one is at line 2"},
    {"before { expect em0 > }", "7:22+1: expected a packet"},
    {"param n 3..1", "7:9+4: '3..1' is not a range of numbers | FIRST..LAST: 1..3"},
    {"param n 1..2\nrepeat 2 { may lose P$m }", "8:21+3: unknown parameter '$m' | known: i, n"},
    {"repeat x { clock any }", "7:8+1: 'x' is not a number | expected a count"},
    {"repeat 2 { cpu 0 thread x { ifconfig em0 up } }", "7:25+1: context 'x' declared twice"},
    {"include other.race", "7:9+10: cannot read 'other.race'"},
    {"scenario again", "7:1+8: 'scenario' given twice | the first one is at line 1"},
    {"tags", "7:5+1: expected a word"},
    {"expect fixed { exists (ruleset(P1) in old) }",
     "7:39+3: 'old' is not a range of numbers | LOW..HIGH: 1..2"},
    {"expect fixed { classic: ruleset(P1) in { old, new } }",
     "7:40+1: a clause of expect has no block | put a condition with braces in parentheses"},
    {"expect fixed { exists (route 10.9.0.0/16 == ) }", "7:45+1: expected a value"},
    {"expect fixed { log \"x\" }",
     "7:16+3: unknown clause of expect 'log' | known: exists, forall, final, reach, always, no"},
    {"expect fixed { exists (bug) exists (bug) }", "7:29+6: 'exists' is one word too many"},
    {"expect fixed { exists (bug implies bug implies bug) }",
     "7:40+7: 'implies' twice | put one of them in parentheses"},
    {"variant x { patch a.patch b.patch }\nexpect x { no bug }",
     "7:27+7: 'b.patch' is one word too many"},
    {"schedule s { run softclok until done }",
     "7:18+8: unknown context 'softclok' | did you mean 'softclock'?"},
    {"cpu 0 thread x { arp -d 10.0.2.2 { } }", "7:34+1: 'arp' has no block"},
    {"cpu 0 thread x { em0 queue x < IP 10.0.1.9.1 > 10.9.0.5.53: udp 8 }",
     "7:28+1: 'x' is not a number | expected a queue"},
    {"cpu 0 thread x { wait: }\nschedule s { run net0 until done wait }",
     "7:23+1: expected a statement"},
    {"cpu 0 thread x { Q1: em0 < IP bad }\nschedule s { run net0 until done Q1 }",
     "7:31+3: 'bad' is not an IPv4 address | four numbers from 0 to 255: 10.0.1.9"},
    {"router x { }", "7:1+6: 'router' outside of topology | topology { router ... }"},
    {"link em0 em1", "7:1+4: 'link' outside of topology | topology { link ... }"},
    {"refs if_get(9", "7:12+1: parenthesis opened at line 7 never closed"},
};

TEST(scenario_errors, each_mistake_has_its_message_place_and_hint) {
    for (const mistake& m : mistakes) {
        EXPECT_EQ(error_lines(parse_more(m.lines).errors), m.errors) << m.lines;
    }
}

struct whole_text {
    const char* text;
    const char* errors;
};

const whole_text incomplete[] = {
    {"", "1:1+1: the file names no scenario | scenario NAME \"description\""},
    {"# nothing\n", "1:1+1: the file names no scenario | scenario NAME \"description\""},
    {"scenario", "1:9+1: expected the name of the scenario"},
    {"scenario a b", "1:12+1: the description is one quoted text"},
    {"scenario a \"b\" c", "1:16+1: 'c' is one word too many"},
    {"scenario a", "1:10+1: scenario 'a' has no router | topology { router r cpus 2 { ... } }"},
    {"scenario a\ntopology { router r { ifconfig em0 up } }",
     "1:10+1: scenario 'a' has no context: nothing would run | cpu 0 thread NAME { ... }"},
    {"scenario a\ntopology { router r { ifconfig em0 up } }\ncpu 0 thread t { ifconfig em0 down }",
     "1:10+1: scenario 'a' has no expect block: a run would check nothing"
     " | expect fixed { forall (no bug) }"},
    {"scenario a\ntopology { route r { } }",
     "2:12+5: unknown statement 'route' | did you mean "
     "'router'?"},
    {"scenario a\ntopology\n", "2:9+1: 'topology' needs a block | topology { router r { ... } }"},
    {"scenario a\ntopology { router r cpus 0 { } }",
     "2:26+1: '0' is out of range | the number of CPUs from 1 to 64"},
    {"scenario a\ntopology { router r { ifconfg em0 up } }\ncpu 0 thread t { ifconfig em0 down }",
     "2:23+7: unknown statement 'ifconfg' | did you mean 'ifconfig'?"},
};

TEST(scenario_errors, an_incomplete_script_is_refused) {
    for (const whole_text& t : incomplete) {
        EXPECT_EQ(error_lines(parse(t.text, "t.race").errors), t.errors) << t.text;
    }
}

TEST(scenario_errors, independent_mistakes_are_reported_together_in_order) {
    EXPECT_EQ(error_lines(parse_more("cpu 0 thread x { ifconfg em0 up; em0 < IP 1.2.3 > x: y }\n"
                                     "schedule s { run nett0 until done }\n"
                                     "expect fixed { exist (bug); forall (fate P9 == held) }")
                              .errors),
              "7:18+7: unknown statement 'ifconfg' | did you mean 'ifconfig'?\n"
              "7:43+5: '1.2.3' is not an IPv4 address | four numbers from 0 to 255: 10.0.1.9\n"
              "8:18+5: unknown context 'nett0' | did you mean 'net0'?\n"
              "9:16+5: unknown clause of expect 'exist' | did you mean 'exists'?\n"
              "9:42+2: unknown packet 'P9' | did you mean 'P1'?");
}

// What refers to a statement with a mistake in it is not reported as well.
TEST(scenario_errors, a_mistake_has_no_consequences) {
    EXPECT_EQ(error_lines(parse_more("cpu 0 thread x { B1: em0 < IP 1.2.3 > x: y as Q }\n"
                                     "schedule s { run x until done B1 }\n"
                                     "expect fixed { forall (fate Q == held) }")
                              .errors),
              "7:31+5: '1.2.3' is not an IPv4 address | four numbers from 0 to 255: 10.0.1.9");
}

// With a brace missing nobody knows what belongs where: only that is reported.
TEST(scenario_errors, a_missing_brace_is_the_only_mistake_reported) {
    EXPECT_EQ(error_lines(parse("scenario a\ntopology {\n  router r {\n    ifconfg em0 up\n  }\n"
                                "cpu 0 thread t { fuu }\n",
                                "t.race")
                              .errors),
              "2:10+1: block opened at line 2 never closed");
}

TEST(scenario_errors, several_routers_must_be_told_apart) {
    const std::string two =
        "scenario t\n"
        "topology { router a { ifconfig em0 up }; router b { ifconfig em0 up; ifconfig em1 up } }\n"
        "expect fixed { no bug }\n";
    const whole_text cases[] = {
        {"cpu a:0 thread x { ifconfig em0 down }", ""},
        {"cpu 0 thread x { ifconfig em0 down }",
         "4:5+1: cpu of which router? | write cpu ROUTER:N\n"
         "4:27+3: interface 'em0' of which router?"
         " | write ROUTER:em0"},
        {"cpu a:0 thread x { ifconfig em1 down }",
         "4:29+3: unknown interface 'em1' | did you mean 'em0'?"},
        {"cpu b:0 thread x { ifconfig em1 down }", ""},
        {"cpu b:0 thread x { on a ifconfig em1 down }",
         "4:34+3: unknown interface 'em1' | did you mean 'em0'?"},
        {"cpu c:0 thread x { ping 10.0.0.1 }", "4:5+1: unknown router 'c' | known: a, b"},
        {"cpu a:0 thread x { a:em1 < ARP who-has 1.2.3.4 tell 1.2.3.4 }",
         "4:22+3: unknown interface 'em1' | did you mean 'em0'?"},
        {"cpu a:0 thread x { b:em1 < ARP who-has 1.2.3.4 tell 1.2.3.4 }", ""},
        {"cpu a:0 thread x { ping 1.2.3.4 }\nbefore { ping 1.2.3.4 }",
         "5:10+4: on which router? | write on ROUTER ping"},
        // A CPU that is not said is one mistake, not also that of an unknown router.
        {"interrupt", "4:10+1: expected 'on'"},
    };
    for (const whole_text& c : cases) {
        EXPECT_EQ(error_lines(parse(two + c.text, "t.race").errors), c.errors) << c.text;
    }
}

// Nothing that a person or a fuzzer types may do worse than be refused.
TEST(scenario_errors, extremes_are_refused_in_time) {
    const std::string deep(100'000, '{');
    const std::string named_deep = [] {
        std::string text;
        for (int i = 0; i < 10'000; i++) {
            text += "a {\n";
        }
        return text;
    }();
    std::string nots = "expect fixed { forall (";
    for (int i = 0; i < 100'000; i++) {
        nots += "not ";
    }
    for (const std::string& text :
         {deep, named_deep, nots + "bug) }", "expect fixed { forall " + std::string(100'000, '('),
          std::string(100'000, '('), std::string(100'000, '"'), std::string(100'000, '}'),
          std::string("a\0b\n", 4), std::string("\xff\xfe\n"),
          std::string("repeat 1000 { repeat 1000 { clock any } }\n"),
          std::string("cpu 99999999999999999999 thread x { ping }\n")}) {
        std::vector<diagnostic> errors = parse_more(text).errors;
        EXPECT_FALSE(errors.empty()) << text.substr(0, 40);
        EXPECT_LE(errors.size(), 50u);
    }
}

}  // namespace
}  // namespace scenario

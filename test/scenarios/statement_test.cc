// Each statement is read into its place of the data model.

#include "scenarios/lang/print.h"
#include "test/scenarios/small_script.h"

namespace scenario {
namespace {

TEST(statements, the_head_of_a_scenario) {
    parse_result r = parse(
        "scenario forward \"a packet\"\ntags a b\ntags c\nrefs \"if_get(9)\"\n"
        "topology { router r { ifconfig em0 up } }\ncpu 0 thread t { ping 10.0.0.1 }\n"
        "expect fixed { no bug }\n",
        "t.race");
    ASSERT_EQ(render(r.errors), "");
    EXPECT_EQ(r.value.name.text, "forward");
    EXPECT_EQ(r.value.description.text, "a packet");
    ASSERT_EQ(r.value.tags.size(), 3u);
    EXPECT_EQ(r.value.tags[2].text, "c");
    EXPECT_EQ(r.value.refs.at(0).text, "if_get(9)");
    EXPECT_EQ(r.value.routers.at(0).cpus, 1u);
}

TEST(statements, topology) {
    parse_result r = parse(
        "scenario t\n"
        "topology {\n"
        "    router r1 cpus 2 {\n"
        "        ifconfig em0 inet 10.0.1.1/24 lladdr 02:00:00:00:01:01\n"
        "        pf {\n"
        "            pass in on em0 proto { tcp udp }  # all\n"
        "        }\n"
        "        socket udp bind 192.0.2.1.53 as S\n"
        "    }\n"
        "    router r2 { sysctl net.inet.ip.forwarding=1 }\n"
        "    link r1:em1 r2:em0\n"
        "}\n"
        "place softclock on cpu r1:1\n"
        "cpu r2:0 thread t { ifconfig em0 down }\n"
        "expect fixed { no bug }\n",
        "t.race");
    ASSERT_EQ(render(r.errors), "");
    const router& r1 = r.value.routers.at(0);
    EXPECT_EQ(r1.name.text, "r1");
    EXPECT_EQ(r1.cpus, 2u);
    ASSERT_EQ(r1.statements.size(), 3u);
    const auto& ifconfig = std::get<command>(r1.statements[0].action);
    EXPECT_EQ(ifconfig.words.size(), 6u);
    EXPECT_EQ(ifconfig.words[5].text, "02:00:00:00:01:01");
    EXPECT_EQ(ifconfig.words[5].at.line, 4u);
    EXPECT_EQ(ifconfig.words[5].at.column, 46u);
    const auto& pf = std::get<command>(r1.statements[1].action);
    ASSERT_TRUE(pf.raw);
    EXPECT_EQ(pf.raw->text, "\n            pass in on em0 proto { tcp udp }  # all\n        ");
    EXPECT_EQ(std::get<command>(r1.statements[2].action).name.text, "S");
    EXPECT_EQ(r.value.links.at(0).left.router.text, "r1");
    EXPECT_EQ(r.value.links[0].right.name.text, "em0");
    EXPECT_EQ(r.value.placements.at(0).context.text, "softclock");
    EXPECT_EQ(r.value.placements[0].cpu.router.text, "r1");
    EXPECT_EQ(r.value.placements[0].cpu.cpu, 1u);
    EXPECT_EQ(r.value.contexts.at(0).cpu.router.text, "r2");
}

TEST(statements, contexts) {
    script s = script_with(
        "cpu 0 thread a { ifconfig em0 up }\n"
        "cpu 0 thread b { ifconfig em0 up }\n"
        "interrupt on cpu 1 { ifconfig em0 up }\n"
        "interrupt on cpu 1 as rx { ifconfig em0 up }\n"
        "interrupt on cpu 0 level 3 as tx { ifconfig em0 up }\n");
    ASSERT_EQ(s.contexts.size(), 7u);
    EXPECT_EQ(s.contexts[2].name.text, "a");
    EXPECT_EQ(s.contexts[3].cpu.cpu, 0u);
    EXPECT_EQ(s.contexts[4].kind, context_kind::interrupt);
    EXPECT_EQ(s.contexts[4].name.text, "interrupt1");
    EXPECT_EQ(s.contexts[5].name.text, "rx");
    EXPECT_EQ(s.contexts[5].cpu.cpu, 1u);
    EXPECT_EQ(s.contexts[5].level, 5u);
    EXPECT_EQ(s.contexts[6].name.text, "tx");
    EXPECT_EQ(s.contexts[6].level, 3u);
    EXPECT_EQ(s.contexts[2].level, 0u);
}

TEST(statements, what_contexts_do) {
    script s = script_with(
        "cpu 0 thread x {\n"
        "    em0 < IP 10.0.1.9.1 > 10.9.0.5.53: udp 8 as Q\n"
        "    W: em0 queue 1 < ARP who-has 10.0.1.1 tell 10.0.1.9\n"
        "    em1 > IP ... > 10.9.0.5.53: udp ...\n"
        "    expect em1 > Q and not fate Q == held\n"
        "    advance 31s\n"
        "    A2: arp -d 10.0.2.2 as gone\n"
        "    on r pfctl -f { pass }\n"
        "}");
    const std::vector<statement>& list = s.contexts.at(2).statements;
    ASSERT_EQ(list.size(), 7u);
    const auto& first = std::get<injection>(list[0].action);
    EXPECT_EQ(first.interface.name.text, "em0");
    EXPECT_EQ(first.name.text, "Q");
    EXPECT_EQ(to_text(first.packet), "IP 10.0.1.9.1 > 10.9.0.5.53: udp 8");
    EXPECT_FALSE(first.queue);
    EXPECT_EQ(list[0].at.line, 8u);
    const auto& second = std::get<injection>(list[1].action);
    EXPECT_EQ(list[1].label.text, "W");
    EXPECT_EQ(second.queue, 1u);
    EXPECT_EQ(second.packet.kind, packet_kind::arp_request);
    EXPECT_EQ(std::get<packet_expectation>(list[2].action).packet.source, std::nullopt);
    EXPECT_EQ(std::get<expectation>(list[3].action).holds.kind, condition_kind::conjunction);
    EXPECT_EQ(std::get<advance>(list[4].action).nanoseconds, 31'000'000'000u);
    EXPECT_EQ(list[5].label.text, "A2");
    EXPECT_EQ(std::get<command>(list[5].action).name.text, "gone");
    EXPECT_EQ(std::get<command>(list[5].action).words.size(), 3u);
    EXPECT_EQ(list[6].router.text, "r");
    EXPECT_EQ(std::get<command>(list[6].action).raw->text, " pass ");
}

TEST(statements, times) {
    const std::pair<const char*, uint64_t> cases[] = {
        {"7ns", 7},
        {"7us", 7000},
        {"7ms", 7'000'000},
        {"7s", 7'000'000'000},
        {"2m", 120'000'000'000},
        {"1h", 3'600'000'000'000},
        {"0s", 0},
    };
    for (const auto& [text, nanoseconds] : cases) {
        script s = script_with("before { advance " + std::string(text) + " }");
        EXPECT_EQ(std::get<advance>(s.before.at(0).action).nanoseconds, nanoseconds) << text;
        EXPECT_EQ(duration_text(nanoseconds), text);
    }
    EXPECT_EQ(duration_text(1500), "1500ns");
}

TEST(statements, before_and_after) {
    script s = script_with(
        "before { arp -a; expect no arp 10.0.2.2 }\nafter { em1 > ARP who-has "
        "10.0.2.2 tell ... }");
    EXPECT_EQ(s.before.size(), 2u);
    EXPECT_EQ(s.after.size(), 1u);
}

// An included file may bring one of its own.
TEST(statements, several_before_are_one_behind_the_other) {
    script s = script_with("before { arp -a }\nbefore { route show; arp -ad }\nafter { arp -a }");
    ASSERT_EQ(s.before.size(), 3u);
    EXPECT_EQ(std::get<command>(s.before[0].action).words[0].text, "arp");
    EXPECT_EQ(std::get<command>(s.before[1].action).words[0].text, "route");
    EXPECT_EQ(s.after.size(), 1u);
}

TEST(statements, freedoms) {
    script s = script_with(
        "timer arptimer may fire\nmay lose P1\nfail alloc nth 3\nfail alloc nth 1 in adm\n"
        "clock any");
    ASSERT_EQ(s.freedoms.size(), 5u);
    EXPECT_EQ(s.freedoms[0].kind, freedom_kind::timer_may_fire);
    EXPECT_EQ(s.freedoms[0].subject.text, "arptimer");
    EXPECT_EQ(s.freedoms[1].kind, freedom_kind::may_lose);
    EXPECT_EQ(s.freedoms[1].subject.text, "P1");
    EXPECT_EQ(s.freedoms[2].nth, 3u);
    EXPECT_EQ(s.freedoms[3].context.text, "adm");
    EXPECT_EQ(s.freedoms[4].kind, freedom_kind::clock_any);
}

TEST(statements, variants_and_regimes) {
    script s = script_with(
        "variant a { patch x.patch }\nvariant b { patch x.patch; patch \"y z.patch\" }\n"
        "regime giant { patch g.patch }\nregime net_excl\n"
        "expect a b under giant net_excl { no bug }\nexpect giant { no deadlock }");
    ASSERT_EQ(s.variants.size(), 2u);
    EXPECT_EQ(s.variants[1].patches.at(1).text, "y z.patch");
    ASSERT_EQ(s.regimes.size(), 2u);
    EXPECT_EQ(s.regimes[0].patches.size(), 1u);
    EXPECT_TRUE(s.regimes[1].patches.empty());
    ASSERT_EQ(s.expects.size(), 3u);
    EXPECT_EQ(s.expects[1].variants.size(), 2u);
    EXPECT_EQ(s.expects[1].regimes.size(), 2u);
    EXPECT_EQ(s.expects[2].variants.at(0).text, "giant");
}

TEST(statements, clauses_of_expect) {
    script s = script_with(
        "expect fixed {\n"
        "    exists (bug)\n    forall no bug\n    final (no ifconfig em1)\n    one: em1 > P1\n"
        "    no bug\n    no leak\n    no leak mbuf ifnet\n    no deadlock\n"
        "    reach (net0 in arpresolve and adm blocked on \"ifrm\")\n"
        "    always (refs em1 >= 1)\n    always (refs em1 >= 1) when free pf_inp_mtx\n"
        "}");
    const std::vector<expect_clause>& list = s.expects.at(1).clauses;
    const clause_kind kinds[] = {
        clause_kind::exists,      clause_kind::forall,      clause_kind::final_state,
        clause_kind::on_schedule, clause_kind::no_bug,      clause_kind::no_leak,
        clause_kind::no_leak,     clause_kind::no_deadlock, clause_kind::reach,
        clause_kind::always,      clause_kind::always};
    ASSERT_EQ(list.size(), std::size(kinds));
    for (size_t i = 0; i < list.size(); i++) {
        EXPECT_EQ(list[i].kind, kinds[i]) << i;
        EXPECT_EQ(list[i].at.line, 8 + i);
    }
    EXPECT_EQ(list[3].schedule.text, "one");
    EXPECT_TRUE(list[5].leaks.empty());
    EXPECT_EQ(list[6].leaks.at(1).text, "ifnet");
    EXPECT_TRUE(list[9].when_free.empty());
    EXPECT_EQ(list[10].when_free.text, "pf_inp_mtx");
}

TEST(statements, words_of_the_subject_come_from_the_options) {
    parse_options options;
    options.commands = {"ifconfig", "frobnicate"};
    options.strategies = {"sideways"};
    options.bug_kinds = {"itch"};
    EXPECT_EQ(error_lines(parse_more("cpu 0 thread x { frobnicate all }\n"
                                     "schedule s { explore sideways }\n"
                                     "expect fixed { exists (bug itch) }",
                                     options)
                              .errors),
              "");
    EXPECT_EQ(
        error_lines(parse_more("cpu 0 thread x { route add 1.2.3.4 5.6.7.8 }", options).errors),
        "7:18+5: unknown statement 'route'"
        " | known: ifconfig, frobnicate, expect, advance, repeat, include");
}

}  // namespace
}  // namespace scenario

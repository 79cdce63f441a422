// What a race asks for and cannot have is said with its place, the line and a caret, and status 2.
#include <algorithm>

#include "test/races/small_race.h"

namespace scenario::test {

namespace {

struct refusal {
    const char* name;
    const char* lines;  // the small race has 16 lines before them
    const char* at;     // "LINE:COLUMN: error: MESSAGE"
    const char* hint;   // "" none
};

class refusals : public testing::TestWithParam<refusal> {};

TEST_P(refusals, AreSaidWithTheirPlace) {
    heddle_call heddle;
    const refusal& c = GetParam();
    std::string lines = c.lines;
    if (lines.find("expect fixed") == std::string::npos) {
        lines += "\nexpect fixed { no bug }";
    }
    const heddle_result r = run_with(heddle, "check", lines);
    EXPECT_EQ(r.status, 2) << r.out;
    EXPECT_EQ(r.out, "");
    EXPECT_NE(r.err.find("t.race:" + std::string(c.at)), std::string::npos) << r.err;
    EXPECT_NE(r.err.find(c.hint), std::string::npos) << r.err;
    EXPECT_NE(r.err.find("^"), std::string::npos) << r.err;
    EXPECT_EQ(std::count(r.err.begin(), r.err.end(), '^'), 1) << r.err;
}

INSTANTIATE_TEST_SUITE_P(
    All, refusals,
    testing::Values(
        refusal{"function", "schedule s { run net0 until enter if_outptu }",
                "17:35: error: the model has no function 'if_outptu'",
                "did you mean 'if_output' or"},
        refusal{"no_hook", "schedule s { run net0 until enter plen_to_mask }",
                "17:35: error: entering 'plen_to_mask' cannot be seen",
                "name the function that calls"},
        refusal{"label", "schedule s { run net0 until done A7 }",
                "17:34: error: unknown label 'A7'", "did you mean"},
        refusal{"label_of_another", "schedule s { run net0 until done A1 }",
                "17:34: error: 'A1' is no statement of net0", "stops at its own"},
        refusal{"context", "schedule s { run nett0 until done }",
                "17:18: error: unknown context 'nett0'", "did you mean 'net0'?"},
        refusal{"device", "schedule s { run net0 until enter if_output dev em7 }",
                "17:49: error: unknown interface 'em7'", "did you mean"},
        refusal{"narrow_lock", "schedule s { run adm until lock conf_lock dev em1 }",
                "17:47: error: dev and obj narrow enter and leave", "name the object"},
        refusal{"narrow_nothing", "schedule s { run net0 until enter cpu_attach obj X }",
                "17:50: error: 'cpu_attach' is not given an object", "nth N"},
        refusal{"order_blocked", "schedule s { order adm@blocked < net0@done; explore dfs }",
                "17:24: error: an order is between places", "enter F"},
        refusal{"order_alone", "schedule s { order adm@done < net0@done; run adm until done }",
                "17:20: error: an order is for a schedule that explores", "explore dfs"},
        refusal{"order_itself", "schedule s { order adm@before A1 < adm@done; explore dfs }",
                "17:36: error: an order is between two contexts", ""},
        refusal{"prune_alone", "schedule s { prune until net0 at done; run adm until done }",
                "17:26: error: prune is for a schedule that explores", ""},
        refusal{"two_explore", "schedule s { explore dfs }\nschedule u { explore random }",
                "18:22: error: a second schedule that explores", "one explores, 's'"},
        refusal{"expect_in_race", "cpu 0 thread x { expect ifconfig em0 }",
                "17:18: error: what is expected stands in `before`", "final"},
        refusal{"expect_after", "after { expect ifconfig em0 }",
                "17:9: error: what is expected stands in `before`", "final"},
        refusal{"always_lock", "expect fixed { always (ifconfig em0) }",
                "17:16: error: always needs the lock", "when free conf_lock"},
        refusal{"always_other", "expect fixed { always (ifconfig em0) when free arp_mtx }",
                "17:48: error: nothing that can be asked is guarded by 'arp_mtx'",
                "conf_lock guards"},
        refusal{"always_refs", "expect fixed { always (refs em1 >= 1) when free conf_lock }",
                "17:24: error: always cannot ask this", "conf_lock guards ifconfig, route and arp"},
        refusal{"reach_fate", "expect fixed { reach (fate P1 == held) }",
                "17:23: error: reach cannot ask this", "exists"},
        refusal{"reach_function", "expect fixed { reach (net0 in if_outptu) }",
                "17:31: error: the model has no function 'if_outptu'", "did you mean"},
        refusal{"got", "expect fixed { forall (S got 20) }", "17:24: error: unknown socket 'S'",
                ""},
        refusal{"in_function", "expect fixed { forall (net0 in if_output) }",
                "17:24: error: where a context is can be asked while it runs only", "reach"},
        refusal{"patch", "variant v { patch v.patch }\nexpect v { no bug }",
                "17:19: error: there is no patch 'v.patch'", ""},
        refusal{"service", "schedule s { run softnet2 until done }",
                "17:18: error: unknown context 'softnet2'", "did you mean 'softnet0' or"},
        refusal{"service_near", "expect fixed { exists (softclck blocked) }",
                "17:24: error: unknown context 'softclck'", "did you mean 'softclock'?"},
        refusal{"place", "place softnet7 on cpu 1",
                "17:7: error: 'softnet7' is no context that can be placed",
                "did you mean 'softnet0' or"},
        refusal{"place_written", "place adm on cpu 0",
                "17:7: error: 'adm' is no context that can be placed", "behind the cpu on which"},
        refusal{"place_twice", "place smr on cpu 1\nplace smr on cpu 0",
                "18:7: error: 'smr' is placed twice", ""},
        refusal{"place_where", "place smr on cpu 2", "17:18: error: router 'r' has no cpu 2",
                "it has cpu 0 to 1"},
        refusal{"queue", "cpu 0 thread x { em0 queue 4 < ARP who-has 10.0.1.1 tell 10.0.1.9 }",
                "17:18: error: em0 has no queue 4", "have queue 0 to 3"},
        refusal{"regime", "regime gaint", "17:8: error: nobody knows a regime 'gaint'",
                "did you mean 'giant'?"}),
    [](const testing::TestParamInfo<refusal>& i) { return std::string(i.param.name); });

}  // namespace

}  // namespace scenario::test

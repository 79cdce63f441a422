// What can be asked of an execution: each atom once true and once false, over the real model.
#include "test/races/small_race.h"

namespace scenario::test {

namespace {

using nlohmann::json;

struct atom_case {
    const char* name;
    const char* holds;  // of the schedule in which both packets are forwarded, then em1 destroyed
    const char* not_so;
};

class atoms : public testing::TestWithParam<atom_case> {};

TEST_P(atoms, AreTrueOrFalse) {
    heddle_call heddle;
    const heddle_result r = run_with(
        heddle, "run",
        std::string(
            "schedule s { run net0 until done; run adm until done; run smr until blocked }\n"
            "expect fixed {\n s: ") +
            GetParam().holds + "\n s: not (" + GetParam().not_so + ")\n}");
    EXPECT_EQ(r.status, 0) << r.out << r.err;
}

INSTANTIATE_TEST_SUITE_P(
    All, atoms,
    testing::Values(atom_case{"event", "done A1 and start P2", "done A1 and not start A1"},
                    atom_case{"before", "done P1 before start A1", "done A1 before start P2"},
                    atom_case{"count", "count(em1 > IP 10.0.1.9.1234 > 10.9.0.5.53: udp 64) == 2",
                              "count(em1 > P1) in 2..9"},
                    atom_case{"sent", "em1 > P2", "em0 > P2"},
                    atom_case{"live", "live ifnet == 1 and live mbuf == 0", "live rtentry > 99"},
                    atom_case{"refs", "refs em0 >= 1", "refs em1 >= 0"},
                    atom_case{"stat", "stat ips_forward == 2", "stat ips_total < 2"},
                    atom_case{"sysctl", "sysctl net.inet.ip.forwarding == 1",
                              "sysctl net.inet.ip.forwarding in 2..3"},
                    atom_case{"route", "route 10.9.0.5 == none and route 10.0.1.9 == 10.0.1.0/24",
                              "route 10.0.1.9 != route linear 10.0.1.9"},
                    atom_case{"arp", "(arp 10.0.1.1 in { 02:00:00:00:01:01, none })",
                              "arp 10.0.1.1 == incomplete"},
                    atom_case{"log", "not log \"arp\"", "log \"no such line\""},
                    atom_case{"exists", "ifconfig em0 and no ifconfig em1", "route 10.0.2.0/24"},
                    atom_case{"fate", "fate P1 == forwarded em1", "fate P2 == dropped"}),
    [](const testing::TestParamInfo<atom_case>& i) { return std::string(i.param.name); });

TEST(Atoms, LogSaysWhatTheKernelLogged) {
    heddle_call heddle;
    const heddle_result r =
        run_with(heddle, "run",
                 "cpu 0 thread spoof { em0 < ARP 10.0.1.1 is-at 02:00:00:00:00:66 }\n"
                 "schedule s { run spoof until done }\n"
                 "expect fixed { s: log \"10.0.1.1\" }");
    EXPECT_EQ(r.status, 0) << r.out << r.err;
}

TEST(Atoms, AreFalseWhereWhatIsDoneAfterwardsSleepsForEver) {
    heddle_call heddle;
    const heddle_result r =
        run_with(heddle, "run",
                 "after { socket raw icmp as R; recv R }\n"
                 "schedule s { run net0 until done; run adm until done; run smr until blocked }\n"
                 "expect fixed { s: not (sysctl net.inet.ip.forwarding == 1)\n"
                 "    s: not (stat ips_forward == 2 or fate P1 == forwarded em1) }");
    EXPECT_EQ(r.status, 0) << r.out << r.err;
}

// Nothing of the subject orders these two: without an operation at their ends only one of the two
// orders would be explored.
TEST(Atoms, BothOrdersOfStatementsAreExplored) {
    heddle_call heddle;
    const std::string lines =
        "cpu 0 thread left { L: sysctl net.inet.ip.forwarding }\n"
        "cpu 1 thread right { R: sysctl net.inet.ip.forwarding }\n"
        "schedule s { explore dfs preemptions 1 }\n"
        "expect fixed { exists (done L before start R); exists (done R before start L);\n"
        "    exists (start L before done R and start R before done L) }";
    const heddle_result r = run_with(heddle, "explore", lines);
    EXPECT_EQ(r.status, 0) << r.out << r.err;
}

// What `before` has done stays done; what it expects is judged there and then.
TEST(Before, IsDoneAndJudgedBeforeTheRace) {
    heddle_call heddle;
    const heddle_result right = run_with(
        heddle, "run",
        "before { B1: em0 < IP 10.0.1.9 > 10.0.1.1: icmp echo request id 1 seq 1 len 8 as E\n"
        "    expect fate E == delivered\n"
        "    em0 > ARP who-has 10.0.1.9 tell 10.0.1.1\n"
        "    em0 < ARP 10.0.1.9 is-at 02:00:00:00:01:09\n"
        "    em0 > IP 10.0.1.1 > 10.0.1.9: icmp echo reply id 1 seq 1 len 8 }\n"
        "schedule s { run net0 until done }\nexpect fixed { s: done B1 before start P1 }");
    EXPECT_EQ(right.status, 0) << right.out << right.err;
    const heddle_result wrong =
        run_with(heddle, "run",
                 "before { expect ifconfig em0\n    expect route 10.77.0.0/16 }\n"
                 "schedule s { run net0 until done }\nexpect fixed { s: no bug }");
    EXPECT_EQ(wrong.status, 2);
    EXPECT_NE(wrong.err.find("t.race:18:5: error: this does not hold here"), std::string::npos)
        << wrong.err;
}

struct packet_case {
    const char* name;
    const char* sent;
    const char* seen;  // on em1, TTL and all
};

class packets : public testing::TestWithParam<packet_case> {};

TEST_P(packets, AreInjectedAndExpected) {
    heddle_call heddle;
    const std::string lines = "cpu 0 thread more { em0 < " + std::string(GetParam().sent) +
                              " as Q }\nschedule s { run more until done Q; run more until done }\n"
                              "expect fixed { s: fate Q == forwarded em1\n s: em1 > " +
                              GetParam().seen + "\n s: count(em1 > " + GetParam().seen +
                              ") == 1 and em1 > Q\n s: not em0 > " + GetParam().seen + " }";
    const heddle_result r = run_with(heddle, "run", lines);
    EXPECT_EQ(r.status, 0) << r.out << r.err;
}

INSTANTIATE_TEST_SUITE_P(
    All, packets,
    testing::Values(packet_case{"udp", "IP 10.0.1.9.7 > 10.9.0.5.53: udp 8 ttl 9",
                                "IP 10.0.1.9.7 > 10.9.0.5.53: udp 8 ttl 8"},
                    packet_case{"tcp",
                                "IP 10.0.1.9.7 > 10.9.0.5.80: Flags [S], seq 5, win 100, length 0",
                                "IP 10.0.1.9.7 > 10.9.0.5.80: Flags [S], seq 5 ..."},
                    packet_case{"icmp",
                                "IP 10.0.1.9 > 10.9.0.5: icmp echo request id 2 seq 3 len 8",
                                "IP 10.0.1.9 > 10.9.0.5: icmp echo request id 2 ..."}),
    [](const testing::TestParamInfo<packet_case>& i) { return std::string(i.param.name); });

struct unknown_word {
    const char* name;
    const char* expects;
    const char* says;
};

class unknown_words : public testing::TestWithParam<unknown_word> {};

TEST_P(unknown_words, AreSaidWithNearMatches) {
    heddle_call heddle;
    const heddle_result r =
        run_with(heddle, "explore", std::string("expect fixed { ") + GetParam().expects + " }");
    EXPECT_EQ(r.status, 2) << r.out;
    EXPECT_NE(r.err.find(GetParam().says), std::string::npos) << r.err;
    EXPECT_NE(r.err.find("^"), std::string::npos) << r.err;
}

INSTANTIATE_TEST_SUITE_P(
    All, unknown_words,
    testing::Values(
        unknown_word{"stat", "forall (stat ips_forwrd == 2)",
                     "t.race:17:29: error: the model has no counter 'ips_forwrd'"},
        unknown_word{"near", "forall (stat ips_forwrd == 2)", "did you mean 'ips_forward'"},
        unknown_word{"sysctl", "forall (sysctl net.inet.ip.forwardin == 2)",
                     "t.race:17:31: error: the model has no counter"},
        unknown_word{"observable", "forall (route 10.9.0 == none)",
                     "t.race:17:24: error: the model cannot tell 'route 10.9.0'"},
        unknown_word{"observable_right", "forall (route 10.9.0.1 == route lineer 10.9.0.1)",
                     "t.race:17:42: error: the model cannot tell 'route lineer"},
        unknown_word{"live", "forall (live rtentri == 2)",
                     "t.race:17:29: error: the model has no kind of object 'rtentri'"},
        unknown_word{"leak", "no leak mbof", "did you mean 'mbuf'?"}),
    [](const testing::TestParamInfo<unknown_word>& i) { return std::string(i.param.name); });

}  // namespace

}  // namespace scenario::test

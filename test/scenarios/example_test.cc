// Whole scenarios: two long examples of the language, and the files of the project itself.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "scenarios/lang/print.h"
#include "test/scenarios/small_script.h"

namespace scenario {
namespace {

// A virtual interface goes away under a packet.
const char* const vlan_example = R"race(
# Interface destroyed while a packet is being forwarded through it.
scenario ifdestroy-forward "vlan7 is destroyed between route lookup and output"
tags     ifnet route use-after-free
refs     "if_get(9)" "ip_output.c"

topology {
    router r cpus 2 {
        ifconfig em0 inet 10.0.1.1/24 lladdr 02:00:00:00:01:01
        ifconfig vlan7 create
        ifconfig vlan7 inet 10.0.2.1/24 lladdr 02:00:00:00:02:01 parent em1 vnetid 7
        sysctl   net.inet.ip.forwarding=1
        route    add 10.9.0.0/16 10.0.2.2
        arp      -s 10.0.2.2 02:00:00:00:02:02
    }
}

variant bare { patch bare_ifnet.patch }     # no reference around output

cpu 0 thread net0 {
    em0 < IP 10.0.1.9.1234 > 10.9.0.5.53: udp 64 as P1
}
cpu 1 thread adm {
    ifconfig vlan7 destroy
}

schedule classic {                          # one exact interleaving
    run net0 until enter if_output dev vlan7
    run adm  until blocked or done
    run net0 until done
    run adm  until done
}
schedule any {                              # everything else
    explore dpor preemptions 3 steps 2000
    prune until net0 at enter ip_forward    # races before this are boring
}

expect bare {
    classic: bug use-after-free ifnet vlan7 at vlan_start
    exists  (bug use-after-free)
}
expect fixed {
    forall  (no bug)
    forall  (vlan7 > P1 or stat ips_noroute == 1 or stat ifq_drops == 1)
    exists  (vlan7 > P1)
    exists  (stat ips_noroute == 1)
    final   (no ifconfig vlan7 and no route 10.0.2.0/24 and no arp 10.0.2.2)
    no leak mbuf rtentry ifaddr ifnet
    no deadlock
}
)race";

// A filter state goes away under a datagram that follows its link to a socket.
const char* const state_example = R"race(
scenario pf-state-inp "state unlinked while the UDP lookup follows state->inp"
tags     pf inpcb refcount

topology {
    router r cpus 2 {
        ifconfig em0 inet 192.0.2.1/24 lladdr 02:00:00:00:00:01
        arp      -s 192.0.2.9 02:00:00:00:00:09
        pf {
            set state-policy if-bound
            block in all
            pass in on em0 proto udp from any to 192.0.2.1 port { 53 123 } keep state
        }
        socket   udp bind 192.0.2.1.53 as S
    }
}

variant no_ref { patch no_inp_ref.patch }

before {                                    # runs alone, before the race
    em0 < IP 192.0.2.9.4000 > 192.0.2.1.53: udp 20
    expect S got 20
    expect pfctl states == 1
}

cpu 0 thread rx {
    em0 < IP 192.0.2.9.4000 > 192.0.2.1.53: udp 30 as Q
}
cpu 1 thread purge {
    K: pfctl -k 192.0.2.9
    pf    purge
}

schedule classic {
    run rx    until after K or enter pf_find_state
    run purge until done
    run rx    until done
}
schedule reversed { run purge until done; run rx until done }
schedule any      { explore dpor preemptions 2 }

expect no_ref {
    classic:  bug use-after-free pf_state at udp_input
    exists    (bug use-after-free pf_state or bug put-without-a-reference inpcb)
}
expect fixed {
    forall  (no bug)
    classic:  S got Q
    reversed: S got Q                       # the pass rule makes a new state
    forall  (S got Q and pfctl states <= 1)
    exists  (pfctl states == 0)
    exists  (done K before start Q implies pfctl states == 1)
    final   (refs S == 1)
    no leak pf_state mbuf inpcb
}
)race";

std::string read_file(const std::filesystem::path& path) {
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

// Files that it includes lie beside `file`.
void expect_round_trip(const std::string& text, const std::string& file) {
    parse_options options;
    options.read_file = [](const std::string& name) -> std::optional<std::string> {
        return std::filesystem::exists(name) ? std::optional(read_file(name)) : std::nullopt;
    };
    parse_result r = parse(text, file, options);
    ASSERT_EQ(render(r.errors), "");
    std::string printed = to_text(r.value);
    parse_result again = parse(printed, "printed");
    ASSERT_EQ(render(again.errors), "");
    EXPECT_EQ(again.value, r.value);
    EXPECT_EQ(to_text(again.value), printed);
}

TEST(examples, an_interface_destroyed_under_a_packet) {
    expect_round_trip(vlan_example, "vlan.race");
    script s = parse(vlan_example, "vlan.race").value;
    EXPECT_EQ(s.contexts.size(), 2u);
    EXPECT_EQ(s.schedules.at(0).runs.size(), 4u);
    EXPECT_EQ(s.schedules.at(1).explore->preemptions, 3u);
    EXPECT_EQ(s.expects.at(1).clauses.size(), 7u);
}

TEST(examples, a_state_unlinked_under_a_datagram) {
    expect_round_trip(state_example, "state.race");
    script s = parse(state_example, "state.race").value;
    EXPECT_EQ(s.before.size(), 3u);
    EXPECT_NE(
        std::get<command>(s.routers.at(0).statements.at(2).action).raw->text.find("{ 53 123 }"),
        std::string::npos);
}

std::vector<std::filesystem::path> races() {
    std::vector<std::filesystem::path> list;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(HEDDLE_RACES)) {
        if (entry.path().extension() == ".race") {
            list.push_back(entry.path());
        }
    }
    std::sort(list.begin(), list.end());
    return list;
}

TEST(examples, every_race_of_the_project_reads_back_as_itself) {
    EXPECT_FALSE(races().empty());
    for (const std::filesystem::path& path : races()) {
        SCOPED_TRACE(path.string());
        expect_round_trip(read_file(path), path.string());
    }
}

TEST(examples, the_example_of_the_readme_is_right) {
    std::string text = read_file(std::filesystem::path(HEDDLE_RACES).parent_path() / "README.md");
    size_t begin = text.find("```\n") + 4;
    expect_round_trip(text.substr(begin, text.find("```", begin) - begin), "README.md");
}

// A seed that is refused leads the fuzzer nowhere.
TEST(examples, the_seeds_of_the_fuzzer_are_right) {
    for (const char* name : {"forward", "two_routers"}) {
        SCOPED_TRACE(name);
        expect_round_trip(read_file(std::filesystem::path(HEDDLE_FUZZ_SEEDS) / name), name);
    }
}

// Whatever is done to a text: it is refused with at least one message, or it reads back as itself.
TEST(examples, a_damaged_text_is_refused_or_means_something) {
    std::mt19937 random(7);
    const std::string pieces[] = {"{", "}",  "(",    ")", "\"", ";",    "\n",    "#",   "...", ":",
                                  "$", "\\", "or",   "0", " ",  "\xff", "as P1", "<",   ">",   "@",
                                  "*", "==", "not ", "/", ".",  ",",    "nth 2", "pf {"};
    for (const std::string& whole : {std::string(vlan_example), std::string(state_example)}) {
        for (int i = 0; i < 3000; i++) {
            std::string text = whole;
            for (uint32_t n = random() % 3; n < 3; n++) {
                size_t at = random() % text.size();
                size_t cut = random() % 4 == 0 ? random() % 20 : 0;
                text.replace(at, cut, pieces[random() % std::size(pieces)]);
            }
            parse_result r = parse(text, "t.race");
            if (r.ok()) {
                expect_round_trip(text, "t.race");
            } else {
                EXPECT_NE(render(r.errors), "");
                EXPECT_GT(r.errors[0].line, 0u) << render(r.errors);
            }
            if (testing::Test::HasFailure()) {
                FAIL() << text;
            }
        }
    }
}

}  // namespace
}  // namespace scenario

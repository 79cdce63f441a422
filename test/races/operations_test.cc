// What things cost in operations of the model: each is a step that others may come between, so that a state space grows
// with them. The budgets are what is needed today; who makes one larger says why.
#include "test/races/small_race.h"

namespace scenario::test {

namespace {

struct work {
    const char* name;
    const char* topology;  // more lines of the router
    const char* before;    // statements before the race
    const char* what;      // the statement that is counted
    const char*
        beside;       // what it conflicts with: a race of two sides that share nothing is refused
    unsigned budget;  // operations at most
    unsigned least;   // and at least: what does nothing would be cheap
    const char* who = "subject";  // of which context; a service works for the statement
};

void PrintTo(const work& w, std::ostream* out) {
    *out << w.name;
}

// The topology of the small race, with lines of its own.
std::string scenario_of(const work& w) {
    std::string topology = small_topology;
    topology.insert(topology.rfind("    }\n}"), w.topology);
    return "scenario t \"what it costs\"\n" + topology + "before {\n" + w.before + "\n}\n" +
           "cpu 0 thread subject {\n" + w.what + "\n}\n" + "cpu 1 thread beside { " + w.beside +
           " }\n" + "schedule any { explore dfs preemptions 0 }\nexpect fixed { no bug }\n";
}

class operations : public testing::TestWithParam<work> {};

TEST_P(operations, AreWithinTheirBudget) {
    const work& w = GetParam();
    heddle_call heddle;
    std::ofstream(heddle.folder() / "t.race") << scenario_of(w);
    const heddle_result r = heddle.run({"explore", "t.race", "--json"});
    ASSERT_EQ(r.status, 0) << r.out << r.err;
    unsigned counted = 0;
    for (const std::string& line : r.lines()) {
        const nlohmann::json j = nlohmann::json::parse(line);
        if (j.value("type", "") == "context" && j.value("name", "") == w.who) {
            counted = j.at("operations").get<unsigned>();
        }
    }
    printf("%s: %u operations, at most %u\n", w.name, counted, w.budget);
    EXPECT_LE(counted, w.budget);
    EXPECT_GE(counted, w.least);
}

constexpr const char* shorter = "ifconfig em1 mtu 1400";
constexpr const char* datagram = "em0 < IP 10.0.1.9.1234 > 10.9.0.5.53: udp 64";
constexpr const char* by_ring = "em0 queue 0 < IP 10.0.1.9.1234 > 10.9.0.5.53: udp 64";

// States that have expired at once, so that a purge has something to do.
constexpr const char* filtered = R"(
        pfctl -f {
            set timeout udp.first 0
            pass
        }
        pfctl -e
)";

// A datagram for a socket; with pf, by the state that the first one made and that leads to the socket.
constexpr const char* for_us = "em0 < IP 10.0.1.9.53 > 10.0.1.1.1000: udp 64";
constexpr const char* bound = "socket udp bind 10.0.1.1.1000 as S";
constexpr const char* connected =
    "socket udp bind 10.0.1.1.1000 as S\nconnect S 10.0.1.9.53\nem0 < IP 10.0.1.9.53 > "
    "10.0.1.1.1000: udp 64";

INSTANTIATE_TEST_SUITE_P(
    All, operations,
    testing::Values(
        work{"forwarded", "", "", datagram, shorter, 51, 40},
        work{"into_a_ring", "", "", by_ring, shorter, 17, 12},
        // From the input list to the wire: two tasks, and twice to sleep.
        work{"from_a_ring", "", "", by_ring, shorter, 64, 50, "softnet0"},
        work{"forwarded_by_two_states", filtered, datagram, datagram, shorter, 92, 70},
        work{"forwarded_makes_two_states", filtered, "", datagram, shorter, 96, 70},
        work{"delivered_to_a_socket", "", bound, for_us, "netstat -an", 40, 20},
        work{"delivered_by_a_linked_state", filtered, connected, for_us, "netstat -an", 45, 30},
        work{"one_rule_committed", filtered, "", "pfctl -f { block }", datagram, 20, 12},
        work{"two_states_purged", filtered, datagram, "pf purge", datagram, 64, 30}),
    [](const testing::TestParamInfo<work>& i) { return std::string(i.param.name); });

}  // namespace

}  // namespace scenario::test

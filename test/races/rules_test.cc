// What is told of whoever breaks a rule of the kernel or an invariant of the real model: who, where, on which CPU, and
// what should have been done, or what no longer fits.
#include <algorithm>
#include <iterator>

#include "test/races/small_race.h"

namespace scenario::test {

namespace {

struct broken_rule {
    const char* race;
    const char*
        checker;  // the one without which it is not seen; null: somebody else tells of it then
    const char* variant;
    const char* kind;
    std::vector<std::string> says;
};

// Names of tests show it.
void PrintTo(const broken_rule& r, std::ostream* out) {
    *out << r.variant;
}

// On one line, with single spaces.
std::string unwrapped(const std::string& text) {
    std::string out;
    for (const char c : text) {
        const bool space = c == ' ' || c == '\n';
        if (!space || (!out.empty() && out.back() != ' ')) {
            out += space ? ' ' : c;
        }
    }
    return out;
}

class Rules : public testing::TestWithParam<broken_rule> {
  protected:
    static std::string path() { return std::string(HEDDLE_RACES) + "/" + GetParam().race; }
};

class RulesOfOne : public Rules {};

constexpr const char* rules_race = "if_destroy/rules.race";
constexpr const char* resolve_race = "neighbour/resolve.race";

TEST_P(Rules, AreToldFromTheReportAlone) {
    heddle_call heddle;
    const heddle_result r = heddle.run({"explore", path(), "--variant", GetParam().variant});
    EXPECT_EQ(r.status, 0) << r.out << r.err;
    const std::string text = unwrapped(r.out);
    EXPECT_NE(text.find(std::string(GetParam().variant) + ": " + GetParam().kind + " in "),
              std::string::npos)
        << r.out;
    for (const std::string& part : GetParam().says) {
        EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << r.out;
    }
}

// Nobody else sees these: nothing goes wrong by them in the executions that break them.
TEST_P(RulesOfOne, AreSeenByTheirCheckerAlone) {
    heddle_call heddle;
    const heddle_result r = heddle.run({"explore", path(), "--variant", GetParam().variant,
                                        "--no-check", GetParam().checker, "--json"});
    EXPECT_EQ(r.out.find(GetParam().kind), std::string::npos) << r.out;
}

const std::vector<broken_rule> rules = {
    broken_rule{
        rules_race,
        "rules",
        "no_barrier",
        "free before the grace period",
        {"adm on cpu1 frees ifnet em1, which net0 on cpu0 may still use in",
         "nobody has waited for a grace period since it was unlinked",
         "read section entered by net0 on cpu0 in model::kern::smr_read_enter",
         "called in model::net::if_get (model/net/if.cc:",
         "unlinked by adm on cpu1 in model::net::if_idxmap_remove_locked", "freed by adm on cpu1"}},
    broken_rule{rules_race,
                "rules",
                "free_at_once",
                "free before the grace period",
                {"adm on cpu1 frees rtentry 10.0.2.1/32, which net0 on cpu0 may still use in",
                 "the wait for a grace period began before it was unlinked",
                 "unlinked by adm on cpu1 in model::net::rtable_delete_locked",
                 "wait begun by adm on cpu1 in model::kern::smr_barrier",
                 "called in model::net::if_remove"}},
    broken_rule{rules_race,
                "rules",
                "sleep_locked",
                "sleep where none is allowed",
                {"adm on cpu1 may sleep (ifqbar) in mutex queue em1, where nobody may",
                 "entered by adm on cpu1 in model::net::ifq_stop"}},
    broken_rule{rules_race,
                "rules",
                "wait_inside",
                "grace wait inside a read section",
                {"adm on cpu1 waits until every read section smr is over, and is in one itself",
                 "entered by adm on cpu1 in model::kern::smr_read_enter",
                 "called in model::net::if_remove"}},
    broken_rule{rules_race,
                "rules",
                "flush_inside",
                "barrier inside its own queue",
                {"smr on cpu2 waits until smr queue has called everything in it, and is called "
                 "by it",
                 "entered by smr on cpu2 in model::kern::smr_thread"}},
    broken_rule{
        "if_destroy/forward.race",
        nullptr,
        "check_before_queue",
        "lost wakeup",
        {"net0 on cpu0 in model::kern::wakeup_one",
         "woke if_refcnt channel before adm began to wait for that: nobody noticed, "
         "and adm would go on if it were woken now",
         "adm on cpu1 waits for \"ifrm\"", "net0 on cpu0 woke it in model::kern::refcnt_rele_wake",
         "called in model::net::if_put"}},
    broken_rule{
        resolve_race,
        "invariant",
        "orphan",
        "invariant violated",
        {"\"interfaces, routes and addresses have each other\" does not hold when net0 on "
         "cpu0 gives conf_lock up: route 10.0.2.7/32 has address 10.0.2.1, which is no "
         "address of em1 any more",
         "given up by net0 on cpu0 in model::kern::rw_exit",
         "called in model::net::rt_match (model/net/route.cc:",
         "held last when given up by adm on cpu1", "called in model::admin::with_interface"}},
    broken_rule{resolve_race,
                "invariant",
                "forgotten_put",
                "invariant violated",
                {"\"the index map has its references, and nobody else\" does not hold at the end: "
                 "em1 has 3 references, its own and the map's are 2"}},
    broken_rule{
        resolve_race,
        "invariant",
        "uncounted",
        "invariant violated",
        {"\"held packets are counted\" does not hold when adm on cpu1 gives arp_mtx up: 1 of "
         "at most 100 packets are counted, and the hold queues have 0",
         "given up by adm on cpu1 in model::netinet::arp_rtdelete"}},
    broken_rule{
        resolve_race,
        "invariant",
        "untold",
        "invariant violated",
        {"\"every packet has one fate\" does not hold at the end: packet 1 came in, and has "
         "no fate"}},
};

std::vector<broken_rule> seen_by_one() {
    std::vector<broken_rule> out;
    std::copy_if(rules.begin(), rules.end(), std::back_inserter(out),
                 [](const broken_rule& r) { return r.checker != nullptr; });
    return out;
}

std::string name_of_case(const testing::TestParamInfo<broken_rule>& one) {
    return one.param.variant;
}

INSTANTIATE_TEST_SUITE_P(All, Rules, testing::ValuesIn(rules), name_of_case);
INSTANTIATE_TEST_SUITE_P(All, RulesOfOne, testing::ValuesIn(seen_by_one()), name_of_case);

}  // namespace

}  // namespace scenario::test

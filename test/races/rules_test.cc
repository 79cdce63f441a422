// What is told of whoever breaks a rule in the real model: who, where, on which CPU, and what should have been done.
#include "test/races/small_race.h"

namespace scenario::test {

namespace {

struct broken_rule {
    const char* variant;  // of rules.race
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

class Rules : public testing::TestWithParam<broken_rule> {};

TEST_P(Rules, AreToldFromTheReportAlone) {
    heddle_call heddle;
    const std::string race = std::string(HEDDLE_RACES) + "/if_destroy/rules.race";
    const heddle_result r = heddle.run({"explore", race, "--variant", GetParam().variant});
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
TEST_P(Rules, AreSeenByTheirCheckerAlone) {
    heddle_call heddle;
    const std::string race = std::string(HEDDLE_RACES) + "/if_destroy/rules.race";
    const heddle_result r = heddle.run(
        {"explore", race, "--variant", GetParam().variant, "--no-check", "rules", "--json"});
    EXPECT_EQ(r.out.find(GetParam().kind), std::string::npos) << r.out;
}

INSTANTIATE_TEST_SUITE_P(
    All, Rules,
    testing::Values(
        broken_rule{"no_barrier",
                    "free before the grace period",
                    {"adm on cpu1 frees ifnet em1, which net0 on cpu0 may still use in",
                     "nobody has waited for a grace period since it was unlinked",
                     "read section entered by net0 on cpu0 in model::kern::smr_read_enter",
                     "called in model::net::if_get (model/net/if.cc:",
                     "unlinked by adm on cpu1 in model::net::if_idxmap_remove_locked",
                     "freed by adm on cpu1"}},
        broken_rule{"free_at_once",
                    "free before the grace period",
                    {"adm on cpu1 frees rtentry 10.0.2.1/32, which net0 on cpu0 may still use in",
                     "the wait for a grace period began before it was unlinked",
                     "unlinked by adm on cpu1 in model::net::rtable_delete_locked",
                     "wait begun by adm on cpu1 in model::kern::smr_barrier",
                     "called in model::net::if_remove"}},
        broken_rule{"sleep_locked",
                    "sleep where none is allowed",
                    {"adm on cpu1 may sleep (ifqbar) in mutex queue em1, where nobody may",
                     "entered by adm on cpu1 in model::net::ifq_stop"}},
        broken_rule{"wait_inside",
                    "grace wait inside a read section",
                    {"adm on cpu1 waits until every read section smr is over, and is in one itself",
                     "entered by adm on cpu1 in model::kern::smr_read_enter",
                     "called in model::net::if_remove"}},
        broken_rule{"flush_inside",
                    "barrier inside its own queue",
                    {"smr on cpu2 waits until smr queue has called everything in it, and is called "
                     "by it",
                     "entered by smr on cpu2 in model::kern::smr_thread"}}),
    [](const auto& one) { return std::string(one.param.variant); });

}  // namespace

}  // namespace scenario::test

// -j, checkpoints, Ctrl-C for races: what is judged of each execution is the same, by however many processes and
// in however many goes.
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "test/command/heddle_call.h"

namespace scenario::test {

namespace {

using nlohmann::json;
using words = std::vector<std::string>;

const std::string world =
    R"(scenario t "a packet is forwarded while others change what it needs"
topology {
    router r cpus 3 {
        ifconfig em0 inet 10.0.1.1/24 lladdr 02:00:00:00:01:01
        ifconfig em1 inet 10.0.2.1/24 lladdr 02:00:00:00:02:01
        sysctl net.inet.ip.forwarding=1
        route add 10.9.0.0/16 10.0.2.2
        arp -s 10.0.2.2 02:00:00:00:02:02
    }
}
schedule any { explore dfs }
cpu 0 thread net0 { em0 < IP 10.0.1.9.1234 > 10.9.0.5.53: udp 64 as P1 }
)";

// What happens and what does not, at the end and on the way; by thousands of executions.
const std::string changes =
    R"(cpu 1 thread adm { A1: route delete 10.9.0.0/16 }
cpu 2 thread adm2 { A2: arp -d 10.0.2.2 }
expect fixed {
    no bug
    exists (em1 > P1)
    exists (fate P1 == held)
    exists (fate P1 == forwarded em0)
    forall (done P1 and done A1 and done A2)
    forall (fate P1 == forwarded em1 or fate P1 == dropped)
    always (route 10.9.0.0/16 or no ifconfig em0) when free conf_lock
}
)";

// The processes that explore for a command: it has one child, whose children they are.
std::vector<pid_t> workers_of(pid_t command) {
    std::vector<pid_t> all;
    for (const pid_t coordinator : children_of(command)) {
        all = children_of(coordinator);
    }
    return all;
}

class race_of : public heddle_call {
  public:
    explicit race_of(const std::string& lines) {
        std::ofstream(folder() / "t.race") << world << lines;
    }
    std::string explored(const words& more, int status = 1,
                         const bystander& meanwhile = nullptr) const {
        words all = {"explore", "t.race", "--json", "-q"};
        all.insert(all.end(), more.begin(), more.end());
        const heddle_result r = run(all, "", meanwhile);
        EXPECT_EQ(r.status, status) << r.err;
        return without_times(r);
    }
    // By so many processes, until Ctrl-C as soon as they are there.
    heddle_result interrupted(const std::string& jobs, const words& more) const {
        words all = {"explore", "t.race", "--json", "--variant", "fixed", "-j", jobs};
        all.insert(all.end(), more.begin(), more.end());
        return run(all, "", [&](pid_t command) {
            const bool runs =
                jobs == "1" ? !children_of(command).empty() : !workers_of(command).empty();
            return runs && kill(command, SIGINT) == 0;
        });
    }
    static std::string without_times(const heddle_result& r) {
        std::string text;
        for (const std::string& line : r.lines()) {
            text += json::parse(line).at("type") == "timing" ? "" : line + "\n";
        }
        return text;
    }
};

TEST(RaceJobs, GiveTheSameBytes) {
    const race_of race(changes);
    const std::string alone = race.explored({"-j", "1"});
    EXPECT_NE(alone.find("\"verdict\":\"proved\""), std::string::npos) << alone;
    EXPECT_NE(alone.find("packet 1: held; heddle replay h1/t/fixed/"), std::string::npos) << alone;
    EXPECT_NE(alone.find("it did not hold at a release of the lock; heddle replay h1/t/fixed/"),
              std::string::npos)
        << alone;
    EXPECT_EQ(race.explored({"-j", "2"}), alone);
    EXPECT_EQ(race.explored({"-j", "3"}), alone);
}

const words by_graphs = {"--variant", "fixed", "--memory", "c11", "--reversals", "6"};

words with(words all, const words& more) {
    all.insert(all.end(), more.begin(), more.end());
    return all;
}

// What the clauses know of one execution, and which of several that break one is told, goes from process to process.
TEST(RaceJobs, GiveTheSameBytesByGraphs) {
    const race_of race(changes);
    const std::string alone = race.explored(by_graphs);
    EXPECT_NE(alone.find("complete to 6 reversals"), std::string::npos) << alone;
    EXPECT_NE(alone.find("packet 1: held; heddle replay h1/t/fixed/"), std::string::npos) << alone;
    EXPECT_EQ(race.explored(with(by_graphs, {"-j", "2"})), alone);
    EXPECT_EQ(race.explored(with(by_graphs, {"-j", "3"})), alone);
}

// Lines of a file, with one more behind the one that contains `behind`, as a patch.
std::string inserting_patch(const std::string& file, const std::string& behind,
                            const std::string& line) {
    std::vector<std::string> lines;
    std::istringstream in(contents(std::string(HEDDLE_RACES) + "/../../" + file));
    for (std::string one; std::getline(in, one);) {
        lines.push_back(one);
    }
    const auto at = std::find_if(lines.begin(), lines.end(), [&](const std::string& one) {
        return one.find(behind) != std::string::npos;
    });
    EXPECT_LT(at + 3, lines.end()) << file << " has no such line: " << behind;
    const size_t first = static_cast<size_t>(at - lines.begin()) - 2;
    std::ostringstream patch;
    patch << "--- a/" << file << "\n+++ b/" << file << "\n@@ -" << first + 1 << ",6 +" << first + 1
          << ",7 @@\n";
    for (size_t i = first; i < first + 6; ++i) {
        patch << " " << lines[i] << "\n" << (i == first + 2 ? "+" + line + "\n" : "");
    }
    return patch.str();
}

// A word that two write and nothing orders: what is visible then is explored and judged anew.
TEST(RaceJobs, FindTheSame) {
    const race_of race(changes);
    std::ofstream(race.folder() / "try.patch")
        << inserting_patch("model/netinet/arp_resolve.cc",
                           "const uint32_t flags = rt.rt_flags.load(std::memory_order_acquire);",
                           "    extern int arp_looked; arp_looked = 1;")
        << inserting_patch("model/netinet/arp.cc",
                           "llinfo_arp* la = rt.rt_llinfo.load(std::memory_order_relaxed);",
                           "    extern int arp_looked; arp_looked = 2;")
        << inserting_patch("model/netinet/arp_hold.cc", "namespace model::netinet {",
                           "int arp_looked = 0;");
    const words patched = {"--patch", "try.patch", "-j"};
    const auto by = [&](const std::string& jobs) {
        words all = patched;
        all.push_back(jobs);
        return race.explored(all);
    };
    const std::string alone = by("1");
    EXPECT_NE(alone.find("\"kind\":\"data race\""), std::string::npos) << alone;
    EXPECT_NE(alone.find("\"complete\":true"), std::string::npos) << alone;
    EXPECT_EQ(by("2"), alone);
    EXPECT_EQ(by("3"), alone);
}

// Other strategies take a process for each variant; the result is in the order of the file.
TEST(RaceJobs, PutVariantsSideBySide) {
    const heddle_call heddle;
    const std::string race = std::string(HEDDLE_RACES) + "/if_destroy/forward.race";
    const auto ladder = [&](const std::string& jobs) {
        std::string text;
        for (const std::string& line :
             heddle.run({"ladder", race, "-p", "2", "--json", "-q", "-j", jobs}).lines()) {
            text += json::parse(line).at("type") == "timing" ? "" : line + "\n";
        }
        return text;
    };
    const std::string alone = ladder("1");
    EXPECT_NE(alone.find("late_wait under net_shared"), std::string::npos) << alone;
    EXPECT_EQ(ladder("3"), alone);
}

// Where all that is wanted has happened, it is enough: after as many executions as with one process.
TEST(RaceJobs, StopWhereOneProcessDoes) {
    const race_of race(
        "cpu 1 thread adm { ifconfig em1 destroy }\n"
        "expect fixed { exists (fate P1 == dropped) }\n");
    const std::string alone = race.explored({"-j", "1"}, 0);
    EXPECT_NE(alone.find("\"complete\":false"), std::string::npos) << alone;
    EXPECT_EQ(race.explored({"-j", "2"}, 0), alone);
}

TEST(RaceJobs, LoseNothingWhenWorkersAreKilled) {
    const race_of race(changes);
    std::vector<pid_t> killed;
    const std::string some_died = race.explored({"-j", "2"}, 1, [&](pid_t command) {
        for (const pid_t worker : workers_of(command)) {
            const bool known = std::find(killed.begin(), killed.end(), worker) != killed.end();
            if (!known && kill(worker, SIGKILL) == 0) {
                killed.push_back(worker);
                break;
            }
        }
        return killed.size() == 2;
    });
    EXPECT_EQ(killed.size(), 2U);
    EXPECT_EQ(some_died, race.explored({"-j", "1"}));
}

TEST(RaceCheckpoint, HoldsWhatTheClausesKnow) {
    const race_of race(changes);
    const std::string whole = race.explored({});
    const words here = {"--variant", "fixed"};
    std::string part = race.explored(with(here, {"-n", "300", "--checkpoint", "left"}));
    EXPECT_NE(part.find("--variant fixed --resume left goes on with it"), std::string::npos)
        << part;
    part = race.explored(with(here, {"-n", "700", "-j", "2", "--resume", "left"}));
    EXPECT_NE(part, whole);
    std::filesystem::copy(race.folder() / "left", race.folder() / "again");
    EXPECT_EQ(race.explored(with(here, {"--resume", "left"})), whole);
    EXPECT_EQ(race.explored(with(here, {"--resume", "again", "-j", "2"})), whole);
}

// Ctrl-C as soon as somebody explores, or is about to: before its first execution, in the midst of them, or,
// where nobody looks in time, behind the last. Then all is told, and it is tried again.
void expect_a_checkpoint(const words& how) {
    constexpr int tries = 100;
    const race_of race(changes);
    const std::string whole = race.explored(with({"--variant", "fixed"}, how));
    for (const char* jobs : {"1", "2"}) {
        bool left = false;
        for (int i = 0; i < tries && !left; ++i) {
            const heddle_result r = race.interrupted(jobs, how);
            if (r.status == 1 || r.out.find("\"complete\":true") != std::string::npos) {
                EXPECT_EQ(race_of::without_times(r), whole);
                continue;
            }
            left = true;
            EXPECT_EQ(r.status, 130);
            EXPECT_NE(r.err.find("interrupted"), std::string::npos) << r.err;
            EXPECT_TRUE(r.says("--resume t.fixed.checkpoint goes on with it")) << r.out;
        }
        ASSERT_TRUE(left) << "-j " << jobs;
        const words resumed = {"--variant", "fixed", "--resume", "t.fixed.checkpoint", "-j", jobs};
        EXPECT_EQ(race.explored(with(resumed, how)), whole);
    }
}

TEST(RaceCheckpoint, IsLeftWhereItIsInterrupted) {
    expect_a_checkpoint({});
    expect_a_checkpoint({"--memory", "c11", "--reversals", "6"});
}

TEST(RaceCheckpoint, IsAboutOneVariantAndOneStrategy) {
    const race_of race(changes);
    EXPECT_EQ(race.run({"explore", "t.race", "--checkpoint", "left"}).status, 2);
    const heddle_result bounded =
        race.run({"explore", "t.race", "--variant", "fixed", "-p", "1", "--checkpoint", "left"});
    EXPECT_EQ(bounded.status, 2);
    EXPECT_NE(bounded.err.find("for the strategies optimal and graph, and this is bounded"),
              std::string::npos)
        << bounded.err;
    race.explored({"--variant", "fixed", "-n", "300", "--checkpoint", "left"});
    const race_of other(
        "cpu 1 thread adm { A1: route delete 10.9.0.0/16 }\nexpect fixed { no bug }\n");
    std::filesystem::copy(race.folder() / "left", other.folder() / "left");
    const heddle_result r =
        other.run({"explore", "t.race", "--variant", "fixed", "--resume", "left"});
    EXPECT_EQ(r.status, 2);
    EXPECT_NE(r.err.find("is about another exploration"), std::string::npos) << r.err;
}

}  // namespace

}  // namespace scenario::test

// What the contexts of each race do, on native threads: the fixed model has no data race there either. With one put into
// it, there is one.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "test/budget.h"
#include "test/races/all_races.h"
#include "test/thread_sanitizer/native_run.h"

namespace agree {

namespace {

std::string rounds() {
    return sim::test::full_budget() ? "3000" : "300";
}

// The second run has one processor.
constexpr unsigned runs = 2;

class Operations : public testing::TestWithParam<std::string> {};

TEST_P(Operations, OfTheFixedModelDoNotRace) {
    const native_report r = run_natively(HEDDLE_OPERATIONS, {GetParam(), rounds()}, runs);
    EXPECT_EQ(r.status, 0) << r.text;
    EXPECT_EQ(r.runs, runs) << r.text;
    EXPECT_EQ(r.text.find("ThreadSanitizer"), std::string::npos) << r.text;
    const size_t left_out = r.text.find("not run: ");
    if (left_out != std::string::npos) {
        GTEST_SKIP() << "but for this, nothing was reported:\n" << r.text.substr(left_out);
    }
}

INSTANTIATE_TEST_SUITE_P(All, Operations, testing::ValuesIn(scenario::test::all_races()),
                         scenario::test::race_test_name);

TEST(OperationsItself, SaysWhatItCannotRead) {
    EXPECT_EQ(run_natively(HEDDLE_OPERATIONS, {"no.race", "1"}, 1).status, 2);
}

// Two routers, a CPU that is shared, a parameter, an interrupt; and what is left out, with its place.
TEST(OperationsItself, RunsWhatItCanAndSaysWhatItCannot) {
    const std::string file =
        testing::TempDir() + "operations_" + std::to_string(getpid()) + ".race";
    std::ofstream(file) << R"(scenario t "all sorts of operations"
param n 1..2
topology {
    router r cpus 2 { ifconfig em0 inet 10.0.1.1/24 }
    router q cpus 1 { ifconfig em0 inet 10.0.1.2/24 }
}
before { on r arp -s 10.0.1.9 02:00:00:00:01:09 }
cpu r:0 thread net0 { em0 < IP 10.0.1.9 > 10.0.1.1: icmp echo request id $n seq 1 len 8 }
interrupt on cpu r:0 level 5 as rx { em0 < ARP who-has 10.0.1.1 tell 10.0.1.9 }
cpu r:1 thread adm { ifconfig em0 down
    advance 3s
    ifconfig em0 up }
cpu r:1 thread more { ifconfig em0 mtu 1400 }
cpu q:0 thread other { ifconfig em0 destroy }
expect fixed { no bug }
)";
    const native_report r = run_natively(HEDDLE_OPERATIONS, {file, "20"}, 1);
    EXPECT_EQ(r.status, 0) << r.text;
    EXPECT_EQ(r.text, "not run: " + file + ":11:5: time cannot be advanced natively\nnot run: " +
                          file + ":13:16: a context with commands on a shared CPU\n");
    std::filesystem::remove(file);
}

// generation.patch: heddle finds that race as well (test/races/patch_test.cc).
TEST(OperationsItself, ReportsARaceThatIsThere) {
#ifdef __SANITIZE_THREAD__
    const std::string race = HEDDLE_RACES "/if_destroy/forward.race";
    const native_report r = run_natively(HEDDLE_OPERATIONS_PATCHED, {race, rounds()}, runs);
    EXPECT_TRUE(r.race) << r.text;
    EXPECT_NE(r.text.find("model::net::generation"), std::string::npos) << r.text;
#else
    GTEST_SKIP() << "nobody looks for data races in this preset";
#endif
}

}  // namespace

}  // namespace agree

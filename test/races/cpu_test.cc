// Contexts of a race that share a CPU: what the stack keeps for each CPU is theirs without a lock.
#include "test/races/small_race.h"

namespace scenario::test {

namespace {

TEST(OneCpu, OrdersWhatItsContextsDoToItsData) {
    heddle_call heddle;
    const std::string lines =
        "cpu 0 thread net1 { em0 < IP 10.0.1.9.1234 > 10.9.0.5.53: udp 64 as P3 }\n"
        "expect fixed { forall (no bug) }\n";
    const heddle_result r = run_with(heddle, "explore", lines, {"-p", "0", "--json"});
    EXPECT_EQ(r.status, 0) << r.err << r.out;
    const nlohmann::json variant = result_of(r).at("variants").at(0);
    EXPECT_TRUE(variant.at("findings").empty()) << variant;
    EXPECT_EQ(variant.at("verdict"), "complete to 0 preemptions") << variant;
}

}  // namespace

}  // namespace scenario::test

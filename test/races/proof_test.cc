// The fixed stack has no interleaving that breaks the race of forward.race: not up to some bound, but all of
// them, with the operations that are in it and what the proof says that it assumes.
#include <gtest/gtest.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "test/command/heddle_call.h"

namespace scenario::test {

namespace {

using nlohmann::json;

TEST(Proof, OfTheInterfaceThatIsDestroyedWhileAPacketIsForwarded) {
    const char* budget = std::getenv("HEDDLE_BUDGET");
    if (budget == nullptr || std::string(budget) != "full") {
        GTEST_SKIP() << "takes most of a minute; HEDDLE_BUDGET=full";
    }
    heddle_call heddle;
    const heddle_result r =
        heddle.run({"explore", HEDDLE_RACES "/if_destroy/forward.race", "--variant", "fixed",
                    "--strategy", "optimal", "-j", "2", "--json"});
    EXPECT_EQ(r.status, 0) << r.err;
    const json fixed = json::parse(r.lines().back()).at("variants").at(0);
    EXPECT_EQ(fixed.at("verdict"), "proved");
    EXPECT_EQ(fixed.at("executions"), 241195);
    EXPECT_GE(fixed.at("assumes").size(), 6U);
    EXPECT_TRUE(fixed.at("findings").empty());
}

}  // namespace

}  // namespace scenario::test

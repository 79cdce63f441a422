// A model that goes round in a loop with operations: the step bound cuts it and says where it stands.
#include <sstream>

#include "test/races/small_race.h"

namespace scenario::test {

namespace {

// A patch that makes ip_input_if wait, with updates, for what nobody does.
std::string going_round() {
    const std::string wanted = "void ip_input_if(stack& st, ifnet& ifp, mbuf* m) {";
    std::ifstream source(std::string(HEDDLE_RACES) + "/../../model/netinet/ip_input.cc");
    int number = 0;
    for (std::string line; std::getline(source, line);) {
        ++number;
        if (line == wanted) {
            std::string next;
            std::getline(source, next);
            std::ostringstream patch;
            patch << "--- a/model/netinet/ip_input.cc\n+++ b/model/netinet/ip_input.cc\n@@ -"
                  << number << ",2 +" << number << ",5 @@\n " << line
                  << "\n+    static std::atomic<unsigned> seen;\n"
                     "+    while (seen.fetch_add(2) != 1) {\n+    }\n "
                  << next << "\n";
            return patch.str();
        }
    }
    return "";
}

TEST(Unended, NamesTheOperationsThatRepeat) {
    heddle_call heddle;
    std::ofstream(heddle.folder() / "round.patch") << going_round();
    const heddle_result r =
        run_with(heddle, "explore", "expect fixed { exists (fate P1 == dropped) }",
                 {"--patch", "round.patch", "--steps", "500", "-n", "20"});
    EXPECT_NE(r.status, 0) << r.out << r.err;
    EXPECT_TRUE(r.says("executions did not end within 500 steps")) << r.out;
    EXPECT_TRUE(r.says("net0 on cpu0 repeats rmw")) << r.out;
    EXPECT_TRUE(r.says("ip_input_if (model/netinet/ip_input.cc:")) << r.out;
}

}  // namespace

}  // namespace scenario::test
